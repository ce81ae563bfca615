// SPDX-License-Identifier: EUPL-1.2
#include <cstdio>

#include "app/commands.h"
#include "app/move_county.h"
#include "db/migrate.h"
#include "db/move.h"
#include "db/postgres.h"
#include "platform/audit.h"

namespace huiyin::app {
namespace {

namespace fs = std::filesystem;

constexpr db::Sql kCounties{"app.moved_counties", "SELECT county FROM counties ORDER BY county"};

std::unique_ptr<db::Database> Target(const fs::path& dir, const std::string& to) {
  if (db::IsPostgresUrl(to)) return db::OpenPostgres({.url = to, .readers = 2});
  if (to != "file") throw Usage("--to wants postgres://... or the word file");
  if (fs::exists(dir / "huiyin.db")) throw std::runtime_error((dir / "huiyin.db").string() + " is there already");
  return db::OpenSqlite({.file = dir / "huiyin.db", .readers = 2});
}

}  // namespace

// Matters are found by an index that each engine keeps in its own way: a server puts those
// without a place back in, a few at a time.
void ForgetPlaces(db::Database& database) {
  static constexpr db::Sql kForget{"app.forget_places", "UPDATE matters SET text_number = NULL"};
  database.Write([](db::Tx& tx) { tx.Run(kForget); });
}

namespace {

int MoveData(std::span<const std::string> args) {
  const Arguments arguments(args, {"data", "to", "county", "into"});
  const fs::path dir = arguments.Need("data");
  if (const auto code = arguments.Get("county")) {
    const auto county = ParseCounty(*code);
    if (!county) throw Usage("--county wants six digits");
    if (arguments.Get("to")) throw Usage("--county goes with --into DIR, and without --to");
    MoveCounty(dir, arguments.Need("into"), *county, SystemRandom(), [](const std::string& line) {
      fmt::print("{}\n", line);
      std::fflush(stdout);
    });
    return 0;
  }
  if (arguments.Get("into")) throw Usage("--into wants --county, which one");
  const std::string to = arguments.Need("to");
  const auto from_url = DatabaseUrl(dir);
  if (!from_url && !fs::exists(dir / "huiyin.db")) throw std::runtime_error(dir.string() + ": there is no county here");
  if (from_url == to || (!from_url && to == "file")) throw Usage("--to: the records are there already");

  const FolderLock alone(dir);
  const fs::path file = dir / "huiyin.db";
  const fs::path aside = dir / "huiyin.db.before-move";
  if (!from_url && fs::exists(aside)) throw std::runtime_error(aside.string() + " is there from an earlier move: put it elsewhere first");

  auto from = OpenDatabase(dir, 2);
  const Instant now = SystemClock().Now();
  db::Migrate(*from, now);
  const auto target = Target(dir, to);
  db::Migrate(*target, now);
  int64_t rows = 0;
  const auto moved = db::Move(*from, *target, [&](const db::MovedTable& table) {
    rows += table.rows;
    if (table.rows > 0) fmt::print("  {:<28} {:>10} rows, the same hash on both sides\n", table.name, table.rows);
    std::fflush(stdout);
  });
  ForgetPlaces(*target);
  target->Settle();
  target->Read([](db::Tx& tx) {
    for (const County county : tx.All(kCounties, [](const db::Row& row) { return County{static_cast<int32_t>(row.Int(0))}; })) {
      const auto chain = audit::Verify(tx, county);
      if (!chain.whole) throw std::runtime_error(fmt::format("the audit chain of {} breaks at entry {}", county.code, chain.first_break));
      fmt::print("  audit chain of {}: {} entries, whole\n", county.code, chain.entries);
    }
  });
  // Only now, and in one step, does the folder name the new place.
  if (to == "file") {
    fs::remove(dir / "database");
    fmt::print("{} rows of {} tables are in {}; the PostgreSQL database is left as it was\n", rows, moved.size(), (dir / "huiyin.db").string());
  } else {
    SetDatabaseUrl(dir, to);
    from.reset();
    fs::rename(file, aside);
    for (const char* part : {"-wal", "-shm"}) {
      if (fs::exists(file.string() + part)) fs::rename(file.string() + part, aside.string() + part);
    }
    fmt::print("{} rows of {} tables are on PostgreSQL; what was in the file is kept in {}\n", rows, moved.size(), aside.string());
  }
  return 0;
}

}  // namespace

extern const Command kMove;
const Command kMove = {"move", "carry records from a file to PostgreSQL or back, or a county to another database",
                       "huiyin move --data DIR --to postgres://... | file\n"
                       "huiyin move --data DIR --county CODE --into OTHER\n\n"
                       "Stop the server first; a folder that is served is refused. Every table is read again on both sides and must be the same, and\n"
                       "the audit chain whole, before DIR names the new place (DIR/database). What was there stays.\n"
                       "Files, key and journal of reads stay in DIR. The search of matters finds them again as the\n"
                       "server puts them back into its index, in its first minutes.\n"
                       "An interrupted move changed nothing here: empty the new database and begin again.\n\n"
                       "With --county one county goes from the database of DIR into that of OTHER, where others may be: its\n"
                       "records, pictures and sessions, its encrypted values put under the key of OTHER. Neither folder may be\n"
                       "served meanwhile. It is compared there, row by row, and only then taken out of DIR. Interrupted, run the\n"
                       "same command again; until then neither folder is served. Afterwards change the routing table.", MoveData};

}  // namespace huiyin::app
