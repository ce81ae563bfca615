// SPDX-License-Identifier: EUPL-1.2
#include "app/move_county.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "app/commands.h"
#include "app/reseal.h"
#include "core/log.h"
#include "db/migrate.h"
#include "db/move.h"
#include "modules/attachments/files.h"
#include "modules/matters/text_index.h"
#include "modules/org/org.h"
#include "platform/audit.h"
#include "platform/read_log.h"

namespace huiyin::app {
namespace {

namespace fs = std::filesystem;

constexpr int kBatch = 500;
constexpr std::string_view kLeaving = "leaving.";    // in the folder it goes from, until it is gone there
constexpr std::string_view kArriving = "arriving.";  // in the one it goes to, until it is whole there

constexpr db::Sql kIsThere{"move.county", "SELECT 1 FROM counties WHERE county = $1"};
constexpr db::Sql kZone{"move.zone", "SELECT zone_minutes FROM counties WHERE county = $1"};
constexpr db::Sql kLogins{"move.logins", "SELECT login FROM logins WHERE county = $1 ORDER BY login"};
constexpr db::Sql kLogin{"move.login", "SELECT 1 FROM logins WHERE login = $1"};
constexpr db::Sql kPictures{"move.pictures", "SELECT DISTINCT sha256 FROM attachments WHERE county = $1"};

fs::path Mark(const fs::path& dir, std::string_view kind, County county) { return dir / (std::string(kind) + FormatCounty(county)); }

void SyncFolder(const fs::path& dir) {
  const int fd = ::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  ::fsync(fd);
  ::close(fd);
}

void PutMark(const fs::path& mark, const fs::path& other) {
  std::ofstream out(mark);
  out << other.string() << '\n';
  out.close();
  if (!out) throw std::runtime_error(mark.string() + ": cannot be written");
  SyncFolder(mark.parent_path());
}

void TakeMark(const fs::path& mark) {
  fs::remove(mark);
  SyncFolder(mark.parent_path());
}

std::string FirstLine(const fs::path& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return line;
}

bool Has(db::Database& database, County county) {
  bool has = false;
  database.Read([&](db::Tx& tx) { has = tx.Any(kIsThere, county); });
  return has;
}

// A login is one person's in a whole database.
void RefuseTakenLogins(db::Database& from, db::Database& into, County county) {
  std::vector<std::string> logins;
  from.Read([&](db::Tx& tx) { logins = tx.All(kLogins, [](const db::Row& row) { return row.Text(0); }, county); });
  std::string taken;
  into.Read([&](db::Tx& tx) {
    for (const std::string& login : logins) {
      if (tx.Any(kLogin, login)) taken += (taken.empty() ? "" : ", ") + login;
    }
  });
  if (!taken.empty()) throw std::runtime_error("these logins are somebody's there already, change them on one side first: " + taken);
}

class Mover {
 public:
  Mover(const fs::path& from_dir, const fs::path& into_dir, County county, Random& random, const std::function<void(const std::string&)>& told)
      : from_dir_(from_dir), into_dir_(into_dir), county_(county), random_(random), told_(told), leaving_(Mark(from_dir, kLeaving, county)),
        arriving_(Mark(into_dir, kArriving, county)), from_(OpenDatabase(from_dir, 2)), into_(OpenDatabase(into_dir, 2)) {
    const Instant now = SystemClock().Now();
    db::Migrate(*from_, now);
    db::Migrate(*into_, now);
  }

  void Run() {
    const bool was_begun = fs::exists(leaving_);
    if (was_begun && FirstLine(leaving_) != into_dir_.string()) {
      throw std::runtime_error("it is on its way to " + FirstLine(leaving_) + ": finish that first");
    }
    if (!was_begun && !Has(*from_, county_)) throw std::runtime_error(from_dir_.string() + ": there is no county " + FormatCounty(county_));
    if (fs::exists(arriving_)) {
      if (!was_begun) throw std::runtime_error(arriving_.string() + ": it was on its way there from " + FirstLine(arriving_));
      told_("a move was interrupted: begun again");
      into_->Write([&](db::Tx& tx) { db::EraseCounty(tx, county_); });
    } else if (Has(*into_, county_)) {
      if (!was_begun) throw std::runtime_error(into_dir_.string() + ": county " + FormatCounty(county_) + " is there already");
      return TakeOut();
    }
    CarryOver();
    TakeOut();
  }

 private:
  void CarryOver() {
    RefuseTakenLogins(*from_, *into_, county_);
    const Sha256Hash from_key = FieldKey(KeyFile(from_dir_), false);
    const Sha256Hash into_key = FieldKey(KeyFile(into_dir_), !HasAny());
    SealReads();
    PutMark(leaving_, into_dir_);
    PutMark(arriving_, from_dir_);
    try {
      CopyPictures();
      int64_t rows = 0;
      const auto tables = db::MoveCounty(*from_, *into_, county_, [&](const db::MovedTable& table) {
        rows += table.rows;
        if (table.rows > 0) told_(fmt::format("  {:<28} {:>10} rows, the same hash on both sides", table.name, table.rows));
      });
      into_->Write([&](db::Tx& tx) { tx.Script(fmt::format("UPDATE matters SET text_number = NULL WHERE county = {}", county_.code)); });
      if (from_key != into_key) {
        const Resealed done = Reseal(*into_, from_key, into_key, random_, kBatch);
        if (done.unreadable > 0) throw std::runtime_error(fmt::format("{} encrypted values open with neither folder's key", done.unreadable));
        told_(fmt::format("  {} encrypted values are under the key of {} now", done.changed, into_dir_.string()));
      }
      into_->Read([&](db::Tx& tx) {
        const auto chain = audit::Verify(tx, county_);
        if (!chain.whole) throw std::runtime_error(fmt::format("the audit chain breaks at entry {}", chain.first_break));
        told_(fmt::format("  audit chain: {} entries, whole", chain.entries));
      });
      told_(fmt::format("{} rows of {} tables are in {}", rows, tables.size(), into_dir_.string()));
    } catch (...) {
      into_->Write([&](db::Tx& tx) { db::EraseCounty(tx, county_); });
      TakeMark(arriving_);
      TakeMark(leaving_);
      throw;
    }
    TakeMark(arriving_);
  }

  bool HasAny() {
    bool has = false;
    into_->Read([&](db::Tx& tx) { has = !org::Counties(tx).empty(); });
    return has;
  }

  // What a server that was killed left beside the database comes into the chain first.
  void SealReads() {
    Zone zone;
    from_->Read([&](db::Tx& tx) { zone = Zone{static_cast<int32_t>(tx.Number(kZone, county_))}; });
    audit::ReadLog(from_dir_ / "reads", *from_, random_, std::chrono::milliseconds(0)).Seal(county_, zone, kBatch);
  }

  // Each under its content's name: one that is there already is the same. Those that stay behind are
  // nobody's, and removed by the night's work.
  void CopyPictures() {
    std::vector<Sha256Hash> pictures;
    from_->Read([&](db::Tx& tx) {
      tx.Rows(kPictures, [&](const db::Row& row) {
        Sha256Hash hash{};
        std::copy_n(row.View(0).begin(), hash.size(), hash.begin());
        pictures.push_back(hash);
      }, county_);
    });
    for (const Sha256Hash& hash : pictures) {
      for (const char* variant : {"", "-320"}) {
        const fs::path source = attachments::PathOf(from_dir_ / "files", hash, variant);
        const fs::path target = attachments::PathOf(into_dir_ / "files", hash, variant);
        if (!fs::exists(source)) {
          if (*variant == '\0') throw std::runtime_error(source.string() + ": this picture is missing");
          continue;
        }
        fs::create_directories(target.parent_path());
        const fs::path made = target.string() + ".part";
        fs::copy_file(source, made, fs::copy_options::overwrite_existing);
        fs::rename(made, target);
      }
    }
    if (!pictures.empty()) told_(fmt::format("  {} pictures", pictures.size()));
  }

  void TakeOut() {
    from_->Write([&](db::Tx& tx) {
      matters::RemoveCountyFromIndex(tx, county_);
      db::EraseCounty(tx, county_);
    });
    TakeMark(leaving_);
    told_("it is no longer in " + from_dir_.string());
  }

  const fs::path from_dir_;
  const fs::path into_dir_;
  const County county_;
  Random& random_;
  const std::function<void(const std::string&)>& told_;
  const fs::path leaving_;
  const fs::path arriving_;
  std::unique_ptr<db::Database> from_;
  std::unique_ptr<db::Database> into_;
};

}  // namespace

void MoveCounty(const fs::path& from, const fs::path& into, County county, Random& random, const std::function<void(const std::string&)>& told) {
  const fs::path a = fs::absolute(from).lexically_normal();
  const fs::path b = fs::absolute(into).lexically_normal();
  for (const fs::path& dir : {a, b}) {
    if (!fs::exists(dir / "huiyin.db") && !fs::exists(dir / "database")) throw std::runtime_error(dir.string() + ": there are no records here");
  }
  if (a == b || (DatabaseUrl(a) && DatabaseUrl(a) == DatabaseUrl(b))) throw Usage("--into: the county is in that database");
  const FolderLock leave(a);
  const FolderLock arrive(b);
  Mover(a, b, county, random, told).Run();
}

void RefuseHalfMoved(const fs::path& dir) {
  std::error_code ignored;
  for (const auto& file : fs::directory_iterator(dir, ignored)) {
    const std::string name = file.path().filename().string();
    for (const std::string_view kind : {kLeaving, kArriving}) {
      if (!name.starts_with(kind)) continue;
      throw std::runtime_error(file.path().string() + ": moving this county " + (kind == kLeaving ? "to " : "here from ") + FirstLine(file.path()) +
                               " was interrupted: run huiyin move --county again");
    }
  }
}

}  // namespace huiyin::app
