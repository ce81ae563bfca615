// SPDX-License-Identifier: EUPL-1.2
// The edge, over a real socket: heads, lengths, chunks, several requests in one stream. The
// same bytes are sent whole and in pieces: where one request ends and the next begins must
// not depend on how they arrived, or a proxy before us could be talked past.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/server.h"
#include "tests/fuzz/fuzz.h"

namespace huiyin::fuzz {
namespace {

class Edge {
 public:
  Edge() : server_(Options(), [this](http::Request request, http::Reply reply) { Take(request, reply); }) {
    server_.Start();
  }

  // What the handler was given, in order, and what came back.
  struct Outcome {
    std::vector<std::string> requests;
    std::string replies;
  };
  Outcome Send(std::string_view bytes, size_t piece) {
    seen_.clear();
    const int fd = Connect();
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    while (!bytes.empty()) {
      const ssize_t sent = ::send(fd, bytes.data(), std::min(piece, bytes.size()), MSG_NOSIGNAL);
      if (sent <= 0) break;  // refused and closed: what is left is nobody's
      bytes.remove_prefix(static_cast<size_t>(sent));
    }
    ::shutdown(fd, SHUT_WR);
    Outcome outcome;
    char buffer[8192];
    for (ssize_t got = 0; (got = ::recv(fd, buffer, sizeof buffer, 0)) > 0;) {
      outcome.replies.append(buffer, static_cast<size_t>(got));
    }
    ::close(fd);
    const std::lock_guard lock(mutex_);
    outcome.requests = seen_;
    return outcome;
  }

 private:
  // Every port of one address would soon be waiting for stragglers. A machine that has run out
  // of something for a moment is no fault of the edge.
  int Connect() {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(server_.port());
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (int tries = 0; tries < 200; ++tries) {
      const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      address_ = (address_ + 1) & 0xFFFF;
      Bind(fd, 0x7F010001U + address_);
      if (::connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0) return fd;
      ::close(fd);
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    std::perror("connect");
    Expect(false, "the edge takes connections");
    return -1;
  }
  static http::ServerOptions Options() {
    http::ServerOptions options;
    options.port = 0;
    options.threads = 1;
    options.max_header_bytes = 2048;
    options.max_body_bytes = 1024;
    options.max_upload_bytes = 4096;
    options.is_upload = [](const http::Request& head) { return head.path == "/upload"; };
    return options;
  }
  static void Bind(int fd, uint32_t host) {
    const int on = 1;
    ::setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    sockaddr_in from{};
    from.sin_family = AF_INET;
    from.sin_addr.s_addr = htonl(host);
    ::bind(fd, reinterpret_cast<sockaddr*>(&from), sizeof from);
  }
  void Take(const http::Request& request, const http::Reply& reply) {
    Expect(request.path.starts_with('/'), "a path begins with a slash");
    Expect(request.path.find('\0') == std::string::npos, "a path has no NUL");
    Expect(request.path.find("/../") == std::string::npos && !request.path.ends_with("/.."), "a path leads nowhere up");
    Expect(request.body.size() <= (request.path == "/upload" ? 4096U : 1024U), "no body is larger than allowed");
    for (const auto& [name, value] : request.headers) {
      Expect((name + value).find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos, "a header is one line");
    }
    {
      const std::lock_guard lock(mutex_);
      seen_.push_back(request.method + " " + request.target + "\n" + request.body);
    }
    (void)request.Cookie("huiyin");
    http::Response response;
    response.body = "{}";
    response.headers.emplace_back("X-Path", request.path);
    reply(std::move(response));
  }

  std::mutex mutex_;
  std::vector<std::string> seen_;
  uint32_t address_ = 0;
  http::Server server_;
};

}  // namespace

void Try(std::string_view input) {
  static Edge edge;
  if (input.empty()) return;
  const size_t piece = 1 + static_cast<uint8_t>(input.front());
  input.remove_prefix(1);
  const auto whole = edge.Send(input, SIZE_MAX);
  Expect(whole.replies.empty() || whole.replies.starts_with("HTTP/1.1 "), "a reply is HTTP");
  const auto pieces = edge.Send(input, piece);
  // A refusal closes the connection, and what the client had not sent by then is lost: only
  // streams that were taken to their end must be the same.
  const bool refused = whole.replies.find("HTTP/1.1 4") != std::string::npos ||
                       whole.replies.find("HTTP/1.1 5") != std::string::npos;
  if (!refused) Expect(whole.requests == pieces.requests, "requests do not depend on how they arrived");
}

}  // namespace huiyin::fuzz
