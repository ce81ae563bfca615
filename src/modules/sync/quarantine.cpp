// SPDX-License-Identifier: EUPL-1.2
#include "modules/sync/quarantine.h"

#include "core/problem.h"
#include "modules/households/households.h"
#include "modules/org/org.h"
#include "modules/sync/devices.h"
#include "modules/sync/operations.h"
#include "modules/sync/store.h"
#include "modules/sync/store_devices.h"
#include "modules/sync/store_quarantine.h"
#include "platform/attempts.h"
#include "platform/keys.h"

namespace huiyin::sync {
namespace {

constexpr size_t kMostSealed = 1'000'000;  // characters: more than any body the edge takes could hold sealed
constexpr size_t kMostToken = 100;
// Weeks of work at once, and no more: whoever holds a stolen phone fills no disk.
constexpr int64_t kMostAnHour = 2000;
constexpr int64_t kMostBytesAnHour = 200'000'000;
constexpr int kMoved = 50;  // at once
constexpr size_t kMostReason = 500;

struct Sealed {
  Uuid id;
  std::optional<Instant> at;
  std::string text;
};

struct Sent {
  AddressedId device;
  std::string token;
  std::vector<Sealed> items;
};

Sent ReadSent(Context& ctx) {
  Fields in = ctx.Input();
  Sent sent;
  // With its county, since there is no session to tell it.
  const auto device = ParseId(in.NeedText("device_id", kMostToken));
  if (!device && in.Has("device_id")) in.Refuse("device_id", "not_an_id");
  sent.device = device.value_or(AddressedId{});
  sent.token = in.NeedText("token", kMostToken);
  const County county = sent.device.county.code != 0 ? sent.device.county : ctx.county;
  Fields again(in.object(), county);
  again.Each("items", kMostOperations, [&](Fields& each) {
    Sealed one;
    const auto id = each.Reference("id");
    if (!id && !each.Has("id")) each.Refuse("id", "required");
    one.id = id.value_or(Uuid{});
    one.at = each.At("at");
    one.text = each.NeedText("sealed", kMostSealed);
    sent.items.push_back(std::move(one));
  });
  in.Done();
  again.Done();
  sent.device.county = county;
  return sent;
}

// Whose phone it is, by the token; absent for a wrong one and for a phone nobody knows.
std::optional<Device> DeviceOfToken(Context& ctx, const Sent& sent, Secrets& secrets) {
  for (Device& device : DevicesOn(ctx.tx, ctx.county, sent.device.id)) {
    secrets = SecretsOf(ctx.services, device);
    if (SameSecret(TokenText(secrets), sent.token)) return std::move(device);
  }
  return std::nullopt;
}

// What was sent, opened; absent when it is no operation of that id for this server.
std::optional<Operation> Opened(const Sealed& sealed, const Secrets& secrets, County county) {
  const auto bytes = FromBase64Url(sealed.text);
  const auto plain = bytes ? OpenEnvelope(*bytes, secrets.envelope) : std::nullopt;
  if (!plain) return std::nullopt;
  try {
    Operation operation = ReadOperation(ParseJsonObject(*plain), county);
    if (operation.id != sealed.id) return std::nullopt;
    return operation;
  } catch (const Problem&) {
    return std::nullopt;
  }
}

json::object ContentOf(const Operation& operation) {
  json::object sent = OperationJson(operation);
  if (!operation.record.empty()) sent["record"] = operation.record;
  return {{"operation", std::move(sent)}};
}

std::string SealContent(Context& ctx, const json::object& content) {
  return Seal(json::serialize(content), ctx.services.field_key, ctx.random());
}

// The act as it was sent, with its id.
Operation OperationOf(Context& ctx, const Uuid& id, const json::object& content) {
  json::object sent = content.at("operation").as_object();
  sent["id"] = FormatUuid(id);
  return ReadOperation(sent, ctx.county);
}

// Kept once; whatever comes with its id from the officer's own session from now on is refused.
void Keep(Context& ctx, const Quarantined& one) {
  if (!PutQuarantined(ctx.tx, ctx.county, one)) return;
  UseUpKeyOf(ctx, one.officer, FormatUuid(one.id));
  ctx.Record("operation.quarantined", "operation", one.id,
             {{"officer_id", FormatId(ctx.county, one.officer)}, {"readable", one.is_readable}});
}

json::object ContentOf(Context& ctx, const SetAside& aside) {
  const auto content = Unseal(aside.content, ctx.services.field_key);
  if (!content) throw std::runtime_error("set_aside: does not open with the key of the encrypted fields");
  json::object parsed = json::parse(*content).as_object();
  if (!aside.record.empty()) parsed["operation"].as_object()["record"] = aside.record;
  return parsed;
}

std::string_view Take(Context& ctx, const Device& device, const Secrets& secrets, const Sealed& sealed) {
  if (FindQuarantined(ctx.tx, ctx.county, sealed.id)) return "quarantined";
  auto aside = Find(ctx.tx, ctx.county, sealed.id);
  if (aside && aside->officer != device.officer) aside.reset();
  if (aside ? aside->closed_at.has_value() : IsUsedKeyOf(ctx, device.officer, FormatUuid(sealed.id))) return "done";
  const auto operation = Opened(sealed, secrets, ctx.county);
  json::object content = operation ? ContentOf(*operation) : json::object{{"raw", sealed.text}};
  if (aside) {
    // It had been sent and refused before: as it is now, with what was said then.
    json::object before = ContentOf(ctx, *aside);
    if (operation) content["problem"] = before.at("problem");
    else content = std::move(before);
    TakeOut(ctx.tx, ctx.county, sealed.id);
  }
  const bool is_readable = content.contains("operation");
  Keep(ctx, {.id = sealed.id, .officer = device.officer, .device = device.id, .received_at = ctx.now,
             .claimed_at = operation && operation->claimed_at ? operation->claimed_at : sealed.at,
             .is_readable = is_readable, .content = SealContent(ctx, content), .closed_at = {}, .closed_by = {}, .closing = "",
             .secrecy = is_readable ? SecrecyOf(ctx, OperationOf(ctx, sealed.id, content)) : ActSecrecy{}, .area = ""});
  return "quarantined";
}

http::Response PostSealed(Context& ctx) {
  const Sent sent = ReadSent(ctx);
  // Tries are counted where the request came to: the county the phone names may not even be there.
  const County here = ctx.county;
  ctx.county = sent.device.county;
  const std::string phone = "device:" + FormatUuid(sent.device.id);
  const std::string address = "addr:device:" + ctx.request.peer;
  attempts::RequireUnlocked(ctx.tx, here, phone, ctx.now);
  attempts::RequireUnlocked(ctx.tx, here, address, ctx.now);
  Secrets secrets;
  const auto device = DeviceOfToken(ctx, sent, secrets);
  if (!device) {
    // Answered, not thrown: that it was tried is to be kept.
    attempts::Failed(ctx.tx, here, phone, ctx.now, attempts::kFreeTriesOfAccount);
    attempts::Failed(ctx.tx, here, address, ctx.now, attempts::kFreeTriesOfAddress);
    return ProblemReply(Problem(401, "sync.wrong_token"), ctx.request.request_id);
  }
  attempts::Cleared(ctx.tx, here, phone);
  const Received before = ReceivedOf(ctx.tx, ctx.county, device->id, ctx.now - kHour);
  if (before.items + static_cast<int64_t>(sent.items.size()) > kMostAnHour || before.bytes > kMostBytesAnHour) {
    Problem many(429, "too_many_tries");
    many.retry_after_s = kHour / kSecond;
    many.extra["retry_after_s"] = many.retry_after_s;
    throw many;
  }
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("results").BeginArray();
  for (const Sealed& one : sent.items) {
    w.BeginObject().Field("id", one.id).Field("state", Take(ctx, *device, secrets, one)).EndObject();
  }
  w.EndArray().Field("ended", device->ended_at.has_value()).Field("at", ctx.now).EndObject();
  return JsonReply(200, w);
}

json::object ContentOf(Context& ctx, const Quarantined& one) {
  const auto content = Unseal(one.content, ctx.services.field_key);
  if (!content) throw std::runtime_error("quarantine: does not open with the key of the encrypted fields");
  return json::parse(*content).as_object();
}

// What it is about, where that can be told.
std::optional<households::Household> HouseholdOf(Context& ctx, const Operation& operation) {
  const auto known = [&](std::string_view text) {
    const auto id = ParseId(text);
    return id ? households::FindHousehold(ctx.tx, ctx.county, HouseholdId(id->id)) : std::nullopt;
  };
  if (auto household = known(operation.record)) return household;
  const json::value* named = operation.body.is_object() ? operation.body.as_object().if_contains("household_id") : nullptr;
  return named != nullptr && named->is_string() ? known(named->as_string()) : std::nullopt;
}

// How large a picture in it is, in its place.
void LeaveOutImage(json::object& sent) {
  json::value* body = sent.if_contains("body");
  json::value* image = body != nullptr && body->is_object() ? body->as_object().if_contains("image") : nullptr;
  if (image == nullptr || !image->is_string()) return;
  const auto size = static_cast<int64_t>(image->as_string().size() * 3 / 4);
  body->as_object().erase("image");
  body->as_object()["image_bytes"] = size;
}

void WriteQuarantined(Context& ctx, const Quarantined& one, JsonWriter& w) {
  w.BeginObject().Field("id", one.id).Field("officer_id", static_cast<const Uuid&>(one.officer))
      .Field("officer_name", org::OfficerName(ctx.tx, ctx.county, one.officer));
  if (const auto device = one.device ? FindDeviceRow(ctx.tx, ctx.county, *one.device) : std::nullopt) w.Field("device_name", device->name);
  w.Field("received_at", one.received_at).OptField("claimed_at", one.claimed_at).Field("readable", one.is_readable);
  std::optional<households::Household> household;
  if (one.is_readable) {
    json::object content = ContentOf(ctx, one);
    const Operation operation = OperationOf(ctx, one.id, content);
    household = HouseholdOf(ctx, operation);
    if (household) {
      w.Key("household").BeginObject().Field("id", static_cast<const Uuid&>(household->id))
          .Field("number", household->register_number).Field("head_name", household->head_name).EndObject();
    }
    json::object sent = content.at("operation").as_object();
    sent["id"] = FormatId(ctx.county, one.id);
    LeaveOutImage(sent);
    w.RawField("operation", json::serialize(sent));
    if (const json::value* problem = content.if_contains("problem")) w.RawField("problem", json::serialize(*problem));
  }
  w.EndObject();
  ctx.NoteRead({.act = "operation.read", .resource = "operation", .resource_id = one.id,
                .household = household ? std::optional(household->id) : std::nullopt, .purpose = "other"});
}

Resource ResourceOf(const Quarantined& one) {
  const ActSecrecy& secrecy = one.secrecy;
  return {.area = one.area, .is_protected = secrecy.is_protected,
          .about_officer = secrecy.about_officer ? &*secrecy.about_officer : nullptr,
          .about_unit = secrecy.about_unit ? &*secrecy.about_unit : nullptr};
}

// Up to one more than `limit` that the actor may decide: what they may not is not told by its absence.
std::vector<Quarantined> OpenFor(Context& ctx, Uuid after, int limit) {
  const auto areas = AreasOf(ctx.actor, Action::kQuarantineDecide);
  const AreaCode area = areas.size() == 1 ? areas.front() : AreaCode(FormatCounty(ctx.county));
  std::vector<Quarantined> open;
  const auto most = static_cast<size_t>(limit) + 1;
  for (;;) {
    const auto rows = OpenQuarantined(ctx.tx, ctx.county, area, after, limit + 1);
    for (const Quarantined& one : rows) {
      const bool is_theirs = May(ctx.actor, Action::kQuarantineDecide, ResourceOf(one)) == Decision::kAllowed;
      if (is_theirs && open.size() < most) open.push_back(one);
    }
    if (rows.size() < most || open.size() == most) return open;
    after = rows.back().id;
  }
}

http::Response List(Context& ctx) {
  const int limit = ctx.QueryLimit();
  Uuid after;
  if (const auto cursor = ctx.Query("cursor")) {
    const auto id = ParseUuid(DecodeCursor(*cursor));
    if (!id) Invalid("cursor", "not_a_cursor");
    after = *id;
  }
  auto open = OpenFor(ctx, after, limit);
  const bool has_more = open.size() > static_cast<size_t>(limit);
  if (has_more) open.pop_back();
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  for (const Quarantined& one : open) WriteQuarantined(ctx, one, w);
  w.EndArray().Key("next_cursor");
  if (has_more) w.Value(EncodeCursor(FormatUuid(open.back().id)));
  else w.Null();
  w.EndObject();
  return JsonReply(200, w);
}

struct Outcome {
  std::string outcome;
  bool is_by_hand = false;
  std::string reason;
};

Outcome ReadDecision(Context& ctx) {
  constexpr std::array<std::string_view, 2> kOutcomes = {"entered", "dropped"};
  Fields in = ctx.Input();
  Outcome decision;
  decision.outcome = in.NeedOneOf("outcome", kOutcomes);
  decision.is_by_hand = in.Bool("by_hand").value_or(false);
  decision.reason = in.Text("reason", kMostReason).value_or("");
  if (decision.reason.empty() && (decision.is_by_hand || decision.outcome == "dropped")) in.Refuse("reason", "required");
  in.Done();
  return decision;
}

Quarantined RequireMine(Context& ctx) {
  const auto one = FindQuarantined(ctx.tx, ctx.county, ctx.PathId<Uuid>());
  if (!one) NotFound();
  RequireMay(ctx.actor, Action::kQuarantineDecide, ResourceOf(*one));
  return *one;
}

// The act itself, when it is to be done as the supervisor.
std::vector<Part> SplitDecision(Context& ctx) {
  const Quarantined one = RequireMine(ctx);
  const Outcome decision = ReadDecision(ctx);
  if (one.closed_at || decision.outcome != "entered" || decision.is_by_hand) return {};
  if (!one.is_readable) Conflict("sync.unreadable");
  Operation operation = OperationOf(ctx, one.id, ContentOf(ctx, one));
  // Whoever is not paired with the household says why they write of a visit to it.
  if (operation.method == "POST" && operation.path == "/api/v1/visits" && operation.body.is_object() && !decision.reason.empty()) {
    operation.body.as_object().emplace("reason", decision.reason);
  }
  return {PartOf(operation)};
}

http::Response Decide(Context& ctx) {
  const Quarantined one = RequireMine(ctx);
  const Outcome decision = ReadDecision(ctx);
  const auto& done = std::any_cast<const std::vector<Done>&>(ctx.prepared);
  // The server stops: nothing was tried.
  if (!done.empty() && !done.front().is_tried) throw Problem(503, "busy");
  // A part that was refused decided nothing: its problem is the answer.
  if (!done.empty() && done.front().response.status >= 300) return done.front().response;
  const bool is_again = one.closed_at && one.closing == decision.outcome && one.closed_by == ctx.actor.officer;
  if (one.closed_at && !is_again) Conflict("sync.closed_already");
  if (!is_again) {
    CloseQuarantined(ctx.tx, ctx.county, one.id, ctx.now, ctx.actor.officer, decision.outcome);
    ctx.Record("operation." + decision.outcome, "operation", one.id,
               {{"reason", decision.reason}, {"by_hand", decision.is_by_hand}, {"officer_id", FormatId(ctx.county, one.officer)}});
  }
  JsonWriter w = ctx.Writer();
  w.BeginObject().Field("id", one.id).Field("outcome", decision.outcome);
  if (!done.empty() && done.front().response.status == 201) w.RawField("reply", done.front().response.body);
  w.EndObject();
  return JsonReply(200, w);
}

}  // namespace

void QuarantineOfDisabled(Context& ctx) {
  for (const SetAside& aside : OpenOfDisabled(ctx.tx, ctx.county, kMoved)) {
    TakeOut(ctx.tx, ctx.county, aside.id);
    const json::object content = ContentOf(ctx, aside);
    Keep(ctx, {.id = aside.id, .officer = aside.officer, .device = {}, .received_at = aside.received_at, .claimed_at = aside.claimed_at,
               .is_readable = true, .content = SealContent(ctx, content), .closed_at = {}, .closed_by = {}, .closing = "",
               .secrecy = SecrecyOf(ctx, OperationOf(ctx, aside.id, content)), .area = ""});
  }
}

void AddQuarantineRoutes(std::vector<Route>& routes) {
  constexpr auto kDecide = Action::kQuarantineDecide;
  routes.insert(routes.end(), {
      {.method = "POST", .pattern = "/api/v1/sync/sealed", .session = Session::kNone, .handle = PostSealed},
      {.method = "GET", .pattern = "/api/v1/sync/quarantine", .action = kDecide, .handle = List},
      {.method = "POST", .pattern = "/api/v1/sync/quarantine/{id}/decision", .action = kDecide, .handle = Decide, .split = SplitDecision},
  });
}

}  // namespace huiyin::sync
