// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/routes_resident.h"

#include "modules/identity/identity.h"
#include "modules/matters/actions.h"
#include "modules/matters/intake.h"
#include "platform/tries.h"
#include "modules/matters/views.h"
#include "platform/attempts.h"

namespace huiyin::matters {
namespace {

// How many matters a household may file in a quiet quarter of an hour before it has to
// slow down.
constexpr int kFreeMatters = 20;

Verdict ReadVerdict(Context& ctx) {
  Fields in = ctx.Input();
  Verdict verdict;
  const auto solved = in.Bool("solved");
  if (!solved && !in.Has("solved")) in.Refuse("solved", "required");
  verdict.solved = solved.value_or(false);
  verdict.rating = in.Int("rating", 1, 5);
  verdict.text = in.Text("text", 4000).value_or("");
  in.Done();
  return verdict;
}

std::string ReadReason(Context& ctx, size_t most) {
  Fields in = ctx.Input();
  std::string reason = in.NeedText("reason", most);
  in.Done();
  return reason;
}

using Tries = std::shared_ptr<ReceiptTries>;

Matter ByReceipt(Context& ctx, const Tries& tries) {
  const std::string& address = ctx.request.peer;
  tries->RequireUnlocked(address, ctx.now);
  const auto receipt = identity::ReadNumber(ctx.Param("receipt"));
  auto matter = receipt ? FindByReceipt(ctx.tx, ctx.county, *receipt) : std::nullopt;
  if (!matter) {
    tries->Failed(address, ctx.now);
    NotFound();
  }
  tries->Cleared(address);
  return std::move(*matter);
}

std::vector<Route> ReceiptRoutes() {
  const auto tries = std::make_shared<ReceiptTries>();
  const auto show = [tries](Context& ctx) { return Status(ctx, ByReceipt(ctx, tries), For::kReceipt); };
  const auto judge = [tries](Context& ctx) {
    Matter matter = ByReceipt(ctx, tries);
    return Status(ctx, Judge(ctx, std::move(matter), ReadVerdict(ctx)).matter, For::kReceipt, 201);
  };
  const auto appeal = [tries](Context& ctx) {
    Matter matter = ByReceipt(ctx, tries);
    return Status(ctx, Appeal(ctx, std::move(matter), ReadReason(ctx, 8000)).matter, For::kReceipt, 201);
  };
  return {
      {.method = "GET", .pattern = "/api/v1/receipts/{receipt}", .session = Session::kOptional, .handle = show},
      {.method = "POST", .pattern = "/api/v1/receipts/{receipt}/judgement", .session = Session::kOptional, .handle = judge},
      {.method = "POST", .pattern = "/api/v1/receipts/{receipt}/appeal", .session = Session::kOptional, .handle = appeal},
  };
}

Matter MyOwn(Context& ctx) {
  auto matter = FindMatter(ctx.tx, ctx.county, ctx.PathId<MatterId>());
  const bool is_theirs = matter && matter->household && Uuid(*matter->household) == Uuid(ctx.actor.household);
  if (!is_theirs) NotFound();
  return std::move(*matter);
}

http::Response ListMine(Context& ctx) {
  const auto limit = static_cast<size_t>(ctx.QueryLimit());
  Place place{{INT64_MAX}, {}};
  place.id.bytes.fill(0xff);
  if (const auto cursor = ctx.Query("cursor", 500)) {
    const std::string plain = DecodeCursor(*cursor);
    const size_t space = plain.find(' ');
    const auto id = space == std::string::npos ? std::nullopt : ParseUuid(plain.substr(space + 1));
    const auto [end, error] = std::from_chars(plain.data(), plain.data() + plain.size(), place.at.ms);
    if (error != std::errc() || !id) Invalid("cursor", "not_a_cursor");
    place.id = *id;
  }
  auto rows = ListOfHousehold(ctx.tx, ctx.county, ctx.actor.household, place, static_cast<int>(limit) + 1, true);
  const bool is_more = rows.size() > limit;
  if (is_more) rows.resize(limit);
  Names names(ctx);
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  for (const Matter& matter : rows) WriteMySummary(ctx, w, names, matter);
  w.EndArray().Key("next_cursor");
  if (is_more) w.Value(EncodeCursor(fmt::format("{} {}", rows.back().received_at.ms, FormatUuid(rows.back().id))));
  else w.Null();
  w.EndObject();
  return JsonReply(200, w);
}

http::Response CreateMine(Context& ctx) {
  const std::string subject = "household:matters:" + FormatUuid(ctx.actor.household);
  attempts::RequireUnlocked(ctx.tx, ctx.county, subject, ctx.now);
  const Input input = ReadResidentsInput(ctx);
  attempts::Failed(ctx.tx, ctx.county, subject, ctx.now, kFreeMatters);
  return OpenAndReply(ctx, input);
}

http::Response ShowMine(Context& ctx) { return Status(ctx, MyOwn(ctx), For::kHousehold); }

http::Response JudgeMine(Context& ctx) {
  Matter matter = MyOwn(ctx);
  return Status(ctx, Judge(ctx, std::move(matter), ReadVerdict(ctx)).matter, For::kHousehold, 201);
}

http::Response AppealMine(Context& ctx) {
  Matter matter = MyOwn(ctx);
  return Status(ctx, Appeal(ctx, std::move(matter), ReadReason(ctx, 8000)).matter, For::kHousehold, 201);
}

http::Response WithdrawMine(Context& ctx) {
  Matter matter = MyOwn(ctx);
  return Status(ctx, Withdraw(ctx, std::move(matter), ReadReason(ctx, 2000)).matter, For::kHousehold, 201);
}

}  // namespace

std::vector<Route> ResidentRoutes() {
  std::vector<Route> routes = ReceiptRoutes();
  const std::vector<Route> mine = {
      {.method = "GET", .pattern = "/api/v1/me/matters", .session = Session::kResident, .handle = ListMine},
      {.method = "POST", .pattern = "/api/v1/me/matters", .session = Session::kResident, .handle = CreateMine},
      {.method = "GET", .pattern = "/api/v1/me/matters/{id}", .session = Session::kResident, .handle = ShowMine},
      {.method = "POST", .pattern = "/api/v1/me/matters/{id}/judgement", .session = Session::kResident, .handle = JudgeMine},
      {.method = "POST", .pattern = "/api/v1/me/matters/{id}/appeal", .session = Session::kResident, .handle = AppealMine},
      {.method = "POST", .pattern = "/api/v1/me/matters/{id}/withdrawal", .session = Session::kResident, .handle = WithdrawMine},
  };
  routes.insert(routes.end(), mine.begin(), mine.end());
  return routes;
}

}  // namespace huiyin::matters
