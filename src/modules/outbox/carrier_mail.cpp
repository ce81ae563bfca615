// SPDX-License-Identifier: EUPL-1.2
#include <ctime>
#include <stdexcept>

#include "core/text.h"
#include "modules/outbox/address.h"
#include "modules/outbox/carrier.h"
#include "modules/outbox/rules.h"
#include "modules/outbox/wire.h"

namespace huiyin::outbox {
namespace {

constexpr int kTimeoutMs = 20'000;

std::string Base64(std::string_view bytes) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t three = 0;
    for (size_t k = 0; k < 3; ++k) three = three << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (size_t k = 0; k < 4; ++k) text += i + k > bytes.size() ? '=' : kAlphabet[three >> (18 - 6 * k) & 63U];
  }
  return text;
}

// RFC 2047: words of at most 75 characters, none cut within a character.
std::string EncodedWords(std::string_view text) {
  constexpr size_t kMostBytes = 42;
  std::string words;
  std::string piece;
  const auto end_word = [&] {
    words += (words.empty() ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?") + Base64(piece) + "?=";
    piece.clear();
  };
  for (const std::string_view character : Characters(text)) {
    if (piece.size() + character.size() > kMostBytes) end_word();
    piece += character;
  }
  end_word();
  return words;
}

std::string Rfc5322Now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  return fmt::format("{}, {} {} {} {:02}:{:02}:{:02} +0000", kDays[parts.tm_wday], parts.tm_mday, kMonths[parts.tm_mon],
                     parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

struct Refused {
  int code = 0;
};

// A talk with a mail server, RFC 5321.
class Talk {
 public:
  explicit Talk(const MailServer& server) : wire_(server.host, server.port, kTimeoutMs) {
    if (server.security == Security::kTls) wire_.BeginTls();
    Expect(220);
    const std::string hello = "EHLO " + server.from.substr(server.from.find('@') + 1);
    Say(hello, 250);
    if (server.security != Security::kStartTls) return;
    Say("STARTTLS", 220);
    wire_.BeginTls();
    Say(hello, 250);
  }

  // REQUIRES: a line without a line's end in it.
  void Say(std::string_view line, int wanted) {
    wire_.Write(std::string(line) + "\r\n");
    Expect(wanted);
  }
  void Send(std::string_view bytes, int wanted) {
    wire_.Write(bytes);
    Expect(wanted);
  }

 private:
  void Expect(int wanted) {
    constexpr int kMostLines = 100;
    for (int i = 0; i < kMostLines; ++i) {
      const std::string line = wire_.ReadLine();
      if (line.size() > 3 && line[3] == '-') continue;
      int code = 0;
      if (line.size() >= 3) std::from_chars(line.data(), line.data() + 3, code);
      if (code != wanted) throw Refused{code};
      return;
    }
    throw WireError("closed");
  }

  Wire wire_;
};

class MailCarrier : public Carrier {
 public:
  explicit MailCarrier(MailServer server) : server_(std::move(server)) {}

  Outcome Carry(const Outgoing& message) override {
    // Everything that becomes a command is looked at here once more.
    if (!IsMailAddress(message.to)) return {Outcome::How::kNever, "not_an_address"};
    bool is_ours = false;  // whether a refusal is of this message and not of the house
    try {
      Talk talk(server_);
      if (!server_.user.empty()) {
        const std::string secret = std::string(1, '\0') + server_.user + std::string(1, '\0') + server_.password;
        talk.Say("AUTH PLAIN " + Base64(secret), 235);
      }
      talk.Say("MAIL FROM:<" + server_.from + ">", 250);
      is_ours = true;
      talk.Say("RCPT TO:<" + message.to + ">", 250);
      talk.Say("DATA", 354);
      talk.Send(MailOf(server_, message, Rfc5322Now()), 250);
      Leave(talk);
      return {};
    } catch (const Refused& refused) {
      const bool is_final = is_ours && refused.code >= 500;
      return {is_final ? Outcome::How::kNever : Outcome::How::kLater, fmt::format("smtp_{}", refused.code)};
    } catch (const WireError& error) {
      return {Outcome::How::kLater, error.what()};
    }
  }

 private:
  // The mail is theirs already; a lost goodbye sends it no second time.
  static void Leave(Talk& talk) {
    try {
      talk.Say("QUIT", 221);
    } catch (const Refused&) {
    } catch (const WireError&) {
    }
  }

  MailServer server_;
};

}  // namespace

std::string MailOf(const MailServer& server, const Outgoing& message, std::string_view date) {
  const std::string domain = server.from.substr(server.from.find('@') + 1);
  std::string mail = fmt::format(
      "Date: {}\r\nFrom: <{}>\r\nTo: <{}>\r\nSubject: {}\r\nMessage-ID: <{}@{}>\r\nAuto-Submitted: auto-generated\r\n"
      "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n",
      date, server.from, message.to, EncodedWords(message.title), message.id, domain);
  const std::string body = Base64(message.text);
  constexpr size_t kLine = 76;
  for (size_t i = 0; i < body.size(); i += kLine) mail += body.substr(i, kLine) + "\r\n";
  // Base64 has no dot: no line can end the mail before its time.
  return mail + ".\r\n";
}

MailServer ReadMailServer(std::string_view url) {
  const Address address = ReadAddress(url, {{"smtp", "25"}, {"smtp+starttls", "587"}, {"smtps", "465"}});
  if (address.path != "/") throw std::runtime_error(fmt::format("{}: a mail server has no path", url));
  MailServer server{.host = address.host, .port = address.port};
  if (address.scheme == "smtps") server.security = Security::kTls;
  if (address.scheme == "smtp+starttls") server.security = Security::kStartTls;
  return server;
}

std::unique_ptr<Carrier> MakeMailCarrier(MailServer server) { return std::make_unique<MailCarrier>(std::move(server)); }

}  // namespace huiyin::outbox
