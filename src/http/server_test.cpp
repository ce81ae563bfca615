// SPDX-License-Identifier: EUPL-1.2
// A real server on a port of the system's choice, spoken to byte by byte.
#include "http/server.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace huiyin::http {
namespace {

using std::chrono::milliseconds;

struct Answer {
  int status = 0;  // 0: the connection ended without one
  std::string head;
  std::string body;

  std::string Header(const std::string& name) const {
    const size_t at = head.find("\r\n" + name + ": ");
    if (at == std::string::npos) return "";
    const size_t begin = at + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
};

class Client {
 public:
  explicit Client(uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    is_connected_ = ::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  ~Client() { Close(); }
  Client(const Client&) = delete;

  bool is_connected() const { return is_connected_; }

  bool Send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t size = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (size <= 0) return false;
      bytes.remove_prefix(static_cast<size_t>(size));
    }
    return true;
  }

  // One answer, leaving what follows for the next call.
  Answer Read(bool has_body = true) {
    Answer answer;
    size_t end;
    while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
      if (!Receive()) return {};
    }
    answer.head = received_.substr(0, end + 2);
    received_.erase(0, end + 4);
    answer.status = std::stoi(answer.head.substr(9, 3));
    const std::string length = answer.Header("Content-Length");
    const size_t size = has_body && !length.empty() ? std::stoul(length) : 0;
    while (received_.size() < size) {
      if (!Receive()) return {};
    }
    answer.body = received_.substr(0, size);
    received_.erase(0, size);
    return answer;
  }

  Answer Ask(std::string_view bytes) {
    Send(bytes);
    return Read();
  }

  // The server has closed, and sent nothing more before.
  bool IsAtEnd() { return received_.empty() && !Receive(); }
  bool HasBytesWithin(milliseconds time) {
    pollfd poll{fd_, POLLIN, 0};
    return ::poll(&poll, 1, static_cast<int>(time.count())) > 0;
  }
  void FinishSending() { ::shutdown(fd_, SHUT_WR); }
  void Close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }
  void Reset() {
    const linger now{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    Close();
  }
  int fd() const { return fd_; }

 private:
  bool Receive() {
    std::array<char, 65536> buffer;
    if (!HasBytesWithin(milliseconds{10'000})) return false;
    const ssize_t size = ::recv(fd_, buffer.data(), buffer.size(), 0);
    if (size <= 0) return false;
    received_.append(buffer.data(), static_cast<size_t>(size));
    return true;
  }

  int fd_;
  bool is_connected_ = false;
  std::string received_;
};

std::string Get(std::string_view target, std::string_view more = "") {
  return fmt::format("GET {} HTTP/1.1\r\nHost: h\r\n{}\r\n", target, more);
}

std::string Post(std::string_view target, std::string_view body) {
  return fmt::format(
      "POST {} HTTP/1.1\r\nHost: h\r\nContent-Length: {}\r\n\r\n{}", target, body.size(), body);
}

// What the tests' handler does, by path:
//   /echo   answers method, path, query and body     /large  a body of 8 MB
//   /later  answers from another thread              /never  drops the reply
//   /hold   keeps the reply until Release            others  "hello"
class ServerTest : public testing::Test {
 protected:
  static ServerOptions Options() {
    ServerOptions options;
    options.port = 0;
    options.max_header_bytes = 4096;
    options.max_body_bytes = 10'000;
    options.max_upload_bytes = 300'000;
    options.is_upload = [](const Request& head) { return head.path == "/upload"; };
    return options;
  }

  void Start(ServerOptions options = Options()) {
    server_.emplace(std::move(options), [this](Request request, Reply reply) {
      Handle(std::move(request), std::move(reply));
    });
    server_->Start();
  }
  ~ServerTest() override {
    for (auto& thread : threads_)
      thread.join();
  }

  void Handle(Request request, Reply reply) {
    Response response{.content_type = "text/plain", .body = "hello"};
    if (request.path == "/echo" || request.path == "/upload") {
      response.body = request.method + " " + request.path + " " + request.body;
      for (const auto& [name, value] : request.query)
        response.body += "|" + name + "=" + value;
    } else if (request.path == "/large") {
      response.body.assign(8'000'000, 'x');
    } else if (request.path == "/empty") {
      response = {.status = 204};
    } else if (request.path == "/split") {
      response.headers = {{"X-Good", "1"},
                          {"X-Bad", "1\r\nSet-Cookie: a=b"},
                          {"Content-Length", "0"},
                          {"Referrer-Policy", "origin"}};
    } else if (request.path == "/never") {
      return;
    } else if (request.path == "/twice") {
      reply(response);
      response.body = "again";
    } else if (request.path == "/size") {
      response.body = std::to_string(request.body.size());
    } else if (request.path == "/later") {
      response.body = request.target;
      const std::lock_guard lock(mutex_);
      threads_.emplace_back([reply = std::move(reply), response = std::move(response)] {
        std::this_thread::sleep_for(milliseconds{5});
        reply(response);
      });
      return;
    } else if (request.path == "/hold") {
      const std::lock_guard lock(mutex_);
      held_.push_back(std::move(reply));
      return;
    }
    reply(std::move(response));
  }

  void WaitForHeld(size_t count) {
    for (int i = 0; i < 2000; ++i) {
      {
        const std::lock_guard lock(mutex_);
        if (held_.size() >= count) return;
      }
      std::this_thread::sleep_for(milliseconds{5});
    }
    FAIL() << "the handler was not reached";
  }
  void Release() {
    std::vector<Reply> held;
    {
      const std::lock_guard lock(mutex_);
      held.swap(held_);
    }
    for (auto& reply : held)
      reply({.content_type = "text/plain", .body = "held"});
  }

  bool ComesTrue(const std::function<bool()>& claim) {
    for (int i = 0; i < 2000; ++i) {
      if (claim()) return true;
      std::this_thread::sleep_for(milliseconds{5});
    }
    return false;
  }
  bool AllClosed() {
    return ComesTrue([this] { return server_->counters().connections_open == 0; });
  }

  std::mutex mutex_;
  std::vector<Reply> held_;
  std::vector<std::thread> threads_;
  std::optional<Server> server_;
};

TEST_F(ServerTest, KeepsTheConnection) {
  Start();
  Client client(server_->port());
  for (int i = 0; i < 3; ++i) {
    const Answer answer = client.Ask(Get("/"));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "hello");
    EXPECT_EQ(answer.Header("Connection"), "");
  }
  EXPECT_EQ(server_->counters().connections_total, 1u);
  EXPECT_EQ(server_->counters().requests_total, 3u);
  EXPECT_EQ(client.Ask(Get("/", "Connection: close\r\n")).Header("Connection"), "close");
  EXPECT_TRUE(client.IsAtEnd());
}

TEST_F(ServerTest, SpeaksHttp10) {
  Start();
  Client client(server_->port());
  const Answer kept = client.Ask("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(kept.Header("Connection"), "keep-alive");
  EXPECT_EQ(client.Ask("GET / HTTP/1.0\r\n\r\n").body, "hello");
  EXPECT_TRUE(client.IsAtEnd());
}

TEST_F(ServerTest, HandsOverTheWholeRequest) {
  ServerOptions options = Options();
  Request seen;
  Server server(options, [&](Request request, Reply reply) {
    seen = std::move(request);
    reply({});
  });
  server.Start();
  Client client(server.port());
  const Answer answer = client.Ask(
      "PATCH /a%20b?q=%E5%BC%A0 HTTP/1.1\r\nHost: h\r\nX-Two: 1\r\nx-two:  2 \r\n"
      "Cookie: huiyin_session=t\r\nContent-Length: 2\r\n\r\n{}");
  server.Stop(milliseconds{0});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(seen.method, "PATCH");
  EXPECT_EQ(seen.target, "/a%20b?q=%E5%BC%A0");
  EXPECT_EQ(seen.path, "/a b");
  EXPECT_EQ(seen.Query("q"), "张");
  EXPECT_EQ(seen.Header("x-two"), "1");
  EXPECT_EQ(seen.Cookie("huiyin_session"), "t");
  EXPECT_EQ(seen.body, "{}");
  EXPECT_EQ(seen.peer, "127.0.0.1");
  EXPECT_EQ(seen.request_id.size(), 16u);
  EXPECT_EQ(seen.request_id, answer.Header("X-Request-Id"));
  EXPECT_GT(seen.received_at.ms, 1'700'000'000'000);
}

TEST_F(ServerTest, ProtectsTheBrowser) {
  Start();
  Client client(server_->port());
  const Answer page = client.Ask(Get("/"));
  EXPECT_EQ(page.Header("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(page.Header("Referrer-Policy"), "no-referrer");
  EXPECT_EQ(page.Header("Cross-Origin-Opener-Policy"), "same-origin");
  EXPECT_EQ(page.Header("Cross-Origin-Resource-Policy"), "same-origin");
  EXPECT_EQ(page.Header("Content-Security-Policy"), "default-src 'none'; frame-ancestors 'none'; base-uri 'none'");
  EXPECT_EQ(page.Header("Strict-Transport-Security"), "") << "only where browsers come by TLS";
  EXPECT_EQ(page.Header("Cache-Control"), "");
  EXPECT_EQ(client.Ask(Get("/api/v1/x")).Header("Cache-Control"), "no-store");
  const Answer split = client.Ask(Get("/split"));
  EXPECT_EQ(split.Header("Referrer-Policy"), "origin");
  EXPECT_EQ(split.Header("X-Good"), "1");
  EXPECT_EQ(split.head.find("Set-Cookie"), std::string::npos);
  EXPECT_EQ(split.body, "hello");
}

TEST_F(ServerTest, AnswersPipelinedRequestsInOrder) {
  Start();
  Client client(server_->port());
  std::string all;
  for (int i = 0; i < 20; ++i) {
    all += Get(fmt::format("/{}?n={}", i % 3 == 0 ? "later" : "echo", i));
    all += Post("/echo", fmt::format("body {}", i));
  }
  client.Send(all);
  for (int i = 0; i < 20; ++i) {
    const Answer first = client.Read();
    const std::string expected =
        i % 3 == 0 ? fmt::format("/later?n={}", i) : fmt::format("GET /echo |n={}", i);
    EXPECT_EQ(first.body, expected);
    EXPECT_EQ(client.Read().body, fmt::format("POST /echo body {}", i));
  }
}

TEST_F(ServerTest, ReadsByteByByte) {
  Start();
  Client client(server_->port());
  for (char c : "\r\n" + Post("/echo", "slowly")) {
    client.Send(std::string_view(&c, 1));
    std::this_thread::sleep_for(milliseconds{1});
  }
  EXPECT_EQ(client.Read().body, "POST /echo slowly");
}

TEST_F(ServerTest, AnswersHeadWithoutBody) {
  Start();
  Client client(server_->port());
  client.Send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n");
  const Answer head = client.Read(false);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.Header("Content-Length"), "5");
  EXPECT_EQ(client.Ask(Get("/echo")).body, "GET /echo ");
}

TEST_F(ServerTest, SendsNothingBehind204) {
  Start();
  Client client(server_->port());
  const Answer empty = client.Ask(Get("/empty"));
  EXPECT_EQ(empty.status, 204);
  EXPECT_EQ(empty.Header("Content-Length"), "");
  EXPECT_EQ(client.Ask(Get("/")).body, "hello");
}

TEST_F(ServerTest, ReadsChunks) {
  Start();
  Client client(server_->port());
  const std::string head = "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(client.Ask(head + "3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n").body,
            "POST /echo abc0123456789");
  // A trailer is read past, not taken for a header.
  EXPECT_EQ(client.Ask(head + "1\r\na\r\n0\r\nX-Late: 1\r\n\r\n").body, "POST /echo a");
  EXPECT_EQ(client.Ask(Get("/")).body, "hello");
}

TEST_F(ServerTest, InvitesTheBody) {
  Start();
  Client client(server_->port());
  client.Send(
      "POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.Read().status, 100);
  EXPECT_EQ(client.Ask("ok").body, "POST /echo ok");

  Client large(server_->port());
  large.Send(
      "POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 99999\r\n\r\n");
  EXPECT_EQ(large.Read().status, 413);

  Client strange(server_->port());
  EXPECT_EQ(strange.Ask(Get("/", "Expect: a-miracle\r\n")).status, 417);
}

TEST_F(ServerTest, TakesTheAbsoluteForm) {
  Start();
  Client client(server_->port());
  EXPECT_EQ(client.Ask(Get("http://other:80/echo?a=1")).body, "GET /echo |a=1");
  EXPECT_EQ(client.Ask(Get("HTTPS://other/echo")).body, "GET /echo ");
  EXPECT_EQ(client.Ask(Get("http://other")).body, "hello");
  EXPECT_EQ(client.Ask(Get("http://other?a=1")).body, "hello");
}

TEST_F(ServerTest, RefusesWhatIsNoRequest) {
  Start();
  struct Case {
    std::string bytes;
    int status;
    std::string code;
  };
  const std::string host = "Host: h\r\n";
  const std::string post = "POST /echo HTTP/1.1\r\nHost: h\r\n";
  const std::vector<Case> cases{
      {"nonsense\r\n\r\n", 400, "http.malformed"},
      {"GET / HTTP/1.1\r\n\r\n", 400, "http.host_missing"},
      {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "http.malformed"},
      {"GET / HTTP/2.0\r\nHost: h\r\n\r\n", 400, "http.malformed"},
      {"GET / HTTP/1.1\nHost: h\n\n", 400, "http.malformed"},
      {"BREW / HTTP/1.1\r\nHost: h\r\n\r\n", 501, "http.unknown_method"},
      {"get / HTTP/1.1\r\nHost: h\r\n\r\n", 501, "http.unknown_method"},
      {"TRACE / HTTP/1.1\r\nHost: h\r\n\r\n", 501, "http.unknown_method"},
      {"CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n", 501, "http.unknown_method"},
      {"G@T / HTTP/1.1\r\nHost: h\r\n\r\n", 400, "http.malformed"},
      {Get("/../etc/passwd"), 400, "http.bad_target"},
      {Get("/%zz"), 400, "http.bad_target"},
      {Get("*"), 400, "http.bad_target"},
      {Get("/", "X: a\r\nno colon\r\n"), 400, "http.malformed"},
      {Get("/", "X : a\r\n"), 400, "http.malformed"},
      {Get("/", std::string("X: a\0b\r\n", 8)), 400, "http.malformed"},
      {Get("/", "X: a\rY: b\r\n"), 400, "http.malformed"},
      // Two ends for one body, or an end that cannot be told: smuggling.
      {post + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, ""},
      {post + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n", 400, ""},
      {post + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400, ""},
      {post + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 400, ""},
      {post + "Content-Length: 3, 4\r\n\r\nabc", 400, ""},
      {post + "Content-Length: -1\r\n\r\n", 400, ""},
      {post + "Content-Length: +3\r\n\r\nabc", 400, ""},
      {post + "Content-Length: 0x3\r\n\r\nabc", 400, ""},
      {post + "Content-Length: 99999999999999999999999\r\n\r\n", 400, ""},
      {post + "Transfer-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc", 400, ""},
      {post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400, ""},
      {post + "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n", 400, ""},
      {post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400, ""},
      {post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n", 400, ""},
      {post + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400, ""},
      {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, ""},
      {post + "Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n", 400, ""},
      {post + "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n", 400, ""},
      {post + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nabc", 413, ""},
      {post + "Transfer-Encoding: chunked\r\n\r\n11111111111111111\r\nabc", 400, ""},
  };
  for (const auto& one : cases) {
    Client client(server_->port());
    const Answer answer = client.Ask(one.bytes + "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(answer.status, one.status) << one.bytes;
    EXPECT_EQ(answer.Header("Content-Type"), "application/problem+json") << one.bytes;
    EXPECT_NE(answer.body.find(one.code), std::string::npos) << one.bytes << answer.body;
    EXPECT_NE(answer.body.find(R"("type":"about:blank")"), std::string::npos);
    EXPECT_EQ(answer.Header("Connection"), "close") << one.bytes;
    client.FinishSending();
    EXPECT_TRUE(client.IsAtEnd()) << one.bytes;
  }
  EXPECT_EQ(server_->counters().requests_total, 0u);
  EXPECT_EQ(server_->counters().refused_total, cases.size());
}

TEST_F(ServerTest, LimitsHeaders) {
  Start();
  const std::vector<std::string> cases{
      Get(fmt::format("/{:a<5000}", "")),
      Get("/", fmt::format("X: {:a<5000}\r\n", "")),
      Get("/", "A: " + std::string(3'000, 'a') + "\r\nB: " + std::string(3'000, 'b') + "\r\n"),
      "GET /" + std::string(200'000, 'a'),
  };
  for (const auto& bytes : cases) {
    Client client(server_->port());
    EXPECT_EQ(client.Ask(bytes).status, 431);
  }
  std::string many;
  for (int i = 0; i < 150; ++i)
    many += "X: 1\r\n";
  Client client(server_->port());
  EXPECT_EQ(client.Ask(Get("/", many)).status, 431);

  // Fed slowly, line after line, the whole is bounded all the same.
  Client slow(server_->port());
  slow.Send("GET / HTTP/1.1\r\nHost: h\r\n");
  for (int i = 0; i < 10; ++i) {
    slow.Send("X: " + std::string(1'000, 'a') + "\r\n");
    std::this_thread::sleep_for(milliseconds{2});
  }
  EXPECT_EQ(slow.Read().status, 431);
}

TEST_F(ServerTest, LimitsBodies) {
  Start();
  Client announced(server_->port());
  EXPECT_EQ(announced.Ask(Post("/echo", std::string(10'001, 'x'))).status, 413);
  Client chunked(server_->port());
  chunked.Send("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 11; ++i)
    chunked.Send("3e8\r\n" + std::string(1'000, 'x') + "\r\n");
  EXPECT_EQ(chunked.Read().status, 413);
  Client extension(server_->port());
  extension.Send("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
  EXPECT_EQ(extension.Ask("1;" + std::string(50'000, 'x')).status, 431);

  Client client(server_->port());
  EXPECT_EQ(client.Ask(Post("/echo", std::string(10'000, 'x'))).status, 200);
  EXPECT_EQ(client.Ask(Post("/upload", std::string(300'000, 'x'))).body.size(), 300'013u);
  EXPECT_EQ(client.Ask(Post("/upload", std::string(300'001, 'x'))).status, 413);
}

TEST_F(ServerTest, RefusesMoreThanItCanHold) {
  ServerOptions options = Options();
  options.max_buffered_bytes = 15'000;
  Start(options);
  Client first(server_->port());
  first.Send(Post("/hold", std::string(9'000, 'x')));
  WaitForHeld(1);
  Client second(server_->port());
  const Answer refused = second.Ask(Post("/size", std::string(9'000, 'x')));
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.Header("Retry-After"), "1");
  Release();
  EXPECT_EQ(first.Read().body, "held");
  Client third(server_->port());
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(third.Ask(Post("/size", std::string(9'000, 'x'))).body, "9000");
  }
}

TEST_F(ServerTest, EndsSlowHeaders) {
  ServerOptions options = Options();
  options.header_timeout = milliseconds{200};
  Start(options);
  Client slow(server_->port());
  slow.Send("GET / HT");
  const Answer answer = slow.Read();
  EXPECT_EQ(answer.status, 408);
  EXPECT_NE(answer.body.find("http.too_slow"), std::string::npos);
  EXPECT_TRUE(slow.IsAtEnd());

  // A byte now and then gains no time.
  Client dripping(server_->port());
  const auto begin = std::chrono::steady_clock::now();
  dripping.Send("GET / HTTP/1.1\r\n");
  while (!dripping.HasBytesWithin(milliseconds{30})) {
    dripping.Send("X");
    ASSERT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{5});
  }
  EXPECT_EQ(dripping.Read().status, 408);

  Client silent(server_->port());
  EXPECT_TRUE(silent.IsAtEnd());
}

TEST_F(ServerTest, EndsSlowBodiesButWaitsForMovingOnes) {
  ServerOptions options = Options();
  options.body_timeout = milliseconds{300};
  Start(options);
  Client stuck(server_->port());
  stuck.Send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nabc");
  EXPECT_EQ(stuck.Read().status, 408);

  Client moving(server_->port());
  moving.Send("POST /upload HTTP/1.1\r\nHost: h\r\nContent-Length: 200000\r\n\r\n");
  for (int i = 0; i < 10; ++i) {
    moving.Send(std::string(20'000, 'x'));
    std::this_thread::sleep_for(milliseconds{80});
  }
  EXPECT_EQ(moving.Read().status, 200);
}

TEST_F(ServerTest, ClosesIdleConnectionsInSilence) {
  ServerOptions options = Options();
  options.idle_timeout = milliseconds{200};
  Start(options);
  Client client(server_->port());
  EXPECT_EQ(client.Ask(Get("/")).status, 200);
  EXPECT_TRUE(client.IsAtEnd());
  EXPECT_TRUE(AllClosed());
}

TEST_F(ServerTest, EndsClientsThatDoNotRead) {
  ServerOptions options = Options();
  options.body_timeout = milliseconds{300};
  Start(options);
  Client client(server_->port());
  client.Send(Get("/large"));
  EXPECT_TRUE(client.HasBytesWithin(milliseconds{10'000}));
  EXPECT_TRUE(AllClosed());
  EXPECT_EQ(server_->counters().refused_total, 1u);
}

TEST_F(ServerTest, SendsLargeBodiesWhole) {
  Start();
  Client client(server_->port());
  client.Send(Get("/large") + Get("/"));
  std::this_thread::sleep_for(milliseconds{50});
  EXPECT_EQ(client.Read().body, std::string(8'000'000, 'x'));
  EXPECT_EQ(client.Read().body, "hello");
}

TEST_F(ServerTest, OutlivesClientsThatVanish) {
  Start();
  for (int i = 0; i < 30; ++i) {
    Client client(server_->port());
    client.Send(Get(i % 3 == 0 ? "/large" : i % 3 == 1 ? "/later" : "/hold"));
    if (i % 3 == 0) client.HasBytesWithin(milliseconds{1'000});
    if (i % 2 == 0) {
      client.Reset();
    } else {
      client.Close();
    }
  }
  Client half(server_->port());
  half.Send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nabc");
  half.Close();
  WaitForHeld(10);
  Release();
  EXPECT_TRUE(AllClosed());
  Client client(server_->port());
  EXPECT_EQ(client.Ask(Get("/")).body, "hello");
}

TEST_F(ServerTest, AnswersAClientThatHasFinishedSending) {
  Start();
  Client client(server_->port());
  client.Send(Get("/later"));
  client.FinishSending();
  EXPECT_EQ(client.Read().body, "/later");
  EXPECT_TRUE(client.IsAtEnd());
}

TEST_F(ServerTest, AnswersForAHandlerThatDoesNot) {
  Start();
  Client client(server_->port());
  const Answer answer = client.Ask(Get("/never"));
  EXPECT_EQ(answer.status, 500);
  EXPECT_NE(answer.body.find("http.no_reply"), std::string::npos);
  EXPECT_EQ(client.Ask(Get("/twice")).body, "hello");
  EXPECT_EQ(client.Ask(Get("/echo")).body, "GET /echo ");
}

TEST_F(ServerTest, ServesManyConnectionsAtOnce) {
  Start();
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 200; ++i) {
    clients.push_back(std::make_unique<Client>(server_->port()));
    ASSERT_TRUE(clients.back()->is_connected());
  }
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 200; ++i) {
      clients[static_cast<size_t>(i)]->Send(Get(fmt::format("/echo?n={}", i)));
    }
    for (int i = 0; i < 200; ++i) {
      EXPECT_EQ(clients[static_cast<size_t>(i)]->Read().body, fmt::format("GET /echo |n={}", i));
    }
  }
  EXPECT_EQ(server_->counters().connections_open, 200u);
  clients.clear();
  EXPECT_TRUE(AllClosed());
}

TEST_F(ServerTest, LimitsConnections) {
  ServerOptions options = Options();
  options.max_connections = 2;
  Start(options);
  Client first(server_->port());
  Client second(server_->port());
  EXPECT_EQ(first.Ask(Get("/")).status, 200);
  EXPECT_EQ(second.Ask(Get("/")).status, 200);
  Client third(server_->port());
  const Answer answer = third.Read();
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.Header("Retry-After"), "1");
  first.Close();
  EXPECT_TRUE(ComesTrue([this] { return server_->counters().connections_open == 1; }));
  Client fourth(server_->port());
  EXPECT_EQ(fourth.Ask(Get("/")).status, 200);
}

TEST_F(ServerTest, LimitsRequestsInFlight) {
  ServerOptions options = Options();
  options.max_in_flight = 2;
  Start(options);
  Client first(server_->port());
  Client second(server_->port());
  Client third(server_->port());
  first.Send(Get("/hold"));
  second.Send(Get("/hold"));
  WaitForHeld(2);
  const Answer answer = third.Ask(Get("/"));
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.Header("Retry-After"), "1");
  EXPECT_EQ(answer.Header("Connection"), "");
  Release();
  EXPECT_EQ(first.Read().body, "held");
  EXPECT_EQ(second.Read().body, "held");
  EXPECT_EQ(third.Ask(Get("/")).body, "hello");
}

TEST_F(ServerTest, LetsRequestsFinishWhenStopped) {
  Start();
  const uint16_t port = server_->port();
  Client idle(port);
  EXPECT_EQ(idle.Ask(Get("/")).status, 200);
  Client busy(port);
  busy.Send(Get("/hold"));
  WaitForHeld(1);
  std::thread stopper([this] { server_->Stop(milliseconds{5'000}); });
  EXPECT_TRUE(idle.IsAtEnd());
  EXPECT_FALSE(Client(port).is_connected());
  Release();
  const Answer answer = busy.Read();
  EXPECT_EQ(answer.body, "held");
  EXPECT_EQ(answer.Header("Connection"), "close");
  EXPECT_TRUE(busy.IsAtEnd());
  stopper.join();
  EXPECT_EQ(server_->counters().connections_open, 0u);
}

TEST_F(ServerTest, StopsAfterTheGraceAndDropsLateReplies) {
  Start();
  Client client(server_->port());
  client.Send(Get("/hold"));
  WaitForHeld(1);
  const auto begin = std::chrono::steady_clock::now();
  server_->Stop(milliseconds{100});
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{3});
  EXPECT_TRUE(client.IsAtEnd());
  Release();
  server_.reset();
}

TEST_F(ServerTest, StopsWhileRepliesComeFromOtherThreads) {
  for (int round = 0; round < 10; ++round) {
    Start();
    std::vector<std::unique_ptr<Client>> clients;
    for (int i = 0; i < 10; ++i) {
      clients.push_back(std::make_unique<Client>(server_->port()));
      clients.back()->Send(Get("/later"));
    }
    std::this_thread::sleep_for(milliseconds{round % 8});
    server_->Stop(milliseconds{0});
    server_.reset();
  }
}

TEST_F(ServerTest, SaysWhyItCannotBind) {
  Start();
  ServerOptions options = Options();
  options.port = server_->port();
  Server second(options, [](Request, Reply reply) { reply({}); });
  try {
    second.Start();
    FAIL() << "two servers on one port";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("127.0.0.1"), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("in use"), std::string::npos);
  }
}

}  // namespace
}  // namespace huiyin::http
