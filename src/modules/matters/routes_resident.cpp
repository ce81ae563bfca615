// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/routes_resident.h"

#include "modules/identity/identity.h"
#include "modules/matters/actions.h"
#include "modules/matters/identities.h"
#include "modules/matters/intake.h"
#include "modules/matters/judgements.h"
#include "modules/matters/members.h"
#include "modules/matters/relay.h"
#include "modules/matters/rules.h"
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
  verdict.treated = in.Int("treated", 1, 5);
  in.Done();
  return verdict;
}

std::string ReadReason(Context& ctx, size_t most) {
  Fields in = ctx.Input();
  std::string reason = in.NeedText("reason", most);
  in.Done();
  return reason;
}

// What whoever brought it says of it, by one way or the other.
Matter Brought(Context& ctx, const Member& who) {
  auto matter = who.is_opener ? FindMatter(ctx.tx, ctx.county, who.matter) : std::nullopt;
  if (!matter) NotFound();
  return std::move(*matter);
}

void AnswerRelay(Context& ctx, const Member& who, std::string_view way) {
  Matter matter = Brought(ctx, who);
  const RelayAnswer answer = ReadRelayAnswer(ctx);
  AnswerByRelay(ctx, matter, answer.id, answer.text, way);
}

void ChooseConfidential(Context& ctx, const Member& who, bool may_turn_off) {
  Fields in = ctx.Input();
  const auto wanted = in.Bool("confidential");
  if (!in.Has("confidential")) in.Refuse("confidential", "required");
  else if (wanted == false && !may_turn_off) in.Refuse("confidential", "not_allowed", "sign in to be named again");
  in.Done();
  SetConfidential(ctx, Brought(ctx, who), wanted.value_or(true));
}

using Tries = std::shared_ptr<ReceiptTries>;

// Whose receipt it is: whoever brought the matter, or one who joined it.
Member ByReceipt(Context& ctx, const Tries& tries) {
  const std::string& address = ctx.request.peer;
  tries->RequireUnlocked(address, ctx.now);
  const auto receipt = identity::ReadNumber(ctx.Param("receipt"));
  auto matter = receipt ? FindByReceipt(ctx.tx, ctx.county, *receipt) : std::nullopt;
  if (!matter) {
    tries->Failed(address, ctx.now);
    NotFound();
  }
  tries->Cleared(address);
  if (matter->receipt == *receipt) return OpenerOf(ctx, *matter);
  auto member = FindMemberByReceipt(ctx.tx, ctx.county, *receipt);
  if (!member) NotFound();
  return std::move(*member);
}

std::vector<Route> ReceiptRoutes() {
  const auto tries = std::make_shared<ReceiptTries>();
  const auto show = [tries](Context& ctx) { return StatusOf(ctx, ByReceipt(ctx, tries), For::kReceipt); };
  const auto judge = [tries](Context& ctx) {
    const Member who = ByReceipt(ctx, tries);
    JudgeAs(ctx, who, ReadVerdict(ctx));
    return StatusOf(ctx, Again(ctx, who), For::kReceipt, 201);
  };
  const auto correct = [tries](Context& ctx) {
    const Member who = ByReceipt(ctx, tries);
    CorrectAs(ctx, who, ReadVerdict(ctx));
    return StatusOf(ctx, Again(ctx, who), For::kReceipt, 201);
  };
  const auto appeal = [tries](Context& ctx) {
    const Member who = ByReceipt(ctx, tries);
    AppealAs(ctx, who, ReadReason(ctx, 8000));
    return StatusOf(ctx, Again(ctx, who), For::kReceipt, 201);
  };
  const auto relay = [tries](Context& ctx) {
    const Member who = ByReceipt(ctx, tries);
    AnswerRelay(ctx, who, "receipt");
    return StatusOf(ctx, Again(ctx, who), For::kReceipt, 201);
  };
  const auto confidential = [tries](Context& ctx) {
    const Member who = ByReceipt(ctx, tries);
    ChooseConfidential(ctx, who, false);
    return StatusOf(ctx, Again(ctx, who), For::kReceipt, 201);
  };
  return {
      {.method = "POST", .pattern = "/api/v1/receipts/{receipt}/relay", .session = Session::kOptional, .handle = relay},
      {.method = "POST", .pattern = "/api/v1/receipts/{receipt}/confidentiality", .session = Session::kOptional, .handle = confidential},
      {.method = "GET", .pattern = "/api/v1/receipts/{receipt}", .session = Session::kOptional, .handle = show},
      {.method = "POST", .pattern = "/api/v1/receipts/{receipt}/judgement", .session = Session::kOptional, .handle = judge},
      {.method = "POST", .pattern = "/api/v1/receipts/{receipt}/judgement_correction", .session = Session::kOptional, .handle = correct},
      {.method = "POST", .pattern = "/api/v1/receipts/{receipt}/appeal", .session = Session::kOptional, .handle = appeal},
  };
}

bool IsTheirs(Context& ctx, const std::optional<HouseholdId>& household) {
  return household && Uuid(*household) == Uuid(ctx.actor.household);
}

// What the household brought, under the matter's own id, or joined, under its own as a member.
Member MyPart(Context& ctx) {
  const auto id = ctx.PathId<MatterId>();
  const auto matter = FindMatter(ctx.tx, ctx.county, id);
  if (matter && IsTheirs(ctx, *matter, ctx.actor.household)) return OpenerOf(ctx, *matter);
  auto member = FindMember(ctx.tx, ctx.county, MemberId(Uuid(id)));
  if (!member || !IsTheirs(ctx, member->household)) NotFound();
  return std::move(*member);
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
  struct Line {
    Place at;
    std::optional<Matter> brought;
    std::optional<Member> joined;
  };
  std::vector<Line> lines;
  for (Matter& matter : ListOfHousehold(ctx.tx, ctx.county, ctx.actor.household, place, static_cast<int>(limit) + 1, true)) {
    const Place at{matter.received_at, matter.id};
    lines.push_back({at, std::move(matter), {}});
  }
  const auto key = [](const Place& one) { return std::tie(one.at, one.id); };
  for (Matter& matter : KeptApartOf(ctx, ctx.actor.household)) {
    const Place at{matter.received_at, matter.id};
    if (key(at) < key(place)) lines.push_back({at, std::move(matter), {}});
  }
  for (Member& member : JoinedBy(ctx.tx, ctx.county, ctx.actor.household)) {
    const Place at{member.joined_at, member.id};
    if (key(at) < key(place)) lines.push_back({at, {}, std::move(member)});
  }
  std::sort(lines.begin(), lines.end(), [&](const Line& a, const Line& b) { return key(a.at) > key(b.at); });
  const bool is_more = lines.size() > limit;
  if (is_more) lines.resize(limit);
  Names names(ctx);
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  for (const Line& line : lines) {
    if (line.brought) WriteMySummary(ctx, w, names, *line.brought);
    else WriteMySummaryOf(ctx, w, names, *line.joined);
  }
  w.EndArray().Key("next_cursor");
  if (is_more) w.Value(EncodeCursor(fmt::format("{} {}", lines.back().at.at.ms, FormatUuid(lines.back().at.id))));
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

http::Response ShowMine(Context& ctx) { return StatusOf(ctx, MyPart(ctx), For::kHousehold); }

http::Response JudgeMine(Context& ctx) {
  const Member who = MyPart(ctx);
  JudgeAs(ctx, who, ReadVerdict(ctx));
  return StatusOf(ctx, Again(ctx, who), For::kHousehold, 201);
}

http::Response CorrectMine(Context& ctx) {
  const Member who = MyPart(ctx);
  CorrectAs(ctx, who, ReadVerdict(ctx));
  return StatusOf(ctx, Again(ctx, who), For::kHousehold, 201);
}

http::Response AppealMine(Context& ctx) {
  const Member who = MyPart(ctx);
  AppealAs(ctx, who, ReadReason(ctx, 8000));
  return StatusOf(ctx, Again(ctx, who), For::kHousehold, 201);
}

http::Response WithdrawMine(Context& ctx) {
  const Member who = MyPart(ctx);
  LeaveAs(ctx, who, ReadReason(ctx, 2000));
  return StatusOf(ctx, Again(ctx, who), For::kHousehold, 201);
}

http::Response RelayMine(Context& ctx) {
  const Member who = MyPart(ctx);
  AnswerRelay(ctx, who, "web");
  return StatusOf(ctx, Again(ctx, who), For::kHousehold, 201);
}

http::Response ConfidentialMine(Context& ctx) {
  const Member who = MyPart(ctx);
  ChooseConfidential(ctx, who, true);
  return StatusOf(ctx, Again(ctx, who), For::kHousehold, 201);
}

}  // namespace

std::vector<Route> ResidentRoutes() {
  std::vector<Route> routes = ReceiptRoutes();
  const std::vector<Route> mine = {
      {.method = "GET", .pattern = "/api/v1/me/matters", .session = Session::kResident, .handle = ListMine},
      {.method = "POST", .pattern = "/api/v1/me/matters", .session = Session::kResident, .handle = CreateMine},
      {.method = "GET", .pattern = "/api/v1/me/matters/{id}", .session = Session::kResident, .handle = ShowMine},
      {.method = "POST", .pattern = "/api/v1/me/matters/{id}/judgement", .session = Session::kResident, .handle = JudgeMine},
      {.method = "POST", .pattern = "/api/v1/me/matters/{id}/judgement_correction", .session = Session::kResident, .handle = CorrectMine},
      {.method = "POST", .pattern = "/api/v1/me/matters/{id}/appeal", .session = Session::kResident, .handle = AppealMine},
      {.method = "POST", .pattern = "/api/v1/me/matters/{id}/relay", .session = Session::kResident, .handle = RelayMine},
      {.method = "POST", .pattern = "/api/v1/me/matters/{id}/confidentiality", .session = Session::kResident, .handle = ConfidentialMine},
      {.method = "POST", .pattern = "/api/v1/me/matters/{id}/withdrawal", .session = Session::kResident, .handle = WithdrawMine},
  };
  routes.insert(routes.end(), mine.begin(), mine.end());
  return routes;
}

}  // namespace huiyin::matters
