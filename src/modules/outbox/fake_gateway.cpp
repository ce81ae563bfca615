// SPDX-License-Identifier: EUPL-1.2
#include "modules/outbox/fake_gateway.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

#include "core/json.h"
#include "core/text.h"

namespace huiyin::outbox {
namespace {

constexpr int kLookMs = 50;        // how soon an end is noticed
constexpr int kPatienceMs = 5000;  // with a client that says nothing
constexpr size_t kMostBytes = 1 << 20;

void Write(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t wrote = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (wrote <= 0) return;
    bytes.remove_prefix(static_cast<size_t>(wrote));
  }
}

std::string Escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '<') out += "&lt;";
    else if (c == '>') out += "&gt;";
    else if (c == '&') out += "&amp;";
    else if (c == '"') out += "&quot;";
    else out += c;
  }
  return out;
}

std::string Base64Decoded(std::string_view text) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const size_t value = kAlphabet.find(c);
    if (value == std::string_view::npos) continue;
    bits = bits << 6 | static_cast<uint32_t>(value);
    if ((count += 6) < 8) continue;
    count -= 8;
    out += static_cast<char>(bits >> count & 0xffU);
  }
  return out;
}

// "=?UTF-8?B?...?= =?UTF-8?B?...?=" read again.
std::string DecodedWords(std::string_view text) {
  constexpr std::string_view kBegin = "=?UTF-8?B?";
  std::string out;
  for (size_t at = text.find(kBegin); at != std::string_view::npos; at = text.find(kBegin, at + 1)) {
    const size_t from = at + kBegin.size();
    out += Base64Decoded(text.substr(from, text.find("?=", from) - from));
  }
  return out.empty() ? std::string(text) : out;
}

std::string Between(std::string_view text, char open, char close) {
  const size_t from = text.find(open);
  const size_t until = text.find(close, from);
  return from == std::string_view::npos || until == std::string_view::npos ? "" : std::string(text.substr(from + 1, until - from - 1));
}

std::string Reply(int status, std::string_view type, std::string_view body) {
  return fmt::format("HTTP/1.1 {} {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}", status,
                     status < 300 ? "OK" : "No", type, body.size(), body);
}

std::string TextOf(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

}  // namespace

FakeGateway::FakeGateway(Options options) : options_(std::move(options)) {
  Listen(sms_fd_, sms_port_, options_.sms_port);
  Listen(mail_fd_, mail_port_, options_.mail_port);
  sms_thread_ = std::thread([this] { Serve(sms_fd_, &FakeGateway::TalkHttp); });
  mail_thread_ = std::thread([this] { Serve(mail_fd_, &FakeGateway::TalkMail); });
}

FakeGateway::~FakeGateway() {
  stopping_ = true;
  sms_thread_.join();
  mail_thread_.join();
  ::close(sms_fd_);
  ::close(mail_fd_);
}

void FakeGateway::Listen(int& fd, int& port, int wanted) {
  fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(static_cast<uint16_t>(wanted));
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const bool is_ready = ::inet_pton(AF_INET, options_.address.c_str(), &where.sin_addr) == 1 &&
                        ::bind(fd, reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0 && ::listen(fd, 64) == 0;
  if (!is_ready) throw std::runtime_error(fmt::format("{}:{}: cannot listen there", options_.address, wanted));
  socklen_t size = sizeof where;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&where), &size);
  port = ntohs(where.sin_port);
}

void FakeGateway::Serve(int listener, void (FakeGateway::*talk)(int)) {
  while (!stopping_) {
    pollfd waiting{listener, POLLIN, 0};
    if (::poll(&waiting, 1, kLookMs) != 1) continue;
    const int fd = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) continue;
    (this->*talk)(fd);
    ::close(fd);
  }
}

bool FakeGateway::ReadLine(int fd, std::string& pending, std::string& line) {
  for (int waited = 0; !stopping_ && waited < kPatienceMs && pending.size() < kMostBytes;) {
    const size_t end = pending.find("\r\n");
    if (end != std::string::npos) {
      line = pending.substr(0, end);
      pending.erase(0, end + 2);
      return true;
    }
    pollfd waiting{fd, POLLIN, 0};
    if (::poll(&waiting, 1, kLookMs) != 1) {
      waited += kLookMs;
      continue;
    }
    char piece[4096];
    const ssize_t got = ::recv(fd, piece, sizeof piece, 0);
    if (got <= 0) return false;
    pending.append(piece, static_cast<size_t>(got));
    const std::lock_guard lock(mutex_);
    transcript_.append(piece, static_cast<size_t>(got));
  }
  return false;
}

int FakeGateway::Verdict() {
  const int number = ++sent_;
  if (options_.delay_ms > 0) std::this_thread::sleep_for(std::chrono::milliseconds(options_.delay_ms));
  return options_.refusal ? options_.refusal(number) : 0;
}

void FakeGateway::Take(Taken taken) {
  const std::lock_guard lock(mutex_);
  for (Taken& known : taken_) {
    if (known.id == taken.id && known.way == taken.way) {
      ++known.times;
      return;
    }
  }
  taken_.push_back(std::move(taken));
}

std::vector<FakeGateway::Taken> FakeGateway::TakenSoFar() const {
  const std::lock_guard lock(mutex_);
  return taken_;
}

std::string FakeGateway::Transcript() const {
  const std::lock_guard lock(mutex_);
  return transcript_;
}

std::string FakeGateway::Page() const {
  std::string rows;
  for (const Taken& taken : TakenSoFar()) {
    rows += fmt::format("<tr><td>{}<td>{}<td>{}<td>{}<td>{}\n", taken.way, Escaped(taken.to), Escaped(taken.title),
                        Escaped(taken.text), taken.times);
  }
  return "<!doctype html><html lang=en><meta charset=utf-8><title>What was sent</title><h1>What was sent</h1>"
         "<table border=1><thead><tr><th>Way<th>To<th>Title<th>Text<th>Times</thead><tbody>" + rows + "</tbody></table>";
}

void FakeGateway::TalkHttp(int fd) {
  std::string pending;
  std::string line;
  if (!ReadLine(fd, pending, line)) return;
  const std::string request = line;
  size_t length = 0;
  std::string token;
  while (ReadLine(fd, pending, line) && !line.empty()) {
    const std::string name = LowerAscii(line.substr(0, line.find(':')));
    const std::string_view value = Trim(std::string_view(line).substr(std::min(line.find(':') + 1, line.size())));
    if (name == "content-length") std::from_chars(value.data(), value.data() + value.size(), length);
    if (name == "authorization") token = value;
  }
  if (request.starts_with("GET /messages ")) {
    json::array all;
    for (const Taken& taken : TakenSoFar()) {
      all.push_back(json::object{{"id", taken.id}, {"way", taken.way}, {"to", taken.to}, {"title", taken.title},
                                 {"text", taken.text}, {"times", taken.times}});
    }
    return Write(fd, Reply(200, "application/json", json::serialize(json::object{{"items", std::move(all)}})));
  }
  if (request.starts_with("GET ")) return Write(fd, Reply(200, "text/html; charset=utf-8", Page()));
  while (pending.size() < std::min(length, kMostBytes)) {
    char piece[4096];
    const ssize_t got = ::recv(fd, piece, sizeof piece, 0);
    if (got <= 0) return;
    pending.append(piece, static_cast<size_t>(got));
  }
  if (!options_.token.empty() && token != "Bearer " + options_.token) return Write(fd, Reply(401, "text/plain", "no"));
  boost::system::error_code error;
  const json::value body = json::parse(pending, error);
  if (error || !body.is_object()) return Write(fd, Reply(400, "text/plain", "not JSON"));
  const json::object& sms = body.get_object();
  if (const int status = Verdict()) return Write(fd, Reply(status, "text/plain", "no"));
  Take({TextOf(sms, "id"), "sms", TextOf(sms, "to"), "", TextOf(sms, "text")});
  Write(fd, Reply(202, "text/plain", "taken"));
}

void FakeGateway::TalkMail(int fd) {
  std::string pending;
  std::string line;
  Taken mail;
  mail.way = "email";
  Write(fd, "220 fake ready\r\n");
  while (ReadLine(fd, pending, line)) {
    const std::string verb = LowerAscii(line.substr(0, 4));
    if (verb == "ehlo") Write(fd, "250-fake\r\n250 8BITMIME\r\n");
    else if (verb == "rcpt") {
      mail.to = Between(line, '<', '>');
      Write(fd, "250 ok\r\n");
    } else if (verb == "data") {
      Write(fd, "354 go on\r\n");
      std::string all;
      while (ReadLine(fd, pending, line) && line != ".") {
        // A header that goes on is one line.
        all += (!line.empty() && line[0] == ' ' ? "" : "\n") + line;
      }
      const size_t body = all.find("\n\n");
      const size_t subject = all.find("\nSubject: ");
      const size_t id = all.find("\nMessage-ID: ");
      mail.title = DecodedWords(all.substr(subject + 10, all.find('\n', subject + 1) - subject - 10));
      mail.id = Between(std::string_view(all).substr(id), '<', '@');
      mail.text = Base64Decoded(all.substr(body));
      if (const int status = Verdict()) Write(fd, fmt::format("{} no\r\n", status));
      else {
        Take(mail);
        Write(fd, "250 taken\r\n");
      }
    } else if (verb == "quit") return Write(fd, "221 bye\r\n");
    else Write(fd, "250 ok\r\n");
  }
}

}  // namespace huiyin::outbox
