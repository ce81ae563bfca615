// SPDX-License-Identifier: EUPL-1.2
// The door of outbox: getting word out. A message is a row written in the transaction of the
// act that causes it, so that neither can happen without the other; what leaves the house
// (SMS, mail) is sent afterwards by the sender, which may be killed at any moment and loses
// and doubles nothing.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "platform/module.h"

namespace huiyin::outbox {

using MessageId = Id<struct MessageTag>;

Module Describe();

// One message as the caller wants it.
struct Letter {
  std::string kind;   // "matter.late": names the template in the languages; kinds.cpp lists them
  json::object data;  // what the template needs (kinds.cpp); anything else is not kept
  std::optional<MatterId> matter;
  bool is_protected = false;  // a complaint about somebody: only those who may know of it
  bool is_confidential = false;  // who it goes to is known to few: nobody else sees where it goes
  std::string once;           // the same `once` never goes to the same audience twice
  std::string paper;          // stands beneath on a letter and where it is read out: the answer
};

void ToOfficer(Context& ctx, const OfficerId& to, const Letter& letter);
// Each of those who hold the role in the unit; for supervisors and leaders else those nearest
// above it. Where nobody holds it, those who work there, then the supervisors: a message
// always reaches somebody if anybody is there. A protected one goes to auditors alone, one by
// one, and only to those who may know of the matter, which must be stored already.
void ToUnit(Context& ctx, const UnitId& unit, Role role, const Letter& letter);

struct Resident {
  std::optional<HouseholdId> household;  // has the web inbox
  std::string contact;  // the matter's JSON {name, phone, email, address, how, languages}, or empty
};
// By the way they asked for, and always into the household's own inbox if there is one. A way
// that is not open here (no gateway, no number) becomes a task for the window.
void ToResident(Context& ctx, const Resident& to, const Letter& letter);

// Whether it can be written to by mail as it stands.
bool IsMailAddress(std::string_view text);

// Whether word to them ends with somebody calling them: they asked to be called, or nothing else
// reaches them and there is a number.
bool IsCalled(const Resident& to);

// The array of what was sent about a matter and how far it got. The caller has decided that
// the actor may read the matter.
void WriteMessagesOf(Context& ctx, const MatterId& matter, JsonWriter& w);

// What outbox must know of matters, which stand above it; given by app/wiring.cpp.
struct Neighbours {
  // Whether this actor may know that the protected matter exists.
  std::function<bool(Context&, const Actor&, const MatterId&)> may_know;
  // Whether this actor may know who asked, where that is kept apart.
  std::function<bool(Context&, const Actor&, const MatterId&)> may_name;
  // Whose window prints and reads out what is for the resident of the matter.
  std::function<std::optional<UnitId>(Context&, const MatterId&)> window_of;
};
void Connect(Neighbours neighbours);

// Which ways out of the house somebody carries; set by whoever starts the sender. None at
// first, so that in a house without a gateway the window gets word out.
struct Ways {
  bool sms = false;
  bool email = false;
};
void OpenWays(Ways ways);

}  // namespace huiyin::outbox
