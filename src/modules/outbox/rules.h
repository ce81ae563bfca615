// SPDX-License-Identifier: EUPL-1.2
// When a message goes and by which way. No database and no clock.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/json.h"
#include "core/time.h"

namespace huiyin::outbox {

// What to wait after the given number of failed tries: a minute, doubling, at most six hours;
// absent when it has been tried often enough and a person must see to it.
std::optional<int64_t> WaitAfter(int64_t tries);

// Hours of the night in which nobody's telephone rings, as minutes of the local day; from and
// until the same means none.
struct QuietHours {
  int from = 21 * 60;
  int until = 8 * 60;
};
// `at`, or the end of the quiet hours it falls into.
Instant AfterQuiet(Instant at, const QuietHours& quiet, Zone zone);

// How somebody outside wants to be told.
struct Contact {
  std::string name;
  std::string phone;
  std::string email;
  std::string address;
  std::string way;       // phone visit message email letter none; web in_person read_out; empty
  std::string language;  // the first they named
};
// From the matter's contact; what is not JSON or not text is left out.
Contact ReadContact(std::string_view json_text);

enum class Way { kNone, kSms, kEmail, kLetter, kWindow };
// By the way they asked for, as far as it can be gone with what they gave and what is open.
Way WayTo(const Contact& contact, bool has_inbox, bool has_sms, bool has_email);

// "+" and digits as a gateway takes them; empty when it is no number that can be sent to.
std::string Dialable(std::string_view phone);
// IsMailAddress (outbox.h): whether it can stand in an SMTP command as it is: no blank, control
// or bracket, one @, a domain of letters, digits, dots and dashes.
bool IsMailAddress(std::string_view text);
// "139****0000", "z***@example.org": enough for whoever knows it to recognise it.
std::string ShownOf(std::string_view address);

}  // namespace huiyin::outbox
