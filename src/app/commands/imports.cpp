// SPDX-License-Identifier: EUPL-1.2
// Tables from the command line: checked whole, then applied.
#include <chrono>
#include <cstdio>
#include <fstream>

#include "app/commands.h"
#include "core/text.h"
#include "modules/imports/imports.h"

namespace huiyin::app {
namespace {

namespace fs = std::filesystem;
using imports::Import;

constexpr size_t kErrorsShown = 50;
constexpr size_t kHouseholdsAPiece = 3'000;

const Actor& System() {
  static const Actor system = [] {
    Actor actor;
    actor.kind = Actor::Kind::kSystem;
    return actor;
  }();
  return system;
}

Sha256Hash HashOf(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  return Sha256(bytes);
}

Import CheckFile(const OpenCounty& county, std::string_view kind, const fs::path& file, std::vector<std::string>& logins) {
  const Services& services = *county.services;
  const Instant now = services.clock.Now();
  Import import;
  county.database->Read([&](db::Tx& tx) {
    imports::Work work{tx, services, services.default_county, now, LocalDate(now, services.zone), System()};
    import = imports::Check(work, kind, file, true, [](int64_t rows) { fmt::print(stderr, "\rchecked {} rows", rows); }, &logins);
  });
  if (import.rows > 5'000) fmt::print(stderr, "\n");
  import.id = ImportId(NewUuid(now, services.random));
  import.file_name = std::string(FirstCharacters(file.filename().string(), 200));
  import.file_hash = HashOf(file);
  return import;
}

int Refused(const Import& import) {
  const std::string outcome = import.state == "failed"
                                  ? fmt::format("what stands in the first {} rows was imported, nothing behind them", import.rows_done)
                                  : "nothing was imported";
  fmt::print(stderr, "{} mistake{} in {} rows; {}\n", import.errors_count, import.errors_count == 1 ? "" : "s", import.rows, outcome);
  for (size_t i = 0; i < import.errors.size() && i < kErrorsShown; ++i) {
    const imports::TableError& error = import.errors[i];
    fmt::print(stderr, "  row {}{}{}: {}{}{}\n", error.row, error.column.empty() ? "" : ", ", error.column, error.code,
               error.detail.empty() ? "" : ": ", error.detail);
  }
  const auto more = import.errors_count - static_cast<int64_t>(std::min(import.errors.size(), kErrorsShown));
  if (more > 0) fmt::print(stderr, "  and {} more\n", more);
  return 1;
}

void ShowSummary(const Import& import) {
  fmt::print("{} rows: {} new, {} changed, {} the same\n", import.rows, import.summary.added, import.summary.changed,
             import.summary.same);
}

// One file and an open county.
struct Job {
  fs::path file;
  OpenCounty county;
  bool check_only = false;
};

Job Begin(const Arguments& arguments) {
  if (arguments.words().size() != 1) throw Usage("name one file");
  Job job{.file = arguments.words()[0], .county = OpenData(arguments.Need("data")), .check_only = arguments.Flag("check")};
  if (job.county.services->default_county.code == 0) throw std::runtime_error("there is no county in this folder yet: huiyin areas import, or huiyin county create");
  if (const auto code = arguments.Get("county")) {
    const auto county = ParseCounty(*code);
    if (!county) throw Usage("--county wants six digits");
    job.county.services->default_county = *county;
  }
  return job;
}

void WritePasswords(const std::optional<std::string>& to, const std::vector<imports::NewPasswordOf>& passwords) {
  if (passwords.empty()) return;
  std::string text = "login,password\n";
  for (const imports::NewPasswordOf& each : passwords) text += each.login + "," + each.password + "\n";
  if (!to) {
    fmt::print("{}", text);
    return;
  }
  std::ofstream out(*to, std::ios::binary | std::ios::trunc);
  fs::permissions(*to, fs::perms::owner_read | fs::perms::owner_write);
  out << text;
  if (!out.flush()) throw std::runtime_error(*to + ": cannot be written");
  fmt::print("passwords of {} new officers are in {}\n", passwords.size(), *to);
}

int ImportWhole(std::string_view kind, const Arguments& arguments) {
  Job job = Begin(arguments);
  std::vector<std::string> logins;
  Import import = CheckFile(job.county, kind, job.file, logins);
  if (import.state == "refused") return Refused(import);
  ShowSummary(import);
  if (job.check_only) return 0;
  const auto passwords = imports::MakePasswords(logins, job.county.services->random);
  WithContext(job.county, [&](Context& ctx) {
    imports::Insert(ctx.tx, ctx.county, import);
    imports::ApplyWhole(ctx, import, job.file, passwords);
    imports::SaveProgress(ctx.tx, ctx.county, import, ctx.now);
    imports::RecordApplied(ctx, import);
  });
  WritePasswords(arguments.Get("passwords"), passwords);
  return 0;
}

int ImportUnits(std::span<const std::string> args) {
  return ImportWhole("units", Arguments(args, {"data", "county", "check!"}));
}

int ImportOfficers(std::span<const std::string> args) {
  return ImportWhole("officers", Arguments(args, {"data", "county", "check!", "passwords"}));
}

void ApplyHouseholds(const Job& job, Import& import) {
  imports::Application application(import, job.file);
  const auto began = std::chrono::steady_clock::now();
  const int64_t from = import.rows_done;
  bool more = true;
  while (more) {
    WithContext(job.county, [&](Context& ctx) {
      more = application.Step(ctx, import, kHouseholdsAPiece);
      imports::SaveProgress(ctx.tx, ctx.county, import, ctx.now);
      if (!more) imports::RecordApplied(ctx, import);
    });
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    fmt::print(stderr, "\r{} of {} rows, {:.0f} rows a second ", import.rows_done, import.rows,
               static_cast<double>(import.rows_done - from) / std::max(seconds, 0.001));
  }
  fmt::print(stderr, "\n");
}

int ImportHouseholds(std::span<const std::string> args) {
  const Arguments arguments(args, {"data", "county", "check!"});
  Job job = Begin(arguments);
  const County county = job.county.services->default_county;
  const Sha256Hash hash = HashOf(job.file);
  std::optional<Import> begun;
  job.county.database->Read([&](db::Tx& tx) { begun = imports::FindApplying(tx, county, "households", hash); });
  if (begun && !job.check_only) {
    fmt::print("going on behind row {} of {}\n", begun->rows_done + 1, begun->rows + 1);
  } else {
    std::vector<std::string> none;
    Import import = CheckFile(job.county, "households", job.file, none);
    if (import.state == "refused") return Refused(import);
    ShowSummary(import);
    if (job.check_only || import.summary.added + import.summary.changed == 0) return 0;
    import.state = "applying";
    WithContext(job.county, [&](Context& ctx) { imports::Insert(ctx.tx, ctx.county, import); });
    begun = import;
  }
  ApplyHouseholds(job, *begun);
  if (begun->state == "failed") return Refused(*begun);
  fmt::print("done\n");
  return 0;
}


}  // namespace

extern const Command kUnitsImport;
extern const Command kOfficersImport;
extern const Command kHouseholdsImport;
const Command kUnitsImport = {
    "units import", "import units from a table",
    R"(huiyin units import FILE --data DIR [--county CODE] [--check]

The file is CSV (UTF-8 or GB18030) or XLSX (its first sheet). The first row names the
columns, in Chinese or English; * marks those that are needed:

  name 单位名称*, area_code 区域代码*, kind 单位类型*, parent 上级单位, phone 电话, address 地址

A unit is known by its area and name. The unit above is named, and looked for in the unit's
own area and those above. Any mistake is listed with its row and column and nothing is
imported. The same file twice changes nothing. --check only looks.)",
    ImportUnits};
const Command kOfficersImport = {
    "officers import", "import officers and their roles from a table",
    R"(huiyin officers import FILE --data DIR [--county CODE] [--passwords OUT.csv] [--check]

The file is CSV (UTF-8 or GB18030) or XLSX (its first sheet). The first row names the
columns, in Chinese or English; * marks those that are needed:

  name 姓名*, login 登录名*, unit 单位*, unit_area_code 单位区域代码, post 职务, phone 电话,
  rank 职级, languages 语言, roles 角色, role_area_code 负责区域

An officer is known by the login. Several roles are joined by ";". Each new officer gets a
password, printed once (or written to OUT.csv) and to be changed at the first sign-in.
Any mistake is listed with its row and column and nothing is imported. --check only looks.)",
    ImportOfficers};
const Command kHouseholdsImport = {
    "households import", "import households from a table, with progress",
    R"(huiyin households import FILE --data DIR [--county CODE] [--check]

The file is CSV (UTF-8 or GB18030) or XLSX (its first sheet), one row a person, the rows of a
household under one another. The first row names the columns, in Chinese or English; * marks
those that are needed:

  register_number 户号*, area_code 区域代码* (village or group), name 姓名*, relation 与户主关系*,
  address 住址, household_phone 户电话, sex 性别, birth_date 出生日期, phone 电话, languages 语言,
  id_number 身份证号, away_place 外出地点, care 关爱, note 备注

The whole file is checked first: any mistake is listed with its row and column and nothing is
imported. Then it is applied in pieces. Interrupted, the same command goes on where it
stopped. A household that is there already gets what the file says more of it and loses
nothing; the same file twice changes nothing. --check only looks.)",
    ImportHouseholds};

}  // namespace huiyin::app
