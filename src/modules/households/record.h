// SPDX-License-Identifier: EUPL-1.2
// What the actions of this module share: access, one way to change a record, and what a
// stale change is told.
#pragma once

#include "modules/households/neighbours.h"
#include "modules/households/store.h"

namespace huiyin::households {

inline constexpr std::string_view kPurposes[] = {"visit", "matter", "intake", "audit", "other"};

// Counts up the revision, and writes the event with it in `data`. The household's own
// columns must have been saved before. Returns the event.
EventId Changed(Context& ctx, Household& household, std::string_view act, json::object data);

// 412 with every field that changed since `seen`, who changed it and when.
Problem Stale(Context& ctx, const Household& household, int64_t seen);
// Throws 412 with every field that changed since `seen`, who changed it and when; nothing
// when `seen` is the revision the household has.
void RequireFresh(Context& ctx, const Household& household, int64_t seen);
// The same for the optional If-Match of acts that need none.
void RequireFreshIfSaid(Context& ctx, const Household& household);

// RequireReadFromQuery, with whether the actor is related: asked once for a page.
struct OpenedRecord {
  Household household;
  Opening opening;
  bool is_related;
};
OpenedRecord OpenRecord(Context& ctx, const HouseholdId& id);

// RequireEdit for a retry of the act that closed the household.
Household RequireEditEvenClosed(Context& ctx, const HouseholdId& id);

// Who acts, as the household may read it: the officer's name, or the household's head.
std::string ActorName(const Context& ctx, const Household& household);
// Throws 422 on `visit_id` when there is no such visit to the household.
void RequireVisit(Context& ctx, const HouseholdId& household, const std::optional<VisitId>& visit);
// Content hash of the request's body: the same id sent again must say the same.
Sha256Hash BodyHash(const Context& ctx);

// Names of officers and units, asked once each.
class Names {
 public:
  explicit Names(Context& ctx) : ctx_(ctx) {}
  const std::string& Officer(const OfficerId& id);
  const std::string& Unit(const UnitId& id);
  const std::string& Place(const AreaCode& area);

 private:
  Context& ctx_;
  std::map<Uuid, std::string> officers_;
  std::map<Uuid, std::string> units_;
  std::map<AreaCode, std::string> places_;
};

// A section's document as the world sees it: the residence has its address and telephone.
json::object SectionDoc(db::Tx& tx, County county, const Household& household, std::string_view name);

}  // namespace huiyin::households
