// SPDX-License-Identifier: EUPL-1.2
#include "modules/sync/devices.h"

#include "core/problem.h"
#include "modules/org/org.h"
#include "modules/sync/store_devices.h"
#include "platform/sessions.h"

namespace huiyin::sync {
namespace {

constexpr int64_t kSeenIsNotedEveryMs = kMinute;

std::string SealSecrets(Context& ctx) {
  Secrets secrets;
  ctx.random().Fill(secrets.key);
  secrets.envelope = NewEnvelopeKey(ctx.random()).secret;
  ctx.random().Fill(secrets.token);
  const std::string plain = std::string(AsView(secrets.key)).append(AsView(secrets.envelope)).append(AsView(secrets.token));
  return Seal(plain, ctx.services.field_key, ctx.random());
}

// The phone the request comes from, as it says itself; absent: not a phone.
std::optional<AddressedId> NamedDevice(const Context& ctx) {
  const auto header = ctx.request.Header(kDeviceHeader);
  if (!header) return std::nullopt;
  const auto id = ParseId(*header);
  if (!id) throw Problem(400, "sync.device_malformed", {{"Huiyin-Device", "not_an_id"}});
  return id;
}

http::Response Register(Context& ctx) {
  Fields in = ctx.Input();
  const auto id = in.Reference("id");
  if (!id && !in.Has("id")) in.Refuse("id", "required");
  const std::string name = in.NeedText("name", 60);
  in.Done();
  auto device = FindDevice(ctx.tx, ctx.county, *id, ctx.actor.officer);
  if (device && device->ended_at) Forbidden("sync.device_ended");
  if (device) {
    SignedIn(ctx.tx, ctx.county, device->id, name, ctx.now);
  } else {
    if (CountInUse(ctx.tx, ctx.county, ctx.actor.officer) >= kMostDevices) Conflict("sync.too_many_devices");
    device = Device{.id = ctx.NewId<Uuid>(), .device = *id, .officer = ctx.actor.officer, .name = name, .secret = SealSecrets(ctx),
                    .made_at = ctx.now, .signed_at = ctx.now, .seen_at = ctx.now, .ended_at = {}, .ended_by = {}};
    InsertDevice(ctx.tx, ctx.county, *device);
    ctx.Record("device.registered", "device", device->id, {{"name", name}});
  }
  if (const auto token = TokenOf(ctx.request)) BindSession(ctx.tx, *token, device->id);
  const Secrets secrets = SecretsOf(ctx.services, *device);
  JsonWriter w = ctx.Writer();
  w.BeginObject()
      .Field("id", device->device)
      .Field("key", Base64Url(AsView(secrets.key)))
      .Field("server_key", Base64Url(OpenKeyOf(secrets.envelope)))
      .Field("token", TokenText(secrets))
      .Field("made_at", device->made_at)
      .EndObject();
  return JsonReply(201, w);
}

// Whoever may change the officer may see and end their phones.
bool MayEndFor(Context& ctx, const OfficerId& id) {
  if (id == ctx.actor.officer) return true;
  const auto officer = org::FindOfficer(ctx.tx, ctx.county, id);
  const auto unit = officer ? org::FindUnit(ctx.tx, ctx.county, officer->unit_id) : std::nullopt;
  return unit && May(ctx.actor, Action::kOfficersEdit, {.area = unit->area_code}) == Decision::kAllowed;
}

http::Response List(Context& ctx) {
  const OfficerId officer(ctx.QueryId("officer_id").value_or(ctx.actor.officer));
  if (!MayEndFor(ctx, officer)) NotFound();
  const int limit = ctx.QueryLimit();
  std::optional<Uuid> before;
  if (const auto cursor = ctx.Query("cursor")) {
    before = ParseUuid(DecodeCursor(*cursor));
    if (!before) Invalid("cursor", "not_a_cursor");
  }
  auto devices = DevicesOf(ctx.tx, ctx.county, officer, before, limit + 1);
  const bool has_more = devices.size() > static_cast<size_t>(limit);
  if (has_more) devices.pop_back();
  const auto named = NamedDevice(ctx);
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  for (const Device& device : devices) {
    w.BeginObject().Field("id", device.device).Field("name", device.name).Field("made_at", device.made_at)
        .Field("seen_at", device.seen_at).OptField("ended_at", device.ended_at)
        .Field("current", named && named->id == device.device).EndObject();
  }
  w.EndArray().Key("next_cursor");
  if (has_more) w.Value(EncodeCursor(FormatUuid(devices.back().id)));
  else w.Null();
  w.EndObject();
  return JsonReply(200, w);
}

http::Response End(Context& ctx) {
  const Uuid device = ctx.PathId<Uuid>();
  bool is_any = false;
  for (const Device& one : DevicesOn(ctx.tx, ctx.county, device)) {
    if (!MayEndFor(ctx, one.officer)) continue;
    is_any = true;
    if (one.ended_at) continue;
    EndDevice(ctx.tx, ctx.county, one.id, ctx.now, ctx.actor.officer);
    CloseSessionsOnDevice(ctx.tx, ctx.county, one.id);
    ctx.Record("device.ended", "device", one.id, {{"name", one.name}, {"officer_id", FormatId(ctx.county, one.officer)}});
  }
  if (!is_any) NotFound();
  return NoContent();
}

}  // namespace

Secrets SecretsOf(const Services& services, const Device& device) {
  const auto plain = Unseal(device.secret, services.field_key);
  Secrets secrets;
  constexpr size_t kOne = std::tuple_size_v<Sha256Hash>;
  if (!plain || plain->size() != 3 * kOne) throw std::runtime_error("devices: does not open with the key of the encrypted fields");
  std::copy_n(plain->begin(), kOne, secrets.key.begin());
  std::copy_n(plain->begin() + kOne, kOne, secrets.envelope.begin());
  std::copy_n(plain->begin() + 2 * kOne, kOne, secrets.token.begin());
  return secrets;
}

std::string TokenText(const Secrets& secrets) { return Base64Url(AsView(secrets.token)); }

void DevicesSeen::Note(County county, const Uuid& id, Instant now) {
  const std::lock_guard lock(mutex_);
  noted_[county][id] = now;
}

void DevicesSeen::Write(Context& ctx) {
  std::map<Uuid, Instant> noted;
  {
    const std::lock_guard lock(mutex_);
    const auto found = noted_.find(ctx.county);
    if (found == noted_.end()) return;
    noted = std::move(found->second);
    noted_.erase(found);
  }
  for (const auto& [id, at] : noted) Seen(ctx.tx, ctx.county, id, at);
}

void RequireDevice(Context& ctx, DevicesSeen& seen) {
  const auto named = NamedDevice(ctx);
  if (!named) return;
  const auto device = FindDevice(ctx.tx, ctx.county, named->id, ctx.actor.officer);
  if (!device) Forbidden("sync.device_unknown");
  if (device->ended_at) Forbidden("sync.device_ended");
  if (device->seen_at + kSeenIsNotedEveryMs <= ctx.now) seen.Note(ctx.county, device->id, ctx.now);
}

void TellStranger(Context& ctx) {
  const auto named = NamedDevice(ctx);
  if (!named) return;
  const County county = named->county.code != 0 ? named->county : ctx.county;
  const auto devices = DevicesOn(ctx.tx, county, named->id);
  if (devices.empty()) return;
  if (devices.front().ended_at) Forbidden("sync.device_ended");
  const auto officer = org::FindOfficer(ctx.tx, county, devices.front().officer);
  if (officer && !officer->is_active) Forbidden("session.disabled");
}

void AddDeviceRoutes(std::vector<Route>& routes) {
  constexpr auto kTakesAlong = Action::kHouseholdsRead;
  routes.insert(routes.end(), {
      {.method = "GET", .pattern = "/api/v1/sync/devices", .action = kTakesAlong, .handle = List},
      {.method = "POST", .pattern = "/api/v1/sync/devices", .action = kTakesAlong, .handle = Register, .has_secret_reply = true},
      {.method = "DELETE", .pattern = "/api/v1/sync/devices/{id}", .action = kTakesAlong, .handle = End},
  });
}

}  // namespace huiyin::sync
