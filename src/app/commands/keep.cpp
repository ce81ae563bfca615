// SPDX-License-Identifier: EUPL-1.2
// Commands that keep the data: migrate, audit verify, version.
#include <cstdio>

#include "app/commands.h"
#include "db/migrate.h"
#include "platform/audit.h"

namespace huiyin::app {
namespace {

namespace fs = std::filesystem;

int MigrateData(std::span<const std::string> args) {
  const Arguments arguments(args, {"data"});
  const fs::path dir = arguments.Need("data");
  fs::create_directories(dir);
  const auto database = OpenDatabase(dir, 1);
  const auto result = db::Migrate(*database, SystemClock().Now());
  if (result.applied == 0) fmt::print("schema {}: nothing to do\n", result.to);
  else fmt::print("schema {} -> {}\n", result.from, result.to);
  return 0;
}

int VerifyAudit(std::span<const std::string> args) {
  const Arguments arguments(args, {"data", "json!"});
  const OpenCounty county = OpenData(arguments.Need("data"));
  audit::Verification result;
  county.database->Read([&](db::Tx& tx) {
    result = audit::Verify(tx, county.services->default_county, [](int64_t entries) {
      fmt::print(stderr, "\r{} entries", entries);
    });
  });
  if (arguments.Flag("json")) {
    JsonWriter w;
    w.BeginObject().Field("ok", result.whole).Field("entries", result.entries).Field("head", result.head);
    if (!result.whole) w.Field("first_break", result.first_break).Field("reason", result.reason);
    w.EndObject();
    fmt::print("{}\n", w.Take());
  } else if (result.whole) {
    fmt::print("the chain is whole: {} entries, head {}\n", result.entries, result.head);
  } else {
    fmt::print("BROKEN at entry {} ({}); {} entries before it are whole\n", result.first_break, result.reason, result.entries);
  }
  return result.whole ? 0 : 1;
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
                          "huiyin migrate --data DIR\n\nServing does this by itself; run it alone to see it done.", MigrateData};
const Command kAuditVerify = {"audit verify", "walk the audit chain and name the first break",
                              "huiyin audit verify --data DIR [--json]\n\nEnds with 1 when the chain is broken.", VerifyAudit};
const Command kVersion = {"version", "print the program's version and schema", "huiyin version", Version};

}  // namespace huiyin::app
