// SPDX-License-Identifier: EUPL-1.2
// Commands that keep the data: migrate, audit verify, version.
#include <cstdio>

#include "app/commands.h"
#include "db/distribute.h"
#include "db/migrate.h"
#include "modules/org/org.h"
#include "platform/audit.h"

namespace huiyin::app {
namespace {

namespace fs = std::filesystem;

int MigrateData(std::span<const std::string> args) {
  const Arguments arguments(args, {"data", "distributed!"});
  const fs::path dir = arguments.Need("data");
  if (arguments.Flag("distributed") && !DatabaseUrl(dir)) throw Usage("--distributed is for records on PostgreSQL with Citus; those of this folder are in a file");
  fs::create_directories(dir);
  const auto database = OpenDatabase(dir, 1);
  const auto result = db::Migrate(*database, SystemClock().Now());
  if (result.applied == 0) fmt::print("schema {}: nothing to do\n", result.to);
  else fmt::print("schema {} -> {}\n", result.from, result.to);
  if (arguments.Flag("distributed")) {
    const auto spread = db::Distribute(*database);
    fmt::print("{} tables lie by county, {} on every node; {} of them just now\n", spread.by_county, spread.everywhere, spread.added);
  }
  return 0;
}

// Each county has a chain of its own.
struct Verified {
  County county;
  audit::Verification result;
};

int VerifyAudit(std::span<const std::string> args) {
  const Arguments arguments(args, {"data", "county", "json!"});
  const OpenCounty data = OpenData(arguments.Need("data"));
  std::optional<County> only;
  if (const auto code = arguments.Get("county")) {
    only = ParseCounty(*code);
    if (!only) throw Usage("--county wants six digits");
  }
  std::vector<Verified> all;
  data.database->Read([&](db::Tx& tx) {
    for (const auto& named : org::Counties(tx)) {
      if (only && *only != named.county) continue;
      all.push_back({named.county, audit::Verify(tx, named.county, [](int64_t entries) { fmt::print(stderr, "\r{} entries", entries); })});
    }
  });
  if (only && all.empty()) throw std::runtime_error("there is no county " + FormatCounty(*only) + " here");
  const bool whole = std::all_of(all.begin(), all.end(), [](const Verified& v) { return v.result.whole; });
  for (const auto& [county, result] : all) {
    if (arguments.Flag("json")) {
      JsonWriter w;
      w.BeginObject().Field("county", FormatCounty(county)).Field("ok", result.whole).Field("entries", result.entries).Field("head", result.head);
      if (!result.whole) w.Field("first_break", result.first_break).Field("reason", result.reason);
      w.EndObject();
      fmt::print("{}\n", w.Take());
      continue;
    }
    const std::string of = all.size() == 1 ? "" : FormatCounty(county) + ": ";
    if (result.whole) fmt::print("{}the chain is whole: {} entries, head {}\n", of, result.entries, result.head);
    else fmt::print("{}BROKEN at entry {} ({}); {} entries before it are whole\n", of, result.first_break, result.reason, result.entries);
  }
  return whole ? 0 : 1;
}

int Version(std::span<const std::string>) {
  fmt::print("huiyin {} (schema {})\n", HUIYIN_VERSION, db::Migrations().empty() ? 0 : db::Migrations().back().number);
  return 0;
}

}  // namespace

extern const Command kMigrate;
extern const Command kAuditVerify;
extern const Command kVersion;
const Command kMigrate = {"migrate", "bring a data folder to this program's schema",
                          "huiyin migrate --data DIR [--distributed]\n\nServing does this by itself; run it alone to see it done. --distributed spreads the tables of a\nPostgreSQL with the Citus extension over its nodes by county, with what is in them; tables of\nlater schemas follow by themselves.", MigrateData};
const Command kAuditVerify = {"audit verify", "walk the audit chain and name the first break",
                              "huiyin audit verify --data DIR [--county CODE] [--json]\n\nEach county of the database has a chain of its own; all of them unless one is named.\nEnds with 1 when one is broken.", VerifyAudit};
const Command kVersion = {"version", "print the program's version and schema", "huiyin version", Version};

}  // namespace huiyin::app
