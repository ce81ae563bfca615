// SPDX-License-Identifier: EUPL-1.2
#include "core/json.h"
#include "modules/outbox/address.h"
#include "modules/outbox/carrier.h"
#include "modules/outbox/wire.h"

namespace huiyin::outbox {
namespace {

constexpr int kTimeoutMs = 10'000;

class SmsCarrier : public Carrier {
 public:
  explicit SmsCarrier(SmsGateway gateway) : gateway_(std::move(gateway)) {}

  Outcome Carry(const Outgoing& message) override {
    try {
      return Judge(Ask(message));
    } catch (const WireError& error) {
      return {Outcome::How::kLater, error.what()};
    }
  }

 private:
  // The status of the answer; the rest of it says nothing we need.
  int Ask(const Outgoing& message) {
    const std::string body = json::serialize(
        json::object{{"id", message.id}, {"to", message.to}, {"text", message.text}, {"language", message.language}});
    std::string head = fmt::format(
        "POST {} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n"
        "Idempotency-Key: {}\r\nConnection: close\r\n",
        gateway_.path, gateway_.host, body.size(), message.id);
    if (!gateway_.token.empty()) head += "Authorization: Bearer " + gateway_.token + "\r\n";
    Wire wire(gateway_.host, gateway_.port, kTimeoutMs);
    if (gateway_.is_tls) wire.BeginTls();
    wire.Write(head + "\r\n" + body);
    const std::string line = wire.ReadLine();
    int status = 0;
    if (line.starts_with("HTTP/1.") && line.size() >= 12) std::from_chars(line.data() + 9, line.data() + 12, status);
    return status;
  }

  static Outcome Judge(int status) {
    if ((status >= 200 && status < 300) || status == 409) return {};
    const std::string problem = status == 0 ? "not_http" : fmt::format("http_{}", status);
    // Refused as it stands. What a wrong token, haste or trouble over there causes passes.
    const bool is_final = status == 400 || status == 404 || status == 410 || status == 413 || status == 422;
    return {is_final ? Outcome::How::kNever : Outcome::How::kLater, problem};
  }

  SmsGateway gateway_;
};

}  // namespace

SmsGateway ReadSmsGateway(std::string_view url) {
  const Address address = ReadAddress(url, {{"http", "80"}, {"https", "443"}});
  return {address.host, address.port, address.path, address.scheme == "https", ""};
}

std::unique_ptr<Carrier> MakeSmsCarrier(SmsGateway gateway) { return std::make_unique<SmsCarrier>(std::move(gateway)); }

}  // namespace huiyin::outbox
