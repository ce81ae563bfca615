// SPDX-License-Identifier: EUPL-1.2
// A connection to another machine, with or without TLS, that waits and gives up in time. The
// only file that knows sockets beside the edge is wire.cpp.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace huiyin::outbox {

// The connection failed; the message is a code: unreachable, timeout, closed, tls.
struct WireError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Wire {
 public:
  // Every step may take this long. Throws WireError.
  Wire(const std::string& host, const std::string& port, int timeout_ms);
  ~Wire();
  // The other side must show a certificate for `host` that this machine trusts (the system's
  // store, or the file named in SSL_CERT_FILE).
  void BeginTls();
  void Write(std::string_view bytes);
  // Up to and without the line's end; throws when it is longer than 64 KiB.
  std::string ReadLine();

 private:
  struct State;
  size_t ReadSome(char* into, size_t most);
  std::unique_ptr<State> state_;
};

}  // namespace huiyin::outbox
