// SPDX-License-Identifier: EUPL-1.2
#include "modules/org/settings.h"

#include "core/text.h"

namespace huiyin::org {
namespace {

constexpr db::Sql kFindSettings{"org.find_settings", R"sql(
  SELECT name, zone_minutes, settings FROM counties WHERE county = $1
)sql"};
constexpr db::Sql kSaveSettings{"org.save_settings", R"sql(
  UPDATE counties SET name = $2, settings = $3 WHERE county = $1
)sql"};

constexpr std::string_view kSections[] = {"residence", "population", "housing",      "land",  "livestock",
                                          "income",    "expenditure", "difficulties", "plans", "measures"};
constexpr std::string_view kPushDown[] = {"any", "where_listed", "only_listed"};
constexpr std::string_view kWhom[] = {"household", "orphan"};
constexpr std::string_view kActs[] = {"visit", "contact"};

CountySettings Defaults() {
  CountySettings settings;
  settings.quotas = {{"leader", "领导干部", "Leader", 5},
                     {"head", "部门负责人", "Head of a unit", 3},
                     {"staff", "一般干部", "Staff", 3}};
  settings.visit_duties = {
      {"household_visits", "每户每年至少走访三次", "Every household at least three visits a year", "household",
       "visit", 3, 12},
      {"orphan_contacts", "孤儿至少每两个月联系一次", "Every orphan a contact at least every two months", "orphan",
       "contact", 1, 2},
      {"orphan_visits", "孤儿每年至少走访四次", "Every orphan at least four visits a year", "orphan", "visit", 4, 12}};
  settings.retention = {{"matter_contacts", 365}, {"matter_texts", 3650}, {"visit_diaries", 3650},
                        {"attachments", 1825},   {"imports", 180},      {"messages", 730},
                        {"operations", 365}};
  settings.purposes = {
      {"residence", false, "找到住处，了解水、电、路是否通达。", "To find the door and see whether water, power and a road reach it."},
      {"population", false, "知道为哪些人服务。", "To know who is served."},
      {"housing", false, "查看住房是否安全。", "To see whether the house is safe."},
      {"land", true, "核对土地承包和补贴。", "To check land contracts and the payments that follow from them."},
      {"livestock", true, "安排防疫和养殖帮扶。", "To plan animal health and help with breeding."},
      {"income", true, "核对可以享受的救助政策。", "To check which assistance the household may have."},
      {"expenditure", true, "了解医疗、上学等负担，安排帮扶。", "To see burdens such as treatment and school, and plan help."},
      {"difficulties", true, "记下需要帮助解决的困难。", "To keep what the household needs help with."},
      {"plans", true, "按照本户自己的打算安排帮扶。", "To help along with what the household means to do."},
      {"measures", false, "公开为本户安排了什么、由谁办、何时办完。", "To show what is being done for the household, by whom and by when."}};
  settings.languages = {{"zh", "汉语", "Chinese"},    {"bo", "藏语", "Tibetan"}, {"ii", "彝语", "Yi"},
                        {"ug", "维吾尔语", "Uyghur"}, {"kk", "哈萨克语", "Kazakh"}, {"mn", "蒙古语", "Mongolian"},
                        {"ko", "朝鲜语", "Korean"},   {"za", "壮语", "Zhuang"},   {"en", "英语", "English"}};
  return settings;
}

// "21:00" as minutes of the day.
void ReadTimeOfDay(Fields& fields, std::string_view name, int& minutes) {
  const auto text = fields.Text(name, 5);
  if (!text) return;
  const auto digit = [&](size_t i) { return (*text)[i] >= '0' && (*text)[i] <= '9'; };
  const bool fits = text->size() == 5 && (*text)[2] == ':' && digit(0) && digit(1) && digit(3) && digit(4);
  const int hour = fits ? ((*text)[0] - '0') * 10 + (*text)[1] - '0' : 24;
  const int minute = fits ? ((*text)[3] - '0') * 10 + (*text)[4] - '0' : 60;
  if (hour > 23 || minute > 59) return fields.Refuse(name, "not_a_time", "21:00");
  minutes = hour * 60 + minute;
}

std::string TimeOfDay(int minutes) { return fmt::format("{:02}:{:02}", minutes / 60, minutes % 60); }

constexpr int64_t kFewestDays = 7;
constexpr int64_t kMostDays = 36500;

template <class T, class Key>
void RefuseDoubles(Fields& fields, std::string_view name, const std::vector<T>& items, Key key) {
  std::set<std::string> seen;
  for (size_t i = 0; i < items.size(); ++i) {
    if (!seen.insert(items[i].*key).second) fields.Refuse(fmt::format("{}[{}]", name, i), "duplicate");
  }
}

std::string NeedCode(Fields& f, std::string_view name) {
  std::string code = f.NeedText(name, 64);
  constexpr std::string_view kMiddle = "abcdefghijklmnopqrstuvwxyz0123456789_.-";
  const bool fits = code.empty() || (code.find_first_not_of(kMiddle) == std::string::npos &&
                                     code.find_first_of("_.-") != 0);
  if (!fits) f.Refuse(name, "not_a_code", "a-z 0-9 _ . -");
  return code;
}

void ReadLists(Fields& fields, CountySettings& settings) {
  if (fields.Has("quotas")) {
    settings.quotas.clear();
    fields.Each("quotas", 50, [&](Fields& f) {
      settings.quotas.push_back({NeedCode(f, "rank"), f.NeedText("label_zh", 50), f.NeedText("label_en", 50),
                                 f.NeedInt("households", 0, 1000)});
    });
    RefuseDoubles(fields, "quotas", settings.quotas, &Quota::rank);
  }
  if (fields.Has("visit_duties")) {
    settings.visit_duties.clear();
    fields.Each("visit_duties", 50, [&](Fields& f) {
      settings.visit_duties.push_back({NeedCode(f, "key"), f.NeedText("label_zh", 100), f.NeedText("label_en", 100),
                                       f.NeedOneOf("for", kWhom), f.NeedOneOf("act", kActs),
                                       f.NeedInt("times", 1, 366), f.NeedInt("months", 1, 60)});
    });
    RefuseDoubles(fields, "visit_duties", settings.visit_duties, &VisitDuty::key);
  }
  // A kind that is not named is kept as long as before.
  fields.Each("retention", 20, [&](Fields& f) {
    const std::string kind = f.NeedText("kind", 40);
    const int64_t days = f.NeedInt("days", kFewestDays, kMostDays);
    const auto period = std::find_if(settings.retention.begin(), settings.retention.end(),
                                     [&](const RetentionPeriod& one) { return one.kind == kind; });
    if (period != settings.retention.end()) period->days = days;
    else if (!kind.empty()) f.Refuse("kind", "unknown_value");
  });
  if (fields.Has("purposes")) {
    settings.purposes.clear();
    fields.Each("purposes", 10, [&](Fields& f) {
      SectionPurpose purpose{.section = f.NeedOneOf("section", kSections)};
      if (const auto consent = f.Bool("consent")) purpose.consent = *consent;
      else f.Refuse("consent", "required");
      purpose.purpose_zh = f.NeedText("purpose_zh", 500);
      purpose.purpose_en = f.NeedText("purpose_en", 500);
      settings.purposes.push_back(std::move(purpose));
    });
    RefuseDoubles(fields, "purposes", settings.purposes, &SectionPurpose::section);
  }
  if (fields.Has("languages")) {
    settings.languages.clear();
    fields.Each("languages", 50, [&](Fields& f) {
      SpokenLanguage language{f.NeedText("code", 35), f.NeedText("label_zh", 50), f.NeedText("label_en", 50)};
      if (!language.code.empty() && !IsLanguageTag(language.code)) f.Refuse("code", "not_a_language");
      settings.languages.push_back(std::move(language));
    });
    RefuseDoubles(fields, "languages", settings.languages, &SpokenLanguage::code);
  }
}

}  // namespace

int64_t CountySettings::QuotaOf(std::string_view rank) const {
  for (const Quota& quota : quotas) {
    if (quota.rank == rank) return quota.households;
  }
  return 0;
}

bool CountySettings::NeedsConsent(std::string_view section) const {
  for (const SectionPurpose& purpose : purposes) {
    if (purpose.section == section) return purpose.consent;
  }
  return false;
}

std::optional<int64_t> CountySettings::DaysKept(std::string_view kind) const {
  for (const RetentionPeriod& period : retention) {
    if (period.kind == kind) return period.days;
  }
  return std::nullopt;
}

void ReadSettings(Fields& fields, CountySettings& settings) {
  if (auto name = fields.Text("county_name", 100)) settings.county_name = *name;
  ReadLists(fields, settings);
  settings.rotation_months = fields.Int("rotation_months", 1, 120).value_or(settings.rotation_months);
  settings.soon_days = fields.Int("soon_days", 0, 60).value_or(settings.soon_days);
  settings.silence_days = fields.Int("silence_days", 1, 365).value_or(settings.silence_days);
  if (auto rule = fields.OneOf("push_down", kPushDown)) settings.push_down = *rule;
  settings.pattern_days = fields.Int("pattern_days", 7, 366).value_or(settings.pattern_days);
  settings.stuck_bounces = fields.Int("stuck_bounces", 1, 20).value_or(settings.stuck_bounces);
  settings.stuck_reopenings = fields.Int("stuck_reopenings", 1, 20).value_or(settings.stuck_reopenings);
  if (fields.Has("second_step_roles")) {
    settings.second_step_roles.clear();
    for (const std::string& name : fields.Texts("second_step_roles", kRoleCount, 20)) {
      const auto role = ParseRole(name);
      if (role) settings.second_step_roles.push_back(*role);
      else fields.Refuse("second_step_roles", "unknown_value", name);
    }
  }
  ReadTimeOfDay(fields, "quiet_from", settings.quiet_from);
  ReadTimeOfDay(fields, "quiet_until", settings.quiet_until);
}

void WriteLanguages(JsonWriter& w, const CountySettings& settings) {
  w.BeginArray();
  for (const SpokenLanguage& language : settings.languages) {
    w.BeginObject().Field("code", language.code).Field("label_zh", language.label_zh)
        .Field("label_en", language.label_en).EndObject();
  }
  w.EndArray();
}

void WriteSettings(JsonWriter& w, const CountySettings& settings) {
  w.Key("quotas").BeginArray();
  for (const Quota& quota : settings.quotas) {
    w.BeginObject().Field("rank", quota.rank).Field("label_zh", quota.label_zh).Field("label_en", quota.label_en)
        .Field("households", quota.households).EndObject();
  }
  w.EndArray().Key("visit_duties").BeginArray();
  for (const VisitDuty& duty : settings.visit_duties) {
    w.BeginObject().Field("key", duty.key).Field("label_zh", duty.label_zh).Field("label_en", duty.label_en)
        .Field("for", duty.whom).Field("act", duty.act).Field("times", duty.times).Field("months", duty.months)
        .EndObject();
  }
  w.EndArray().Key("purposes").BeginArray();
  for (const SectionPurpose& purpose : settings.purposes) {
    w.BeginObject().Field("section", purpose.section).Field("consent", purpose.consent)
        .Field("purpose_zh", purpose.purpose_zh).Field("purpose_en", purpose.purpose_en).EndObject();
  }
  w.EndArray().Key("languages");
  WriteLanguages(w, settings);
  w.Key("retention").BeginArray();
  for (const RetentionPeriod& period : settings.retention) {
    w.BeginObject().Field("kind", period.kind).Field("days", period.days).EndObject();
  }
  w.EndArray().Field("rotation_months", settings.rotation_months).Field("soon_days", settings.soon_days)
      .Field("silence_days", settings.silence_days).Field("stuck_bounces", settings.stuck_bounces)
      .Field("stuck_reopenings", settings.stuck_reopenings).Field("quiet_from", TimeOfDay(settings.quiet_from))
      .Field("quiet_until", TimeOfDay(settings.quiet_until)).Field("push_down", settings.push_down)
      .Field("pattern_days", settings.pattern_days).Key("second_step_roles").BeginArray();
  for (const Role role : settings.second_step_roles) w.Value(RoleName(role));
  w.EndArray();
}

const CountySettings& KnownSettings(db::Tx& tx, County county) {
  struct Known {
    std::string text;  // what it was read from: the row decides, not the time
    CountySettings settings = Defaults();
  };
  static thread_local std::map<County, Known> all;
  Known& known = all[county];
  bool is_there = false;
  tx.Rows(kFindSettings, [&](const db::Row& row) {
    is_there = true;
    known.settings.county_name = row.Text(0);
    known.settings.zone.offset_minutes = static_cast<int32_t>(row.Int(1));
    if (known.text == row.View(2)) return;
    CountySettings settings = Defaults();
    const json::value stored = json::parse(row.View(2));
    Fields fields(stored.as_object(), county);
    ReadSettings(fields, settings);
    settings.revision = fields.Int("revision", 1, INT64_MAX).value_or(1);
    settings.county_name = row.Text(0);
    settings.zone = known.settings.zone;
    known = {row.Text(2), std::move(settings)};
  }, county);
  if (!is_there) known = {};
  return known.settings;
}

CountySettings Settings(db::Tx& tx, County county) { return KnownSettings(tx, county); }

void SaveSettings(db::Tx& tx, County county, const CountySettings& settings) {
  JsonWriter w(county);
  w.BeginObject().Field("revision", settings.revision);
  WriteSettings(w, settings);
  w.EndObject();
  tx.Run(kSaveSettings, county, settings.county_name, w.Take());
}

std::string ZoneName(Zone zone) {
  if (zone.offset_minutes == 480) return "Asia/Shanghai";
  if (zone.offset_minutes % 60 != 0) return "Etc/UTC";
  const int hours = zone.offset_minutes / 60;
  // The sign of these names is the other way round.
  return hours == 0 ? "Etc/UTC" : fmt::format("Etc/GMT{:+d}", -hours);
}

}  // namespace huiyin::org
