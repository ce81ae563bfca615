// SPDX-License-Identifier: EUPL-1.2
#include "platform/read_log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <numeric>
#include <tuple>

#include "core/log.h"
#include "core/problem.h"
#include "platform/audit.h"

namespace huiyin::audit {
namespace {

namespace fs = std::filesystem;

constexpr db::Sql kProgress{"read_log.progress", R"sql(
  SELECT number, moved_bytes FROM read_journals WHERE county = $1 AND journal = $2
)sql"};
constexpr db::Sql kSetProgress{"read_log.set_progress", R"sql(
  INSERT INTO read_journals (county, journal, number, moved_bytes) VALUES ($1, $2, $3, $4)
  ON CONFLICT (county, journal) DO UPDATE SET number = excluded.number, moved_bytes = excluded.moved_bytes
)sql"};

constexpr off_t kSpareBytes = 4 << 20;  // some ten thousand reads

constexpr size_t kPieceBytes = 1 << 20;  // many times the longest record

// A file from `at` on, piece by piece: minutes of reading that waited are too much to hold at once.
class Pieces {
 public:
  Pieces(const fs::path& file, size_t at) : file_(file), in_(file, std::ios::binary) {
    in_.seekg(static_cast<std::streamoff>(at));
    if (!in_) throw std::runtime_error(file_.string() + ": cannot be read");
  }
  // What is there and was not taken yet; ends in the middle of a record, as a rule.
  std::string_view Rest() const { return std::string_view(text_).substr(taken_); }
  void Take(size_t bytes) { taken_ += bytes; }
  // False at the end of the file.
  bool More() {
    text_.erase(0, std::exchange(taken_, 0));
    const size_t had = text_.size();
    text_.resize(had + kPieceBytes);
    in_.read(text_.data() + had, kPieceBytes);
    if (in_.bad()) throw std::runtime_error(file_.string() + ": cannot be read");
    text_.resize(had + static_cast<size_t>(in_.gcount()));
    return in_.gcount() > 0;
  }

 private:
  fs::path file_;
  std::ifstream in_;
  std::string text_;
  size_t taken_ = 0;
};

// "990101-17-0f3a9c21d4e5b677.log": the county, the number, the journal; files of before have none.
// Absent for any other name.
struct Name {
  County county;
  int64_t number = 0;
  std::string journal;
};
std::optional<Name> ReadName(const fs::path& file) {
  const std::string name = file.stem().string();
  if (name.size() < 8 || name[6] != '-' || file.extension() != ".log") return std::nullopt;
  const auto county = ParseCounty(std::string_view(name).substr(0, 6));
  const size_t dash = std::min(name.find('-', 7), name.size());
  Name read;
  const auto [end, error] = std::from_chars(name.data() + 7, name.data() + dash, read.number);
  if (!county || error != std::errc() || end != name.data() + dash) return std::nullopt;
  read.county = *county;
  if (dash < name.size()) read.journal = name.substr(dash + 1);
  if (dash < name.size() && read.journal.empty()) return std::nullopt;
  return read;
}

// A new name is on disk when its folder is.
void FlushFolder(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace

ReadLog::ReadLog(fs::path folder, db::Database& database, Random& random, std::chrono::milliseconds keep_moved)
    : folder_(std::move(folder)), database_(database), keep_moved_(keep_moved) {
  std::array<uint8_t, 8> own{};
  random.Fill(own);
  journal_ = Hex({reinterpret_cast<const char*>(own.data()), own.size()});
  fs::create_directories(folder_);
  // Who read what is personal too.
  fs::permissions(folder_, fs::perms::owner_all);
  std::vector<std::pair<fs::file_time_type, Closed>> left;
  std::vector<County> counties;
  for (const auto& entry : fs::directory_iterator(folder_)) {
    const auto name = ReadName(entry.path());
    if (!name) continue;
    left.emplace_back(entry.last_write_time(), Closed{name->journal, name->number, entry.path()});
    counties.push_back(name->county);
  }
  std::vector<size_t> order(left.size());
  std::iota(order.begin(), order.end(), size_t{0});
  // Of one journal by number, whatever a clock did meanwhile; of several by when they were written.
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    if (left[a].second.journal == left[b].second.journal) return left[a].second.number < left[b].second.number;
    return std::tie(left[a].first, left[a].second.journal) < std::tie(left[b].first, left[b].second.journal);
  });
  for (const size_t i : order) closed_[counties[i]].push_back(left[i].second);
  // One that an earlier run left may have no room behind it.
  fs::remove(folder_ / "spare");
  MakeSpare();
}

ReadLog::~ReadLog() {
  for (auto& [county, file] : open_) {
    if (file.descriptor >= 0) ::close(file.descriptor);
  }
}

void ReadLog::Append(County county, std::string_view records) {
  const std::lock_guard lock(writing_);
  File& file = open_[county];
  if (file.descriptor < 0) Open(county, file);
  const ssize_t written = ::write(file.descriptor, records.data(), records.size());
  if (written == static_cast<ssize_t>(records.size())) {
    file.bytes += written;
    return;
  }
  log::Error("read_log_full", {{"written", std::to_string(written)}, {"errno", std::to_string(errno)}});
  // A part of a record may not stand before whole ones: where it cannot be taken away, they
  // go into another file.
  if (written > 0 && ::ftruncate(file.descriptor, file.bytes) != 0) {
    ::close(std::exchange(file.descriptor, -1));
    ended_[county].push_back(file.number);
  }
  throw Problem(503, "storage_unavailable");
}

void ReadLog::Seal(County county, Zone zone, int batch) {
  const std::lock_guard lock(sealing_);
  if (!Close(county)) throw Problem(503, "storage_unavailable");
  auto& numbers = closed_[county];
  while (!numbers.empty()) {
    Move(county, zone, numbers.front(), batch);
    numbers.pop_front();
  }
  RemoveOld();
}

void ReadLog::Copy(const fs::path& from, const fs::path& to) {
  fs::create_directories(to);
  fs::permissions(to, fs::perms::owner_all);
  if (!fs::exists(from)) return;
  for (const auto& entry : fs::directory_iterator(from)) {
    // What is old enough to be removed meanwhile has long been in the database.
    std::error_code gone;
    if (ReadName(entry.path())) fs::copy_file(entry.path(), to / entry.path().filename(), gone);
    if (gone && fs::exists(entry.path())) throw fs::filesystem_error("cannot copy", entry.path(), gone);
  }
}

fs::path ReadLog::PathOf(County county, int64_t number) const {
  return folder_ / fmt::format("{}-{}-{}.log", FormatCounty(county), number, journal_);
}

void ReadLog::Open(County county, File& file) {
  const fs::path path = PathOf(county, next_number_);
  if (has_spare_) {
    has_spare_ = false;
    file.descriptor = ::open((folder_ / "spare").c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
    if (file.descriptor >= 0 && ::rename((folder_ / "spare").c_str(), path.c_str()) != 0) ::close(std::exchange(file.descriptor, -1));
  }
  if (file.descriptor < 0) file.descriptor = ::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_APPEND | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file.descriptor < 0) {
    log::Error("read_log_not_opened", {{"errno", std::to_string(errno)}});
    throw Problem(503, "storage_unavailable");
  }
  file.number = next_number_++;
  file.bytes = 0;
  MakeSpare();
}

// An empty file with room reserved behind its end. False when there is no room.
bool ReadLog::MakeSpare() {
  if (has_spare_) return true;
  const fs::path spare = folder_ / "spare";
  const int descriptor = ::open(spare.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (descriptor < 0) return false;
  const bool is_full = ::fallocate(descriptor, FALLOC_FL_KEEP_SIZE, 0, kSpareBytes) != 0 && (errno == ENOSPC || errno == EDQUOT);
  ::close(descriptor);
  if (is_full) ::unlink(spare.c_str());
  return has_spare_ = !is_full;
}

// Whoever reads from now on writes into the next file. False when there is no room for one:
// then all write on into this one, and the chain waits.
bool ReadLog::Close(County county) {
  int descriptor = -1;
  {
    const std::lock_guard lock(writing_);
    for (const int64_t number : std::exchange(ended_[county], {})) closed_[county].push_back({journal_, number, PathOf(county, number)});
    File& file = open_[county];
    if (file.descriptor < 0 || file.bytes == 0) return true;
    if (!MakeSpare()) return false;
    descriptor = std::exchange(file.descriptor, -1);
    closed_[county].push_back({journal_, file.number, PathOf(county, file.number)});
  }
  // Should the chain have to wait, the entries are on disk all the same.
  // What was reserved and not used goes back.
  struct stat info {};
  if (::fstat(descriptor, &info) == 0 && ::ftruncate(descriptor, info.st_size) != 0) log::Error("read_log_not_cut", {});
  ::fdatasync(descriptor);
  ::close(descriptor);
  FlushFolder(folder_);
  return true;
}

void ReadLog::Move(County county, Zone zone, const Closed& file, int batch) {
  int64_t done_number = 0;
  size_t at = 0;
  database_.Read([&](db::Tx& tx) {
    tx.Rows(kProgress, [&](const db::Row& row) {
      done_number = row.Int(0);
      at = static_cast<size_t>(row.Int(1));
    }, county, file.journal);
  });
  if (done_number != file.number) at = 0;
  if (done_number <= file.number) {
    Pieces pieces(file.path, at);
    while (!pieces.Rest().empty() || pieces.More()) {
      size_t moved = 0;
      database_.Write([&](db::Tx& tx) {
        moved = SealRecords(tx, county, zone, pieces.Rest(), batch);
        if (moved > 0) tx.Run(kSetProgress, county, file.journal, file.number, at + moved);
      });
      at += moved;
      pieces.Take(moved);
      // A record that goes on in the next piece.
      if (moved > 0 || pieces.More()) continue;
      log::Error("read_log_torn", {{"file", file.path.filename().string()}, {"at", std::to_string(at)}});
      fs::rename(file.path, fs::path(file.path).replace_extension(".torn"));
      return;
    }
  }
  moved_.emplace_back(std::chrono::steady_clock::now(), file.path);
}

void ReadLog::RemoveOld() {
  const SteadyTime now = std::chrono::steady_clock::now();
  while (!moved_.empty() && now - moved_.front().first >= keep_moved_) {
    std::error_code ignored;
    fs::remove(moved_.front().second, ignored);
    moved_.pop_front();
  }
}

}  // namespace huiyin::audit
