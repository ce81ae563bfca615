// SPDX-License-Identifier: EUPL-1.2
#include "core/text.h"
#include "modules/org/officer_access.h"
#include "modules/org/routes.h"
#include "platform/revision.h"
#include "platform/sessions.h"

namespace huiyin::org {
namespace {

struct NewSecret {
  std::string password;
  std::string hash;
};

// Before the transaction, since hashing is slow; only for those who could use the result.
std::any MakePassword(const Services& services, const http::Request& request, const json::object*) {
  const auto token = TokenOf(request);
  if (!token) Unauthenticated();
  services.database.Read([&](db::Tx& tx) {
    const auto actor = Authenticate(tx, *token, services.clock.Now());
    if (!actor) Unauthenticated();
    if (!CouldEver(*actor, Action::kOfficersEdit)) Forbidden();
  });
  NewSecret secret{.password = NewPassword(services.random)};
  secret.hash = HashPassword(secret.password);
  return secret;
}

// "name|id" of the last one seen.
void ReadCursor(Context& ctx, OfficerFilter& filter) {
  const auto cursor = ctx.Query("cursor", 500);
  if (!cursor) return;
  const std::string plain = DecodeCursor(*cursor);
  const size_t bar = plain.rfind('|');
  const auto id = bar == std::string::npos ? std::nullopt : ParseUuid(std::string_view(plain).substr(bar + 1));
  if (!id || !IsValidUtf8(plain)) Invalid("cursor", "not_a_cursor");
  filter.after_name = plain.substr(0, bar);
  filter.after = OfficerId(*id);
}

// Those within the actor's areas, at most `limit`.
std::vector<OfficerPlace> ListInReach(Context& ctx, OfficerFilter filter, size_t limit) {
  constexpr int kChunk = 500;
  const auto areas = AreasOf(ctx.actor, Action::kOfficersRead);
  std::vector<OfficerPlace> found;
  for (;;) {
    const auto chunk = ListOfficersEverywhere(ctx.tx, ctx.county, filter, kChunk);
    for (const OfficerPlace& place : chunk) {
      const bool in_reach = std::any_of(areas.begin(), areas.end(),
                                        [&](const AreaCode& area) { return IsWithin(place.area, area); });
      if (in_reach) found.push_back(place);
      if (found.size() == limit) return found;
    }
    if (chunk.size() < kChunk) return found;
    filter.after_name = chunk.back().name;
    filter.after = chunk.back().id;
  }
}

http::Response GetOfficers(Context& ctx) {
  OfficerFilter filter{.q = ctx.Query("q", 100).value_or("")};
  if (const auto unit = ctx.QueryId("unit_id")) filter.unit = UnitId(*unit);
  ReadCursor(ctx, filter);
  const int limit = ctx.QueryLimit();
  auto found = ListInReach(ctx, filter, static_cast<size_t>(limit) + 1);
  const bool more = found.size() > static_cast<size_t>(limit);
  if (more) found.pop_back();
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  for (const OfficerPlace& place : found) {
    w.BeginObject();
    WriteOfficer(ctx, w, *FindOfficer(ctx.tx, ctx.county, place.id));
    w.EndObject();
  }
  w.EndArray().Key("next_cursor");
  if (more) w.Value(EncodeCursor(found.back().name + "|" + FormatUuid(found.back().id)));
  else w.Null();
  w.EndObject();
  return JsonReply(200, w);
}

http::Response GetOfficer(Context& ctx) { return OfficerReply(ctx, 200, NeedOfficer(ctx)); }

std::vector<std::string> ReadLanguages(Fields& fields) {
  auto languages = fields.Texts("languages", 20, 35);
  for (size_t i = 0; i < languages.size(); ++i) {
    if (!IsLanguageTag(languages[i])) fields.Refuse(fmt::format("languages[{}]", i), "not_a_language");
  }
  return languages;
}

std::string ReadPhone(Fields& fields) {
  auto phone = fields.Text("phone", 40);
  if (phone && !IsPhone(*phone)) fields.Refuse("phone", "not_a_phone");
  return phone.value_or("");
}

std::string ReadLogin(Fields& fields) {
  const std::string login = fields.NeedText("login", 64);
  if (!login.empty() && !IsLogin(login)) fields.Refuse("login", "not_a_login", "a-z 0-9 . _ -, 2 to 64");
  return login;
}

void RequireRank(Context& ctx, std::string_view rank) {
  if (rank.empty()) return;
  const auto settings = Settings(ctx.tx, ctx.county);
  for (const Quota& quota : settings.quotas) {
    if (quota.rank == rank) return;
  }
  Invalid("rank", "unknown_value");
}

struct RoleInput {
  Role role = Role::kLiaison;
  std::optional<UnitId> unit;
  AreaCode area;
};

RoleInput ReadRole(Fields& fields) {
  RoleInput input;
  const std::string name = fields.NeedText("role", 20);
  if (const auto role = ParseRole(name)) input.role = *role;
  else if (!name.empty()) fields.Refuse("role", "unknown_value");
  input.unit = fields.Ref<UnitId>("unit_id");
  input.area = NeedAreaCode(fields, "area_code");
  return input;
}

// Checks the role and gives it; the id of the one held already when it is held.
RoleRow Grant(Context& ctx, const Officer& officer, const RoleInput& input, const std::string& path) {
  const Unit unit = RequireUnit(ctx.tx, ctx.county, input.unit.value_or(officer.unit_id), path + "unit_id");
  RequireGrantable(ctx, unit, input.area, path + "area_code");
  const HeldRole held{input.role, unit.id, input.area};
  for (const RoleRow& row : RolesOf(ctx.tx, ctx.county, officer.id)) {
    if (row.held.role == held.role && row.held.unit == held.unit && row.held.area == held.area) return row;
  }
  const RoleRow row{ctx.NewId<RoleId>(), held};
  AddRole(ctx.tx, ctx.county, row.id, officer.id, held);
  return row;
}

http::Response CreatedReply(Context& ctx, const Officer& officer, const NewSecret& secret) {
  JsonWriter w = ctx.Writer();
  w.BeginObject();
  WriteOfficer(ctx, w, officer);
  w.Field("password", secret.password).EndObject();
  return JsonReply(201, w, officer.revision);
}

bool IsSame(const Officer& a, const Officer& b) {
  return a.name == b.name && a.login == b.login && a.unit_id == b.unit_id && a.post == b.post &&
         a.phone == b.phone && a.post_rank == b.post_rank && a.languages == b.languages;
}

http::Response PostOfficer(Context& ctx) {
  const auto& secret = std::any_cast<const NewSecret&>(ctx.prepared);
  Fields fields = ctx.Input();
  Officer officer;
  officer.id = fields.Ref<OfficerId>("id").value_or(ctx.NewId<OfficerId>());
  officer.name = fields.NeedText("name", 100);
  officer.login = ReadLogin(fields);
  officer.unit_id = fields.NeedRef<UnitId>("unit_id");
  officer.post = fields.Text("post", 100).value_or("");
  officer.phone = ReadPhone(fields);
  officer.post_rank = fields.Text("rank", 64).value_or("staff");
  if (fields.Has("languages")) officer.languages = ReadLanguages(fields);
  std::vector<RoleInput> roles;
  fields.Each("roles", 20, [&](Fields& f) { roles.push_back(ReadRole(f)); });
  fields.Done();

  const Unit unit = RequireUnit(ctx.tx, ctx.county, officer.unit_id, "unit_id");
  RequireMay(ctx.actor, Action::kOfficersEdit, {.area = unit.area_code});
  RequireRank(ctx, officer.post_rank);
  if (const auto known = FindOfficer(ctx.tx, ctx.county, officer.id)) {
    // The first answer was lost on its way: nobody has the password that was in it.
    const bool unseen = IsSame(*known, officer) && MustChangePassword(ctx.tx, ctx.county, officer.id);
    if (!unseen) Conflict("duplicate_id");
    SetPassword(ctx.tx, ctx.county, officer.id, secret.hash, true);
    ctx.Record("officer.password_reset", "officer", officer.id);
    return CreatedReply(ctx, *known, secret);
  }
  if (FindLogin(ctx.tx, officer.login)) throw Problem(409, "officers.login_taken", {{"login", "taken", ""}});
  SaveOfficer(ctx.tx, ctx.county, officer, secret.hash, true, ctx.now);
  json::array told;
  for (size_t i = 0; i < roles.size(); ++i) {
    const RoleRow row = Grant(ctx, officer, roles[i], fmt::format("roles[{}].", i));
    told.push_back({{"role", RoleName(row.held.role)}, {"area_code", row.held.area}});
  }
  ctx.Record("officer.created", "officer", officer.id,
             {{"name", officer.name}, {"login", officer.login}, {"unit_id", FormatId(ctx.county, officer.unit_id)},
              {"roles", std::move(told)}});
  return CreatedReply(ctx, officer, secret);
}

json::object Told(const Officer& officer, County county) {
  return {{"name", officer.name}, {"unit_id", FormatId(county, officer.unit_id)}, {"post", officer.post},
          {"phone", officer.phone}, {"rank", officer.post_rank},
          {"languages", json::array(officer.languages.begin(), officer.languages.end())}};
}

void ReadOfficerChanges(Fields& fields, Officer& officer) {
  if (fields.object().contains("name")) officer.name = fields.NeedText("name", 100);
  if (fields.object().contains("unit_id")) officer.unit_id = fields.NeedRef<UnitId>("unit_id");
  if (fields.object().contains("post")) officer.post = fields.Text("post", 100).value_or("");
  if (fields.object().contains("phone")) officer.phone = ReadPhone(fields);
  if (fields.object().contains("rank")) officer.post_rank = fields.Text("rank", 64).value_or("");
  if (fields.Has("languages")) officer.languages = ReadLanguages(fields);
}

http::Response PatchOfficer(Context& ctx) {
  const Officer before = NeedOfficerToEdit(ctx);
  RequireRevision(ctx, before.id, before.revision);
  Officer officer = before;
  Fields fields = ctx.Input();
  ReadOfficerChanges(fields, officer);
  fields.Done();
  const json::object old = Told(before, ctx.county);
  json::object changes;
  for (const auto& field : Told(officer, ctx.county)) {
    if (old.at(field.key()) != field.value()) changes.emplace(field.key(), field.value());
  }
  if (changes.empty()) return OfficerReply(ctx, 200, officer);
  if (changes.contains("unit_id")) {
    const Unit unit = RequireUnit(ctx.tx, ctx.county, officer.unit_id, "unit_id");
    RequireMay(ctx.actor, Action::kOfficersEdit, {.area = unit.area_code});
  }
  if (changes.contains("rank")) RequireRank(ctx, officer.post_rank);
  ++officer.revision;
  UpdateOfficer(ctx.tx, ctx.county, officer);
  ctx.Record("officer.changed", "officer", officer.id, ChangeData(officer.revision, std::move(changes)));
  return OfficerReply(ctx, 200, officer);
}

// Roles are part of the officer's record, so they move its revision.
void Touch(Context& ctx, Officer& officer, std::string_view act, json::object changes) {
  ++officer.revision;
  UpdateOfficer(ctx.tx, ctx.county, officer);
  ctx.Record(act, "officer", officer.id, ChangeData(officer.revision, std::move(changes)));
}

json::object ToldRole(const RoleRow& row, County county) {
  return {{"role", RoleName(row.held.role)}, {"unit_id", FormatId(county, row.held.unit)}, {"area_code", row.held.area}};
}

http::Response PostRole(Context& ctx) {
  Officer officer = NeedOfficerToEdit(ctx);
  Fields fields = ctx.Input();
  const RoleInput input = ReadRole(fields);
  fields.Done();
  // Two people decide what an officer may do: nobody widens their own.
  if (officer.id == ctx.actor.officer) Forbidden("officers.not_to_oneself");
  if (!officer.is_active) Conflict("officers.inactive");
  const size_t held = RolesOf(ctx.tx, ctx.county, officer.id).size();
  const RoleRow row = Grant(ctx, officer, input, "");
  if (RolesOf(ctx.tx, ctx.county, officer.id).size() > held) {
    Touch(ctx, officer, "officer.role_granted", {{"roles", ToldRole(row, ctx.county)}});
  }
  JsonWriter w = ctx.Writer();
  w.BeginObject().Field("id", row.id).Field("role", RoleName(row.held.role)).Field("unit_id", row.held.unit)
      .Field("area_code", row.held.area).EndObject();
  return JsonReply(201, w);
}

bool IsCountyAdministrator(const RoleRow& row) {
  return row.held.role == Role::kAdministrator && row.held.area.size() <= 6;
}

http::Response DeleteRoleOf(Context& ctx) {
  Officer officer = NeedOfficerToEdit(ctx);
  const auto id = ctx.PathId<RoleId>("role_id");
  const auto roles = RolesOf(ctx.tx, ctx.county, officer.id);
  const auto found = std::find_if(roles.begin(), roles.end(), [&](const RoleRow& row) { return row.id == id; });
  if (found == roles.end()) NotFound();
  if (IsCountyAdministrator(*found) && CountOtherAdministrators(ctx.tx, ctx.county, officer.id) == 0 &&
      std::count_if(roles.begin(), roles.end(), IsCountyAdministrator) == 1) {
    Conflict("officers.last_administrator");
  }
  DeleteRole(ctx.tx, ctx.county, id);
  Touch(ctx, officer, "officer.role_revoked", {{"roles", ToldRole(*found, ctx.county)}});
  return NoContent();
}

http::Response PostPasswordReset(Context& ctx) {
  const auto& secret = std::any_cast<const NewSecret&>(ctx.prepared);
  const Officer officer = NeedOfficerToEdit(ctx);
  if (!officer.is_active) Conflict("officers.inactive");
  SetPassword(ctx.tx, ctx.county, officer.id, secret.hash, true);
  CloseSessionsOf(ctx.tx, ctx.county, officer.id);
  ctx.Record("officer.password_reset", "officer", officer.id);
  JsonWriter w = ctx.Writer();
  w.BeginObject().Field("password", secret.password).EndObject();
  return JsonReply(201, w);
}

http::Response PostDeactivation(Context& ctx) {
  Officer officer = NeedOfficerToEdit(ctx);
  Fields fields = ctx.Input();
  const std::string reason = fields.NeedText("reason", 500);
  fields.Done();
  if (!officer.is_active) return OfficerReply(ctx, 201, officer);
  const auto roles = RolesOf(ctx.tx, ctx.county, officer.id);
  if (std::any_of(roles.begin(), roles.end(), IsCountyAdministrator) &&
      CountOtherAdministrators(ctx.tx, ctx.county, officer.id) == 0) {
    Conflict("officers.last_administrator");
  }
  if (PairedHouseholds(ctx.tx, ctx.county, officer.id) > 0) Conflict("officers.has_pairings");
  officer.is_active = false;
  CloseSessionsOf(ctx.tx, ctx.county, officer.id);
  Touch(ctx, officer, "officer.deactivated", {{"active", false}, {"reason", reason}});
  return OfficerReply(ctx, 201, officer);
}

http::Response DeleteDeactivation(Context& ctx) {
  Officer officer = NeedOfficerToEdit(ctx);
  if (officer.is_active) return OfficerReply(ctx, 200, officer);
  officer.is_active = true;
  Touch(ctx, officer, "officer.reactivated", {{"active", true}});
  return OfficerReply(ctx, 200, officer);
}

}  // namespace

void AddOfficerRoutes(std::vector<Route>& routes) {
  constexpr auto kEdit = Action::kOfficersEdit;
  routes.insert(routes.end(), {
      {.method = "GET", .pattern = "/api/v1/officers", .action = Action::kOfficersRead, .handle = GetOfficers},
      {.method = "GET", .pattern = "/api/v1/officers/{id}", .action = Action::kOfficersRead, .handle = GetOfficer},
      {.method = "POST", .pattern = "/api/v1/officers", .action = kEdit, .handle = PostOfficer,
       .prepare = MakePassword, .has_secret_reply = true},
      {.method = "PATCH", .pattern = "/api/v1/officers/{id}", .action = kEdit, .handle = PatchOfficer},
      {.method = "POST", .pattern = "/api/v1/officers/{id}/roles", .action = kEdit, .handle = PostRole},
      {.method = "DELETE", .pattern = "/api/v1/officers/{id}/roles/{role_id}", .action = kEdit, .handle = DeleteRoleOf},
      {.method = "POST", .pattern = "/api/v1/officers/{id}/password_reset", .action = kEdit,
       .handle = PostPasswordReset, .prepare = MakePassword, .has_secret_reply = true},
      {.method = "POST", .pattern = "/api/v1/officers/{id}/deactivation", .action = kEdit, .handle = PostDeactivation},
      {.method = "DELETE", .pattern = "/api/v1/officers/{id}/deactivation", .action = kEdit,
       .handle = DeleteDeactivation},
  });
}

}  // namespace huiyin::org
