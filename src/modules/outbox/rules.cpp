// SPDX-License-Identifier: EUPL-1.2
#include "modules/outbox/rules.h"

#include "core/text.h"

namespace huiyin::outbox {
namespace {

constexpr int64_t kFirstWait = kMinute;
constexpr int64_t kLongestWait = 6 * kHour;

std::string TextOf(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr || !value->is_string()) return "";
  const json::string& text = value->get_string();
  return std::string(text.data(), text.size());
}

}  // namespace

std::optional<int64_t> WaitAfter(int64_t tries) {
  int64_t wait = kFirstWait;
  for (int64_t i = 1; i < tries; ++i) {
    if (wait == kLongestWait) return std::nullopt;
    wait = std::min(wait * 2, kLongestWait);
  }
  return wait;
}

Instant AfterQuiet(Instant at, const QuietHours& quiet, Zone zone) {
  if (quiet.from == quiet.until) return at;
  const int minute = LocalMinuteOfDay(at, zone);
  const bool over_midnight = quiet.from > quiet.until;
  const bool is_quiet = over_midnight ? minute >= quiet.from || minute < quiet.until
                                      : minute >= quiet.from && minute < quiet.until;
  if (!is_quiet) return at;
  const Date today = LocalDate(at, zone);
  const Date day = over_midnight && minute >= quiet.from ? today + 1 : today;
  return StartOfDay(day, zone) + quiet.until * kMinute;
}

Contact ReadContact(std::string_view json_text) {
  Contact contact;
  if (json_text.empty()) return contact;
  boost::system::error_code error;
  const json::value value = json::parse(json_text, error);
  if (error || !value.is_object()) return contact;
  const json::object& object = value.get_object();
  contact.name = TextOf(object, "name");
  contact.phone = TextOf(object, "phone");
  contact.email = TextOf(object, "email");
  contact.address = TextOf(object, "address");
  contact.way = TextOf(object, object.contains("how") ? "how" : "way");
  contact.language = TextOf(object, "language");
  if (const json::value* languages = object.if_contains("languages");
      languages != nullptr && languages->is_array() && contact.language.empty()) {
    const json::array& all = languages->get_array();
    if (!all.empty() && all[0].is_string()) contact.language = std::string(all[0].get_string());
  }
  return contact;
}

Way WayTo(const Contact& contact, bool has_inbox, bool has_sms, bool has_email) {
  const bool can_sms = has_sms && !Dialable(contact.phone).empty();
  const bool can_email = has_email && IsMailAddress(contact.email);
  const bool is_known = !contact.phone.empty() || !contact.address.empty() || !contact.email.empty();
  if (contact.way == "none" || contact.way == "web") return Way::kNone;
  if (contact.way == "message" || contact.way == "sms") return can_sms ? Way::kSms : Way::kWindow;
  if (contact.way == "email") return can_email ? Way::kEmail : Way::kWindow;
  if (contact.way == "letter") return contact.address.empty() ? Way::kWindow : Way::kLetter;
  // They asked to be called, visited or met: somebody has to.
  if (!contact.way.empty()) return Way::kWindow;
  // They did not say. A short note that there is news is the least; whoever has an inbox and
  // gave nothing else looks there.
  if (can_sms) return Way::kSms;
  if (can_email) return Way::kEmail;
  return is_known && !has_inbox ? Way::kWindow : Way::kNone;
}

std::string Dialable(std::string_view phone) {
  std::string number;
  for (const char c : phone) {
    if (c >= '0' && c <= '9') number += c;
    else if (c == '+' && number.empty()) number += c;
    else if (std::string_view(" -()").find(c) == std::string_view::npos) return "";
  }
  constexpr size_t kShortest = 5;
  constexpr size_t kLongest = 16;  // E.164 and its plus
  return number.size() < kShortest || number.size() > kLongest ? "" : number;
}

bool IsMailAddress(std::string_view text) {
  const size_t at = text.find('@');
  if (at == std::string_view::npos || at == 0 || at + 1 >= text.size() || text.size() > 254) return false;
  if (text.find('@', at + 1) != std::string_view::npos) return false;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte >= 0x7f || std::string_view("<>()[]\\,;:\"").find(c) != std::string_view::npos) return false;
  }
  const std::string_view domain = text.substr(at + 1);
  for (const char c : domain) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    if (!(lower >= 'a' && lower <= 'z') && !(c >= '0' && c <= '9') && c != '.' && c != '-') return false;
  }
  return domain.front() != '.' && domain.back() != '.' && domain.front() != '-';
}

std::string ShownOf(std::string_view address) {
  const size_t at = address.find('@');
  if (at != std::string_view::npos && at > 0) {
    return std::string(FirstCharacters(address, 1)) + "***" + std::string(address.substr(at));
  }
  constexpr size_t kHead = 3;
  constexpr size_t kTail = 4;
  if (address.size() <= kHead + kTail) return std::string(address.size(), '*');
  return std::string(address.substr(0, kHead)) + std::string(address.size() - kHead - kTail, '*') +
         std::string(address.substr(address.size() - kTail));
}

}  // namespace huiyin::outbox
