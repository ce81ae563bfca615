// SPDX-License-Identifier: EUPL-1.2
#include "http/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/stat.h>

#include <ctime>
#include <stdexcept>

namespace huiyin::http {
namespace {

namespace fs = std::filesystem;

// Forward secrecy and authenticated encryption only; TLS 1.3 brings its own three.
constexpr const char* kCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr const char* kGroups = "X25519:P-256:P-384";
constexpr std::string_view kHttp11 = "http/1.1";

std::string LastReason() {
  const unsigned long code = ERR_get_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  ERR_clear_error();
  return reason == nullptr ? "it cannot be read" : reason;
}

[[noreturn]] void Refuse(const fs::path& file, const std::string& why) { throw std::runtime_error(file.string() + ": " + why); }

void RequireOwnersAlone(const fs::path& key) {
  struct stat info{};
  if (::stat(key.c_str(), &info) != 0) Refuse(key, "there is no such file");
  if (!S_ISREG(info.st_mode)) Refuse(key, "not a file");
  // A group may read it (Debian's ssl-cert does), nobody else.
  if ((info.st_mode & (S_IWGRP | S_IRWXO)) != 0) Refuse(key, "a key that others can read or its group can write: chmod 640 it");
}

// Nobody is there to type a password, at the start or on a reload.
int NoPassword(char*, int, int, void*) { return 0; }

// The edge speaks HTTP/1.1. A client that offers protocols and not this one is told at once.
int ChooseProtocol(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered, unsigned int offered_size, void*) {
  for (unsigned int at = 0; at < offered_size; at += offered[at] + 1U) {
    const std::string_view name(reinterpret_cast<const char*>(offered) + at + 1, offered[at]);
    if (name != kHttp11) continue;
    *chosen = offered + at + 1;
    *size = offered[at];
    return SSL_TLSEXT_ERR_OK;
  }
  return SSL_TLSEXT_ERR_ALERT_FATAL;
}

Instant At(const ASN1_TIME* time) {
  std::tm utc{};
  if (ASN1_TIME_to_tm(time, &utc) != 1) return {};
  return {static_cast<int64_t>(timegm(&utc)) * kSecond};
}

}  // namespace

std::shared_ptr<const Certificate> Certificate::Read(const fs::path& chain, const fs::path& key) {
  if (!fs::is_regular_file(chain)) Refuse(chain, "there is no such file");
  RequireOwnersAlone(key);
  ERR_clear_error();
  std::shared_ptr<Certificate> made(new Certificate);
  made->context_ = SSL_CTX_new(TLS_server_method());
  if (made->context_ == nullptr) throw std::bad_alloc();
  SSL_CTX* context = made->context_;
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  // Buffers are given back between requests: an idle connection holds little.
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);  // tickets resume; nothing is kept here
  if (SSL_CTX_set_cipher_list(context, kCiphers) != 1 || SSL_CTX_set1_groups_list(context, kGroups) != 1) {
    throw std::runtime_error("TLS: " + LastReason());
  }
  SSL_CTX_set_alpn_select_cb(context, ChooseProtocol, nullptr);
  SSL_CTX_set_default_passwd_cb(context, NoPassword);
  if (SSL_CTX_use_certificate_chain_file(context, chain.c_str()) != 1) Refuse(chain, "not a certificate chain in PEM (" + LastReason() + ")");
  if (SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) != 1) {
    const std::string why = LastReason();
    Refuse(key, why.find("mismatch") != std::string::npos ? "not the key of the certificate in " + chain.string()
                                                          : "not a key in PEM without a password (" + why + ")");
  }
  if (SSL_CTX_check_private_key(context) != 1) Refuse(key, "not the key of the certificate in " + chain.string());
  made->expires_at_ = At(X509_get0_notAfter(SSL_CTX_get0_certificate(context)));
  return made;
}

Certificate::~Certificate() { SSL_CTX_free(context_); }

TlsSession::TlsSession(std::shared_ptr<const Certificate> certificate, int socket)
    : certificate_(std::move(certificate)), ssl_(SSL_new(certificate_->context_)) {
  if (ssl_ == nullptr || SSL_set_fd(ssl_, socket) != 1) throw std::bad_alloc();
  SSL_set_accept_state(ssl_);
}

TlsSession::~TlsSession() { SSL_free(ssl_); }

TlsSession::Outcome TlsSession::OutcomeOf(int result) {
  if (result > 0) return Outcome::kDone;
  switch (SSL_get_error(ssl_, result)) {
    case SSL_ERROR_WANT_READ: return Outcome::kWantsRead;
    case SSL_ERROR_WANT_WRITE: return Outcome::kWantsWrite;
    case SSL_ERROR_ZERO_RETURN: return Outcome::kEnded;
    default: break;
  }
  is_over_ = true;  // after such an error nothing may be said any more, not even goodbye
  ERR_clear_error();
  return Outcome::kFailed;
}

TlsSession::Outcome TlsSession::Handshake() {
  ERR_clear_error();
  return OutcomeOf(SSL_do_handshake(ssl_));
}

TlsSession::Outcome TlsSession::Read(char* into, size_t size, size_t& moved) {
  ERR_clear_error();
  moved = 0;
  return OutcomeOf(SSL_read_ex(ssl_, into, size, &moved));
}

TlsSession::Outcome TlsSession::Write(std::string_view bytes, size_t& moved) {
  ERR_clear_error();
  moved = 0;
  return OutcomeOf(SSL_write_ex(ssl_, bytes.data(), bytes.size(), &moved));
}

bool TlsSession::HasMore() const { return SSL_pending(ssl_) > 0; }

void TlsSession::SayGoodbye() {
  if (is_over_ || SSL_in_init(ssl_) != 0) return;
  is_over_ = true;
  ERR_clear_error();
  SSL_shutdown(ssl_);
  ERR_clear_error();
}

}  // namespace huiyin::http
