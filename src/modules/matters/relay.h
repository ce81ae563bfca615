// SPDX-License-Identifier: EUPL-1.2
// Questions of the office to whoever asked, and their answers, without either side having
// the other's address: for matters whose name is kept apart, for those without a name, and
// for any other. Word of a question goes out by the way the resident asked for; it is read
// and answered with the receipt, in the web inbox's matter, or at the window.
#pragma once

#include "modules/matters/matters.h"
#include "modules/matters/ties.h"

namespace huiyin::matters {

using RelayId = Id<struct RelayTag>;
struct Relay {
  RelayId id;
  std::string question;
  OfficerId asked_by;
  UnitId unit;
  Instant asked_at;
  std::string answer;
  std::string way;  // web receipt window; empty while it waits
  std::optional<Instant> answered_at;
  std::optional<OfficerId> written_by;
};

// At most this many may wait unanswered, and this many be asked of one matter at all: who
// speaks under shelter is not to be questioned without end.
inline constexpr size_t kMostWaiting = 3;
inline constexpr size_t kMostAsked = 30;

std::vector<Relay> RelaysOf(db::Tx& tx, County county, const MatterId& matter);
bool AnyRelayWaits(db::Tx& tx, County county, const MatterId& matter);
// 409 relay.too_many_waiting, relay.too_many.
EventId AskByRelay(Context& ctx, Matter& matter, const std::optional<RelayId>& id, std::string_view question);
// 422 unknown_reference on relay_id; 409 relay.already_answered. The same answer twice is one.
EventId AnswerByRelay(Context& ctx, Matter& matter, const RelayId& id, std::string_view answer, std::string_view way);
// The array of what was asked and said; names of officers for officers alone.
void WriteRelays(Context& ctx, JsonWriter& w, const MatterId& matter, bool shows_people);
// What was said is erased with the rest of the matter's words.
void ForgetRelays(db::Tx& tx, County county, const MatterId& matter);

struct RelayAnswer {
  RelayId id;
  std::string text;
};
RelayAnswer ReadRelayAnswer(Context& ctx);

std::vector<Route> RelayRoutes();

}  // namespace huiyin::matters
