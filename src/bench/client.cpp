// SPDX-License-Identifier: EUPL-1.2
#include "bench/client.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cmath>
#include <memory>
#include <stdexcept>

#include "bench/child.h"

namespace huiyin::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view kEndOfHead = "\r\n\r\n";
constexpr size_t kMaxErrors = 100;  // then there is nothing left to measure

int Connect(uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (fd < 0 || connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    if (fd >= 0) close(fd);
    throw std::runtime_error(fmt::format("nobody answers on port {}", port));
  }
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

// Closes when it goes.
class Socket {
 public:
  explicit Socket(int fd) : fd_(fd) {}
  Socket(const Socket&) = delete;
  ~Socket() { close(fd_); }
  int get() const { return fd_; }

 private:
  int fd_;
};

// Sends everything; a request is far smaller than a socket's buffer.
void SendAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) throw std::runtime_error("the connection broke while sending");
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
}

struct Connection {
  explicit Connection(int fd) : socket(fd) {}
  Socket socket;
  AnswerReader reader;
  Clock::time_point sent_at;
};

class Driver {
 public:
  Driver(uint16_t port, const Load& load) : load_(load), epoll_(epoll_create1(EPOLL_CLOEXEC)) {
    for (int i = 0; i < load.connections; ++i) {
      connections_.push_back(std::make_unique<Connection>(Connect(port)));
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.ptr = connections_.back().get();
      epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, connections_.back()->socket.get(), &event);
    }
  }

  Outcome Run() {
    for (const auto& connection : connections_) Send(*connection);
    const auto start = Clock::now();
    if (load_.warm_requests > 0) RunUntil(start + Span(load_.measure_s), load_.warm_requests);
    else RunUntil(start + Span(load_.warm_s));
    outcome_.requests = 0;
    body_bytes_ = 0;
    micros_.clear();
    micros_.reserve(1 << 20);
    const auto begin = Clock::now();
    load_.begin();
    RunUntil(begin + Span(load_.measure_s));
    load_.end();
    outcome_.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    Summarize();
    return outcome_;
  }

 private:
  static Clock::duration Span(double seconds) {
    return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  }

  void RunUntil(Clock::time_point end, uint64_t requests = UINT64_MAX) {
    epoll_event events[128];
    while (Clock::now() < end && outcome_.requests < requests && outcome_.errors < kMaxErrors && resting_ < connections_.size()) {
      CheckInterrupt();
      const int count = epoll_wait(epoll_.get(), events, std::size(events), 50);
      for (int i = 0; i < count; ++i) Readable(*static_cast<Connection*>(events[i].data.ptr));
    }
  }

  void Send(Connection& connection) {
    request_.clear();
    load_.next(request_);
    if (request_.empty()) {
      ++resting_;
      return;
    }
    connection.sent_at = Clock::now();
    SendAll(connection.socket.get(), request_);
  }

  void Readable(Connection& connection) {
    char bytes[64 * 1024];
    const ssize_t size = recv(connection.socket.get(), bytes, sizeof bytes, MSG_DONTWAIT);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (size <= 0) throw std::runtime_error("the server closed a connection");
    if (!connection.reader.Take({bytes, static_cast<size_t>(size)})) return;
    Note(connection);
    connection.reader.Restart();
    Send(connection);
  }

  void Note(const Connection& connection) {
    const AnswerReader& answer = connection.reader;
    if (answer.status() != load_.expected_status) {
      if (outcome_.errors++ == 0) {
        outcome_.first_error = fmt::format("{} {}", answer.status(), answer.body().substr(0, 300));
      }
      return;
    }
    const auto took = Clock::now() - connection.sent_at;
    micros_.push_back(static_cast<uint32_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(took).count()));
    body_bytes_ += answer.body().size();
    ++outcome_.requests;
  }

  void Summarize() {
    std::sort(micros_.begin(), micros_.end());
    outcome_.p50_ms = Percentile(micros_, 0.5) / 1000;
    outcome_.p99_ms = Percentile(micros_, 0.99) / 1000;
    outcome_.p999_ms = Percentile(micros_, 0.999) / 1000;
    if (outcome_.requests > 0) {
      outcome_.body_bytes = static_cast<double>(body_bytes_) / static_cast<double>(outcome_.requests);
    }
  }

  const Load& load_;
  Socket epoll_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::string request_;
  size_t resting_ = 0;  // connections that have nothing left to ask
  Outcome outcome_;
  uint64_t body_bytes_ = 0;
  std::vector<uint32_t> micros_;
};

}  // namespace

std::string ToHttp(const Call& call) {
  std::string text = fmt::format("{} {} HTTP/1.1\r\nHost: 127.0.0.1\r\n", call.method, call.target);
  if (!call.token.empty()) text += fmt::format("Authorization: Bearer {}\r\n", call.token);
  if (!call.accept.empty()) text += fmt::format("Accept-Encoding: {}\r\n", call.accept);
  if (!call.body.empty()) {
    text += fmt::format("Content-Type: application/json\r\nContent-Length: {}\r\n", call.body.size());
  }
  return text + "\r\n" + call.body;
}

Answer Ask(uint16_t port, const Call& call) { return Conversation(port).Ask(call); }

Conversation::Conversation(uint16_t port) : socket_(Connect(port)) {
  const timeval patience{30, 0};
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
}

Conversation::~Conversation() { close(socket_); }

Answer Conversation::Ask(const Call& call) {
  SendAll(socket_, ToHttp(call));
  reader_.Restart();
  char bytes[64 * 1024];
  for (;;) {
    CheckInterrupt();
    const ssize_t size = recv(socket_, bytes, sizeof bytes, 0);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) throw std::runtime_error(call.target + ": no answer");
    if (reader_.Take({bytes, static_cast<size_t>(size)})) return {reader_.status(), std::string(reader_.body())};
  }
}

bool AnswerReader::Take(std::string_view bytes) {
  const size_t looked_at = bytes_.size() < kEndOfHead.size() ? 0 : bytes_.size() - kEndOfHead.size();
  bytes_ += bytes;
  if (body_at_ == 0) {
    const size_t end = bytes_.find(kEndOfHead, looked_at);
    if (end == std::string::npos) return false;
    ReadHead(end);
  }
  return bytes_.size() - body_at_ >= length_;
}

void AnswerReader::ReadHead(size_t end) {
  const std::string_view head = std::string_view(bytes_).substr(0, end + 2);
  if (!head.starts_with("HTTP/1.1 ") || head.size() < 14) throw std::runtime_error("not an answer");
  std::from_chars(head.data() + 9, head.data() + 12, status_);
  constexpr std::string_view kLength = "\r\nContent-Length: ";
  const size_t at = head.find(kLength);
  if (at == std::string_view::npos) {
    if (status_ != 204 && status_ != 304) throw std::runtime_error("an answer without its length");
    length_ = 0;
  } else {
    std::from_chars(head.data() + at + kLength.size(), head.data() + head.size(), length_);
  }
  body_at_ = end + kEndOfHead.size();
}

void AnswerReader::Restart() {
  bytes_.clear();
  status_ = 0;
  body_at_ = 0;
  length_ = 0;
}

Outcome Drive(uint16_t port, const Load& load) { return Driver(port, load).Run(); }

IdleCrowd::IdleCrowd(uint16_t port, int connections) {
  for (int i = 0; i < connections; ++i) sockets_.push_back(Connect(port));
}

IdleCrowd::~IdleCrowd() {
  for (const int socket : sockets_) close(socket);
}

double Percentile(const std::vector<uint32_t>& sorted, double share) {
  if (sorted.empty()) return 0;
  const auto rank = static_cast<size_t>(std::ceil(share * static_cast<double>(sorted.size())));
  return sorted[std::clamp<size_t>(rank, 1, sorted.size()) - 1];
}

}  // namespace huiyin::bench
