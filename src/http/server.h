// SPDX-License-Identifier: EUPL-1.2
// The edge: bytes to Request, Response to bytes. Only reader.h knows Beast,
// only connection.h Asio. One io context a thread; a connection stays on its thread for life.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "http/proxies.h"
#include "http/request.h"
#include "http/tls.h"

namespace huiyin::http {

struct ServerOptions {
  std::string address = "127.0.0.1";
  uint16_t port = 8080;  // 0 lets the system choose
  int threads = 2;
  size_t max_header_bytes = 16 * 1024;
  size_t max_body_bytes = 2 * 1024 * 1024;             // JSON and forms
  size_t max_upload_bytes = 64 * 1024 * 1024;          // paths that `is_upload` names
  std::function<bool(const Request& head)> is_upload;  // asked before the body is read
  // All bodies held at one time, being read or with a handler; beyond that 503.
  size_t max_buffered_bytes = 512 * 1024 * 1024;
  std::chrono::milliseconds header_timeout{10'000};
  // A body or reply may take as long as it likes while every such span moves 16 KiB:
  // a photograph from a mountain village takes minutes, and is welcome.
  std::chrono::milliseconds body_timeout{60'000};
  std::chrono::milliseconds idle_timeout{60'000};
  // What the Date header says, which pages take for the time; absent: the machine's.
  std::function<Instant()> now;
  // With it the edge speaks TLS and nothing else.
  std::shared_ptr<Certificates> certificates;
  // Browsers come by TLS, to us or to the proxy before us: they are told to go on doing so.
  bool is_https = false;
  // Whose word on where a request came from counts.
  Proxies proxies;
  size_t max_connections = 20'000;
  size_t max_in_flight = 4'096;  // beyond that 503 with Retry-After
};

// Takes a whole request and must call `reply` once, from any thread, also when the
// client has gone meanwhile. Runs on the thread that reads the connections, so work that
// waits belongs elsewhere. Must not throw. A reply dropped without a call is a 500, a
// second call is ignored.
using Reply = std::function<void(Response)>;
using Handler = std::function<void(Request, Reply)>;

// Why the edge refuses: the codes of its replies. The last is said to nobody: a client that
// does not take its reply is hung up on.
inline constexpr std::array<std::string_view, 15> kRefusals = {
    "http.malformed",        "http.bad_target",    "http.host_missing",     "http.unknown_method",
    "http.unknown_coding",   "http.unknown_expectation", "http.header_too_large", "http.too_many_headers",
    "http.tls_expected",     "http.tls_failed",
    "http.body_too_large",   "http.too_slow",      "http.overloaded",       "http.too_many_connections",
    "http.reply_not_taken"};

struct ServerCounters {
  std::atomic<uint64_t> connections_open{0};
  std::atomic<uint64_t> connections_total{0};
  std::atomic<uint64_t> requests_total{0};
  std::atomic<uint64_t> refused_total{0};
  std::array<std::atomic<uint64_t>, kRefusals.size()> refused{};  // of each of kRefusals

  void Refused(std::string_view code) {
    refused_total.fetch_add(1, std::memory_order_relaxed);
    for (size_t i = 0; i < kRefusals.size(); ++i) {
      if (kRefusals[i] == code) refused[i].fetch_add(1, std::memory_order_relaxed);
    }
  }
};

class Server {
 public:
  Server(ServerOptions options, Handler handler);
  ~Server();

  // Binds and begins to serve on background threads. Throws std::runtime_error with the
  // address and the reason when it cannot bind.
  void Start();
  uint16_t port() const;
  // Stops accepting, lets requests under way finish within `grace`, then closes. Replies
  // that come later are dropped. REQUIRES: not called from a handler.
  void Stop(std::chrono::milliseconds grace);
  const ServerCounters& counters() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace huiyin::http
