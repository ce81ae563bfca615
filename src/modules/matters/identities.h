// SPDX-License-Identifier: EUPL-1.2
// Who asked, kept apart from what they asked. A confidential matter's own row names nobody:
// lists, records of households, exports, events and messages have nothing to show. What it
// would have named stands sealed in a table of its own, which only this file reads.
#pragma once

#include "modules/matters/actions.h"
#include "modules/matters/neighbours.h"
#include "modules/matters/store.h"
#include "modules/matters/ties.h"
#include "platform/module.h"

namespace huiyin::matters {

struct Identity {
  std::optional<HouseholdId> household;
  std::optional<ResidentId> resident;
  std::optional<VisitId> visit;
  AreaCode area;        // as exact as it was said
  std::string contact;  // a JSON object, or empty
};

// Moves who asked out of the matter, which the caller stores. The place stays to the village.
void KeepApart(Context& ctx, Matter& matter);
// The other way round: the resident wishes it.
void PutBack(Context& ctx, Matter& matter);
// Does the one or the other for a stored matter, tells and saves. 409 matters.anonymous,
// identities.already, identities.not_confidential.
Done SetConfidential(Context& ctx, Matter matter, bool is_confidential);
// Who asked, whether kept apart or not. Nobody's right to know is asked here: for sending
// word, and for those who may.
Identity WhoAsked(Context& ctx, const Matter& matter);
// Whether the matter is the household's.
bool IsTheirs(Context& ctx, const Matter& matter, const HouseholdId& household);
// The household's own that are kept apart.
std::vector<Matter> KeptApartOf(Context& ctx, const HouseholdId& household);
// Whether the actor is of those few who may see who asked: who took it down, the auditor,
// and whoever was shown it, for as long as that lasts.
bool MayName(Context& ctx, const Actor& actor, const Matter& matter);
// The place to the village, and no nearer.
AreaCode ToTheVillage(const AreaCode& area);

// What remains of it when its time is over.
std::vector<Uuid> IdentitiesWithOldContact(db::Tx& tx, County county, Instant before, int limit);
void ForgetContact(Context& ctx, const MatterId& matter);
// The same without a word of it, and with the reasons that were written for looking.
void ForgetWhy(Context& ctx, const MatterId& matter);

// --- Being shown it

using UnmaskingId = Id<struct UnmaskingTag>;
struct Unmasking {
  UnmaskingId id;
  MatterId matter;
  OfficerId asked_by;
  UnitId asked_by_unit;
  std::string ground;  // a law's article or a provision, in words
  std::string reason;
  Instant asked_at;
  std::optional<OfficerId> decided_by;
  std::optional<Instant> decided_at;
  std::optional<bool> is_granted;
  std::string note;
  std::string rule;
  std::string article;
  std::optional<Instant> until;
  std::optional<Instant> ended_at;
  Sha256Hash content_hash{};
  bool IsOpen(Instant now) const { return is_granted.value_or(false) && !ended_at && until && *until > now; }
  std::string_view State(Instant now) const;  // asked granted refused ended
};
// A look at who asked, with why.
struct Look {
  Instant at;
  OfficerId officer;
  UnitId unit;
  std::string reason;
};

// 409 identities.not_confidential, identities.known (to whom it is known already),
// identities.already_asked.
Unmasking AskToUnmask(Context& ctx, Matter& matter, const std::optional<UnmaskingId>& id, std::string_view ground,
                      std::string_view reason);
// Somebody else than who asked: 403 identities.own_request; 409 identities.already_decided.
void DecideUnmasking(Context& ctx, Unmasking& unmasking, bool granted, std::string_view note);
// Given back before its time.
void EndUnmasking(Context& ctx, Unmasking& unmasking);
// Masks again what has run out: the scheduler. Returns how many.
int MaskAgain(Context& ctx, int limit);
void PostponeMasking(Context& ctx);
// Writes the look down, tells the resident when it was nobody who knew already, and returns
// who it is.
Identity LookAt(Context& ctx, Matter& matter, std::string_view reason);

// What the resident may read of it: who was shown their name, when and why.
void WriteLooks(Context& ctx, JsonWriter& w, const Matter& matter);
// What an officer who may read the matter sees: whether one may look, what was asked and decided.
void WriteUnmasking(Context& ctx, JsonWriter& w, Names& names, const Matter& matter, const Unmasking& unmasking);
void WriteUnmaskings(Context& ctx, JsonWriter& w, const Matter& matter);

std::vector<Route> IdentityRoutes();

}  // namespace huiyin::matters
