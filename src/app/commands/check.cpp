// SPDX-License-Identifier: EUPL-1.2
// Looks at a data folder the way somebody would who has been called because it is odd: the
// settings, the database, the files. Changes nothing.
#include <algorithm>
#include <cstdio>
#include <thread>

#include <sys/stat.h>

#include "app/commands.h"
#include "app/outside.h"
#include "core/crypto.h"
#include "db/migrate.h"
#include "modules/attachments/files.h"
#include "modules/org/org.h"
#include "modules/terms/terms.h"
#include "platform/audit.h"

namespace huiyin::app {
namespace {

namespace fs = std::filesystem;

constexpr db::Sql kQuick{"app.quick_check", "PRAGMA quick_check(20)"};
constexpr db::Sql kForeign{"app.foreign_key_check", "PRAGMA foreign_key_check"};
constexpr db::Sql kNewest{"app.newest_migration", "SELECT COALESCE(MAX(number), 0) FROM schema_migrations"};
constexpr db::Sql kCounties{"app.counties", "SELECT county, name FROM counties ORDER BY county"};
constexpr db::Sql kAreas{"app.count_areas", "SELECT COUNT(*) FROM areas WHERE county = $1"};
constexpr db::Sql kHouseholds{"app.count_households", R"sql(
  SELECT COUNT(*) FROM households WHERE county = $1 AND state = 'living'
)sql"};
constexpr db::Sql kCounted{"app.counted_households", R"sql(
  SELECT households FROM areas WHERE county = $1 AND code = $2
)sql"};
constexpr db::Sql kAttachments{"app.attachments", R"sql(
  SELECT DISTINCT sha256 FROM attachments WHERE county = $1
)sql"};

// One line a finding; the worst decides how the command ends.
class Report {
 public:
  void Good(std::string_view what) { fmt::print("ok    {}\n", what); }
  void Odd(std::string_view what) { fmt::print("look  {}\n", what); }
  void Bad(std::string_view what) {
    fmt::print("BAD   {}\n", what);
    bad_ = true;
  }
  bool bad() const { return bad_; }

 private:
  bool bad_ = false;
};

void CheckFolder(Report& report, const fs::path& dir) {
  struct stat info {};
  const fs::path key = KeyFile(dir);
  if (::stat(key.c_str(), &info) != 0) report.Bad(key.string() + " is missing: sealed numbers cannot be read (is it in the backup?)");
  else if (info.st_size != 32) report.Bad(key.string() + " is not a key of 32 bytes");
  else if ((info.st_mode & 077) != 0) report.Odd(key.string() + " can be read by others: chmod 600 it");
  else report.Good(key.string() + " is there and its owner's alone");
  if (::stat((dir / "huiyin.db").c_str(), &info) == 0 && (info.st_mode & 07) != 0) {
    report.Odd("huiyin.db can be read by everybody on this machine");
  }
  const auto space = fs::space(dir);
  const std::string free = fmt::format("{} MB free on the disk", space.available >> 20);
  if (space.available < (512ULL << 20)) report.Odd(free);
  else report.Good(free);
}

void CheckDatabase(Report& report, db::Tx& tx, const fs::path& dir) {
  const int known = db::Migrations().empty() ? 0 : db::Migrations().back().number;
  const auto schema = static_cast<int>(tx.Number(kNewest));
  if (schema == known) report.Good(fmt::format("schema {} is this program's", schema));
  else report.Bad(fmt::format("schema {}, this program knows {}", schema, known));
  if (DatabaseUrl(dir)) return report.Good("the records are on PostgreSQL: pg_amcheck looks at its pages");
  std::string first;
  tx.Rows(kQuick, [&](const db::Row& row) { if (first.empty()) first = row.Text(0); });
  if (first == "ok") report.Good("the database is sound");
  else report.Bad("the database is damaged: " + first);
  int64_t orphans = 0;
  tx.Rows(kForeign, [&](const db::Row&) { ++orphans; });
  if (orphans == 0) report.Good("every reference leads somewhere");
  else report.Bad(fmt::format("{} rows refer to what is not there", orphans));
}

void CheckOffice(Report& report, db::Tx& tx, County county, const std::string& name) {
  const std::string code = FormatCounty(county);
  const org::CountySettings settings = org::Settings(tx, county);
  report.Good(fmt::format("county {} {}: {} areas, settings revision {}", code, name, tx.Number(kAreas, county), settings.revision));
  if (org::OfficersWith(tx, county, Role::kAdministrator, code).empty()) {
    report.Odd("nobody administers county " + code + ": huiyin user add --role administrator");
  }
  if (org::OfficersWith(tx, county, Role::kAuditor, code).empty()) {
    report.Odd("county " + code + " has no auditor: complaints about officers reach nobody");
  }
  if (!org::IntakeUnit(tx, county, code)) report.Odd("county " + code + " has no unit that takes what residents bring");
}

void CheckTerms(Report& report, db::Tx& tx, County county, Date today) {
  const auto terms = terms::Of(tx, county);
  if (terms->rules.empty()) report.Bad("there are no rules of terms");
  else report.Good(fmt::format("{} rules of terms", terms->rules.size()));
  const auto until = terms::CalendarKnownUntil(tx, county, today);
  if (!until || *until < today) report.Odd("the calendar of this year is not known: terms count weekends only");
  else if (*until - today < 60) report.Odd("the calendar ends on " + FormatDate(*until) + ": load the next year");
  else report.Good("the calendar is known until " + FormatDate(*until));
}

void CheckCounts(Report& report, db::Tx& tx, County county) {
  const int64_t real = tx.Number(kHouseholds, county);
  const int64_t counted = tx.Number(kCounted, county, FormatCounty(county));
  if (real == counted) report.Good(fmt::format("{} households, as counted", real));
  else report.Bad(fmt::format("{} households, {} counted", real, counted));
}

void CheckAudit(Report& report, db::Tx& tx, County county) {
  const auto result = audit::Verify(tx, county);
  if (result.whole) report.Good(fmt::format("the audit chain is whole: {} entries", result.entries));
  else report.Bad(fmt::format("the audit chain breaks at entry {} ({})", result.first_break, result.reason));
}

// Every picture is there; unless it has to be quick, its bytes are what their name says.
void CheckFiles(Report& report, db::Tx& tx, County county, const fs::path& files, bool quick) {
  int64_t there = 0;
  int64_t missing = 0;
  int64_t changed = 0;
  tx.Rows(kAttachments, [&](const db::Row& row) {
    Sha256Hash hash{};
    std::copy_n(row.View(0).data(), std::min(row.View(0).size(), hash.size()), hash.data());
    const fs::path file = attachments::PathOf(files, hash);
    if (quick) return static_cast<void>(++(fs::exists(file) ? there : missing));
    const auto bytes = attachments::Load(file);
    ++(!bytes ? missing : Sha256(*bytes) == hash ? there : changed);
  }, county);
  if (missing > 0) report.Bad(fmt::format("{} attachments have lost their file", missing));
  if (changed > 0) report.Bad(fmt::format("{} attachments are not the files they were", changed));
  if (missing + changed == 0) report.Good(fmt::format("{} attachments have their files", there));
}

// What serve would be started with; a secret is read and never shown.
void CheckOutside(Report& report, const Arguments& arguments, const fs::path& dir) {
  try {
    const auto files = AddLanguages(dir);
    if (!files.empty()) report.Good(fmt::format("{} languages of messages of the county's own", files.size()));
  } catch (const std::runtime_error& error) {
    report.Bad(error.what());
  }
  try {
    const Outside outside = ReadOutside(arguments);
    if (outside.sms) report.Good(fmt::format("SMS go to {}:{}", outside.sms->host, outside.sms->port));
    if (outside.sms && outside.sms->token.empty()) report.Odd("the SMS gateway is given no token: --sms-token-file");
    if (outside.sms && !outside.sms->is_tls) report.Odd("SMS go to the gateway in the clear: https:// unless it is on this machine");
    if (outside.mail) report.Good(fmt::format("mail goes to {}:{}", outside.mail->host, outside.mail->port));
    if (!outside.sms && !outside.mail) report.Good("no SMS gateway and no mail server named: the window tells residents");
  } catch (const Usage& usage) {
    report.Bad(usage.what());
  } catch (const std::runtime_error& error) {
    report.Bad(error.what());
  }
  for (const char* option : {"sms-token-file", "smtp-password-file"}) {
    const auto file = arguments.Get(option);
    struct stat info {};
    if (file && ::stat(file->c_str(), &info) == 0 && (info.st_mode & 077) != 0) report.Odd(*file + " can be read by others: chmod 600 it");
  }
}

// They are looked at for a moment, as a server would.
void CheckReplicas(Report& report, const fs::path& dir) {
  const auto primary = DatabaseUrl(dir);
  const auto urls = ReplicaUrls(dir);
  if (!primary || urls.empty()) return;
  const auto replicas = db::OpenReplicas({.primary = *primary, .replicas = urls});
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(3);
  auto states = replicas->states();
  const auto follows = [](const db::ReplicaState& state) { return state.is_used; };
  while (!std::all_of(states.begin(), states.end(), follows) && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    states = replicas->states();
  }
  for (const db::ReplicaState& state : states) {
    if (state.is_used) report.Good(fmt::format("the replica {} follows, {:.1f} s behind at most", state.name, static_cast<double>(state.lag.count()) / 1000));
    else report.Odd(fmt::format("the replica {} does not follow or answer: reports come from the database itself", state.name));
  }
}

int Check(std::span<const std::string> args) {
  std::vector<std::string_view> known = {"data", "quick!"};
  for (const std::string_view option : OutsideOptions()) known.push_back(option);
  const Arguments arguments(args, known);
  const fs::path dir = arguments.Need("data");
  Report report;
  CheckFolder(report, dir);
  CheckOutside(report, arguments, dir);
  CheckReplicas(report, dir);
  const OpenCounty county = OpenData(dir);
  const Instant now = county.services->clock.Now();
  county.database->Read([&](db::Tx& tx) {
    if (!arguments.Flag("quick")) CheckDatabase(report, tx, dir);
    std::vector<std::pair<County, std::string>> counties;
    tx.Rows(kCounties, [&](const db::Row& row) { counties.emplace_back(County{static_cast<int32_t>(row.Int(0))}, row.Text(1)); });
    if (counties.empty()) report.Odd("there is no county yet: huiyin areas import, huiyin county create or huiyin demo");
    for (const auto& [each, name] : counties) {
      CheckOffice(report, tx, each, name);
      CheckTerms(report, tx, each, LocalDate(now, county.services->zone));
      CheckCounts(report, tx, each);
      if (!arguments.Flag("quick")) CheckAudit(report, tx, each);
      CheckFiles(report, tx, each, county.services->files, arguments.Flag("quick"));
    }
  });
  return report.bad() ? 1 : 0;
}

}  // namespace

extern const Command kCheck;
const std::string kHelp = std::string(R"(huiyin check --data DIR [--quick]

Prints one line a finding: ok, look (works, but look at it) or BAD. Ends with 1 when
anything is bad. --quick leaves out what reads the whole database. Given the options that
serve is started with, it looks at them too:

)") + kOutsideHelp;
const Command kCheck = {"check", "look at the settings, the database and the files", kHelp, Check};

}  // namespace huiyin::app
