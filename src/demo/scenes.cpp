// SPDX-License-Identifier: EUPL-1.2
#include "demo/scenes.h"

#include "modules/matters/matters.h"

namespace huiyin::demo {
namespace {

constexpr int kDaysBefore = 4;
constexpr size_t kNeighbours = 6;

class Stage {
 public:
  Stage(db::Database& database, const Ground& ground, uint64_t seed, const Sha256Hash& key)
      : database_(database), ground_(ground), random_(seed), routes_(matters::Describe().routes),
        services_{.database = database, .clock = SystemClock(), .random = random_, .files = {}, .field_key = key,
                  .default_county = ground.county, .zone = Zone{}} {}

  // The answer of the route, asked by `who` then. Refused is a fault of this file.
  json::object Act(Actor who, Instant at, std::string_view pattern, const std::string& id, const json::object& body) {
    const auto route = std::find_if(routes_.begin(), routes_.end(), [&](const Route& r) { return r.method == "POST" && r.pattern == pattern; });
    if (route == routes_.end()) throw std::logic_error("no such act: " + std::string(pattern));
    const http::Request none;
    json::object answer;
    database_.Write([&](db::Tx& tx) {
      Context ctx{.tx = tx, .services = services_, .request = none, .county = ground_.county, .zone = Zone{}, .now = at,
                  .actor = who, .body = &body};
      if (!id.empty()) ctx.params.emplace("id", id);
      answer = json::parse(route->handle(ctx).body).as_object();
    }, db::Durability::kLog);
    return answer;
  }

  const Office& OfficeOf(std::string_view key) const { return ground_.offices[ground_.county_units.find(key)->second]; }
  // Who holds the role in the office; somebody who signs in before somebody who does not.
  const Person& Holder(const Office& office, Role role) const {
    const Person* found = nullptr;
    for (const size_t n : office.officers) {
      const Person& person = ground_.people[n];
      const bool holds = std::any_of(person.roles.begin(), person.roles.end(), [&](const HeldRole& held) { return held.role == role; });
      if (holds && (found == nullptr || (person.signs_in && !found->signs_in))) found = &person;
    }
    if (found == nullptr) throw std::logic_error("nobody holds the role in " + office.key);
    return *found;
  }
  static Actor As(const Person& person) {
    Actor actor;
    actor.kind = Actor::Kind::kOfficer;
    actor.officer = person.officer.id;
    actor.unit = person.officer.unit_id;
    actor.name = person.officer.name;
    actor.roles = person.roles;
    return actor;
  }
  static Actor As(const Home& home) {
    Actor actor;
    actor.kind = Actor::Kind::kResident;
    actor.household = home.id;
    return actor;
  }
  template <class IdType>
  std::string Id(const IdType& id) const {
    return FormatId(ground_.county, id);
  }

  // Taken at the county's window and with the unit that will do the work. Its id.
  std::string WithUnit(Instant at, std::string_view unit, json::object matter) {
    const Person& clerk = Holder(ground_.Centre(), Role::kClerk);
    const Office& office = OfficeOf(unit);
    const std::string id(Act(As(clerk), at, "/api/v1/matters", "", matter).at("id").as_string());
    Act(As(clerk), at + 20 * kMinute, "/api/v1/matters/{id}/assignment", id, {{"unit_id", Id(office.unit.id)}});
    Act(As(Holder(office, Role::kHandler)), at + 2 * kHour, "/api/v1/matters/{id}/acceptance", id, {});
    return id;
  }

 private:
  db::Database& database_;
  const Ground& ground_;
  SeededRandom random_;
  std::vector<Route> routes_;
  Services services_;
};

std::string Day(Instant at, int days) { return FormatDate(LocalDate(at, Zone{}) + days); }

std::string PlayHardOne(Stage& stage, const Ground& ground, const Home& home, Instant at) {
  const std::string id = stage.WithUnit(at, "water", {{"channel", "counter"}, {"kind", "help"}, {"category", "water.supply"},
      {"household_id", stage.Id(home.id)},
      {"text", "村里的供水管道三个月修不好，补了又漏，三十多户每天挑水吃。请县里派人牵头解决。"},
      {"asks", json::array{json::object{{"text", "换掉主水管"}}, json::object{{"text", "没换好以前送水"}}}}});
  const Person& supervisor = stage.Holder(ground.Centre(), Role::kSupervisor);
  const Person& leader = stage.Holder(stage.OfficeOf("gov"), Role::kLeader);
  const Person& handler = stage.Holder(stage.OfficeOf("water"), Role::kHandler);
  const std::string hands = stage.Id(handler.officer.id);
  stage.Act(Stage::As(supervisor), at + 4 * kHour, "/api/v1/matters/{id}/lead", id,
            {{"leader_id", stage.Id(leader.officer.id)}, {"measures", json::array{"换主水管", "停水期间每天送水"}},
             {"until", Day(at, 20)}, {"responsible_id", hands},
             {"steps", json::array{json::object{{"text", "勘查管线，定换管方案"}, {"due", Day(at, 7)}, {"officer_id", hands}}}}});
  stage.Act(Stage::As(leader), at + kDay + kHour, "/api/v1/matters/{id}/meetings", id,
            {{"at", FormatInstant(at + kDay)}, {"place", "村委会"}, {"officers", json::array{stage.Id(leader.officer.id), hands}},
             {"representatives", json::array{home.head_name}}, {"said", "群众要求月底前通水，不要再打补丁；水利局说明管子已经订货。"},
             {"agreed", json::array{json::object{{"text", "换完村口到学校的一段"}, {"officer_id", hands}, {"until", Day(at, 14)}}}}});
  return id;
}

void PlayManysOne(Stage& stage, const Ground& ground, const std::vector<const Home*>& neighbours, Instant at) {
  const std::string id = stage.WithUnit(at, "transport", {{"channel", "counter"}, {"kind", "help"}, {"category", "road.bridge"},
      {"household_id", stage.Id(neighbours.front()->id)}, {"text", "进组的桥面塌了一块，三轮车过不去，收的菜运不出来。"}});
  const Actor clerk = Stage::As(stage.Holder(ground.Centre(), Role::kClerk));
  for (size_t i = 1; i < neighbours.size(); ++i) {
    stage.Act(clerk, at + 3 * kHour + static_cast<int64_t>(i) * 10 * kMinute, "/api/v1/matters/{id}/members", id,
              {{"household_id", stage.Id(neighbours[i]->id)}, {"text", "我家也过不去。"}});
  }
}

void PlayQuietOne(Stage& stage, const Home& home, Instant at) {
  stage.Act(Stage::As(home), at, "/api/v1/me/matters", "",
            {{"kind", "help"}, {"text", "夜里有人往河里倒东西，我住得近，不敢出面。请去看看。"}, {"area_code", home.area},
             {"confidential", true}});
}

}  // namespace

Played PlayMatters(db::Database& database, const Ground& ground, const std::vector<Home>& homes, size_t quiet, const Options& options) {
  Stage stage(database, ground, options.seed + 1, options.field_key);
  const Instant at = StartOfDay(LocalDate(options.now, Zone{}) - kDaysBefore, Zone{}) + 9 * kHour;
  // Those of one village; the last of the county are those whom few other stories are about.
  std::vector<const Home*> neighbours;
  for (size_t i = homes.size(); i-- > 0 && neighbours.size() < kNeighbours + 1;) {
    if (homes[i].door.village == homes.back().door.village) neighbours.push_back(&homes[i]);
  }
  const std::string hard = PlayHardOne(stage, ground, *neighbours.back(), at);
  neighbours.pop_back();
  PlayManysOne(stage, ground, neighbours, at + 10 * kMinute);
  PlayQuietOne(stage, homes[quiet], at + kDay);
  return {3, hard};
}

void CallJointMeeting(db::Database& database, const Ground& ground, const std::string& hard, const Options& options) {
  Stage stage(database, ground, options.seed + 2, options.field_key);
  const Person& supervisor = stage.Holder(ground.Centre(), Role::kSupervisor);
  const json::object called = stage.Act(Stage::As(supervisor), options.now, "/api/v1/joint_meetings", "",
            {{"area_code", FormatCounty(ground.county)}, {"at", FormatInstant(StartOfDay(LocalDate(options.now, Zone{}) + 3, Zone{}) + 9 * kHour)},
             {"place", "县政府三楼会议室"}, {"title", "积压诉求联席会议"}, {"chair_id", stage.Id(supervisor.officer.id)},
             {"unit_ids", json::array{stage.Id(stage.OfficeOf("water").unit.id), stage.Id(stage.OfficeOf("transport").unit.id)}}});
  stage.Act(Stage::As(supervisor), options.now, "/api/v1/joint_meetings/{id}/items", std::string(called.at("id").as_string()),
            {{"matter_id", hard}, {"reason", "换管的钱和占道开挖要几家一起定"}});
}

}  // namespace huiyin::demo
