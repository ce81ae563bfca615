// SPDX-License-Identifier: EUPL-1.2
#include "app/archiver.h"

#include <zlib.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include "app/archive_folder.h"
#include "app/backup_parts.h"
#include "core/log.h"

namespace huiyin::app {
namespace {

namespace fs = std::filesystem;
using std::chrono::duration_cast;
using std::chrono::milliseconds;

constexpr milliseconds kBetween{500};
constexpr milliseconds kAfterFailure{2000};
constexpr int64_t kBeatMs = 10'000;
constexpr int64_t kRetryBaseMs = 60'000;
constexpr int64_t kHourMs = 3'600'000;
constexpr size_t kBlockBytes = 8 << 20;  // as far as the packing looks back
constexpr uint64_t kLogBytes = 64 << 20;
constexpr uint32_t kFramesAtOnce = 512;
// What a copy holds may be told of an instant later.
constexpr int64_t kAfterCopyMs = 1000;
// A folder's time is as fine as the kernel's ticks; looked at again for so long.
constexpr std::chrono::seconds kFresh{3};

std::string StampOf(Instant at) {
  std::string stamp = FormatInstant(at);
  std::erase_if(stamp, [](char c) { return c == ':' || c == '-' || c == '.'; });
  return stamp;
}

void WriteWhole(const fs::path& file, const std::string& text) {
  const fs::path made = file.string() + ".new";
  {
    std::ofstream out(made, std::ios::binary);
    out << text;
    out.flush();
    if (!out) throw std::runtime_error(made.string() + ": cannot be written (is the disk full?)");
  }
  FlushFile(made);
  fs::rename(made, file);
  FlushFolder(file.parent_path());
}

void CopyWhole(const fs::path& from, const fs::path& to) {
  const fs::path made = to.parent_path() / ("." + to.filename().string() + ".part");
  std::error_code error;
  fs::create_directories(to.parent_path());
  if (!fs::copy_file(from, made, fs::copy_options::overwrite_existing, error) || error) {
    if (!fs::exists(from)) return;  // erased this moment
    throw std::runtime_error(made.string() + ": cannot be written (is the disk full?)");
  }
  FlushFile(made);
  fs::rename(made, to);
}

// Packs a file; returns the hash of what is in it.
Sha256Hash Gzip(const fs::path& from, const fs::path& to) {
  std::ifstream in(from, std::ios::binary);
  gzFile out = gzopen(to.c_str(), "wb1");
  if (!in || out == nullptr) throw std::runtime_error(to.string() + ": cannot be written");
  Sha256Stream hash;
  std::vector<char> buffer(1 << 20);
  bool is_written = true;
  while (is_written && in) {
    in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    const auto size = static_cast<unsigned>(in.gcount());
    hash.Add({buffer.data(), size});
    is_written = size == 0 || gzwrite(out, buffer.data(), size) == static_cast<int>(size);
  }
  if (gzclose(out) != Z_OK || !is_written) throw std::runtime_error(to.string() + ": cannot be written (is the disk full?)");
  FlushFile(to);
  return hash.Finish();
}

}  // namespace

fs::path ArchivedMark(const fs::path& data) { return data / "archived"; }

std::shared_ptr<db::WalWatch> WatchOf(const fs::path& data) {
  if (!fs::exists(ArchivedMark(data))) return nullptr;
  return std::make_shared<db::WalWatch>(data / "archived.gap", [] { return SystemClock().Now(); });
}

struct Archiver::History {
  fs::path folder;
  int log = 1;
  std::unique_ptr<LogWriter> out;
  db::WalPosition place;
  Instant told;  // the last block's time
};

Archiver::Archiver(const Services& services, const fs::path& data, std::shared_ptr<db::WalWatch> watch, ArchiveOptions options)
    : services_(services), data_(data), watch_(std::move(watch)), options_(std::move(options)) {
  RequireSameCounty(options_.folder, services_);
}

Archiver::~Archiver() { Stop(); }

void Archiver::Start() {
  watch_->KeepUpTo(options_.most_log_bytes);
  watch_->Carried(0, 0);  // from now on what is committed is noted
  next_base_ms_ = Now().ms;
  thread_ = std::thread([this] { Loop(); });
}

void Archiver::Stop() {
  if (!thread_.joinable()) return;
  stopping_ = true;
  watch_->Wake();
  thread_.join();
  if (base_thread_.joinable()) base_thread_.join();
}

double Archiver::LagSeconds() const {
  const auto since = watch_->WaitsSince();
  return since ? static_cast<double>(std::max<int64_t>(0, Now().ms - since->ms)) / 1000 : 0;
}

void Archiver::Loop() {
  for (;;) {
    const bool is_last = stopping_;
    milliseconds rest = kBetween;
    try {
      Tick();
    } catch (const std::exception& error) {
      ++figures_.failures;
      rest = kAfterFailure;
      const auto now = std::chrono::steady_clock::now();
      if (now >= next_told_) {
        log::Warn("archive_failed", {{"why", error.what()}, {"lag_seconds", fmt::format("{:.0f}", LagSeconds())}});
        next_told_ = now + std::chrono::minutes(1);
      }
    }
    if (is_last) return;
    watch_->Rest(rest);
  }
}

void Archiver::Tick() {
  if (!wal_) wal_ = std::make_unique<db::WalFile>(data_ / "huiyin.db");
  if (!history_) Resume();
  if (is_lost_ || watch_->HasGap()) {
    if (base_running_) return;  // its copy belongs to the history that ends here
    Begin();
  }
  const Instant before = Now();
  Carry();
  if (is_lost_) return;
  if (before.ms - history_->told.ms > kBeatMs) {
    history_->out->Append({.commits = 0, .until = before, .place = history_->place, .pages = {}});
    history_->told = before;
  }
  if (history_->out->bytes() > kLogBytes) NextLog();
  if (!stopping_ && !base_running_ && Now().ms >= next_base_ms_) StartBase();
}

fs::path Archiver::LogPath(int number) const { return history_->folder / fmt::format("log-{:06d}", number); }

// The log that an earlier run wrote last, cut to what is whole, and its last block.
std::optional<Block> Archiver::Reopen() {
  const auto logs = LogsOf(history_->folder);
  std::optional<Block> last;
  for (size_t i = logs.size(); i > 0 && !last; --i) {
    const LogEnd end = ReadLog(logs[i - 1].second, std::nullopt);
    if (i == logs.size()) {
      history_->log = logs[i - 1].first;
      history_->out = std::make_unique<LogWriter>(logs[i - 1].second, end.bytes < sizeof(Sha256Hash) ? 0 : end.bytes, end.chain);
    }
    last = end.last;
  }
  return last;
}

// Goes on where an earlier run ended, if the database's log still has that place.
void Archiver::Resume() {
  WriteCounty(options_.folder, services_);
  const auto histories = HistoriesOf(options_.folder);
  const auto now = wal_->Committed();
  if (histories.empty() || !now || watch_->HasGap()) return Begin();
  history_ = std::make_unique<History>();
  history_->folder = histories.back();
  std::optional<Block> last;
  try {
    last = Reopen();
  } catch (const std::exception& error) {
    // It is left as it is, for who restores from it to be told; this county goes on without it.
    log::Warn("archive_unreadable", {{"why", error.what()}});
  }
  if (!last || last->place.salt == 0) return Begin();
  auto place = wal_->At(last->place.salt, last->place.frame);
  const bool is_same = place && place->salt == now->salt && place->frame <= now->frame && place->sum1 == last->place.sum1 && place->sum2 == last->place.sum2;
  // It began anew once, which is allowed only after everything in it was carried.
  if (!is_same) place = now->turn() == last->place.turn() + 1 ? wal_->At(now->salt, 0) : std::nullopt;
  if (!place) return Begin();
  history_->place = *place;
  history_->told = last_time_ = last->until;
  ++figures_.histories;
  const auto bases = BasesOf(history_->folder);
  if (!bases.empty()) {
    figures_.last_base_ms = bases.back().from.ms;
    figures_.is_whole = true;
    next_base_ms_ = bases.back().from.ms + options_.base_every.count();
  }
}

// A history of its own, that needs nothing of what was before.
void Archiver::Begin() {
  figures_.is_whole = false;
  WriteCounty(options_.folder, services_);
  auto history = std::make_unique<History>();
  const Instant now{std::max(Now().ms, last_time_.ms + 1)};
  history->folder = options_.folder / StampOf(now);
  fs::create_directories(history->folder);
  FlushFolder(options_.folder);
  history->place = wal_->Committed().value_or(db::WalPosition{});
  history->told = last_time_ = now;
  history->out = std::make_unique<LogWriter>(history->folder / "log-000001", 0, Sha256(history->folder.filename().string()));
  history->out->Append({.commits = 0, .until = now, .place = history->place, .pages = {}});
  FlushFolder(history->folder);
  history_ = std::move(history);
  is_lost_ = false;
  watch_->Bridge();
  ++figures_.histories;
  next_base_ms_ = now.ms;
  log::Info("archive_begun", {{"history", history_->folder.filename().string()}});
}

void Archiver::Carry() {
  const auto end = wal_->Committed();
  CarryFiles();  // a picture is on disk before the commit that names it
  if (!end) return;
  db::WalPosition at = history_->place;
  if (at.salt != end->salt) {
    const auto start = wal_->At(end->salt, 0);
    if (!start) return;  // it is just being begun
    is_lost_ = at.salt != 0 && end->turn() != at.turn() + 1;
    if (is_lost_) return;
    at = *start;
  }
  BlockMaker maker;
  while (at.frame < end->frame) {
    uint32_t number = at.frame;
    const bool is_read = wal_->Read(at, std::min(end->frame, at.frame + kFramesAtOnce), [&](uint32_t page, std::string_view bytes, uint32_t pages_after) {
      maker.AddPage(page, bytes);
      ++number;
      if (pages_after == 0) return;
      last_time_ = std::max(last_time_, watch_->TimeOf(end->salt, number).value_or(Now()));
      maker.EndCommit(last_time_, pages_after);
    });
    if (!is_read) throw std::runtime_error("the database's log is not what it should be");
    if (!maker.IsBetween() || (maker.bytes() < kBlockBytes && at.frame < end->frame)) continue;
    const uint64_t before = history_->out->bytes();
    history_->out->Append(maker.Take(last_time_, at));
    figures_.bytes += history_->out->bytes() - before;
    history_->place = at;
    history_->told = last_time_;
    watch_->Carried(at.salt, at.frame);
  }
  watch_->Carried(history_->place.salt, history_->place.frame);
}

// Pictures never change; a folder that got one has a new time.
void Archiver::CarryFiles() {
  std::error_code none;
  for (const auto& folder : fs::directory_iterator(data_ / "files", none)) {
    const std::string name = folder.path().filename().string();
    if (name.size() != 2) continue;
    const auto changed = fs::last_write_time(folder.path());
    const auto known = folders_.find(name);
    if (known != folders_.end() && known->second == changed) continue;
    for (const auto& each : fs::directory_iterator(folder.path())) {
      const fs::path to = options_.folder / "files" / name / each.path().filename();
      if (each.path().filename().string().starts_with('.') || fs::exists(to)) continue;
      CopyWhole(each.path(), to);
    }
    if (fs::file_time_type::clock::now() - changed > kFresh) folders_[name] = changed;
  }
}

void Archiver::NextLog() {
  auto next = std::make_unique<LogWriter>(LogPath(history_->log + 1), 0, history_->out->chain());
  FlushFolder(history_->folder);
  history_->out = std::move(next);
  ++history_->log;
}

// The log goes on meanwhile. What is in the copy and in the log as well does no harm: the log
// says the same of those pages, and more.
void Archiver::StartBase() {
  if (base_thread_.joinable()) base_thread_.join();
  NextLog();
  // A copy may be used where the log has at least this block behind it.
  history_->out->Append({.commits = 0, .until = std::max(last_time_, Now()), .place = history_->place, .pages = {}});
  base_running_ = true;
  base_thread_ = std::thread([this, folder = history_->folder, number = history_->log] {
    try {
      MakeBase(folder, number);
    } catch (const std::exception& error) {
      ++figures_.failures;
      next_base_ms_ = Now().ms + kRetryBaseMs;
      log::Warn("archive_base_failed", {{"why", error.what()}});
    }
    base_running_ = false;
  });
}

void Archiver::MakeBase(const fs::path& folder, int log) {
  const Scratch making(folder / "base.making");
  Instant from = Now();
  services_.database.Backup(making.path / "huiyin.db", [&] { from.ms = Now().ms + kAfterCopyMs; });
  const std::string name = "base-" + StampOf(from);
  const uint64_t bytes = fs::file_size(making.path / "huiyin.db");
  const Sha256Hash hash = Gzip(making.path / "huiyin.db", making.path / "packed");
  fs::rename(making.path / "packed", folder / (name + ".db.gz"));
  std::error_code none;
  for (const auto& each : fs::directory_iterator(data_ / "messages", none)) {
    if (each.is_regular_file()) CopyWhole(each.path(), options_.folder / "messages" / each.path().filename());
  }
  WriteWhole(folder / (name + ".json"), json::serialize(json::object{{"from", FormatInstant(from)}, {"log", log}, {"bytes", bytes},
                                                                     {"schema", Schema()}, {"sha256", Hex(AsView(hash))}}) + "\n");
  figures_.last_base_ms = from.ms;
  figures_.is_whole = true;
  next_base_ms_ = from.ms + options_.base_every.count();
  Prune(folder);
}

// What lies further back than one wants to go.
void Archiver::Prune(const fs::path& current) {
  const Instant limit{Now().ms - options_.keep.count()};
  const auto is_old = [&](const fs::path& path, int64_t more_ms) {
    std::error_code error;
    const auto time = fs::last_write_time(path, error);
    return !error && fs::file_time_type::clock::now() - time > options_.keep + milliseconds(more_ms);
  };
  for (const fs::path& history : HistoriesOf(options_.folder)) {
    const auto logs = LogsOf(history);
    if (history != current && (logs.empty() || is_old(logs.back().second, 0))) fs::remove_all(history);
  }
  const auto bases = BasesOf(current);
  size_t first = bases.size() - 1;
  while (first > 0 && bases[first].from > limit) --first;
  for (size_t i = 0; i < first; ++i) {
    fs::remove(bases[i].manifest);
    fs::remove(bases[i].packed);
  }
  for (const auto& [number, file] : LogsOf(current)) {
    if (number < bases[first].log) fs::remove(file);
  }
  // A picture's time in the archive is when the county still had it.
  std::error_code none;
  for (const auto& each : fs::recursive_directory_iterator(options_.folder / "files", none)) {
    if (!each.is_regular_file()) continue;
    std::error_code ignored;
    if (fs::exists(data_ / "files" / fs::relative(each.path(), options_.folder / "files"))) fs::last_write_time(each.path(), fs::file_time_type::clock::now(), ignored);
    else if (is_old(each.path(), options_.base_every.count() + kHourMs)) fs::remove(each.path(), ignored);
  }
}

}  // namespace huiyin::app
