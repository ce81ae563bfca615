// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/recount.h"

#include "modules/matters/causes.h"
#include "modules/matters/duplicates.h"
#include "modules/matters/matters.h"
#include "modules/matters/projection.h"
#include "modules/matters/store.h"
#include "modules/matters/stuck_rule.h"
#include "platform/counters.h"

namespace huiyin::matters {
namespace {

constexpr db::Sql kProtected{"matters.protected_ids", "SELECT id FROM matters WHERE county = $1 AND is_protected = 1"};
constexpr db::Sql kActs{"matters.acts", R"sql(
  SELECT act, at, resource_id FROM events WHERE county = $1 AND resource = 'matter'
)sql"};
constexpr db::Sql kMonths{"matters.months", R"sql(
  SELECT name, month, SUM(value) FROM counters WHERE county = $1 GROUP BY name, month ORDER BY name, month
)sql"};

// Which act each counter counts, one for one.
constexpr std::pair<std::string_view, std::string_view> kCountedActs[] = {
    {"matter.received", "matters.received"},   {"matter.answered", "matters.answered"},
    {"matter.judged", "matters.judged"},       {"matter.silence_passed", "matters.silent"},
    {"matter.returned", "matters.returned"},   {"matter.appealed", "matters.appealed"},
    {"matter.withdrawn", "matters.withdrawn"}, {"matter.reopened", "matters.reopened"},
    {"matter.merged", "matters.merged"},       {"matter.unmerged", "matters.unmerged"}};

std::string_view CounterOf(std::string_view act) {
  for (const auto& [counted, name] : kCountedActs) {
    if (counted == act) return name;
  }
  return {};
}

bool IsCounter(std::string_view name) {
  return std::any_of(std::begin(kCountedActs), std::end(kCountedActs), [&](const auto& pair) { return pair.second == name; });
}

// By the rule of stuck.cpp; a test holds the two against each other.
#define HUIYIN_STUCK_MARK                                                             \
  "CASE WHEN due_at IS NULL THEN 0 WHEN bounces >= $2 OR reopened >= $3 "             \
  "OR decisions_missed > 0 THEN 1 WHEN orders_missed > 0 THEN 2 ELSE 0 END"
constexpr db::Sql kMarkStuck{"matters.mark_stuck", "UPDATE matters SET stuck = " HUIYIN_STUCK_MARK
                             " WHERE county = $1 AND is_open = 1 AND stuck <> " HUIYIN_STUCK_MARK};

int64_t MarkStuckAnew(db::Tx& tx, County county) {
  const StuckRule rule = RuleOfStuck(tx, county);
  return tx.Run(kMarkStuck, county, rule.bounces, rule.reopenings);
}

constexpr size_t kMostTold = 20;

}  // namespace

std::vector<Difference> VerifyMonths(db::Tx& tx, County county, Zone zone) {
  std::set<Uuid> hidden;
  tx.Rows(kProtected, [&](const db::Row& row) { hidden.insert(row.Key(0)); }, county);
  std::map<std::pair<std::string, int64_t>, int64_t> real;
  tx.Rows(kActs, [&](const db::Row& row) {
    const std::string_view name = CounterOf(row.View(0));
    if (name.empty() || hidden.contains(row.Key(2))) return;
    const Date day = LocalDate(row.At(1), zone);
    ++real[{std::string(name), day.Year() * 100 + day.Month()}];
  }, county);
  std::vector<Difference> found;
  const auto tell = [&](const std::string& name, int64_t month, int64_t counted, int64_t there) {
    if (counted != there) found.push_back({fmt::format("{} of {}", name, month), counted, there});
  };
  tx.Rows(kMonths, [&](const db::Row& row) {
    if (!IsCounter(row.View(0))) return;
    const auto match = real.find({row.Text(0), row.Int(1)});
    tell(row.Text(0), row.Int(1), row.Int(2), match == real.end() ? 0 : match->second);
    if (match != real.end()) real.erase(match);
  }, county);
  for (const auto& [key, there] : real) tell(key.first, key.second, 0, there);
  return found;
}

std::vector<Difference> VerifyStories(db::Tx& tx, County county) {
  std::vector<Difference> found;
  for (const MatterId& id : OpenWithClock(tx, county)) {
    const auto matter = FindMatter(tx, county, id);
    if (!matter) continue;
    const Projection told = Project(EventsOf(tx, county, id));
    const auto columns = Differences(*matter, told);
    if (columns.empty()) continue;
    // That one of them is wrong may be known; which, only to who looks into it by its id.
    std::string what = matter->is_protected ? "a protected matter" : "matter " + matter->receipt;
    for (const std::string& column : columns) what += (&column == &columns.front() ? ": " : ", ") + column;
    found.push_back({std::move(what), matter->events, told.events});
  }
  return found;
}

std::vector<Difference> VerifySums(db::Tx& tx, County county) {
  std::vector<Difference> found;
  for (const counters::WrongSum& sum : counters::WrongSums(tx, county)) {
    found.push_back({fmt::format("{} of {} in {}, added up", sum.name, sum.month, sum.area), sum.kept, sum.real});
  }
  return found;
}

std::vector<Difference> VerifyCounters(db::Tx& tx, County county, Zone zone) {
  auto found = VerifyOpenCounts(tx, county);
  for (const auto& more : {VerifyCauses(tx, county), VerifyMonths(tx, county, zone), VerifyStories(tx, county), VerifySums(tx, county)}) {
    found.insert(found.end(), more.begin(), more.end());
  }
  return found;
}

void RebuildCounters(db::Tx& tx, County county) {
  MarkStuckAnew(tx, county);
  RebuildOpenCounts(tx, county);
  CompareFirstTime(tx, county);
  RebuildCauses(tx, county);
  counters::RebuildSums(tx, county);
}

Night Recount() {
  return {"counters", [](const NightWork& work) {
            std::vector<Difference> found;
            bool walls_differ = false;
            bool causes_differ = false;
            bool sums_differ = false;
            // The county may have set other numbers for what is stuck: that is no fault.
            work.write([](Context& ctx) {
              if (MarkStuckAnew(ctx.tx, ctx.county) > 0) RebuildOpenCounts(ctx.tx, ctx.county);
            });
            work.services.database.Read([&](db::Tx& tx) {
              found = VerifyOpenCounts(tx, work.county);
              walls_differ = !found.empty();
              const auto causes = VerifyCauses(tx, work.county);
              causes_differ = !causes.empty();
              const auto sums = VerifySums(tx, work.county);
              sums_differ = !sums.empty();
              for (const auto& more : {causes, VerifyMonths(tx, work.county, work.zone), VerifyStories(tx, work.county), sums}) {
                found.insert(found.end(), more.begin(), more.end());
              }
            });
            if (walls_differ) work.write([](Context& ctx) { RebuildOpenCounts(ctx.tx, ctx.county); });
            if (causes_differ) work.write([](Context& ctx) { RebuildCauses(ctx.tx, ctx.county); });
            if (sums_differ) work.write([](Context& ctx) { counters::RebuildSums(ctx.tx, ctx.county); });
            json::array told;
            for (size_t i = 0; i < std::min(found.size(), kMostTold); ++i) {
              told.push_back(json::object{{"what", found[i].what}, {"counted", found[i].counted}, {"real", found[i].real}});
            }
            return NightResult{.is_odd = !found.empty(), .data = {{"differences", found.size()}, {"first", std::move(told)}}};
          }};
}

}  // namespace huiyin::matters
