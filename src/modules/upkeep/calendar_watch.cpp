// SPDX-License-Identifier: EUPL-1.2
#include "modules/upkeep/calendar_watch.h"

#include "modules/org/org.h"
#include "modules/outbox/outbox.h"
#include "modules/terms/terms.h"

namespace huiyin::upkeep {
namespace {

// Terms of ninety days reach into the next year from here on, and the State Council has
// announced it by then in most years.
constexpr unsigned kFromMonth = 10;

// The first year that runs or is near without its holidays; absent when none is.
std::optional<int> MissingYear(db::Tx& tx, County county, Date today) {
  const auto known = terms::CalendarKnownUntil(tx, county, today);
  if (!known) return today.Year();
  const bool is_near = known->Year() == today.Year() && static_cast<unsigned>(today.Month()) >= kFromMonth;
  return is_near ? std::optional(today.Year() + 1) : std::nullopt;
}

void Tell(Context& ctx, int year) {
  const Date today = ctx.Today();
  for (const OfficerId& id : org::OfficersWith(ctx.tx, ctx.county, Role::kAdministrator, FormatCounty(ctx.county))) {
    outbox::ToOfficer(ctx, id, {.kind = "calendar.missing", .data = {{"year", std::to_string(year)}},
                                .once = fmt::format("calendar/{}/{}-{}", year, today.Year(), today.Month())});
  }
}

}  // namespace

Night CalendarWatch() {
  return {"calendar", [](const NightWork& work) {
            std::optional<int> missing;
            work.services.database.Read([&](db::Tx& tx) {
              missing = MissingYear(tx, work.county, LocalDate(work.now, work.zone));
            });
            if (!missing) return NightResult{};
            work.write([&](Context& ctx) { Tell(ctx, *missing); });
            return NightResult{.is_odd = true, .data = {{"year", *missing}}};
          }};
}

}  // namespace huiyin::upkeep
