// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/town.h"

#include <unistd.h>

#include "app/wiring.h"
#include "core/text.h"
#include "db/migrate.h"
#include "db/test_engine.h"
#include "modules/org/org.h"
#include "modules/pairings/pairings.h"
#include "platform/sessions.h"
#include "tests/support/contract.h"

namespace huiyin::testing {
namespace {

namespace fs = std::filesystem;

constexpr db::Sql kCounty{"town.county", R"sql(
  INSERT INTO counties (county, name, name_en, zone_minutes, created_at) VALUES ($1, '云岭县', 'Yunling County', 480, 0)
)sql"};
constexpr db::Sql kHousehold{"town.household", R"sql(
  INSERT INTO households (county, id, register_number, area_code, address, head_id, head_name, people, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0)
)sql"};
constexpr db::Sql kResident{"town.resident", R"sql(
  INSERT INTO residents (county, id, household_id, name, sex, birth_date, relation, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, 0)
)sql"};
constexpr db::Sql kTerm{"town.term", R"sql(
  INSERT INTO search_terms (county, term, area_code, kind, id) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (county, term, area_code, kind, id) DO NOTHING
)sql"};
constexpr db::Sql kConsent{"town.consent", R"sql(
  INSERT INTO consents (county, household_id, section, purpose, given_at) VALUES ($1, $2, $3, 'assistance', 0)
)sql"};

const json::value* Find(const json::value& root, std::string_view path) {
  const json::value* at = &root;
  while (!path.empty() && at != nullptr) {
    const size_t dot = std::min(path.find('.'), path.size());
    const std::string_view step = path.substr(0, dot);
    path.remove_prefix(std::min(dot + 1, path.size()));
    if (at->is_object()) {
      at = at->get_object().if_contains(step);
    } else if (at->is_array()) {
      const size_t index = static_cast<size_t>(std::atoi(std::string(step).c_str()));
      at = index < at->get_array().size() ? &at->get_array()[index] : nullptr;
    } else {
      at = nullptr;
    }
  }
  return at;
}

}  // namespace

std::string Answer::At(std::string_view path) const {
  const json::value* value = Find(body, path);
  if (value == nullptr || value->is_null()) return "";
  if (value->is_string()) return std::string(value->get_string());
  return json::serialize(*value);
}

size_t Answer::Count(std::string_view path) const {
  const json::value* value = Find(body, path);
  return value != nullptr && value->is_array() ? value->get_array().size() : 0;
}

std::vector<std::string> Answer::Errors() const {
  std::vector<std::string> errors;
  for (size_t i = 0; i < Count("errors"); ++i) {
    const std::string at = "errors." + std::to_string(i);
    errors.push_back(At(at + ".field") + ":" + At(at + ".code"));
  }
  return errors;
}

struct Town::Names {
  std::map<std::string, huiyin::HouseholdId, std::less<>> households;
  std::map<std::string, huiyin::ResidentId, std::less<>> residents;
  std::map<std::string, huiyin::OfficerId, std::less<>> officers;
  std::map<std::string, huiyin::UnitId, std::less<>> units;
};

Town::Town() : names_(std::make_unique<Names>()) {}
Town::~Town() = default;

std::vector<Module> Town::Modules() { return AllModules(); }

void Town::SetUp() {
  const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
  dir_ = fs::temp_directory_path() /
         fmt::format("huiyin-town-{}-{}-{}", ::getpid(), test->test_suite_name(), test->name());
  fs::remove_all(dir_);
  fs::create_directories(dir_ / "files");
  database_ = db::OpenForTest(dir_ / "huiyin.db");
  db::Migrate(*database_, clock_.now);
  Build();
  database_ = Watched(std::move(database_));
  Services services{.database = *database_, .clock = clock_, .random = random_, .files = dir_ / "files", .reads = dir_ / "reads",
                    .default_county = kCounty, .zone = Zone{480}};
  services.field_key.fill(7);
  services.replicas = Behind();
  dispatch_ = std::make_unique<Dispatch>(services, Modules(), DispatchOptions{.workers = 1, .slow_workers = 1});
}

void Town::TearDown() {
  dispatch_.reset();
  database_.reset();
  fs::remove_all(dir_);
}

void Town::Write(const db::Database::Job& job) { database_->Write(job); }

int64_t Town::Number(const db::Sql& sql) {
  int64_t number = 0;
  database_->Read([&](db::Tx& tx) {
    db::AskEveryShard(tx);
    number = tx.Number(sql);
  });
  return number;
}

void Town::Build() {
  database_->Write([this](db::Tx& tx) {
    tx.Run(testing::kCounty, kCounty);
    const std::vector<std::pair<std::string, std::string>> areas = {
        {"99", "样省"}, {"9901", "样市"}, {"990101", "云岭县"}, {"990101101", "清水镇"},
        {"990101101001", "双河村"}, {"990101101001001", "一组"}, {"990101101001002", "二组"},
        {"990101101002", "石桥村"}, {"990101102", "白云乡"}, {"990101102001", "松林村"}};
    for (const auto& [code, name] : areas) {
      org::SaveArea(tx, kCounty, {code, name, std::string(org::LevelOf(code)), org::ParentOf(code)});
    }

    const auto unit = [&](std::string name, std::string area, std::string kind, std::string parent) {
      const huiyin::UnitId id(NewUuid(clock_.now, random_));
      std::optional<huiyin::UnitId> above;
      if (!parent.empty()) above = names_->units.at(parent);
      org::SaveUnit(tx, kCounty, {id, name, area, above, kind, "0999-1234567", "", true, 1});
      names_->units[name] = id;
    };
    unit("县政府办", "990101", "leadership", "");
    unit("县服务大厅", "990101", "window", "县政府办");
    unit("水务局", "990101", "department", "县政府办");
    unit("交通局", "990101", "department", "县政府办");
    unit("督查室", "990101", "supervision", "县政府办");
    unit("审计监督室", "990101", "audit", "县政府办");
    unit("清水镇政府", "990101101", "township", "县政府办");
    unit("清水镇服务站", "990101101", "window", "清水镇政府");
    unit("双河村委会", "990101101001", "village", "清水镇政府");
    unit("白云乡政府", "990101102", "township", "县政府办");
    unit("白云乡服务站", "990101102", "window", "白云乡政府");

    const auto officer = [&](std::string login, std::string name, std::string at, Role role, std::string area,
                             std::string rank = "staff") {
      const huiyin::OfficerId id(NewUuid(clock_.now, random_));
      const auto home = names_->units.at(at);
      org::SaveOfficer(tx, kCounty, {.id = id, .unit_id = home, .login = login, .name = name, .post = "工作人员",
                                     .post_rank = rank, .phone = "13900000000"}, "", false, clock_.now);
      org::AddRole(tx, kCounty, RoleId(NewUuid(clock_.now, random_)), id, {role, home, area});
      names_->officers[login] = id;
    };
    officer("wangfang", "王芳", "清水镇政府", Role::kLiaison, "990101101");
    officer("lina", "李娜", "白云乡政府", Role::kLiaison, "990101102");
    officer("zhaomin", "赵敏", "清水镇服务站", Role::kClerk, "990101101");
    officer("sunqi", "孙琦", "水务局", Role::kHandler, "990101");
    officer("zhouba", "周坝", "交通局", Role::kHandler, "990101");
    officer("liuyi", "刘毅", "督查室", Role::kSupervisor, "990101");
    officer("chener", "陈洱", "县政府办", Role::kLeader, "990101", "leader");
    officer("zhangsan", "张杉", "审计监督室", Role::kAuditor, "990101");
    officer("lisi", "李思", "清水镇政府", Role::kAuditor, "990101101");
    officer("admin", "管理员", "县政府办", Role::kAdministrator, "990101");

    const auto household = [&](std::string number, std::string area, std::string address,
                               std::vector<std::tuple<std::string, std::string, Date, std::string>> people,
                               std::string paired) {
      const huiyin::HouseholdId id(NewUuid(clock_.now, random_));
      std::vector<huiyin::ResidentId> ids;
      for (size_t i = 0; i < people.size(); ++i) ids.emplace_back(NewUuid(clock_.now, random_));
      const std::string head = std::get<0>(people[0]);
      tx.Run(kHousehold, kCounty, id, number, area, address, ids[0], head, people.size());
      for (size_t i = 0; i < people.size(); ++i) {
        const auto& [name, sex, born, relation] = people[i];
        tx.Run(kResident, kCounty, ids[i], id, name, sex, born, relation);
        for (const auto& term : SearchTerms(name)) tx.Run(kTerm, kCounty, term, area, "resident", ids[i]);
        names_->residents[name] = ids[i];
      }
      for (const auto& term : Bigrams(address)) tx.Run(kTerm, kCounty, term, area, "household", id);
      for (const char* section : {"land", "livestock", "income", "expenditure", "difficulties", "plans"}) {
        tx.Run(kConsent, kCounty, id, section);
      }
      org::AddHouseholds(tx, kCounty, area, 1);
      names_->households[head] = id;
      if (!paired.empty()) {
        pairings::Add(tx, kCounty, huiyin::PairingId(NewUuid(clock_.now, random_)), id, area,
                      names_->officers.at(paired), Date::Of(2025, 6, 1), clock_.now);
      }
    };
    household("990101101001-0001", "990101101001001", "一组12号",
              {{"张大山", "male", Date::Of(1958, 4, 2), "head"},
               {"李秀英", "female", Date::Of(1960, 9, 15), "spouse"},
               {"张小明", "male", Date::Of(1988, 1, 20), "child"}}, "wangfang");
    household("990101101002-0001", "990101101002", "老街5号",
              {{"王建国", "male", Date::Of(1971, 7, 7), "head"}}, "");
    household("990101102001-0001", "990101102001", "松林坡3号",
              {{"赵春花", "female", Date::Of(1949, 12, 30), "head"}}, "lina");
  });
}

void Town::AddOfficer(std::string_view login, std::string_view name, std::string_view unit, Role role, std::string_view area) {
  database_->Write([&](db::Tx& tx) {
    const huiyin::OfficerId id(NewUuid(clock_.now, random_));
    const auto home = names_->units.find(unit)->second;
    org::SaveOfficer(tx, kCounty, {.id = id, .unit_id = home, .login = std::string(login), .name = std::string(name),
                                   .post = "工作人员", .post_rank = "staff", .phone = "13900000000"}, "", false, clock_.now);
    org::AddRole(tx, kCounty, RoleId(NewUuid(clock_.now, random_)), id, {role, home, AreaCode(area)});
    names_->officers[std::string(login)] = id;
  });
}

std::string Town::Token(std::string_view as) {
  const auto known = tokens_.find(as);
  if (known != tokens_.end()) return known->second;
  std::string token;
  database_->Write([&](db::Tx& tx) {
    constexpr std::string_view kResidentPrefix = "household:";
    if (as.starts_with(kResidentPrefix)) {
      token = OpenSession(tx, kCounty, "resident", names_->households.find(as.substr(kResidentPrefix.size()))->second,
                          clock_.now, 365 * kDay, "test", random_);
    } else {
      token = OpenSession(tx, kCounty, "officer", names_->officers.find(as)->second, clock_.now, 365 * kDay, "test", random_);
    }
  });
  tokens_.emplace(as, token);
  return token;
}

Answer Town::Call(std::string_view as, std::string_view method, std::string_view path, std::string_view body,
                  std::vector<std::string> headers) {
  http::Request request;
  request.method = method;
  request.target = path;
  // Parameters are written readably in tests; spaces and Chinese need no escapes here.
  const size_t mark = std::min(path.find('?'), path.size());
  request.path = path.substr(0, mark);
  for (std::string_view rest = path.substr(std::min(mark + 1, path.size())); !rest.empty();) {
    const size_t end = std::min(rest.find('&'), rest.size());
    const std::string_view pair = rest.substr(0, end);
    const size_t equals = std::min(pair.find('='), pair.size());
    request.query.emplace_back(pair.substr(0, equals), pair.substr(std::min(equals + 1, pair.size())));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  request.peer = "127.0.0.1";
  request.request_id = "test";
  request.body = body;
  if (!as.empty()) request.headers.emplace_back("authorization", "Bearer " + Token(as));
  bool typed = false;
  for (const std::string& header : headers) {
    const size_t colon = header.find(':');
    std::string name = LowerAscii(header.substr(0, colon));
    typed |= name == "content-type";
    request.headers.emplace_back(std::move(name), std::string(Trim(std::string_view(header).substr(colon + 1))));
  }
  if (!body.empty() && !typed) request.headers.emplace_back("content-type", "application/json");

  const http::Response response = dispatch_->HandleNow(std::move(request));
  Answer answer;
  answer.status = response.status;
  answer.text = response.body;
  for (const auto& [name, value] : response.headers) answer.headers[name] = value;
  if (response.content_type.find("json") != std::string::npos && !response.body.empty()) {
    answer.body = json::parse(response.body);
  }
  if (checks_contract_) {
    const std::string bare(path.substr(0, mark));
    for (const auto& violation : Contract::Get().Violations(method, bare, response.status, response.content_type, response.body)) {
      ADD_FAILURE() << violation;
    }
  }
  return answer;
}

std::string Town::HouseholdId(std::string_view head) const {
  return FormatId(kCounty, names_->households.find(head)->second);
}
std::string Town::ResidentId(std::string_view name) const {
  return FormatId(kCounty, names_->residents.find(name)->second);
}
std::string Town::OfficerId(std::string_view login) const {
  return FormatId(kCounty, names_->officers.find(login)->second);
}
std::string Town::UnitId(std::string_view name) const {
  return FormatId(kCounty, names_->units.find(name)->second);
}

}  // namespace huiyin::testing
