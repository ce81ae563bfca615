// SPDX-License-Identifier: EUPL-1.2
// TLS for the edge: a certificate that can be changed while the server runs, and one
// connection's session over a socket that never waits. Only tls.cpp knows OpenSSL.
//
// The session stands on the socket itself and not on a stream of Asio's: the edge waits for a
// socket to be ready and then reads or writes what there is, so that an idle connection owns no
// buffer; with TLS it goes on doing exactly that.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <string_view>

#include "core/time.h"

struct ssl_ctx_st;
struct ssl_st;

namespace huiyin::http {

// A chain with its key, read and found to belong together.
class Certificate {
 public:
  // PEM files: the server's certificate first, those that vouch for it after it; the key without
  // a password, readable by nobody but its owner and group. Throws std::runtime_error that names
  // the file and says what is wrong.
  static std::shared_ptr<const Certificate> Read(const std::filesystem::path& chain, const std::filesystem::path& key);
  ~Certificate();
  Certificate(const Certificate&) = delete;
  Certificate& operator=(const Certificate&) = delete;

  // When the server's own ends.
  Instant expires_at() const { return expires_at_; }

 private:
  friend class TlsSession;
  Certificate() = default;
  ssl_ctx_st* context_ = nullptr;
  Instant expires_at_;
};

// The one that new connections get. Safe from any thread.
class Certificates {
 public:
  explicit Certificates(std::shared_ptr<const Certificate> first) : current_(std::move(first)) {}
  // Connections that are open keep theirs.
  void Use(std::shared_ptr<const Certificate> next) {
    const std::lock_guard lock(mutex_);
    current_ = std::move(next);
  }
  std::shared_ptr<const Certificate> Current() const {
    const std::lock_guard lock(mutex_);
    return current_;
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Certificate> current_;
};

// The first byte of whatever a TLS client sends first.
inline constexpr char kTlsHandshakeByte = 0x16;

// The server's side of one connection. Stays on one thread; never waits.
class TlsSession {
 public:
  // The socket must outlive the session and not wait.
  TlsSession(std::shared_ptr<const Certificate> certificate, int socket);
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  enum class Outcome {
    kDone,
    kWantsRead,   // call again when the socket can be read
    kWantsWrite,  // call again when the socket can be written
    kEnded,       // the client said goodbye
    kFailed,      // nothing more can be said on this connection
  };
  Outcome Handshake();
  // Leaves in `moved` how many bytes went; 0 unless kDone. A write that wanted something must be
  // repeated with the same bytes.
  Outcome Read(char* into, size_t size, size_t& moved);
  Outcome Write(std::string_view bytes, size_t& moved);
  // Bytes are here already that the socket will not announce again.
  bool HasMore() const;
  // Tells the client that nothing more comes. Whatever the socket does not take is not sent.
  void SayGoodbye();

 private:
  Outcome OutcomeOf(int result);

  std::shared_ptr<const Certificate> certificate_;
  ssl_st* ssl_ = nullptr;
  bool is_over_ = false;
};

}  // namespace huiyin::http
