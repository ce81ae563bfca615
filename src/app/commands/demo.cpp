// SPDX-License-Identifier: EUPL-1.2
// Makes a synthetic county to try the program on.
#include <chrono>
#include <cstdio>
#include <fstream>

#include "app/commands.h"
#include "db/migrate.h"
#include "demo/demo.h"
#include "demo/scale.h"

namespace huiyin::app {
namespace {

namespace fs = std::filesystem;

constexpr int kFewest = 50;
constexpr int kMost = 2'000'000;
constexpr int64_t kCacheKib = 512 * 1024;
constexpr int64_t kLargeCacheKib = 3 * 1024 * 1024;
constexpr int64_t kEndOfWork = 17 * kHour + 30 * kMinute;

int Number(const Arguments& arguments, std::string_view name, int otherwise, int from, int to) {
  const auto text = arguments.Get(name);
  if (!text) return otherwise;
  int value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc() || end != text->data() + text->size() || value < from || value > to) {
    throw Usage(fmt::format("--{} must be a number from {} to {}", name, from, to));
  }
  return value;
}

// The given day at the end of work, though never later than now.
Instant Until(const Arguments& arguments) {
  const Instant now = SystemClock().Now();
  const auto text = arguments.Get("until");
  if (!text) return now;
  const auto day = ParseDate(*text);
  if (!day) throw Usage("--until must be a day such as 2026-11-21");
  return std::min(now, StartOfDay(*day, Zone{}) + kEndOfWork);
}

// Readable by its owner only: it holds passwords.
void WriteAccounts(const fs::path& file, const std::string& accounts) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
  out << accounts;
  if (!out.flush()) throw std::runtime_error(file.string() + ": cannot be written");
}

int MakeDemo(std::span<const std::string> args) {
  const Arguments arguments(args, {"dir", "households", "matters", "seed", "until", "brief!"});
  const fs::path dir = arguments.Need("dir");
  demo::Options options;
  options.households = Number(arguments, "households", options.households, kFewest, kMost);
  options.matters = Number(arguments, "matters", 0, 0, 5 * kMost);
  options.seed = static_cast<uint64_t>(Number(arguments, "seed", 1, 0, 1'000'000'000));
  options.is_brief = arguments.Flag("brief");
  options.now = Until(arguments);
  options.data = ShippedData();
  options.progress = [](const std::string& line) { fmt::print(stderr, "  {}\n", line); };
  if (fs::exists(dir / "huiyin.db")) {
    throw std::runtime_error((dir / "huiyin.db").string() + " is there already; a demo county is only made in a new folder");
  }

  const auto began = std::chrono::steady_clock::now();
  fs::create_directories(dir / "files");
  demo::Made made;
  {
    // Nothing here was acknowledged to anybody: it is flushed once, at the end.
    const int64_t cache_kib = options.households < demo::kLargeCounty ? kCacheKib : kLargeCacheKib;
    const auto database = db::OpenSqlite({.file = dir / "huiyin.db", .readers = 1, .sync = false, .cache_kib = cache_kib});
    db::Migrate(*database, options.now);
    options.field_key = FieldKey(KeyFile(dir));
    made = demo::Make(*database, options);
  }
  WriteAccounts(dir / "accounts.json", made.accounts);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  fmt::print("{}: {} households, {} people, {} officers, {} visits, {} matters, {} audit entries in {:.0f} s\n"
             "sign-ins are in {}\n", (dir / "huiyin.db").string(), made.households, made.residents, made.officers,
             made.visits, made.matters, made.audit_entries, took.count(), (dir / "accounts.json").string());
  return 0;
}

}  // namespace

extern const Command kDemo;
const Command kDemo = {
    "demo", "make a synthetic county to try the program on",
    "huiyin demo --dir DIR [--households N] [--matters N] [--seed S] [--until YYYY-MM-DD] [--brief]\n\n"
    "Makes DIR/huiyin.db and DIR/accounts.json: a county with its areas, offices, officers,\n"
    "households, two years of visits, and matters in every state. 20,000 households unless\n"
    "said otherwise, and three matters for every two of them. From 60,000 households on the\n"
    "texts are shorter, the visits fewer, and the audit log holds the last weeks only; --brief\n"
    "tells a smaller county so too, to compare the two. Nobody in it is real. The same seed and day make the same county; passwords, PINs and first codes are new each time.\n"
    "A folder that holds a county is left as it is.",
    MakeDemo};

}  // namespace huiyin::app
