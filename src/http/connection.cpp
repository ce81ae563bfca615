// SPDX-License-Identifier: EUPL-1.2
#include "http/connection.h"

namespace huiyin::http {
namespace {

// A body up to this is copied behind its head, so that one write sends one buffer.
constexpr size_t kJoinedBody = 32 * 1024;
constexpr size_t kProgress = 16 * 1024;
constexpr size_t kMaxDiscarded = 8 * 1024 * 1024;
constexpr std::chrono::milliseconds kLingerTime{2'000};

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

}  // namespace

thread_local Worker* Worker::current_ = nullptr;

Connection::Connection(Worker& worker, tcp::socket socket, std::string peer)
    : worker_(worker), socket_(std::move(socket)), peer_(std::move(peer)) {}

void Connection::Start() {
  error_code ignored;
  socket_.set_option(tcp::no_delay(true), ignored);
  socket_.non_blocking(true, ignored);
  const auto& options = worker_.shared->options;
  if (options.certificates) tls_ = std::make_unique<TlsSession>(options.certificates->Current(), socket_.native_handle());
  Enter(tls_ ? Phase::kHandshake : Phase::kIdle, options.header_timeout);
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
  if (tls_) tls_->SayGoodbye();
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
  if (phase_ == Phase::kHandshake) worker_.shared->counters.Refused("http.too_slow");
  if (phase_ == Phase::kWriting) {
    worker_.shared->counters.Refused("http.reply_not_taken");
  }
  Close();
}

void Connection::WaitForBytes() {
  auto on_ready = [self = shared_from_this()](error_code ec) { self->OnReadable(ec); };
  if (tls_ && tls_->HasMore()) return net::post(worker_.io, [on_ready] { on_ready({}); });
  const bool for_room = std::exchange(tls_wants_write_, false);
  socket_.async_wait(for_room ? tcp::socket::wait_write : tcp::socket::wait_read, std::move(on_ready));
}

error_code Connection::ErrorOf(TlsSession::Outcome outcome) {
  using Outcome = TlsSession::Outcome;
  tls_wants_write_ = outcome == Outcome::kWantsWrite;
  switch (outcome) {
    case Outcome::kDone: return {};
    case Outcome::kWantsRead:
    case Outcome::kWantsWrite: return net::error::would_block;
    case Outcome::kEnded: return net::error::eof;
    case Outcome::kFailed: break;
  }
  return net::error::connection_aborted;
}

size_t Connection::ReadSome(error_code& ec) {
  auto& buffer = worker_.read_buffer;
  // What comes after the last reply is thrown away as it is.
  if (!tls_ || phase_ == Phase::kLingering) return socket_.read_some(net::buffer(buffer), ec);
  size_t size = 0;
  ec = ErrorOf(tls_->Read(buffer.data(), buffer.size(), size));
  return size;
}

size_t Connection::WriteSome(std::string_view head, std::string_view body, error_code& ec) {
  if (!tls_) {
    if (body.empty()) return socket_.write_some(net::const_buffer(head.data(), head.size()), ec);
    const std::array<net::const_buffer, 2> buffers{net::const_buffer(head.data(), head.size()),
                                                   net::const_buffer(body.data(), body.size())};
    return socket_.write_some(buffers, ec);
  }
  size_t size = WriteSealed(head, ec);
  if (!ec) size += WriteSealed(body, ec);
  return size;
}

size_t Connection::WriteSealed(std::string_view bytes, error_code& ec) {
  size_t sent = 0;
  while (sent < bytes.size()) {
    size_t size = 0;
    ec = ErrorOf(tls_->Write(bytes.substr(sent), size));
    sent += size;
    if (ec) break;
  }
  return sent;
}

// Somebody who speaks plainly to a port that does not is told so, in a way they can read.
void Connection::OnFirstByte() {
  char first = 0;
  error_code ec;
  socket_.receive(net::buffer(&first, 1), tcp::socket::message_peek, ec);
  if (ec == net::error::would_block) return WaitForBytes();
  if (ec) return Close();
  if (first == kTlsHandshakeByte) {
    is_greeted_ = true;
    return ShakeHands();
  }
  tls_.reset();
  const size_t size = socket_.read_some(net::buffer(worker_.read_buffer), ec);
  if (ec) return Close();
  pending_.assign(worker_.read_buffer.data(), size);
  request_id_ = worker_.NewRequestId();
  Refuse({400, "http.tls_expected"});
}

void Connection::ShakeHands() {
  const error_code ec = ErrorOf(tls_->Handshake());
  if (ec == net::error::would_block) return WaitForBytes();
  if (ec) {
    worker_.shared->counters.Refused("http.tls_failed");
    return Close();
  }
  Enter(Phase::kIdle, worker_.shared->options.header_timeout);
  WaitForBytes();
}

void Connection::OnReadable(error_code ec) {
  if (phase_ == Phase::kClosed) return;
  if (is_expired_) return Refuse({408, "http.too_slow"});
  if (phase_ == Phase::kHandshake) {
    if (ec) return Close();
    return is_greeted_ ? ShakeHands() : OnFirstByte();
  }
  size_t size = 0;
  if (!ec) size = ReadSome(ec);
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
  const size_t size = WriteSome(kContinue, {}, ec);
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
  request.peer = shared.options.proxies.IsEmpty() ? peer_ : shared.options.proxies.ClientOf(peer_, request);
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
              .is_https = worker_.shared->options.is_https && (tls_ || !worker_.shared->options.certificates),
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
  const size_t size = WriteSome(out, response.body, ec);
  if (ec && ec != net::error::would_block) return Close();
  if (size == out.size() + response.body.size()) return OnWritten();
  out_ = std::move(out);
  out = {};
  body_ = std::move(response.body);
  sent_ = size;
  WriteRest();
}

void Connection::WriteRest() {
  if (tls_) return WriteRestSealed();
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

void Connection::WriteRestSealed() {
  const bool for_bytes = !std::exchange(tls_wants_write_, false);
  socket_.async_wait(for_bytes ? tcp::socket::wait_read : tcp::socket::wait_write,
                     [self = shared_from_this()](error_code ec) {
    if (self->phase_ == Phase::kClosed) return;
    if (ec) return self->Close();
    const size_t of_out = std::min(self->sent_, self->out_.size());
    const size_t size = self->WriteSome(std::string_view(self->out_).substr(of_out),
                                        std::string_view(self->body_).substr(self->sent_ - of_out), ec);
    if (ec && ec != net::error::would_block) return self->Close();
    self->sent_ += size;
    self->Moved(size);
    if (self->sent_ < self->out_.size() + self->body_.size()) return self->WriteRestSealed();
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
  if (tls_) tls_->SayGoodbye();
  error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
  Enter(Phase::kLingering, kLingerTime);
  WaitForBytes();
}
}  // namespace huiyin::http
