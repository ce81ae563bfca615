// SPDX-License-Identifier: EUPL-1.2
#include <cstdio>

#include "app/commands.h"
#include "core/text.h"
#include "modules/org/org.h"

namespace huiyin::app {
namespace {

constexpr db::Sql kInsert{"app.insert_county", R"sql(
  INSERT INTO counties (county, name, name_en, zone_minutes, created_at) VALUES ($1, $2, $3, $4, $5)
)sql"};

constexpr db::Sql kFind{"app.find_county", "SELECT 1 FROM counties WHERE county = $1"};

int Create(std::span<const std::string> args) {
  const Arguments arguments(args, {"data", "database", "code", "name", "name-en", "zone-minutes"});
  const auto code = ParseCounty(arguments.Need("code"));
  if (!code) throw Usage("--code wants the six digits of the county");
  const std::string name(Trim(arguments.Need("name")));
  if (name.empty() || CountCharacters(name) > 50 || HasControlCharacters(name)) throw Usage("--name wants 1 to 50 characters");
  int zone = 480;
  if (const auto text = arguments.Get("zone-minutes")) {
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), zone);
    if (error != std::errc() || end != text->data() + text->size() || zone < -720 || zone > 840) {
      throw Usage("--zone-minutes wants minutes east of UTC, such as 480");
    }
  }
  if (const auto url = arguments.Get("database")) NameDatabase(arguments.Need("data"), *url);
  OpenCounty county = OpenData(arguments.Need("data"), true);
  county.database->Read([&](db::Tx& tx) {
    if (HasCounty(tx, *code)) throw std::runtime_error("there is a county " + FormatCounty(*code) + " in this database already");
  });
  county.services->default_county = *code;
  county.services->zone = Zone{zone};
  WithContext(county, [&](Context& ctx) {
    BeginCounty(ctx, name, arguments.Get("name-en").value_or(""));
  });
  fmt::print("county {} {} is ready in {}\n", code->code, name, arguments.Need("data"));
  return 0;
}

}  // namespace

bool HasCounty(db::Tx& tx, County county) { return tx.Any(kFind, county); }

void BeginCounty(Context& ctx, const std::string& name, const std::string& name_en) {
  ctx.tx.Run(kInsert, ctx.county, name, name_en, ctx.zone.offset_minutes, ctx.now);
  const std::string own = FormatCounty(ctx.county);
  org::SaveArea(ctx.tx, ctx.county, {own, name, "county", org::ParentOf(own)});
  org::SaveUnit(ctx.tx, ctx.county, {ctx.NewId<UnitId>(), name + "政务服务中心", own, std::nullopt, "window", "", "", true, 1});
  ctx.Audit({.act = "county.created", .resource = "county"});
}

extern const Command kCountyCreate;
const Command kCountyCreate = {
    "county create", "begin an empty county in a data folder",
    R"(huiyin county create --data DIR --code 510104 --name 锦江区 [--name-en TEXT] [--zone-minutes 480]
                     [--database postgres://...]

Makes the folder and its database if need be, with the county itself as its first area
and one window that takes what residents bring. With --database the records are kept there.
A database may hold several counties. Next: huiyin areas import, huiyin user add.)",
    Create};

}  // namespace huiyin::app
