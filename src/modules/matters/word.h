// SPDX-License-Identifier: EUPL-1.2
// Getting word of a matter out: what outbox is told of its happenings, and what was sent.
#pragma once

#include "modules/matters/matter.h"
#include "modules/matters/orders.h"
#include "platform/module.h"

namespace huiyin::matters {

std::vector<Route> WordRoutes();

// Each is called when the matter is saved as it now stands. Of a protected one only those who
// may know of it hear, whoever would else be told; the resident hears as ever.
// To each of those it concerns: `paper` stands on what the one who asked gets, `shared` on
// what the others do.
void WordToResidents(Context& ctx, const Matter& matter, std::string_view kind, const json::object& data,
                     const std::string& paper = "", std::string_view shared = "");
void WordOfReceipt(Context& ctx, const Matter& matter);
void WordOfAssignment(Context& ctx, const Matter& matter, const UnitId& to, std::string_view note);
// To the officer it was given to within the unit.
void WordOfHandling(Context& ctx, const Matter& matter);
void WordOfAcceptance(Context& ctx, const Matter& matter);
void WordOfReturn(Context& ctx, const Matter& matter, const UnitId& by, const UnitId& decider, std::string_view reason);
// "Cannot be done here; there it can."
void WordOfPassingUp(Context& ctx, const Matter& matter, const UnitId& here, const UnitId& to, std::string_view reason);
void WordOfExtension(Context& ctx, const Matter& matter, std::string_view article, std::string_view reason);
// `text` and the asks go with what is printed or read out.
void WordOfAnswer(Context& ctx, const Matter& matter, State before, std::string_view text);
// An answer waits for a second officer; one was sent back to who wrote it.
void WordOfDraft(Context& ctx, const Matter& matter, const Uuid& draft);
void WordOfDraftSentBack(Context& ctx, const Matter& matter, const OfficerId& to, std::string_view note);
// Nobody asked for a final review in the term.
void WordOfConclusion(Context& ctx, const Matter& matter);
void WordOfReopening(Context& ctx, const Matter& matter);
void WordOfAppeal(Context& ctx, const Matter& matter);
void WordOfMerge(Context& ctx, const Matter& matter, const Matter& into);
// `answer` is what the other one was answered meanwhile; empty: nothing.
void WordOfUnmerge(Context& ctx, const Matter& matter, std::string_view answer);
struct Member;
void WordOfJoining(Context& ctx, const Matter& root, const Member& member);

struct Relay;
struct Unmasking;
struct HarmReport;
// A question to whoever asked; the question itself goes with what is printed or read out.
void WordOfQuestion(Context& ctx, const Matter& matter, const Relay& relay);
void WordOfRelayAnswer(Context& ctx, const Matter& matter, const Relay& relay);
void WordOfUnmaskingAsked(Context& ctx, const Matter& matter, const Unmasking& unmasking);
void WordOfUnmaskingDecided(Context& ctx, const Matter& matter, const Unmasking& unmasking);
// To the resident: who was shown their name, and why.
void WordOfUnmasking(Context& ctx, const Matter& matter, const UnitId& unit, std::string_view reason);
// To those who must act, to the auditor, and to the resident unless it would endanger somebody.
void WordOfHarmReport(Context& ctx, const Matter& matter, const HarmReport& report);
void WordOfHarmTaken(Context& ctx, const Matter& matter, const HarmReport& report);

// What clocks do by themselves (deeds.cpp).
void WordOfSoon(Context& ctx, const Matter& matter, const Clock& clock);
void WordOfLateness(Context& ctx, const Matter& matter, const Clock& clock);
void WordOfJudging(Context& ctx, const Matter& matter, const Clock& clock);
void WordOfRecount(Context& ctx, const Matter& matter, Instant old_due);
void WordOfOrder(Context& ctx, const Matter* matter, const Order& order);
// `next` is the order of the next level, where there is one.
void WordOfLateOrder(Context& ctx, const Matter* matter, const Order& order, const Order* next);
void WordOfOrderAnswer(Context& ctx, const Matter* matter, const Order& order);

}  // namespace huiyin::matters
