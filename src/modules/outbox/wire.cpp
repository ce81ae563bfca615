// SPDX-License-Identifier: EUPL-1.2
#include "modules/outbox/wire.h"

#include <fcntl.h>
#include <netdb.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace huiyin::outbox {
namespace {

constexpr size_t kLongestLine = 64 * 1024;

struct CloseFile {
  int fd = -1;
  ~CloseFile() {
    if (fd >= 0) ::close(fd);
  }
};

// A connect that can be given up needs a socket that does not wait.
bool ConnectWithin(int fd, const addrinfo& to, int timeout_ms) {
  const int flags = ::fcntl(fd, F_GETFL);
  ::fcntl(fd, F_SETFL, flags | O_NONBLOCK);
  if (::connect(fd, to.ai_addr, to.ai_addrlen) != 0) {
    pollfd waiting{fd, POLLOUT, 0};
    if (errno != EINPROGRESS || ::poll(&waiting, 1, timeout_ms) != 1) return false;
    int error = 0;
    socklen_t size = sizeof error;
    if (::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0) return false;
  }
  ::fcntl(fd, F_SETFL, flags);
  const timeval limit{timeout_ms / 1000, (timeout_ms % 1000) * 1000};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  return true;
}

int Dial(const std::string& host, const std::string& port, int timeout_ms) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), port.c_str(), &wanted, &found) != 0) throw WireError("unreachable");
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, ::freeaddrinfo);
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    CloseFile socket{::socket(each->ai_family, each->ai_socktype | SOCK_CLOEXEC, each->ai_protocol)};
    if (socket.fd >= 0 && ConnectWithin(socket.fd, *each, timeout_ms)) return std::exchange(socket.fd, -1);
  }
  throw WireError("unreachable");
}

[[noreturn]] void Lost() { throw WireError(errno == EAGAIN || errno == EWOULDBLOCK ? "timeout" : "closed"); }

}  // namespace

struct Wire::State {
  std::string host;
  CloseFile socket;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context{nullptr, SSL_CTX_free};
  std::unique_ptr<SSL, decltype(&SSL_free)> tls{nullptr, SSL_free};
  std::string pending;  // read, not yet asked for
};

Wire::Wire(const std::string& host, const std::string& port, int timeout_ms) : state_(std::make_unique<State>()) {
  state_->host = host;
  state_->socket.fd = Dial(host, port, timeout_ms);
}

Wire::~Wire() = default;

void Wire::BeginTls() {
  // What was said before in the clear counts for nothing after.
  state_->pending.clear();
  state_->context.reset(SSL_CTX_new(TLS_client_method()));
  SSL_CTX* context = state_->context.get();
  if (context == nullptr || SSL_CTX_set_default_verify_paths(context) != 1) throw WireError("tls");
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  state_->tls.reset(SSL_new(context));
  SSL* tls = state_->tls.get();
  if (tls == nullptr || SSL_set_fd(tls, state_->socket.fd) != 1) throw WireError("tls");
  // A numeric host is checked against the certificate's addresses, a name against its names.
  const bool is_address = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls), state_->host.c_str()) == 1;
  if (!is_address) {
    SSL_set_tlsext_host_name(tls, state_->host.c_str());
    if (SSL_set1_host(tls, state_->host.c_str()) != 1) throw WireError("tls");
  }
  if (SSL_connect(tls) != 1) throw WireError("tls");
}

void Wire::Write(std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t wrote = 0;
    if (state_->tls) wrote = SSL_write(state_->tls.get(), bytes.data(), static_cast<int>(std::min<size_t>(bytes.size(), 1 << 20)));
    else wrote = ::send(state_->socket.fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (wrote <= 0) Lost();
    bytes.remove_prefix(static_cast<size_t>(wrote));
  }
}

size_t Wire::ReadSome(char* into, size_t most) {
  ssize_t got = 0;
  if (state_->tls) got = SSL_read(state_->tls.get(), into, static_cast<int>(most));
  else got = ::recv(state_->socket.fd, into, most, 0);
  if (got == 0) throw WireError("closed");
  if (got < 0) Lost();
  return static_cast<size_t>(got);
}

std::string Wire::ReadLine() {
  for (;;) {
    const size_t end = state_->pending.find('\n');
    if (end != std::string::npos) {
      std::string line = state_->pending.substr(0, end);
      state_->pending.erase(0, end + 1);
      if (!line.empty() && line.back() == '\r') line.pop_back();
      return line;
    }
    if (state_->pending.size() > kLongestLine) throw WireError("closed");
    char piece[4096];
    state_->pending.append(piece, ReadSome(piece, sizeof piece));
  }
}

}  // namespace huiyin::outbox
