// SPDX-License-Identifier: EUPL-1.2
#include "http/server.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <stdexcept>

#include "core/random.h"
#include "http/response_head.h"

// Plain callbacks throughout: g++ 12 destroys temporaries in co_await expressions twice.

namespace huiyin::http {
namespace {

namespace net = boost::asio;
namespace beast_http = boost::beast::http;
using boost::system::error_code;
using tcp = net::ip::tcp;

constexpr size_t kReadSize = 64 * 1024;
// A body up to this is copied behind its head, so that one write sends one buffer.
constexpr size_t kJoinedBody = 32 * 1024;
constexpr size_t kProgress = 16 * 1024;
constexpr size_t kMaxHeaders = 100;
constexpr size_t kMaxDiscarded = 8 * 1024 * 1024;
constexpr std::chrono::milliseconds kLingerTime{2'000};

class Worker;
class Connection;

// What all threads of one server share. A reply still to come keeps it alive.
struct Shared {
  ServerOptions options;
  Handler handler;
  ServerCounters counters;
  std::atomic<size_t> in_flight{0};
  std::atomic<size_t> buffered_bytes{0};

  // Leaves the number at 0. Most requests have no body and touch nothing shared.
  void GiveBack(size_t& held_bytes) {
    if (held_bytes == 0) return;
    buffered_bytes.fetch_sub(std::exchange(held_bytes, 0), std::memory_order_relaxed);
  }
};

struct Refusal {
  int status = 0;  // 0 while nothing was refused
  std::string_view code;
};

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  return boost::beast::iequals({a.data(), a.size()}, {b.data(), b.size()});
}

Instant WallClock() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::milliseconds>(since).count()};
}

// Fills a Request while Beast's parser walks over the bytes. Beast finds the structure;
// what may not pass although it is well formed is decided here.
class Reader final : public beast_http::basic_parser<true> {
 public:
  explicit Reader(Shared& shared) : shared_(shared) {
    header_limit(static_cast<uint32_t>(shared.options.max_header_bytes));
    body_limit(boost::none);  // known only when the head is read: see on_header_impl
    request.headers.reserve(12);
  }
  ~Reader() override { shared_.GiveBack(held_bytes_); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  // The bytes of the body stay counted until the returned number is given back.
  size_t TakeHeldBytes() { return std::exchange(held_bytes_, 0); }

  Request request;
  Refusal refusal;
  bool is_http10 = false;
  bool expects_continue = false;

 private:
  using string_view = boost::beast::string_view;

  void Refuse(int status, std::string_view code, error_code& ec) {
    refusal = {status, code};
    ec = beast_http::error::bad_value;
  }

  void on_request_impl(beast_http::verb known,
                       string_view method,
                       string_view target,
                       int version,
                       error_code& ec) override {
    using beast_http::verb;
    switch (known) {
      case verb::get:
      case verb::head:
      case verb::post:
      case verb::put:
      case verb::patch:
      case verb::delete_:
      case verb::options:
        break;
      default:
        return Refuse(501, "http.unknown_method", ec);
    }
    is_http10 = version == 10;
    request.method.assign(method.data(), method.size());
    std::string_view rest(target.data(), target.size());
    for (std::string_view scheme : {"http://", "https://"}) {
      if (!EqualsIgnoringCase(rest.substr(0, scheme.size()), scheme)) continue;
      const size_t path = rest.find_first_of("/?", scheme.size());
      rest = path == std::string_view::npos ? "/" : rest.substr(path);
      if (rest.front() == '?') request.target = "/";
      break;
    }
    request.target += rest;
    auto parsed = ParseTarget(request.target);
    if (!parsed) return Refuse(400, "http.bad_target", ec);
    request.path = std::move(parsed->path);
    request.query = std::move(parsed->query);
  }

  void on_response_impl(int, string_view, int, error_code&) override {}

  void on_field_impl(beast_http::field known,
                     string_view name,
                     string_view value,
                     error_code& ec) override {
    if (is_header_done()) return;  // a trailer: nobody may smuggle in a header that late
    if (request.headers.size() >= kMaxHeaders) return Refuse(431, "http.too_many_headers", ec);
    using beast_http::field;
    if (known == field::host && ++hosts_ > 1) return Refuse(400, "http.malformed", ec);
    if (known == field::content_length && ++lengths_ > 1) {
      return Refuse(400, "http.malformed", ec);
    }
    // Any other coding would leave two readers of one stream with different ends of it.
    if (known == field::transfer_encoding) {
      if (is_http10 || !EqualsIgnoringCase({value.data(), value.size()}, "chunked")) {
        return Refuse(400, "http.unknown_coding", ec);
      }
    }
    if (known == field::expect) {
      if (!EqualsIgnoringCase({value.data(), value.size()}, "100-continue")) {
        return Refuse(417, "http.unknown_expectation", ec);
      }
      expects_continue = !is_http10;
    }
    auto& header = request.headers.emplace_back();
    header.first.assign(name.data(), name.size());
    for (char& c : header.first) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    }
    header.second.assign(value.data(), value.size());
  }

  void on_header_impl(error_code& ec) override {
    if (!is_http10 && hosts_ == 0) return Refuse(400, "http.host_missing", ec);
    const auto& options = shared_.options;
    const bool is_upload = options.is_upload && options.is_upload(request);
    body_limit_ = is_upload ? options.max_upload_bytes : options.max_body_bytes;
    const auto length = content_length();
    if (length && *length > body_limit_) Refuse(413, "http.body_too_large", ec);
  }

  void on_body_init_impl(const boost::optional<uint64_t>& length, error_code&) override {
    // Not all of an announced upload: memory is given for bytes that came, not for claims.
    if (length) request.body.reserve(std::min<size_t>(*length, 4 * kReadSize));
  }

  size_t on_body_impl(string_view bytes, error_code& ec) override { return Append(bytes, ec); }

  void on_chunk_header_impl(uint64_t size, string_view, error_code& ec) override {
    if (size > body_limit_ - request.body.size()) Refuse(413, "http.body_too_large", ec);
  }

  size_t on_chunk_body_impl(uint64_t, string_view bytes, error_code& ec) override {
    return Append(bytes, ec);
  }

  void on_finish_impl(error_code&) override {}

  size_t Append(string_view bytes, error_code& ec) {
    const size_t held =
        shared_.buffered_bytes.fetch_add(bytes.size(), std::memory_order_relaxed) + bytes.size();
    held_bytes_ += bytes.size();
    if (held > shared_.options.max_buffered_bytes) {
      Refuse(503, "http.overloaded", ec);
      return 0;
    }
    request.body.append(bytes.data(), bytes.size());
    return bytes.size();
  }

  Shared& shared_;
  size_t body_limit_ = 0;
  size_t held_bytes_ = 0;
  int hosts_ = 0;
  int lengths_ = 0;
};

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
  bool IsAtRest() const { return phase_ == Phase::kIdle || phase_ == Phase::kLingering; }

  size_t place = 0;  // in the worker's list

 private:
  enum class Phase { kIdle, kHeader, kBody, kHandling, kWriting, kLingering, kClosed };

  bool IsReading() const {
    return phase_ == Phase::kIdle || phase_ == Phase::kHeader || phase_ == Phase::kBody;
  }
  void Enter(Phase phase, std::chrono::milliseconds time);
  void EnterForever(Phase phase);
  void Moved(size_t bytes);

  void WaitForBytes();
  void OnReadable(error_code ec);
  void Consume(std::string_view bytes);
  void ConsumePending();
  bool ReadOn(std::string_view& bytes);
  bool OnHead(bool body_has_begun);
  void Deliver();
  void Refuse(Refusal refusal);

  void Send(Response response);
  void WriteRest();
  void OnWritten();

  Worker& worker_;
  tcp::socket socket_;
  std::string peer_;
  Phase phase_ = Phase::kIdle;
  std::chrono::milliseconds deadline_{0};
  bool is_expired_ = false;
  bool is_consuming_ = false;
  size_t progress_ = 0;

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

thread_local Worker* Worker::current_ = nullptr;

// What a handler holds through its Reply. Weak, because the handler may keep it longer
// than client and server last.
class PendingReply {
 public:
  PendingReply(std::shared_ptr<Shared> shared, Worker& worker, Connection& connection)
      : shared_(std::move(shared)),
        worker_(worker.weak_from_this()),
        connection_(connection.weak_from_this()) {}
  ~PendingReply() {
    if (!is_done_.load(std::memory_order_relaxed)) Finish(EdgeProblem(500, "http.no_reply"));
  }
  PendingReply(const PendingReply&) = delete;
  PendingReply& operator=(const PendingReply&) = delete;

  void Finish(Response response) {
    if (is_done_.exchange(true)) return;
    shared_->in_flight.fetch_sub(1, std::memory_order_relaxed);
    const auto worker = worker_.lock();
    if (!worker) return;
    if (worker->IsCurrent()) {
      if (const auto connection = connection_.lock()) connection->OnReply(std::move(response));
      return;
    }
    // Weak here too: a context that has stopped never runs what is posted to it.
    net::post(worker->io, [connection = connection_, response = std::move(response)]() mutable {
      if (const auto alive = connection.lock()) alive->OnReply(std::move(response));
    });
  }

 private:
  std::shared_ptr<Shared> shared_;
  std::weak_ptr<Worker> worker_;
  std::weak_ptr<Connection> connection_;
  std::atomic<bool> is_done_{false};
};

Connection::Connection(Worker& worker, tcp::socket socket, std::string peer)
    : worker_(worker), socket_(std::move(socket)), peer_(std::move(peer)) {}

void Connection::Start() {
  error_code ignored;
  socket_.set_option(tcp::no_delay(true), ignored);
  socket_.non_blocking(true, ignored);
  Enter(Phase::kIdle, worker_.shared->options.header_timeout);
  WaitForBytes();
}

void Connection::Enter(Phase phase, std::chrono::milliseconds time) {
  phase_ = phase;
  progress_ = 0;
  deadline_ = worker_.now + time;
}

void Connection::EnterForever(Phase phase) {
  phase_ = phase;
  deadline_ = std::chrono::milliseconds::max();
}

void Connection::Moved(size_t bytes) {
  progress_ += bytes;
  if (progress_ >= kProgress) Enter(phase_, worker_.shared->options.body_timeout);
}

void Connection::Close() {
  if (phase_ == Phase::kClosed) return;
  EnterForever(Phase::kClosed);
  error_code ignored;
  socket_.close(ignored);
  auto& shared = *worker_.shared;
  shared.counters.connections_open.fetch_sub(1, std::memory_order_relaxed);
  shared.GiveBack(held_bytes_);
  worker_.Remove(*this);  // may be the last owner: nothing may follow
}

void Connection::OnDeadline() {
  if (phase_ == Phase::kHeader || phase_ == Phase::kBody) {
    // The wait that is under way returns and finds the mark.
    is_expired_ = true;
    deadline_ = std::chrono::milliseconds::max();
    error_code ignored;
    socket_.cancel(ignored);
    return;
  }
  if (phase_ == Phase::kWriting) {
    worker_.shared->counters.Refused("http.reply_not_taken");
  }
  Close();
}

void Connection::WaitForBytes() {
  socket_.async_wait(tcp::socket::wait_read,
                     [self = shared_from_this()](error_code ec) { self->OnReadable(ec); });
}

void Connection::OnReadable(error_code ec) {
  if (phase_ == Phase::kClosed) return;
  if (is_expired_) return Refuse({408, "http.too_slow"});
  size_t size = 0;
  if (!ec) size = socket_.read_some(net::buffer(worker_.read_buffer), ec);
  if (ec == net::error::would_block) return WaitForBytes();
  if (ec) return Close();
  const std::string_view bytes(worker_.read_buffer.data(), size);
  if (phase_ == Phase::kLingering) {
    progress_ += size;
    return progress_ > kMaxDiscarded ? Close() : WaitForBytes();
  }
  if (phase_ == Phase::kBody) Moved(size);
  if (pending_.empty()) return Consume(bytes);
  pending_.append(bytes);
  ConsumePending();
}

void Connection::ConsumePending() {
  const std::string bytes = std::exchange(pending_, {});
  Consume(bytes);
}

void Connection::Consume(std::string_view bytes) {
  is_consuming_ = true;
  while (IsReading() && ReadOn(bytes)) {
  }
  is_consuming_ = false;
  if (phase_ == Phase::kClosed || phase_ == Phase::kLingering) return;
  pending_.assign(bytes);
  if (IsReading()) WaitForBytes();
}

// Parses one element. False when more bytes are needed or the request was refused.
bool Connection::ReadOn(std::string_view& bytes) {
  const auto& options = worker_.shared->options;
  if (phase_ == Phase::kIdle) {
    // An empty line before a request is to be overlooked (RFC 9112, 2.2).
    while (!bytes.empty() && (bytes.front() == '\r' || bytes.front() == '\n')) {
      bytes.remove_prefix(1);
    }
    if (bytes.empty()) return false;
    reader_.emplace(*worker_.shared);
    header_bytes_ = 0;
    request_id_ = worker_.NewRequestId();
    keep_alive_ = true;
    is_head_ = is_http10_ = false;
    path_.clear();
    Enter(Phase::kHeader, options.header_timeout);
  } else if (bytes.empty()) {
    return false;
  }

  error_code ec;
  const size_t used = reader_->put(net::const_buffer(bytes.data(), bytes.size()), ec);
  bytes.remove_prefix(used);
  if (phase_ == Phase::kHeader) header_bytes_ += used;
  const bool needs_more = ec == beast_http::error::need_more;
  // Beast bounds each part by itself; together they are bounded here, and so are the
  // extensions and trailers of chunks.
  const size_t line_bytes = needs_more ? bytes.size() : 0;
  if ((phase_ == Phase::kHeader ? header_bytes_ : 0) + line_bytes > options.max_header_bytes) {
    Refuse({431, "http.header_too_large"});
    return false;
  }
  if (needs_more) return false;
  if (ec) {
    Refusal refusal = reader_->refusal;
    if (refusal.status == 0) {
      refusal = ec == beast_http::error::header_limit ? Refusal{431, "http.header_too_large"}
                                                      : Refusal{400, "http.malformed"};
    }
    Refuse(refusal);
    return false;
  }
  if (phase_ == Phase::kHeader && reader_->is_header_done()) {
    if (!OnHead(!bytes.empty())) return false;
  }
  if (reader_->is_done()) Deliver();
  return true;
}

bool Connection::OnHead(bool body_has_begun) {
  Enter(Phase::kBody, worker_.shared->options.body_timeout);
  if (reader_->is_done() || !reader_->expects_continue || body_has_begun) return true;
  static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  error_code ec;
  const size_t size = socket_.write_some(net::buffer(kContinue), ec);
  if (!ec && size == kContinue.size()) return true;
  Close();  // a client with no room for 25 bytes has not read what it was sent before
  return false;
}

void Connection::Deliver() {
  auto& shared = *worker_.shared;
  Request request = std::move(reader_->request);
  held_bytes_ = reader_->TakeHeldBytes();
  keep_alive_ = reader_->keep_alive();
  is_http10_ = reader_->is_http10;
  reader_.reset();
  is_head_ = request.method == "HEAD";
  path_ = request.path;
  request.peer = peer_;
  request.request_id = request_id_;
  request.received_at = WallClock();
  shared.counters.requests_total.fetch_add(1, std::memory_order_relaxed);
  EnterForever(Phase::kHandling);

  if (shared.in_flight.fetch_add(1, std::memory_order_relaxed) >= shared.options.max_in_flight) {
    shared.in_flight.fetch_sub(1, std::memory_order_relaxed);
    shared.counters.Refused("http.overloaded");
    return Send(EdgeProblem(503, "http.overloaded"));
  }
  auto pending = std::make_shared<PendingReply>(worker_.shared, worker_, *this);
  shared.handler(std::move(request), [pending = std::move(pending)](Response response) {
    pending->Finish(std::move(response));
  });
}

void Connection::Refuse(Refusal refusal) {
  worker_.shared->counters.Refused(refusal.code);
  keep_alive_ = false;
  is_expired_ = false;
  is_head_ = reader_ && reader_->request.method == "HEAD";
  if (reader_) path_ = reader_->request.path;
  Send(EdgeProblem(refusal.status, refusal.code));
}

void Connection::Send(Response response) {
  if (worker_.is_stopping) keep_alive_ = false;
  worker_.shared->GiveBack(held_bytes_);
  std::string& out = worker_.write_buffer;
  out.clear();
  AppendHead(out,
             response,
             {.date = worker_.date,
              .request_id = request_id_,
              .path = path_,
              .is_http10 = is_http10_,
              .keep_alive = keep_alive_});
  if (is_head_ || !MayHaveBody(response.status)) response.body.clear();
  if (response.body.size() <= kJoinedBody) {
    out += response.body;
    response.body.clear();
  }
  Enter(Phase::kWriting, worker_.shared->options.body_timeout);

  // Almost always the socket takes all of it at once, and nothing is kept or waited for.
  error_code ec;
  const std::array<net::const_buffer, 2> buffers{net::buffer(out), net::buffer(response.body)};
  const size_t size =
      response.body.empty() ? socket_.write_some(buffers[0], ec) : socket_.write_some(buffers, ec);
  if (ec && ec != net::error::would_block) return Close();
  if (size == out.size() + response.body.size()) return OnWritten();
  out_ = std::move(out);
  out = {};
  body_ = std::move(response.body);
  sent_ = size;
  WriteRest();
}

void Connection::WriteRest() {
  const size_t of_out = std::min(sent_, out_.size());
  const std::array<net::const_buffer, 2> buffers{net::buffer(out_) + of_out,
                                                 net::buffer(body_) + (sent_ - of_out)};
  socket_.async_write_some(buffers, [self = shared_from_this()](error_code ec, size_t size) {
    if (self->phase_ == Phase::kClosed) return;
    if (ec) return self->Close();
    self->sent_ += size;
    self->Moved(size);
    if (self->sent_ < self->out_.size() + self->body_.size()) return self->WriteRest();
    self->OnWritten();
  });
}

void Connection::OnWritten() {
  out_ = {};
  body_ = {};
  if (keep_alive_) {
    Enter(Phase::kIdle, worker_.shared->options.idle_timeout);
    // Stopping began while this was being written.
    if (worker_.is_stopping) return Close();
    if (is_consuming_) return;  // Consume goes on with the next request
    return pending_.empty() ? WaitForBytes() : ConsumePending();
  }
  // Closing with unread bytes makes the kernel reset the connection, and the client
  // loses the reply that says why. So read on for a moment and throw it away.
  const bool has_unread = reader_.has_value() || !pending_.empty();
  reader_.reset();
  pending_ = {};
  if (!has_unread) return Close();
  error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
  Enter(Phase::kLingering, kLingerTime);
  WaitForBytes();
}

std::string PeerAddress(const tcp::socket& socket) {
  error_code ec;
  const auto endpoint = socket.remote_endpoint(ec);
  if (ec) return "";
  const auto address = endpoint.address();
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return net::ip::make_address_v4(net::ip::v4_mapped, address.to_v6()).to_string();
  }
  return address.to_string();
}

}  // namespace

// One acceptor deals the sockets out in turn: with SO_REUSEPORT the kernel's hash would
// leave one of two threads with two thirds of a few dozen connections.
struct Server::State {
  std::shared_ptr<Shared> shared = std::make_shared<Shared>();
  std::vector<std::shared_ptr<Worker>> workers;
  std::optional<tcp::acceptor> acceptor;  // lives on the first worker
  std::optional<net::steady_timer> retry;
  uint16_t port = 0;
  size_t next = 0;

  void Accept() {
    Worker& worker = *workers[next++ % workers.size()];
    acceptor->async_accept(worker.io, [this, &worker](error_code ec, tcp::socket socket) {
      if (ec == net::error::operation_aborted || !acceptor->is_open()) return;
      if (ec) return AcceptLater();
      Welcome(worker, std::move(socket));
      Accept();
    });
  }

  // Out of descriptors, most likely: others will be closed in a moment.
  void AcceptLater() {
    retry->expires_after(std::chrono::milliseconds{50});
    retry->async_wait([this](error_code ec) {
      if (!ec && acceptor->is_open()) Accept();
    });
  }

  void Welcome(Worker& worker, tcp::socket socket) {
    auto& counters = shared->counters;
    counters.connections_total.fetch_add(1, std::memory_order_relaxed);
    if (counters.connections_open.fetch_add(1) >= shared->options.max_connections) {
      counters.connections_open.fetch_sub(1);
      counters.Refused("http.too_many_connections");
      std::string out;
      const Response response = EdgeProblem(503, "http.too_many_connections");
      AppendHead(out, response, {.date = workers[0]->date, .keep_alive = false});
      out += response.body;
      error_code ignored;
      socket.non_blocking(true, ignored);
      socket.write_some(net::buffer(out), ignored);
      return;
    }
    std::string peer = PeerAddress(socket);
    if (worker.IsCurrent()) return worker.Adopt(std::move(socket), std::move(peer));
    net::post(worker.io, [&worker, socket = std::move(socket), peer = std::move(peer)]() mutable {
      worker.Adopt(std::move(socket), std::move(peer));
    });
  }

  void Bind() {
    const auto& options = shared->options;
    error_code ec;
    const auto address = net::ip::make_address(options.address, ec);
    tcp::endpoint endpoint(address, options.port);
    if (!ec) acceptor->open(endpoint.protocol(), ec);
    if (!ec) acceptor->set_option(tcp::acceptor::reuse_address(true), ec);
    if (!ec) acceptor->bind(endpoint, ec);
    if (!ec) acceptor->listen(4'096, ec);
    if (ec) {
      throw std::runtime_error(fmt::format(
          "cannot listen on {} port {}: {}", options.address, options.port, ec.message()));
    }
    port = acceptor->local_endpoint().port();
  }

  bool IsDrainedBy(std::chrono::steady_clock::time_point end) const {
    while (shared->counters.connections_open.load() > 0) {
      if (std::chrono::steady_clock::now() >= end) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds{2});
    }
    return true;
  }
};

Server::Server(ServerOptions options, Handler handler) : state_(std::make_unique<State>()) {
  state_->shared->options = std::move(options);
  state_->shared->handler = std::move(handler);
}

Server::~Server() {
  Stop(std::chrono::milliseconds{0});
}

void Server::Start() {
  auto& state = *state_;
  const int threads = std::max(1, state.shared->options.threads);
  for (int i = 0; i < threads; ++i) {
    state.workers.push_back(std::make_shared<Worker>(state.shared));
  }
  state.acceptor.emplace(state.workers[0]->io);
  state.retry.emplace(state.workers[0]->io);
  state.Bind();
  state.Accept();
  for (const auto& worker : state.workers)
    worker->Run();
}

uint16_t Server::port() const {
  return state_->port;
}

void Server::Stop(std::chrono::milliseconds grace) {
  auto& state = *state_;
  if (state.workers.empty()) return;
  const auto end = std::chrono::steady_clock::now() + grace;
  const bool is_running = state.workers[0]->thread.joinable();
  if (is_running) {
    net::post(state.workers[0]->io, [&state] {
      error_code ignored;
      state.acceptor->close(ignored);
      state.retry->cancel();
      // After the acceptor: whatever it handed on before is adopted before this runs.
      for (const auto& worker : state.workers) {
        net::post(worker->io, [worker = worker.get()] { worker->BeginStop(); });
      }
    });
    state.IsDrainedBy(end);
  }
  for (const auto& worker : state.workers)
    worker->io.stop();
  for (const auto& worker : state.workers) {
    if (worker->thread.joinable()) worker->thread.join();
    worker->CloseAll();
  }
  state.retry.reset();
  state.acceptor.reset();
  state.workers.clear();
  state.shared->handler = nullptr;
}

const ServerCounters& Server::counters() const {
  return state_->shared->counters;
}

}  // namespace huiyin::http
