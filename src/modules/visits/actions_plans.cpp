// SPDX-License-Identifier: EUPL-1.2
#include "modules/visits/actions.h"
#include "modules/visits/rules.h"

namespace huiyin::visits {

VisitPlan Plan(Context& ctx, const VisitPlan& plan, const std::string& reason) {
  const auto home = Open(ctx, Action::kVisitsWrite, plan.household, false, !reason.empty());
  if (const auto before = FindPlan(ctx.tx, ctx.county, plan.id)) {
    const bool same = before->household == plan.household && before->officer == plan.officer &&
                      before->on == plan.on && before->note == plan.note;
    if (!same) Conflict("duplicate_id");
    return *before;
  }
  if (plan.on < ctx.Today()) Invalid("on", "in_past");
  if (!home.is_living) Conflict("households.closed");
  InsertPlan(ctx.tx, ctx.county, plan);
  json::object data{{"on", FormatDate(plan.on)}};
  if (!reason.empty()) data["reason"] = reason;
  ctx.Record("visit_plan.created", "visit_plan", plan.id, data, home.id);
  return plan;
}

VisitPlan Reply(Context& ctx, const VisitPlanId& id, const PlanReply& reply) {
  auto plan = FindPlan(ctx.tx, ctx.county, id);
  if (!plan) NotFound();
  if (ctx.actor.IsResident()) {
    if (plan->household != ctx.actor.household) NotFound();
  } else {
    // Somebody of the household stands at the window or is on the phone: that is the reason.
    Open(ctx, Action::kVisitsWrite, plan->household, plan->officer == ctx.actor.officer, true);
  }
  Require(CanReply(*plan));
  plan->reply = reply.reply;
  plan->reply_on = reply.on;
  plan->reply_note = reply.note;
  plan->replied_at = ctx.now;
  UpdatePlan(ctx.tx, ctx.county, *plan);
  json::object data{{"reply", reply.reply}};
  if (reply.on) data["on"] = FormatDate(*reply.on);
  ctx.Record("visit_plan.replied", "visit_plan", id, data, plan->household);
  return *plan;
}

Promise Fulfil(Context& ctx, const PromiseId& id, const std::string& text) {
  auto promise = FindPromise(ctx.tx, ctx.county, id);
  if (!promise) NotFound();
  const auto home = Open(ctx, Action::kVisitsWrite, promise->household, promise->officer == ctx.actor.officer, false);
  Require(CanFulfil(*promise));
  promise->state = "kept";
  promise->closed_at = ctx.now;
  promise->closing_text = text;
  ClosePromise(ctx.tx, ctx.county, *promise);
  ctx.Record("promise.kept", "promise", id, {{"late", IsLate(*promise, ctx.Today(), ctx.zone)}}, home.id);
  ctx.Count("promises_kept", home.area_code, ctx.actor.unit);
  return *promise;
}

}  // namespace huiyin::visits
