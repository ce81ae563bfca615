// SPDX-License-Identifier: EUPL-1.2
#include "bench/nginx.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "bench/client.h"

namespace huiyin::bench {
namespace {

// One process, so that ending it leaves nothing behind. No log, the file kept open, and
// connections kept for ever: the least that can be asked of it.
constexpr std::string_view kConfiguration = R"(daemon off;
master_process off;
worker_processes 1;
pid {0}/nginx.pid;
error_log {0}/nginx.log;
events {{ worker_connections 4096; multi_accept on; }}
http {{
  access_log off;
  sendfile on;
  tcp_nopush on;
  tcp_nodelay on;
  keepalive_timeout 3600;
  keepalive_requests 1000000000;
  open_file_cache max=100 inactive=1h;
  open_file_cache_valid 1h;
  open_file_cache_min_uses 1;
  default_type application/json;
  client_body_temp_path {0}/body;
  proxy_temp_path {0}/proxy;
  fastcgi_temp_path {0}/fastcgi;
  uwsgi_temp_path {0}/uwsgi;
  scgi_temp_path {0}/scgi;
  server {{ listen 127.0.0.1:{1}; root {0}/root; }}
}}
)";

uint16_t FreePort() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  bind(fd, reinterpret_cast<sockaddr*>(&address), size);
  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  close(fd);
  return ntohs(address.sin_port);
}

}  // namespace

Nginx::Nginx(const std::filesystem::path& folder) : folder_(folder), port_(FreePort()) {
  std::filesystem::create_directories(folder_ / "root");
  std::ofstream(folder_ / "root" / "ready.json") << "{}";
  std::ofstream(folder_ / "nginx.conf") << fmt::format(fmt::runtime(kConfiguration), folder_.string(), port_);
  const std::string log = (folder_ / "nginx.log").string();
  child_ = std::make_unique<Child>(
      std::vector<std::string>{"nginx", "-p", folder_.string(), "-c", (folder_ / "nginx.conf").string(), "-e", log}, log);
  for (int tries = 0;; ++tries) {
    CheckInterrupt();
    try {
      if (Ask(port_, {.target = "/ready.json"}).status == 200) return;
    } catch (const std::runtime_error&) {
      if (tries == 100) throw std::runtime_error("nginx does not come up; see " + log);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

double Nginx::CpuPerRequest(size_t bytes, int connections, double seconds) {
  // Each size is a file of its own: nginx keeps the opened ones.
  const std::string name = fmt::format("{}.json", bytes);
  std::ofstream(folder_ / "root" / name) << std::string(bytes, 'x');
  const std::string request = ToHttp({.target = "/" + name});
  int64_t cpu = 0;
  const Outcome outcome = Drive(port_, {.connections = connections,
                                        .warm_s = 0.3,
                                        .measure_s = seconds,
                                        .next = [&](std::string& out) { out += request; },
                                        .begin = [&] { cpu = -child_->CpuMicros(); },
                                        .end = [&] { cpu += child_->CpuMicros(); }});
  if (outcome.errors > 0 || outcome.requests == 0) throw std::runtime_error("nginx answered " + outcome.first_error);
  return static_cast<double>(cpu) / static_cast<double>(outcome.requests);
}

}  // namespace huiyin::bench
