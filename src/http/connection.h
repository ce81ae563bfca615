// SPDX-License-Identifier: EUPL-1.2
// One client, and the thread its connection lives on. Plain callbacks throughout: g++ 12
// destroys temporaries in co_await expressions twice.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <thread>

#include "core/random.h"
#include "http/reader.h"
#include "http/response_head.h"
#include "http/tls.h"

namespace huiyin::http {

namespace net = boost::asio;
using tcp = net::ip::tcp;

class Worker;

inline Instant WallClock() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::milliseconds>(since).count()};
}

// One client. Lives on its worker's thread; only OnReply's caller may come from another,
// and PendingReply brings it here. Between requests it owns no buffers: it waits for the
// socket to become readable and reads into the worker's.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Worker& worker, tcp::socket socket, std::string peer);

  void Start();
  void OnReply(Response response) {
    if (phase_ == Phase::kHandling) Send(std::move(response));
  }
  void Close();
  // Called each tick of the worker's clock.
  bool IsOverdue(std::chrono::milliseconds now) const { return now >= deadline_; }
  void OnDeadline();
  // The server stops: leave unless a request is under way.
  bool IsAtRest() const {
    return phase_ == Phase::kIdle || phase_ == Phase::kLingering || phase_ == Phase::kHandshake;
  }

  size_t place = 0;  // in the worker's list

 private:
  enum class Phase { kHandshake, kIdle, kHeader, kBody, kHandling, kWriting, kLingering, kClosed };

  bool IsReading() const {
    return phase_ == Phase::kIdle || phase_ == Phase::kHeader || phase_ == Phase::kBody;
  }
  void Enter(Phase phase, std::chrono::milliseconds time);
  void EnterForever(Phase phase);
  void Moved(size_t bytes);

  void WaitForBytes();
  void OnReadable(error_code ec);
  void OnFirstByte();
  void ShakeHands();
  // What the socket has, or takes, now: would_block where it has or takes nothing more.
  size_t ReadSome(error_code& ec);
  size_t WriteSome(std::string_view head, std::string_view body, error_code& ec);
  size_t WriteSealed(std::string_view bytes, error_code& ec);
  error_code ErrorOf(TlsSession::Outcome outcome);
  void Consume(std::string_view bytes);
  void ConsumePending();
  bool ReadOn(std::string_view& bytes);
  bool OnHead(bool body_has_begun);
  void Deliver();
  void Refuse(Refusal refusal);

  void Send(Response response);
  void WriteRest();
  void WriteRestSealed();
  void OnWritten();

  Worker& worker_;
  tcp::socket socket_;
  std::string peer_;
  Phase phase_ = Phase::kIdle;
  std::chrono::milliseconds deadline_{0};
  bool is_expired_ = false;
  bool is_consuming_ = false;
  size_t progress_ = 0;

  std::unique_ptr<TlsSession> tls_;  // none where the edge speaks plainly
  bool is_greeted_ = false;          // the client began to speak TLS
  bool tls_wants_write_ = false;     // what it does next waits for room, not for bytes

  std::optional<Reader> reader_;
  std::string pending_;  // came in, not yet parsed
  size_t header_bytes_ = 0;
  size_t held_bytes_ = 0;

  // Of the exchange under way, needed again when the reply comes.
  std::string request_id_;
  std::string path_;
  bool is_head_ = false;
  bool is_http10_ = false;
  bool keep_alive_ = true;

  std::string out_;   // what the socket did not take at once
  std::string body_;  // behind out_, when too large to be copied
  size_t sent_ = 0;
};

// One thread, its io context and the connections that live on it.
class Worker : public std::enable_shared_from_this<Worker> {
 public:
  explicit Worker(std::shared_ptr<Shared> shared) : shared(std::move(shared)) {
    id_state_ = SystemRandom().Next();
    // Fine enough that a timeout is late by a quarter at most, coarse enough to cost nothing.
    const auto& options = this->shared->options;
    const auto shortest =
        std::min({options.header_timeout, options.body_timeout, options.idle_timeout});
    tick_ = std::clamp<std::chrono::milliseconds>(
        shortest / 4, std::chrono::milliseconds{5}, std::chrono::milliseconds{1'000});
    TellDate();
  }

  void Run() {
    thread = std::thread([this] {
      current_ = this;
      last_sweep_ = std::chrono::steady_clock::now();
      ScheduleSweep();
      io.run();
      current_ = nullptr;
    });
  }

  bool IsCurrent() const { return current_ == this; }

  void Adopt(tcp::socket socket, std::string peer) {
    if (is_stopping) {
      shared->counters.connections_open.fetch_sub(1, std::memory_order_relaxed);
      return;
    }
    auto connection = std::make_shared<Connection>(*this, std::move(socket), std::move(peer));
    connection->place = connections_.size();
    connections_.push_back(connection);
    connection->Start();
  }

  void Remove(Connection& connection) {
    const size_t place = connection.place;
    std::swap(connections_[place], connections_.back());
    connections_[place]->place = place;
    connections_.pop_back();
  }

  void BeginStop() {
    is_stopping = true;
    const auto snapshot = connections_;
    for (const auto& connection : snapshot) {
      if (connection->IsAtRest()) connection->Close();
    }
  }

  // REQUIRES: the thread has ended.
  void CloseAll() {
    const auto snapshot = connections_;
    for (const auto& connection : snapshot)
      connection->Close();
  }

  // Unique, not secret: a random start and a bijective scramble of the count.
  std::string NewRequestId() {
    uint64_t z = id_state_ += 0x9e3779b97f4a7c15ULL;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    z ^= z >> 31;
    static constexpr char kHex[] = "0123456789abcdef";
    std::string id(16, '0');
    for (size_t i = 0; i < 16; ++i)
      id[i] = kHex[(z >> (4 * i)) & 15];
    return id;
  }

  const std::shared_ptr<Shared> shared;
  net::io_context io{1};
  std::thread thread;
  bool is_stopping = false;
  std::chrono::milliseconds now{0};  // of the worker's clock: see Sweep
  std::string date;
  std::array<char, kReadSize> read_buffer;
  std::string write_buffer;

 private:
  void ScheduleSweep() {
    timer_.expires_after(tick_);
    timer_.async_wait([this](error_code ec) {
      if (!ec) Sweep();
    });
  }

  // One timer for all connections. The clock they live by stands still while the machine
  // is suspended or a handler holds the thread: no client is to blame for that.
  void Sweep() {
    const auto wall = std::chrono::steady_clock::now();
    const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(wall - last_sweep_);
    last_sweep_ = wall;
    now += std::min(passed, 3 * tick_);
    TellDate();
    overdue_.clear();
    for (const auto& connection : connections_) {
      if (connection->IsOverdue(now)) overdue_.push_back(connection);
    }
    for (const auto& connection : overdue_)
      connection->OnDeadline();
    overdue_.clear();
    ScheduleSweep();
  }

  void TellDate() {
    const auto& told = shared->options.now;
    const Instant at = told ? told() : WallClock();
    if (at.ms / kSecond == date_second_) return;
    date_second_ = at.ms / kSecond;
    date = FormatHttpDate(at);
  }

  static thread_local Worker* current_;
  net::steady_timer timer_{io};
  std::chrono::milliseconds tick_{1'000};
  std::chrono::steady_clock::time_point last_sweep_;
  std::vector<std::shared_ptr<Connection>> connections_;
  std::vector<std::shared_ptr<Connection>> overdue_;
  uint64_t id_state_ = 0;
  int64_t date_second_ = -1;
};

}  // namespace huiyin::http
