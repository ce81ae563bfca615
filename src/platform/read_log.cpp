// SPDX-License-Identifier: EUPL-1.2
#include "platform/read_log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <sstream>

#include "core/log.h"
#include "core/problem.h"
#include "platform/audit.h"

namespace huiyin::audit {
namespace {

namespace fs = std::filesystem;

constexpr db::Sql kProgress{"read_log.progress", R"sql(
  SELECT number, moved_bytes FROM read_logs WHERE county = $1
)sql"};
constexpr db::Sql kNewest{"read_log.newest", "SELECT COALESCE(MAX(number), 0) FROM read_logs"};
constexpr db::Sql kSetProgress{"read_log.set_progress", R"sql(
  INSERT INTO read_logs (county, number, moved_bytes) VALUES ($1, $2, $3)
  ON CONFLICT (county) DO UPDATE SET number = excluded.number, moved_bytes = excluded.moved_bytes
)sql"};

constexpr off_t kSpareBytes = 4 << 20;  // some ten thousand reads

std::string ReadWhole(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) throw std::runtime_error(file.string() + ": cannot be read");
  return std::move(text).str();
}

// "990101-17.log": the county and the number. Absent for any other name.
std::optional<std::pair<County, int64_t>> ReadName(const fs::path& file) {
  const std::string name = file.filename().string();
  if (name.size() < 12 || name[6] != '-' || file.extension() != ".log") return std::nullopt;
  const auto county = ParseCounty(std::string_view(name).substr(0, 6));
  int64_t number = 0;
  const char* last = name.data() + name.size() - 4;
  const auto [end, error] = std::from_chars(name.data() + 7, last, number);
  if (!county || error != std::errc() || end != last) return std::nullopt;
  return std::pair(*county, number);
}

// A new name is on disk when its folder is.
void FlushFolder(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace

ReadLog::ReadLog(fs::path folder, db::Database& database, std::chrono::milliseconds keep_moved)
    : folder_(std::move(folder)), database_(database), keep_moved_(keep_moved) {
  fs::create_directories(folder_);
  // Who read what is personal too.
  fs::permissions(folder_, fs::perms::owner_all);
  int64_t newest = 0;
  database_.Read([&](db::Tx& tx) { newest = tx.Number(kNewest); });
  for (const auto& entry : fs::directory_iterator(folder_)) {
    if (const auto name = ReadName(entry.path())) {
      closed_[name->first].push_back(name->second);
      newest = std::max(newest, name->second);
    }
  }
  for (auto& [county, numbers] : closed_) std::sort(numbers.begin(), numbers.end());
  next_number_ = newest + 1;
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
  return folder_ / fmt::format("{}-{}.log", FormatCounty(county), number);
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
    for (const int64_t number : std::exchange(ended_[county], {})) closed_[county].push_back(number);
    File& file = open_[county];
    if (file.descriptor < 0 || file.bytes == 0) return true;
    if (!MakeSpare()) return false;
    descriptor = std::exchange(file.descriptor, -1);
    closed_[county].push_back(file.number);
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

void ReadLog::Move(County county, Zone zone, int64_t number, int batch) {
  int64_t done_number = 0;
  size_t at = 0;
  database_.Read([&](db::Tx& tx) {
    tx.Rows(kProgress, [&](const db::Row& row) {
      done_number = row.Int(0);
      at = static_cast<size_t>(row.Int(1));
    }, county);
  });
  if (done_number != number) at = 0;
  const fs::path path = PathOf(county, number);
  if (done_number <= number) {
    const std::string text = ReadWhole(path);
    while (at < text.size()) {
      size_t moved = 0;
      database_.Write([&](db::Tx& tx) {
        moved = SealRecords(tx, county, zone, std::string_view(text).substr(at), batch);
        if (moved > 0) tx.Run(kSetProgress, county, number, at + moved);
      });
      if (moved == 0) {
        log::Error("read_log_torn", {{"file", path.filename().string()}, {"at", std::to_string(at)}});
        fs::rename(path, fs::path(path).replace_extension(".torn"));
        return;
      }
      at += moved;
    }
  }
  moved_.emplace_back(std::chrono::steady_clock::now(), path);
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
