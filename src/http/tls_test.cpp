// SPDX-License-Identifier: EUPL-1.2
// A real server spoken to over TLS, with certificates made for the occasion.
#include "http/tls.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <thread>

#include "http/server.h"

namespace huiyin::http {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

struct Files {
  fs::path chain;
  fs::path key;
};

// A certificate that vouches for itself, valid for so many days from now.
Files MakeCertificate(const fs::path& dir, const std::string& name, int days = 30) {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 86400L * days);
  X509_set_pubkey(certificate, key);
  X509_NAME* subject = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_issuer_name(certificate, subject);
  X509_sign(certificate, key, EVP_sha256());
  Files files{dir / (name + ".pem"), dir / (name + ".key")};
  FILE* out = std::fopen(files.chain.c_str(), "w");
  PEM_write_X509(out, certificate);
  std::fclose(out);
  out = std::fopen(files.key.c_str(), "w");
  PEM_write_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
  std::fclose(out);
  ::chmod(files.key.c_str(), 0600);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return files;
}

class Client {
 public:
  Client(uint16_t port, int newest = TLS1_3_VERSION, bool shakes_hands = true) : context_(SSL_CTX_new(TLS_client_method())) {
    socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    SSL_CTX_set_min_proto_version(context_, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context_, newest);
    SSL_CTX_set_security_level(context_, 0);  // so that what is refused is refused by the server
    ssl_ = SSL_new(context_);
    SSL_set_fd(ssl_, socket_);
    if (shakes_hands) is_open_ = SSL_connect(ssl_) == 1;
  }
  ~Client() {
    SSL_free(ssl_);
    SSL_CTX_free(context_);
    ::close(socket_);
  }
  Client(const Client&) = delete;

  bool is_open() const { return is_open_; }
  std::string Name() const {
    X509* certificate = SSL_get1_peer_certificate(ssl_);
    char name[100] = "";
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name, sizeof name);
    X509_free(certificate);
    return name;
  }
  void Send(std::string_view bytes) {
    while (!bytes.empty()) {
      const int size = SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size()));
      if (size <= 0) return;
      bytes.remove_prefix(static_cast<size_t>(size));
    }
  }
  // One reply, head and body; empty when the connection ended before.
  std::string Read() {
    for (;;) {
      const size_t end = received_.find("\r\n\r\n");
      if (end != std::string::npos) {
        const size_t at = received_.find("Content-Length: ");
        const size_t size = end + 4 + (at < end ? std::stoul(received_.substr(at + 16)) : 0);
        if (received_.size() >= size) {
          std::string reply = received_.substr(0, size);
          received_.erase(0, size);
          return reply;
        }
      }
      char bytes[4096];
      const int size = SSL_read(ssl_, bytes, sizeof bytes);
      if (size <= 0) return "";
      received_.append(bytes, static_cast<size_t>(size));
    }
  }
  std::string Ask(std::string_view bytes) {
    Send(bytes);
    return Read();
  }
  // The server said goodbye and did not just hang up.
  bool IsClosedProperly() {
    char byte;
    const int size = SSL_read(ssl_, &byte, 1);
    return size == 0 && SSL_get_error(ssl_, size) == SSL_ERROR_ZERO_RETURN;
  }

 private:
  SSL_CTX* context_;
  SSL* ssl_;
  int socket_ = -1;
  bool is_open_ = false;
  std::string received_;
};

// What a plain client reads until the server hangs up.
std::string Plainly(uint16_t port, std::string_view bytes) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address);
  if (!bytes.empty()) ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  std::string read;
  char buffer[4096];
  for (ssize_t size; (size = ::recv(fd, buffer, sizeof buffer, 0)) > 0;) read.append(buffer, static_cast<size_t>(size));
  ::close(fd);
  return read;
}

constexpr std::string_view kGet = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";

class Tls : public ::testing::Test {
 protected:
  void SetUp() override {
    std::signal(SIGPIPE, SIG_IGN);
    dir_ = fs::temp_directory_path() / ("huiyin-tls-" + std::to_string(::getpid()));
    fs::create_directories(dir_);
    first_ = MakeCertificate(dir_, "first");
    certificates_ = std::make_shared<Certificates>(Certificate::Read(first_.chain, first_.key));
    options_.port = 0;
    options_.certificates = certificates_;
    options_.is_https = true;
  }
  void TearDown() override {
    server_.reset();
    fs::remove_all(dir_);
  }
  uint16_t Start() {
    server_ = std::make_unique<Server>(options_, [](Request request, Reply reply) {
      reply({.content_type = "text/plain", .body = request.path == "/large" ? std::string(5'000'000, 'x') : request.path + request.body});
    });
    server_->Start();
    return server_->port();
  }
  uint64_t RefusedNow(std::string_view code) const {
    for (size_t i = 0; i < kRefusals.size(); ++i) {
      if (kRefusals[i] == code) return server_->counters().refused[i].load();
    }
    return 0;
  }
  // How many were refused, once there are as many as expected: who is refused may know it before it is counted.
  uint64_t Refused(std::string_view code, uint64_t expected) const {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (RefusedNow(code) < expected && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return RefusedNow(code);
  }

  fs::path dir_;
  Files first_;
  std::shared_ptr<Certificates> certificates_;
  ServerOptions options_;
  std::unique_ptr<Server> server_;
};

TEST_F(Tls, RequestsAreAnsweredOneAfterAnotherOnOneConnection) {
  Client client(Start());
  ASSERT_TRUE(client.is_open());
  for (int i = 0; i < 3; ++i) {
    const std::string reply = client.Ask(kGet);
    EXPECT_TRUE(reply.starts_with("HTTP/1.1 200 OK\r\n")) << reply;
    EXPECT_TRUE(reply.ends_with("\r\n\r\n/x")) << reply;
    EXPECT_NE(reply.find("Strict-Transport-Security: max-age=31536000; includeSubDomains\r\n"), std::string::npos);
  }
  // Several in one record, and one in several.
  client.Send(std::string(kGet) + std::string(kGet));
  EXPECT_TRUE(client.Read().ends_with("/x"));
  EXPECT_TRUE(client.Read().ends_with("/x"));
  for (const char c : kGet) client.Send({&c, 1});
  EXPECT_TRUE(client.Read().ends_with("/x"));
}

TEST_F(Tls, LargeBodiesGoBothWays) {
  Client client(Start());
  const std::string body(1'500'000, 'b');
  const std::string reply = client.Ask("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1500000\r\n\r\n" + body);
  EXPECT_TRUE(reply.ends_with("bbbb"));
  EXPECT_GT(reply.size(), body.size());
  client.Send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
  std::this_thread::sleep_for(milliseconds(300));  // the server fills the socket and waits for room
  EXPECT_GT(client.Read().size(), 5'000'000U);
  EXPECT_TRUE(client.Ask(kGet).ends_with("/x"));
}

TEST_F(Tls, ANewCertificateIsServedAndOpenConnectionsGoOn) {
  const uint16_t port = Start();
  Client before(port);
  EXPECT_EQ(before.Name(), "first");
  EXPECT_TRUE(before.Ask(kGet).ends_with("/x"));
  const Files second = MakeCertificate(dir_, "second");
  certificates_->Use(Certificate::Read(second.chain, second.key));
  Client after(port);
  EXPECT_EQ(after.Name(), "second");
  EXPECT_TRUE(after.Ask(kGet).ends_with("/x"));
  EXPECT_TRUE(before.Ask(kGet).ends_with("/x"));
}

TEST_F(Tls, OldProtocolsAreRefused) {
  const uint16_t port = Start();
  EXPECT_FALSE(Client(port, TLS1_1_VERSION).is_open());
  EXPECT_EQ(Refused("http.tls_failed", 1), 1U);
  Client old(port, TLS1_2_VERSION);
  EXPECT_TRUE(old.is_open());
  EXPECT_TRUE(old.Ask(kGet).ends_with("/x"));
}

TEST_F(Tls, WhoSpeaksPlainlyIsToldSo) {
  const uint16_t port = Start();
  const std::string reply = Plainly(port, kGet);
  EXPECT_TRUE(reply.starts_with("HTTP/1.1 400 Bad Request\r\n")) << reply;
  EXPECT_NE(reply.find("\"code\":\"http.tls_expected\""), std::string::npos) << reply;
  EXPECT_EQ(reply.find("Strict-Transport"), std::string::npos) << reply;
  EXPECT_EQ(Refused("http.tls_expected", 1), 1U);
}

TEST_F(Tls, NonsenseInsteadOfAHandshakeIsHungUpOn) {
  const uint16_t port = Start();
  Plainly(port, std::string("\x16\x03\x01\x02\x00", 5) + std::string(512, 'z'));
  EXPECT_EQ(Refused("http.tls_failed", 1), 1U);
  EXPECT_TRUE(Client(port).Ask(kGet).ends_with("/x"));
}

TEST_F(Tls, AHandshakeThatDoesNotComeIsNotWaitedFor) {
  options_.header_timeout = milliseconds(500);  // of which a busy machine takes its part
  const uint16_t port = Start();
  EXPECT_EQ(Plainly(port, ""), "");
  EXPECT_EQ(Plainly(port, "\x16"), "");
  EXPECT_EQ(Refused("http.too_slow", 2), 2U);
  // Nor is a request after it.
  Client client(port);
  ASSERT_TRUE(client.is_open());
  client.Send("GET /x HT");
  EXPECT_TRUE(client.Read().starts_with("HTTP/1.1 408 "));
}

TEST_F(Tls, ConnectionsAreBoundedBeforeTheyCostAHandshake) {
  options_.max_connections = 1;
  const uint16_t port = Start();
  Client first(port);
  EXPECT_TRUE(first.Ask(kGet).ends_with("/x"));
  EXPECT_FALSE(Client(port).is_open());
  EXPECT_EQ(Refused("http.too_many_connections", 1), 1U);
  EXPECT_TRUE(first.Ask(kGet).ends_with("/x"));
}

TEST_F(Tls, TheEndIsSaid) {
  Client client(Start());
  EXPECT_TRUE(client.Ask("GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").ends_with("/x"));
  EXPECT_TRUE(client.IsClosedProperly());
}

TEST_F(Tls, FilesThatCannotBeServedAreNamedWithTheReason) {
  const Files other = MakeCertificate(dir_, "other");
  const auto why = [](const fs::path& chain, const fs::path& key) -> std::string {
    try {
      Certificate::Read(chain, key);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "";
  };
  const auto written = [&](const char* name, std::string_view text) {
    const fs::path file = dir_ / name;
    std::ofstream(file) << text;
    ::chmod(file.c_str(), 0600);
    return file;
  };
  EXPECT_EQ(why(first_.chain, first_.key), "");
  EXPECT_EQ(why(dir_ / "none", first_.key), (dir_ / "none").string() + ": there is no such file");
  EXPECT_EQ(why(first_.chain, dir_ / "none"), (dir_ / "none").string() + ": there is no such file");
  EXPECT_EQ(why(dir_, first_.key), dir_.string() + ": there is no such file");
  EXPECT_NE(why(written("rubbish", "rubbish"), first_.key).find("rubbish: not a certificate chain in PEM"), std::string::npos);
  EXPECT_NE(why(first_.chain, written("nokey", "rubbish")).find("nokey: not a key in PEM without a password"), std::string::npos);
  EXPECT_EQ(why(first_.chain, other.key), other.key.string() + ": not the key of the certificate in " + first_.chain.string());
  ::chmod(first_.key.c_str(), 0644);
  EXPECT_EQ(why(first_.chain, first_.key), first_.key.string() + ": a key that others can read or its group can write: chmod 640 it");
  ::chmod(first_.key.c_str(), 0640);
  EXPECT_EQ(why(first_.chain, first_.key), "");
}

TEST_F(Tls, WhenItEndsIsKnown) {
  const Files files = MakeCertificate(dir_, "short", 7);
  const auto now = std::chrono::duration_cast<milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
  EXPECT_NEAR(static_cast<double>(Certificate::Read(files.chain, files.key)->expires_at().ms), static_cast<double>(now + 7 * kDay), 60'000.0);
}

}  // namespace
}  // namespace huiyin::http
