// SPDX-License-Identifier: EUPL-1.2
#include "modules/exports/actions.h"

#include "modules/households/households.h"
#include "modules/matters/matters.h"
#include "modules/org/org.h"

namespace huiyin::exports {
namespace {

constexpr std::string_view kKinds[] = {"households", "matters"};
constexpr int64_t kMostHouseholds = 20'000;  // more goes by the command line, piece by piece
constexpr int kMostMatters = 20'000;
constexpr int kPiece = 500;
constexpr int64_t kWaitsMs = 14 * kDay;
constexpr int64_t kOpenMs = kDay;

bool IsRequester(const Context& ctx, const Export& one) { return Uuid(one.requested_by) == Uuid(ctx.actor.officer); }

// Written down before it is shown; a household reads of it where it reads who looked.
void NoteRead(Context& ctx, const Export& one, const HouseholdId& household) {
  ctx.NoteRead({.act = "export.read", .resource = "household", .resource_id = household, .household = household,
                .purpose = "other", .reason = one.reason});
}

std::string Households(Context& ctx, const Export& one) {
  std::string table(households::ExportHeading());
  std::optional<households::Household> last;
  for (;;) {
    const auto piece = households::ExportPiece(ctx.tx, ctx.county, one.area, last ? &*last : nullptr, kPiece);
    if (piece.empty()) return table;
    for (const households::Exported& each : piece) {
      NoteRead(ctx, one, each.household.id);
      table += households::ExportLines(each);
    }
    last = piece.back().household;
  }
}

std::string Matters(Context& ctx, const Export& one) {
  std::string table(matters::ExportHeading());
  const int64_t count = matters::EachExported(ctx, one.area, kMostMatters,
                                              [&](std::string_view line, const std::optional<HouseholdId>& household) {
                                                table += line;
                                                if (household) NoteRead(ctx, one, *household);
                                              });
  if (count > kMostMatters) Conflict("exports.too_wide");
  return table;
}

}  // namespace

Export Ask(Context& ctx) {
  Fields in = ctx.Input();
  Export one;
  one.kind = in.NeedOneOf("kind", kKinds);
  one.area = in.Text("area_code", 15).value_or(FormatCounty(ctx.county));
  one.reason = in.NeedText("reason", 500);
  const auto area = org::FindArea(ctx.tx, ctx.county, one.area);
  if (!area) in.Refuse("area_code", "unknown_area", one.area);
  if (area && one.kind == "households" && area->households > kMostHouseholds) {
    in.Refuse("area_code", "too_wide", fmt::format("at most {} households", kMostHouseholds));
  }
  in.Done();
  RequireMay(ctx.actor, Action::kHouseholdsExport, {.area = one.area});
  one.id = ctx.NewId<ExportId>();
  one.requested_by = ctx.actor.officer;
  one.requested_at = ctx.now;
  one.expires_at = ctx.now + kWaitsMs;
  Insert(ctx.tx, ctx.county, one);
  ctx.Record("export.requested", "export", one.id, {{"kind", one.kind}, {"area_code", one.area}, {"reason", one.reason}});
  return one;
}

Export RequireExport(Context& ctx) {
  auto one = Find(ctx.tx, ctx.county, ctx.PathId<ExportId>());
  if (!one) NotFound();
  if (!IsRequester(ctx, *one)) RequireMay(ctx.actor, Action::kExportsApprove, {.area = one->area});
  return std::move(*one);
}

Export Answer(Context& ctx, Verdict verdict) {
  Export one = RequireExport(ctx);
  Fields in = ctx.Input();
  const bool is_refused = verdict == Verdict::kRefused;
  one.note = is_refused ? in.NeedText("reason", 500) : in.Text("note", 500).value_or("");
  in.Done();
  if (IsRequester(ctx, one)) Forbidden("exports.own_request");
  RequireMay(ctx.actor, Action::kExportsApprove, {.area = one.area});
  if (one.state != "waiting") Conflict("exports.already_decided");
  if (one.IsOver(ctx.now)) Conflict("exports.expired");
  one.state = is_refused ? "refused" : "approved";
  one.decided_by = ctx.actor.officer;
  one.decided_at = ctx.now;
  if (!is_refused) one.expires_at = ctx.now + kOpenMs;
  Decide(ctx.tx, ctx.county, one);
  ctx.Record(is_refused ? "export.refused" : "export.approved", "export", one.id,
             {{"kind", one.kind}, {"area_code", one.area}, {"note", one.note}});
  return one;
}

void RequireFetch(const Context& ctx, const Export& one) {
  // Only who asked fetches it, and only while still allowed to ask.
  if (!IsRequester(ctx, one)) Forbidden("exports.not_yours");
  RequireMay(ctx.actor, Action::kHouseholdsExport, {.area = one.area});
  if (one.state != "approved") Conflict("exports.not_approved");
  if (one.IsOver(ctx.now)) Conflict("exports.expired");
}

std::string Fetch(Context& ctx, const Export& one) {
  RequireFetch(ctx, one);
  std::string table = one.kind == "households" ? Households(ctx, one) : Matters(ctx, one);
  ctx.NoteRead({.act = "export.fetched", .resource = "export", .resource_id = one.id, .purpose = "other", .reason = one.reason});
  return table;
}

}  // namespace huiyin::exports
