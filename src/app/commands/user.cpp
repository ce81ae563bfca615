// SPDX-License-Identifier: EUPL-1.2
// Officers from the command line: the first administrator, and whoever lost a password.
#include <cstdio>

#include "app/commands.h"
#include "core/crypto.h"
#include "core/text.h"
#include "modules/org/org.h"
#include "platform/sessions.h"

namespace huiyin::app {
namespace {

OpenCounty OpenFor(const Arguments& arguments) {
  OpenCounty county = OpenData(arguments.Need("data"));
  if (const auto code = arguments.Get("county")) {
    const auto parsed = ParseCounty(*code);
    if (!parsed) throw Usage("--county wants six digits");
    county.services->default_county = *parsed;
  }
  if (county.services->default_county.code == 0) throw std::runtime_error("there is no county in this folder yet");
  return county;
}

org::Unit UnitFor(Context& ctx, const std::optional<std::string>& name, const std::string& area) {
  if (!name) {
    const auto any = org::IntakeUnit(ctx.tx, ctx.county, area);
    const auto unit = any ? org::FindUnit(ctx.tx, ctx.county, *any) : std::nullopt;
    if (!unit) throw std::runtime_error("there is no unit in this county yet: huiyin units import");
    return *unit;
  }
  const auto units = org::FindUnitsByName(ctx.tx, ctx.county, *name);
  for (const org::Unit& unit : units) {
    if (unit.is_active && (units.size() == 1 || IsWithin(area, unit.area_code))) return unit;
  }
  throw std::runtime_error("there is no unit called " + *name);
}

int Add(std::span<const std::string> args) {
  const Arguments arguments(args, {"data", "county", "login", "name", "unit", "role", "area", "post", "phone"});
  const std::string login = LowerAscii(Trim(arguments.Need("login")));
  if (!org::IsLogin(login)) throw Usage("--login wants 2 to 64 of a-z 0-9 . _ -");
  const std::string name(Trim(arguments.Need("name")));
  if (name.empty() || !IsValidUtf8(name) || HasControlCharacters(name) || CountCharacters(name) > 100) throw Usage("--name wants 1 to 100 characters");
  const auto role = ParseRole(arguments.Need("role"));
  if (!role) throw Usage("--role wants liaison, clerk, handler, supervisor, leader, auditor or administrator");
  const auto phone = arguments.Get("phone");
  if (phone && !IsPhone(*phone)) throw Usage("--phone wants a telephone number");

  const OpenCounty county = OpenFor(arguments);
  const std::string password = NewPassword(county.services->random);
  const std::string hash = HashPassword(password);
  WithContext(county, [&](Context& ctx) {
    const std::string area = arguments.Get("area").value_or(FormatCounty(ctx.county));
    if (!org::FindArea(ctx.tx, ctx.county, area)) throw std::runtime_error("there is no area " + area);
    if (org::FindLogin(ctx.tx, login)) throw std::runtime_error("there is an officer with the login " + login + " already");
    const org::Unit unit = UnitFor(ctx, arguments.Get("unit"), area);
    const org::Officer officer{.id = ctx.NewId<OfficerId>(), .unit_id = unit.id, .login = login, .name = name,
                               .post = arguments.Get("post").value_or(""), .phone = phone.value_or("")};
    org::SaveOfficer(ctx.tx, ctx.county, officer, hash, true, ctx.now);
    org::AddRole(ctx.tx, ctx.county, ctx.NewId<RoleId>(), officer.id, {*role, unit.id, area});
    ctx.Record("officer.created", "officer", officer.id,
               {{"name", name}, {"login", login}, {"role", RoleName(*role)}, {"area_code", area}});
    fmt::print("{} ({}) works for {} as {} over {}\n", login, name, unit.name, RoleName(*role), org::AreaName(ctx.tx, ctx.county, area));
  });
  fmt::print("password: {}\n(shown this once; to be changed at the first sign-in)\n", password);
  return 0;
}

int Reset(std::span<const std::string> args) {
  const Arguments arguments(args, {"data"});
  if (arguments.words().size() != 1) throw Usage("name one login");
  const std::string login = LowerAscii(arguments.words()[0]);
  OpenCounty county = OpenData(arguments.Need("data"));
  std::optional<org::LoginPlace> place;
  county.database->Read([&](db::Tx& tx) { place = org::FindLogin(tx, login); });
  if (!place) throw std::runtime_error("there is no officer with the login " + login);
  county.services->default_county = place->county;
  const std::string password = NewPassword(county.services->random);
  const std::string hash = HashPassword(password);
  WithContext(county, [&](Context& ctx) {
    org::SetPassword(ctx.tx, ctx.county, place->officer, hash, true);
    CloseSessionsOf(ctx.tx, ctx.county, place->officer);
    ctx.Record("officer.password_reset", "officer", place->officer);
  });
  fmt::print("password of {}: {}\n(shown this once; every session of {} has ended)\n", login, password, login);
  return 0;
}

}  // namespace

extern const Command kUserAdd;
extern const Command kUserReset;
const Command kUserAdd = {
    "user add", "add an officer and show the first password",
    R"(huiyin user add --data DIR --login LOGIN --name NAME --role ROLE
                [--unit NAME] [--area CODE] [--post TEXT] [--phone NUMBER] [--county CODE]

  --role ROLE  liaison, clerk, handler, supervisor, leader, auditor or administrator
  --unit NAME  where the officer works (the county's window when left out)
  --area CODE  what the role reaches, with all below it (the county when left out)

The first administrator of a county is made so; further officers on the page or by
huiyin officers import.)",
    Add};
const Command kUserReset = {
    "user reset", "give an officer a new password",
    R"(huiyin user reset LOGIN --data DIR

Shows a new password once and ends every session of the officer.)",
    Reset};

}  // namespace huiyin::app
