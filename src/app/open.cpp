// SPDX-License-Identifier: EUPL-1.2
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "app/archiver.h"
#include "app/commands.h"
#include "app/move_county.h"
#include "core/log.h"
#include "db/migrate.h"
#include "db/postgres.h"
#include "modules/matters/matters.h"

namespace huiyin::app {
namespace {

namespace fs = std::filesystem;

constexpr db::Sql kCounties{"app.counties_to_count", "SELECT county FROM counties ORDER BY county"};
constexpr db::Sql kCounty{"app.county", "SELECT county, zone_minutes FROM counties ORDER BY county LIMIT 1"};

void SyncFolder(const fs::path& dir) {
  const int fd = ::open(dir.empty() ? "." : dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  ::fsync(fd);
  ::close(fd);
}

// Whole and on disk under its name, or not there at all.
void WriteKey(const fs::path& file, const Sha256Hash& key) {
  const fs::path made = file.string() + ".new";
  fs::remove(made);
  const int fd = ::open(made.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, S_IRUSR | S_IWUSR);
  const bool is_written = fd >= 0 && ::write(fd, key.data(), key.size()) == static_cast<ssize_t>(key.size()) && ::fsync(fd) == 0;
  if (fd >= 0) ::close(fd);
  if (!is_written) throw std::runtime_error(made.string() + ": cannot be written");
  fs::rename(made, file);
  SyncFolder(file.parent_path());
}

}  // namespace

fs::path KeyFile(const fs::path& dir) {
  if (const char* named = std::getenv("HUIYIN_KEY"); named != nullptr && *named != '\0') return named;  // NOLINT(concurrency-mt-unsafe)
  std::ifstream in(dir / "key-file");
  std::string place;
  if (std::getline(in, place) && !place.empty()) return place;
  return dir / "huiyin.key";
}

void NameKey(const fs::path& dir, const fs::path& file) {
  const fs::path whole = fs::absolute(file).lexically_normal();
  if (!fs::is_regular_file(whole)) throw Usage("--key: " + whole.string() + ": there is no such file");
  const fs::path known = KeyFile(dir);
  if (known == whole) return;
  if (fs::exists(known) && FieldKey(known, false) != FieldKey(whole, false)) {
    throw Usage("--key: this folder's key is in " + known.string() + ", and this is another one (huiyin key rotate makes a new one)");
  }
  FieldKey(whole, false);
  fs::create_directories(dir);
  const fs::path made = dir / "key-file.new";
  std::ofstream(made) << whole.string() << '\n';
  fs::rename(made, dir / "key-file");
}

Sha256Hash FieldKey(const fs::path& file, bool may_make) {
  Sha256Hash key{};
  std::ifstream in(file, std::ios::binary);
  if (in) {
    in.read(reinterpret_cast<char*>(key.data()), static_cast<std::streamsize>(key.size()));
    if (in.gcount() != static_cast<std::streamsize>(key.size()) || in.peek() != std::ifstream::traits_type::eof()) {
      throw std::runtime_error(file.string() + ": not a key of 32 bytes");
    }
    return key;
  }
  if (!may_make) throw std::runtime_error(file.string() + ": the key of the encrypted fields is not here (is it in the backup?)");
  SystemRandom().Fill(key);
  WriteKey(file, key);
  return key;
}

fs::path NextKeyFile(const fs::path& file) { return file.string() + ".next"; }

fs::path PutNextKey(const fs::path& file, Instant now) {
  std::string at = FormatInstant(now);
  std::erase_if(at, [](char c) { return c == ':' || c == '-'; });
  const fs::path kept = file.string() + ".until-" + at;
  WriteKey(kept, FieldKey(file, false));
  fs::rename(NextKeyFile(file), file);
  SyncFolder(file.parent_path());
  return kept;
}

namespace {

fs::path ProgramFolder() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  return error ? fs::path(".") : program.parent_path();
}

fs::path FirstThatExists(std::vector<fs::path> candidates) {
  for (const fs::path& candidate : candidates) {
    if (fs::exists(candidate)) return candidate;
  }
  return candidates.back();
}

}  // namespace

std::unique_ptr<db::Database> OpenDatabase(const fs::path& dir, int readers, std::shared_ptr<db::WalWatch> watch) {
  if (const auto url = DatabaseUrl(dir)) return db::OpenPostgres({.url = *url, .readers = readers});
  return db::OpenSqlite({.file = dir / "huiyin.db", .readers = readers, .watch = watch ? watch : WatchOf(dir)});
}

FolderLock::FolderLock(const fs::path& dir)
    : file_(::open((dir / "lock").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR)) {
  // A folder that cannot be written is not written past anybody either: it is shown as it is.
  if (file_ < 0 || ::flock(file_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return;
  ::close(file_);
  throw std::runtime_error(dir.string() + " is in use by a huiyin that serves or moves it: stop that one first");
}

FolderLock::~FolderLock() {
  if (file_ >= 0) ::close(file_);
}

namespace {

// Tables of counters that a migration made are empty until the records are counted.
void CountAnew(db::Tx& tx, const db::MigrateResult& done) {
  log::Info("migrated", {{"from", std::to_string(done.from)}, {"to", std::to_string(done.to)}, {"files", std::to_string(done.applied)}});
  for (const int64_t code : tx.All(kCounties, [](const db::Row& row) { return row.Int(0); })) {
    matters::RebuildCounters(tx, County{static_cast<int32_t>(code)});
  }
}

}  // namespace

OpenCounty OpenData(const fs::path& dir, bool create, Rotation rotation) {
  const fs::path file = dir / "huiyin.db";
  if (!create && !fs::exists(file) && !fs::exists(dir / "database")) {
    throw std::runtime_error(dir.string() + ": there is no huiyin.db here (huiyin demo --dir " +
                             dir.string() + " makes one)");
  }
  const fs::path key = KeyFile(dir);
  if (rotation == Rotation::kNone && fs::exists(NextKeyFile(key))) {
    throw std::runtime_error(NextKeyFile(key).string() + ": a rotation of the key was interrupted: run huiyin key rotate again");
  }
  RefuseHalfMoved(dir);
  fs::create_directories(dir / "files");
  OpenCounty county;
  county.watch = WatchOf(dir);
  county.database = OpenDatabase(dir, 4, county.watch);
  db::Migrate(*county.database, SystemClock().Now(), db::Migrations(), CountAnew);
  county.services = std::make_unique<Services>(Services{
      .database = *county.database, .clock = SystemClock(), .random = SystemRandom(),
      .files = dir / "files", .reads = dir / "reads"});
  bool has_county = false;
  county.database->Read([&](db::Tx& tx) {
    tx.Rows(kCounty, [&](const db::Row& row) {
      has_county = true;
      county.services->default_county = County{static_cast<int32_t>(row.Int(0))};
      county.services->zone = Zone{static_cast<int32_t>(row.Int(1))};
    });
  });
  // One made now would not open what is there already.
  county.services->field_key = FieldKey(key, !has_county);
  return county;
}

fs::path ShippedData() {
  if (const char* named = std::getenv("HUIYIN_DATA")) return named;  // NOLINT(concurrency-mt-unsafe)
  return FirstThatExists({ProgramFolder() / "../share/huiyin/data", fs::path(HUIYIN_SOURCE_DIR) / "data"});
}

fs::path ShippedWeb() {
  if (const char* named = std::getenv("HUIYIN_WEB")) return named;  // NOLINT(concurrency-mt-unsafe)
  return FirstThatExists({ProgramFolder() / "../share/huiyin/web", fs::path(HUIYIN_SOURCE_DIR) / "web/dist"});
}

void WithContext(const OpenCounty& county, const std::function<void(Context&)>& job) {
  const http::Request none;
  const Services& services = *county.services;
  county.database->Write([&](db::Tx& tx) {
    Actor system;
    system.kind = Actor::Kind::kSystem;
    Context ctx{.tx = tx, .services = services, .request = none, .county = services.default_county,
                .zone = services.zone, .now = services.clock.Now(), .actor = system};
    job(ctx);
  });
}

}  // namespace huiyin::app
