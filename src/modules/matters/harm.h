// SPDX-License-Identifier: EUPL-1.2
// The duty to report harm to a child (未成年人保护法 11) and violence at home (反家庭暴力法
// 14): the one path on which what was said under shelter goes further without being asked.
// A report says what happened and where, to one unit that must act, on one ground; who
// asked only when that is needed. It stands beside the matter and marks nobody: no category,
// no label, no list of people.
#pragma once

#include "modules/matters/ties.h"
#include "platform/module.h"

namespace huiyin::matters {

using HarmReportId = Id<struct HarmReportTag>;
struct HarmReport {
  HarmReportId id;
  MatterId matter;
  std::string ground;  // child, home
  std::string rule;
  std::string article;
  AreaCode area;
  UnitId to_unit;
  std::string text;        // what is passed on
  bool names_who = false;  // who asked is passed on too
  bool is_told = true;     // the resident hears of it at once
  std::string not_told_reason;
  OfficerId made_by;
  UnitId made_by_unit;
  Instant made_at;
  std::optional<Instant> due_at;  // by when the unit confirms that it has taken it up
  std::optional<OfficerId> taken_by;
  std::optional<Instant> taken_at;
  Sha256Hash content_hash{};
};

struct HarmInput {
  std::optional<HarmReportId> id;
  std::string ground;
  UnitId to_unit;
  std::string text;
  bool names_who = false;
  bool is_told = true;
  std::string not_told_reason;
};
// 422 on unit_id: the unit it is about, or one that is closed; 409 duplicate_id.
HarmReport ReportHarm(Context& ctx, Matter& matter, const HarmInput& input);
// The unit it went to confirms. Twice is once.
void TakeUp(Context& ctx, HarmReport& report);

void WriteReportsOf(Context& ctx, JsonWriter& w, const Matter& matter);
void ForgetHarmReports(db::Tx& tx, County county, const MatterId& matter);

std::vector<Route> HarmRoutes();

}  // namespace huiyin::matters
