// SPDX-License-Identifier: EUPL-1.2
#include "modules/visits/store.h"

#include "db/many.h"

namespace huiyin::visits {
namespace {

constexpr db::Sql kFind{"visits.find_plan", R"sql(
  SELECT id, household_id, officer_id, planned_on, note, state, reply, reply_on, reply_note, replied_at,
         visit_id, created_at
    FROM visit_plans WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kInsert{"visits.insert_plan", R"sql(
  INSERT INTO visit_plans (county, id, household_id, officer_id, planned_on, note, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
)sql"};
constexpr db::Sql kUpdate{"visits.update_plan", R"sql(
  UPDATE visit_plans SET state = $3, reply = $4, reply_on = $5, reply_note = $6, replied_at = $7, visit_id = $8
   WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kGive{"visits.give_plan", R"sql(
  UPDATE visit_plans SET officer_id = $3 WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kListTo{"visits.list_plans_to", R"sql(
  SELECT id, household_id, officer_id, planned_on, note, state, reply, reply_on, reply_note, replied_at,
         visit_id, created_at
    FROM visit_plans
   WHERE county = $1 AND household_id = $2 AND planned_on >= $3 AND planned_on < $4
     AND (planned_on, id) > ($5, $6) AND (officer_id = $7 OR $7 IS NULL)
   ORDER BY planned_on, id LIMIT $8
)sql"};
constexpr db::Sql kListBy{"visits.list_plans_by", R"sql(
  SELECT p.id, p.household_id, p.officer_id, p.planned_on, p.note, p.state, p.reply, p.reply_on, p.reply_note,
         p.replied_at, p.visit_id, p.created_at
    FROM visit_plans p JOIN households h ON h.county = p.county AND h.id = p.household_id
   WHERE p.county = $1 AND p.officer_id = $2 AND p.planned_on >= $3 AND p.planned_on < $4
     AND (p.planned_on, p.id) > ($5, $6) AND h.area_code >= $7 AND h.area_code < $8
   ORDER BY p.planned_on, p.id LIMIT $9
)sql"};
constexpr db::Sql kOpenBy{"visits.open_plans_by", R"sql(
  SELECT id, household_id, officer_id, planned_on, note, state, reply, reply_on, reply_note, replied_at,
         visit_id, created_at
    FROM visit_plans WHERE county = $1 AND officer_id = $2 AND state = 'planned' ORDER BY planned_on, id
)sql"};
constexpr db::Sql kNextOn{"visits.next_plans",
  "SELECT household_id, MIN(planned_on) FROM visit_plans "
  "WHERE county = $1 AND household_id IN (" HUIYIN_MANY ") AND planned_on >= $34 AND state = 'planned' "
  "AND reply IS DISTINCT FROM 'declined' GROUP BY household_id"};

VisitPlan ReadPlan(const db::Row& row) {
  VisitPlan plan;
  plan.id = row.Ref<VisitPlanId>(0);
  plan.household = row.Ref<HouseholdId>(1);
  plan.officer = row.Ref<OfficerId>(2);
  plan.on = row.Day(3);
  plan.note = row.Text(4);
  plan.is_done = row.View(5) == "done";
  plan.reply = row.OptText(6);
  plan.reply_on = row.OptDay(7);
  plan.reply_note = row.Text(8);
  plan.replied_at = row.OptAt(9);
  plan.visit = row.OptRef<VisitId>(10);
  plan.created_at = row.At(11);
  return plan;
}

}  // namespace

std::optional<VisitPlan> FindPlan(db::Tx& tx, County county, const VisitPlanId& id) {
  return tx.One(kFind, ReadPlan, county, id);
}

void InsertPlan(db::Tx& tx, County county, const VisitPlan& plan) {
  tx.Run(kInsert, county, plan.id, plan.household, plan.officer, plan.on, plan.note, plan.created_at);
}

void UpdatePlan(db::Tx& tx, County county, const VisitPlan& plan) {
  tx.Run(kUpdate, county, plan.id, plan.is_done ? "done" : "planned", plan.reply, plan.reply_on, plan.reply_note,
         plan.replied_at, plan.visit);
}

void GivePlan(db::Tx& tx, County county, const VisitPlanId& id, const OfficerId& to) {
  tx.Run(kGive, county, id, to);
}

std::vector<VisitPlan> ListPlansTo(db::Tx& tx, County county, const HouseholdId& household, const Window& window) {
  return tx.All(kListTo, ReadPlan, county, household, window.from, window.until, window.after.number,
                window.after.id, window.officer, window.page);
}

std::vector<VisitPlan> ListPlansBy(db::Tx& tx, County county, const OfficerId& officer, const Window& window,
                                   const Reach& reach) {
  return tx.All(kListBy, ReadPlan, county, officer, window.from, window.until, window.after.number,
                window.after.id, reach.from, reach.end, window.page);
}

std::vector<VisitPlan> OpenPlansBy(db::Tx& tx, County county, const OfficerId& officer) {
  return tx.All(kOpenBy, ReadPlan, county, officer);
}

std::vector<NextPlan> NextPlans(db::Tx& tx, County county, std::span<const HouseholdId> households, Date today) {
  std::vector<NextPlan> plans;
  db::RowsOfMany(tx, kNextOn, county, households, [&](const db::Row& row) {
    plans.push_back({row.Ref<HouseholdId>(0), row.Day(1)});
  }, today);
  return plans;
}

}  // namespace huiyin::visits
