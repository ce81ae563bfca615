// SPDX-License-Identifier: EUPL-1.2
#include "modules/org/org.h"
#include "tests/support/town.h"

namespace huiyin::testing {
namespace {

class OrgApi : public Town {
 protected:
  // An administrator over 清水镇 only.
  void GiveTownshipAdministrator() {
    Write([&](db::Tx& tx) {
      const auto lisi = ParseId(OfficerId("lisi"))->id;
      const auto unit = ParseId(UnitId("清水镇政府"))->id;
      org::AddRole(tx, kCounty, RoleId(NewUuid(clock_.now, random_)), huiyin::OfficerId(lisi),
                   {Role::kAdministrator, huiyin::UnitId(unit), "990101101"});
    });
  }
  std::string OfficerBody(std::string_view login, std::string_view unit, std::string_view role, std::string_view area) {
    return fmt::format(R"({{"name":"周洁","login":"{}","unit_id":"{}","post":"科员","phone":"0999-12",
      "roles":[{{"role":"{}","area_code":"{}"}}]}})", login, UnitId(unit), role, area);
  }
};

TEST_F(OrgApi, AreasAreThereForEverybody) {
  const Answer townships = Get("", "/api/v1/areas?parent=990101");
  EXPECT_EQ(townships.status, 200);
  EXPECT_EQ(townships.Count("items"), 2u);
  EXPECT_EQ(townships.At("items.0.name"), "清水镇");
  EXPECT_EQ(townships.At("items.0.parent"), "990101");
  EXPECT_EQ(Get("", "/api/v1/areas?q=双").At("items.0.code"), "990101101001");
  EXPECT_EQ(Get("", "/api/v1/areas?level=group").Count("items"), 2u);
  EXPECT_EQ(Get("", "/api/v1/areas?level=star").Errors().at(0), "level:unknown_value");
  EXPECT_EQ(Get("", "/api/v1/areas?parent=12345").Errors().at(0), "parent:not_an_area_code");
  EXPECT_EQ(Get("", "/api/v1/areas/990101101").At("revision"), "1");
  EXPECT_EQ(Get("", "/api/v1/areas/990199").status, 404);

  const Answer first = Get("", "/api/v1/areas?limit=3");
  const Answer second = Get("", "/api/v1/areas?limit=200&cursor=" + first.At("next_cursor"));
  EXPECT_EQ(first.Count("items") + second.Count("items"), 10u);
  EXPECT_TRUE(second.body.at("next_cursor").is_null());
}

TEST_F(OrgApi, WhatTheAskerHasIsNotSentAgain) {
  const Answer first = Get("", "/api/v1/areas");
  const std::string tag = first.headers.at("ETag");
  const Answer again = Call("", "GET", "/api/v1/areas", "", {"if-none-match: " + tag});
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.text, "");
  ASSERT_EQ(Post("admin", "/api/v1/areas", R"({"code":"990101102001001","name":"一组"})").status, 201);
  EXPECT_EQ(Call("", "GET", "/api/v1/areas", "", {"if-none-match: " + tag}).status, 200);
  // A record is never kept by a browser.
  EXPECT_FALSE(Get("wangfang", "/api/v1/households").headers.contains("ETag"));
}

TEST_F(OrgApi, AnAdministratorAddsAndRenamesAreas) {
  const Answer made = Post("admin", "/api/v1/areas", R"({"code":"990101102001001","name":"一组"})");
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(made.At("parent"), "990101102001");
  EXPECT_EQ(Post("admin", "/api/v1/areas", R"({"code":"990101102001001","name":"一组"})").status, 201);
  EXPECT_EQ(Post("admin", "/api/v1/areas", R"({"code":"990101102001001","name":"二组"})").At("code"), "areas.exists");
  EXPECT_EQ(Post("admin", "/api/v1/areas", R"({"code":"990101103001","name":"无乡村"})").Errors().at(0), "code:unknown_parent");
  EXPECT_EQ(Post("admin", "/api/v1/areas", R"({"code":"990102001","name":"别县"})").Errors().at(0), "code:outside_county");
  EXPECT_EQ(Post("admin", "/api/v1/areas", R"({"code":"99010","name":""})").Errors().size(), 2u);
  EXPECT_EQ(Post("wangfang", "/api/v1/areas", R"({"code":"990101103","name":"新乡"})").status, 403);
  EXPECT_EQ(Post("", "/api/v1/areas", R"({"code":"990101103","name":"新乡"})").status, 401);

  EXPECT_EQ(Patch("admin", "/api/v1/areas/990101102001", 1, R"({"name":"松柏村"})").At("revision"), "2");
  const Answer stale = Patch("admin", "/api/v1/areas/990101102001", 1, R"({"name":"杉林村"})");
  EXPECT_EQ(stale.status, 412);
  EXPECT_EQ(stale.At("changes.0.field"), "name");
  EXPECT_EQ(stale.At("changes.0.value"), "松柏村");
  EXPECT_EQ(stale.At("changes.0.by"), "管理员");
  EXPECT_EQ(stale.At("revision"), "2");
  EXPECT_EQ(Call("admin", "PATCH", "/api/v1/areas/990101102001", "{}").status, 428);
}

TEST_F(OrgApi, AnAdministratorStaysInTheirArea) {
  GiveTownshipAdministrator();
  EXPECT_EQ(Post("lisi", "/api/v1/areas", R"({"code":"990101101003","name":"新村"})").status, 201);
  EXPECT_EQ(Post("lisi", "/api/v1/areas", R"({"code":"990101102003","name":"新村"})").status, 404);
  EXPECT_EQ(Patch("lisi", "/api/v1/areas/990101102", 1, R"({"name":"黑云乡"})").status, 404);
  EXPECT_EQ(Patch("lisi", "/api/v1/units/" + UnitId("白云乡政府"), 1, R"({"name":"甲"})").status, 404);
  EXPECT_EQ(Get("lisi", "/api/v1/officers/" + OfficerId("lina")).status, 404);
  EXPECT_EQ(Patch("lisi", "/api/v1/settings", 1, R"({"soon_days":5})").status, 403);
  // Not wider than their own, not for those who hold more, not for themselves.
  const std::string wangfang = "/api/v1/officers/" + OfficerId("wangfang");
  EXPECT_EQ(Post("lisi", wangfang + "/roles", R"({"role":"clerk","area_code":"990101101"})").status, 201);
  EXPECT_EQ(Post("lisi", wangfang + "/roles", R"({"role":"clerk","area_code":"990101"})").Errors().at(0),
            "area_code:outside_unit_area");
  const std::string wide = fmt::format(R"({{"role":"clerk","area_code":"990101","unit_id":"{}"}})", UnitId("水务局"));
  EXPECT_EQ(Post("lisi", wangfang + "/roles", wide).At("code"), "officers.area_too_wide");
  EXPECT_EQ(Post("lisi", "/api/v1/officers/" + OfficerId("lisi") + "/roles",
                 R"({"role":"leader","area_code":"990101101"})").At("code"), "officers.not_to_oneself");
  EXPECT_EQ(Post("admin", wangfang + "/roles", wide).status, 201);
  EXPECT_EQ(Post("lisi", wangfang + "/password_reset").At("code"), "officers.holds_wider_role");
}

TEST_F(OrgApi, UnitsShowLittleToThePublic) {
  const Answer open = Get("", "/api/v1/units?area=990101101");
  EXPECT_EQ(open.Count("items"), 3u);
  EXPECT_EQ(open.body.at("items").at(0).as_object().size(), 3u);
  const Answer full = Get("wangfang", "/api/v1/units?q=服务站");
  EXPECT_EQ(full.Count("items"), 2u);
  EXPECT_EQ(full.At("items.0.parent_name"), "清水镇政府");
  EXPECT_EQ(full.At("items.0.kind"), "window");
  const Answer page = Get("wangfang", "/api/v1/units?limit=4");
  EXPECT_EQ(Get("wangfang", "/api/v1/units?cursor=" + page.At("next_cursor")).Count("items"), 7u);
}

TEST_F(OrgApi, UnitsAreMadeChangedAndClosed) {
  const std::string body = fmt::format(R"({{"id":"0192f3a4-7c1e-7abc-8def-0123456789ab","name":"石桥村委会",
    "area_code":"990101101002","parent_id":"{}","kind":"village","phone":"0999-5"}})", UnitId("清水镇政府"));
  const Answer made = Post("admin", "/api/v1/units", body);
  EXPECT_EQ(made.status, 201) << made.text;
  EXPECT_EQ(Post("admin", "/api/v1/units", body).At("id"), made.At("id"));
  EXPECT_EQ(Post("admin", "/api/v1/units", R"({"id":"0192f3a4-7c1e-7abc-8def-0123456789ab","name":"乙",
    "area_code":"990101","kind":"other"})").At("code"), "duplicate_id");
  EXPECT_EQ(Post("admin", "/api/v1/units", R"({"name":"水务局","area_code":"990101","kind":"department"})").At("code"),
            "units.name_taken");
  const auto errors = Post("admin", "/api/v1/units", R"({"area_code":"1","kind":"castle","phone":"call me"})").Errors();
  EXPECT_EQ(errors, (std::vector<std::string>{"name:required", "area_code:not_an_area_code", "kind:unknown_value", "phone:not_a_phone"}));

  const std::string path = "/api/v1/units/" + made.At("id");
  EXPECT_EQ(Patch("admin", path, 1, R"({"phone":null,"active":false})").At("active"), "false");
  EXPECT_EQ(Patch("admin", path, 1, R"({"name":"丙"})").status, 412);
  // Nobody is above themselves.
  const std::string loop = fmt::format(R"({{"parent_id":"{}"}})", UnitId("清水镇服务站"));
  EXPECT_EQ(Patch("admin", "/api/v1/units/" + UnitId("清水镇政府"), 1, loop).Errors().at(0), "parent_id:below_itself");
  EXPECT_EQ(Patch("admin", "/api/v1/units/" + UnitId("县政府办"), 1, R"({"parent_id":null})").At("revision"), "1");
}

TEST_F(OrgApi, AUnitThatOwnsMattersStaysOpen) {
  org::Connect({.owns_open_matters = [](db::Tx&, County, const huiyin::UnitId&) { return true; },
                .paired_households = [](db::Tx&, County, const huiyin::OfficerId&) { return int64_t{2}; }});
  EXPECT_EQ(Patch("admin", "/api/v1/units/" + UnitId("水务局"), 1, R"({"active":false})").At("code"),
            "units.owns_open_matters");
  const std::string wangfang = "/api/v1/officers/" + OfficerId("wangfang");
  EXPECT_EQ(Get("admin", wangfang).At("households"), "2");
  EXPECT_EQ(Post("admin", wangfang + "/deactivation", R"({"reason":"调离"})").At("code"), "officers.has_pairings");
  org::Connect({});
}

TEST_F(OrgApi, OfficersAreListedWithinReach) {
  EXPECT_EQ(Get("admin", "/api/v1/officers").Count("items"), 10u);
  const Answer town = Get("wangfang", "/api/v1/officers");
  EXPECT_EQ(town.Count("items"), 3u);
  EXPECT_FALSE(town.body.at("items").at(0).as_object().contains("login"));
  EXPECT_EQ(Get("admin", "/api/v1/officers?q=王").At("items.0.login"), "wangfang");
  EXPECT_EQ(Get("admin", "/api/v1/officers?unit_id=" + UnitId("水务局")).Count("items"), 1u);
  const Answer page = Get("admin", "/api/v1/officers?limit=4");
  EXPECT_EQ(Get("admin", "/api/v1/officers?cursor=" + page.At("next_cursor")).Count("items"), 6u);
  EXPECT_EQ(Get("admin", "/api/v1/officers?cursor=abc").status, 422);
  EXPECT_EQ(Get("", "/api/v1/officers").status, 401);
  EXPECT_EQ(Get("household:张大山", "/api/v1/officers").status, 403);
}

TEST_F(OrgApi, ANewOfficerGetsAPasswordOnce) {
  const std::string body = OfficerBody("zhoujie", "清水镇政府", "liaison", "990101101001");
  const Answer made = Post("admin", "/api/v1/officers", body, {"Idempotency-Key: k1"});
  ASSERT_EQ(made.status, 201) << made.text;
  EXPECT_EQ(made.At("roles.0.role"), "liaison");
  const std::string password = made.At("password");
  EXPECT_EQ(password.size(), 19u);
  // The reply is not kept, so the same key finds the login taken and no password.
  EXPECT_EQ(Post("admin", "/api/v1/officers", body, {"Idempotency-Key: k1"}).At("code"), "officers.login_taken");

  const auto sign_in = [&](std::string_view with) {
    return Post("", "/api/v1/sessions", fmt::format(R"({{"login":"zhoujie","password":"{}"}})", with));
  };
  const Answer session = sign_in(password);
  EXPECT_EQ(session.status, 201);
  const Answer reset = Post("admin", "/api/v1/officers/" + made.At("id") + "/password_reset");
  EXPECT_EQ(reset.status, 201);
  EXPECT_EQ(sign_in(password).status, 401);
  EXPECT_EQ(sign_in(reset.At("password")).status, 201);
  EXPECT_EQ(Call("", "GET", "/api/v1/sessions/current", "", {"Authorization: Bearer " + session.At("token")}).status, 401);

  const Answer closed = Post("admin", "/api/v1/officers/" + made.At("id") + "/deactivation", R"({"reason":"退休"})");
  EXPECT_EQ(closed.status, 201);
  EXPECT_EQ(closed.At("active"), "false");
  EXPECT_EQ(sign_in(reset.At("password")).status, 401);
  EXPECT_EQ(Post("admin", "/api/v1/officers/" + made.At("id") + "/password_reset").At("code"), "officers.inactive");
  EXPECT_EQ(Call("admin", "DELETE", "/api/v1/officers/" + made.At("id") + "/deactivation").At("active"), "true");
  EXPECT_EQ(sign_in(reset.At("password")).status, 201);
}

TEST_F(OrgApi, AnOfficerSentAgainWithItsIdGetsANewPassword) {
  std::string body = OfficerBody("zhoujie", "清水镇政府", "liaison", "990101101001");
  body.insert(1, R"("id":"0192f3a4-7c1e-7abc-8def-0123456789ab",)");
  const std::string first = Post("admin", "/api/v1/officers", body).At("password");
  const Answer again = Post("admin", "/api/v1/officers", body);
  EXPECT_EQ(again.status, 201);
  EXPECT_NE(again.At("password"), first);
  body.replace(body.find("周洁"), std::string("周洁").size(), "周杰");
  EXPECT_EQ(Post("admin", "/api/v1/officers", body).At("code"), "duplicate_id");
}

TEST_F(OrgApi, OfficersAreRefusedFieldByField) {
  const auto errors = Post("admin", "/api/v1/officers", R"({"login":"Zhou Jie","unit_id":"990102-0192f3a4-7c1e-7abc-8def-0123456789ab",
    "phone":"x","languages":["zh","Chinese"],"roles":[{"role":"king","area_code":"990101"},{}]})").Errors();
  EXPECT_EQ(errors, (std::vector<std::string>{"name:required", "login:not_a_login", "unit_id:unknown_reference",
    "phone:not_a_phone", "languages[1]:not_a_language", "roles[0].role:unknown_value", "roles[1].role:required",
    "roles[1].area_code:required"}));
  EXPECT_EQ(Post("admin", "/api/v1/officers", OfficerBody("wangfang", "水务局", "handler", "990101")).At("code"),
            "officers.login_taken");
  // Nothing half done: the role is refused, so the officer is not there either.
  EXPECT_EQ(Post("admin", "/api/v1/officers", OfficerBody("zhoujie", "清水镇政府", "handler", "990101102")).Errors().at(0),
            "roles[0].area_code:outside_unit_area");
  EXPECT_EQ(Get("admin", "/api/v1/officers?q=zhoujie").Count("items"), 0u);
  EXPECT_EQ(Post("wangfang", "/api/v1/officers", OfficerBody("zhoujie", "清水镇政府", "liaison", "990101101")).status, 403);
}

TEST_F(OrgApi, OfficersChangeWithARevision) {
  const std::string path = "/api/v1/officers/" + OfficerId("sunqi");
  EXPECT_EQ(Patch("admin", path, 1, R"({"rank":"captain"})").Errors().at(0), "rank:unknown_value");
  const Answer changed = Patch("admin", path, 1, R"({"rank":"head","languages":["zh","bo"],"phone":null})");
  EXPECT_EQ(changed.At("rank"), "head");
  EXPECT_EQ(changed.At("revision"), "2");
  EXPECT_EQ(changed.headers.at("ETag"), "\"2\"");
  EXPECT_EQ(Patch("admin", path, 1, R"({"post":"局长"})").status, 412);

  const Answer role = Post("admin", path + "/roles", R"({"role":"supervisor","area_code":"990101"})");
  EXPECT_EQ(role.status, 201);
  EXPECT_EQ(Post("admin", path + "/roles", R"({"role":"supervisor","area_code":"990101"})").At("id"), role.At("id"));
  EXPECT_EQ(Call("admin", "DELETE", path + "/roles/" + role.At("id")).status, 204);
  EXPECT_EQ(Call("admin", "DELETE", path + "/roles/" + role.At("id")).status, 404);
  EXPECT_EQ(Get("admin", path).Count("roles"), 1u);
}

TEST_F(OrgApi, TheLastAdministratorStays) {
  const std::string path = "/api/v1/officers/" + OfficerId("admin");
  const std::string role = Get("admin", path).At("roles.0.id");
  EXPECT_EQ(Call("admin", "DELETE", path + "/roles/" + role).At("code"), "officers.last_administrator");
  EXPECT_EQ(Post("admin", path + "/deactivation", R"({"reason":"x"})").At("code"), "officers.last_administrator");
  EXPECT_EQ(Post("admin", "/api/v1/officers/" + OfficerId("chener") + "/roles",
                 R"({"role":"administrator","area_code":"990101"})").status, 201);
  EXPECT_EQ(Call("admin", "DELETE", path + "/roles/" + role).status, 204);
}

TEST_F(OrgApi, SettingsHaveDefaultsAndAreChangedTogether) {
  const Answer settings = Get("wangfang", "/api/v1/settings");
  EXPECT_EQ(settings.status, 200);
  EXPECT_EQ(settings.At("county.code"), "990101");
  EXPECT_EQ(settings.At("zone"), "Asia/Shanghai");
  EXPECT_EQ(settings.At("quotas.0.households"), "5");
  EXPECT_EQ(settings.Count("purposes"), 10u);
  EXPECT_EQ(Get("household:张大山", "/api/v1/settings").status, 403);

  const Answer changed = Patch("admin", "/api/v1/settings", 1, R"({"soon_days":5,"county_name":"云岭新县",
    "quotas":[{"rank":"leader","label_zh":"县领导","label_en":"Leader","households":8}]})");
  EXPECT_EQ(changed.status, 200) << changed.text;
  EXPECT_EQ(changed.At("soon_days"), "5");
  EXPECT_EQ(Get("admin", "/api/v1/settings").At("county.name"), "云岭新县");
  EXPECT_EQ(Get("admin", "/api/v1/settings").Count("quotas"), 1u);
  EXPECT_EQ(Patch("admin", "/api/v1/settings", 1, R"({"soon_days":6})").status, 412);
  EXPECT_EQ(Patch("wangfang", "/api/v1/settings", 2, R"({"soon_days":6})").status, 403);
  EXPECT_EQ(Patch("admin", "/api/v1/settings", 2, R"({"soon_days":99,"quotas":[{"rank":"A b"}]})").Errors().size(), 5u);
  const Answer refused = Patch("admin", "/api/v1/settings", 2, R"({"visit_duties":[{"key":"k","label_zh":"重点人员走访",
    "label_en":"x","for":"household","act":"visit","times":1,"months":1}]})");
  EXPECT_EQ(refused.At("code"), "boundaries.protected_category");
}

// A page sends back every list it was given.
TEST_F(OrgApi, SettingsSentBackAsTheyWereAreTaken) {
  const Answer settings = Get("admin", "/api/v1/settings");
  json::object body = settings.body.get_object();
  for (const char* name : {"county", "zone", "revision"}) body.erase(name);
  const Answer same = Patch("admin", "/api/v1/settings", 1, json::serialize(body));
  ASSERT_EQ(same.status, 200) << same.text;
  EXPECT_EQ(same.text, settings.text);
  body["push_down"] = "only_listed";
  body["pattern_days"] = 30;
  EXPECT_EQ(Patch("admin", "/api/v1/settings", 1, json::serialize(body)).At("push_down"), "only_listed");
  EXPECT_EQ(Patch("admin", "/api/v1/settings", 2, R"({"push_down": "up", "pattern_days": 1, "retention": [{"kind": "gold", "days": 90}]})").Errors().size(), 3u);
}

TEST_F(OrgApi, ACountyNamesItsLanguagesForEverybody) {
  EXPECT_EQ(Get("", "/api/v1/languages").At("items.0.label_zh"), "汉语");
  const std::string own = R"({"languages":[{"code":"zh-yunling","label_zh":"云岭话","label_en":"Yunling speech"}]})";
  EXPECT_EQ(Patch("admin", "/api/v1/settings", 1, own).status, 200);
  const Answer named = Get("household:张大山", "/api/v1/languages");
  EXPECT_EQ(named.Count("items"), 1u);
  EXPECT_EQ(named.At("items.0.label_zh"), "云岭话");
  EXPECT_EQ(Patch("admin", "/api/v1/settings", 2, R"({"languages":[{"code":"云岭","label_zh":"云岭话","label_en":"x"}]})")
                .status, 422);
}

TEST_F(OrgApi, EveryChangeIsWrittenDown) {
  constexpr db::Sql kEvents{"test.events", "SELECT COUNT(*) FROM events"};
  const int64_t before = Number(kEvents);
  Post("admin", "/api/v1/areas", R"({"code":"990101103","name":"新乡"})");
  Patch("admin", "/api/v1/areas/990101103", 1, R"({"name":"新镇"})");
  Patch("admin", "/api/v1/areas/990101103", 2, R"({"name":"新镇"})");  // nothing changes
  EXPECT_EQ(Number(kEvents), before + 2);
}

}  // namespace
}  // namespace huiyin::testing
