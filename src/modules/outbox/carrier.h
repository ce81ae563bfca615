// SPDX-License-Identifier: EUPL-1.2
// Who carries messages out of the house: one small interface, an SMS gateway over HTTP and a
// mail server behind it. Carriers wait on the network and are never called in a transaction.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace huiyin::outbox {

struct Outgoing {
  std::string id;  // the same for every try, so that the receiver can drop the double
  std::string to;
  std::string title;
  std::string text;
  std::string language;
};

struct Outcome {
  enum class How {
    kSent,
    kLater,  // the way is closed for now
    kNever,  // it can never be right
  };
  How how = How::kSent;
  std::string problem;  // a code, never what was sent or to whom
};

class Carrier {
 public:
  virtual ~Carrier() = default;
  virtual Outcome Carry(const Outgoing& message) = 0;
};

enum class Security { kNone, kStartTls, kTls };

struct SmsGateway {
  std::string host;
  std::string port;
  std::string path = "/";
  bool is_tls = false;
  std::string token;  // empty: none is sent
};
// "http://HOST[:PORT][/PATH]" or https. Throws std::runtime_error with what is wrong.
SmsGateway ReadSmsGateway(std::string_view url);
// POSTs {id, to, text, language} as JSON with the id as Idempotency-Key; 2xx and 409 (known
// already) count as sent.
std::unique_ptr<Carrier> MakeSmsCarrier(SmsGateway gateway);

struct MailServer {
  std::string host;
  std::string port;
  Security security = Security::kNone;
  std::string from;  // the county's address
  std::string user;  // empty: no sign-in
  std::string password;
};
// "smtp://HOST[:PORT]" (a relay on this machine or network), "smtp+starttls://..." or
// "smtps://...". Throws std::runtime_error.
MailServer ReadMailServer(std::string_view url);
std::unique_ptr<Carrier> MakeMailCarrier(MailServer server);
// The whole mail with its headers, lines ended with CR LF, dots doubled. Nothing that people
// wrote stands in it but in base64.
std::string MailOf(const MailServer& server, const Outgoing& message, std::string_view date);

// The first line of a file that its owner alone should read; throws std::runtime_error when it
// is missing, empty or holds what cannot stand in a header.
std::string ReadSecret(const std::filesystem::path& file);

}  // namespace huiyin::outbox
