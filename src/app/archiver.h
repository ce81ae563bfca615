// SPDX-License-Identifier: EUPL-1.2
// Keeps an archive from which a county on SQLite comes back as of any instant (docs/decisions/0014):
// copies of the whole database now and then, and what every commit wrote since, carried away
// within a second. It never holds up who writes: when the archive's disk is full or gone the
// county goes on, the lag grows, and later the archive begins anew.
//
//   county.json                 whose it is
//   files/ab/...                pictures, each once
//   messages/                   the county's own sentences
//   TIME/                       one unbroken history
//     base-TIME.db.gz, .json    a copy of the database, and where the log goes on from there
//     log-000001 ...            page_log.h
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <thread>

#include "app/commands.h"
#include "app/page_log.h"
#include "core/json.h"
#include "db/wal_watch.h"

namespace huiyin::app {

struct ArchiveOptions {
  std::filesystem::path folder;
  std::chrono::milliseconds base_every = std::chrono::hours(24);
  std::chrono::milliseconds keep = std::chrono::hours(24) * 7;  // how far back one can go
  int64_t most_log_bytes = db::WalWatch::kMostBytes;            // that wait for the archive
};

// What whoever is on call sees of it.
struct ArchiveFigures {
  std::atomic<uint64_t> bytes{0};
  std::atomic<uint64_t> failures{0};
  std::atomic<uint64_t> histories{0};  // begun since the start; more than one: there was a gap
  std::atomic<int64_t> last_base_ms{0};
  std::atomic<bool> is_whole{false};   // there is a base and the log goes on from it
};

// DIR/archived names the archive of a folder, so that every command leaves its log alone.
std::filesystem::path ArchivedMark(const std::filesystem::path& data);
// The watch that a folder's database is opened with; null when no archive is kept of it.
std::shared_ptr<db::WalWatch> WatchOf(const std::filesystem::path& data);

class Archiver {
 public:
  // Throws std::runtime_error when the folder is another county's.
  Archiver(const Services& services, const std::filesystem::path& data, std::shared_ptr<db::WalWatch> watch, ArchiveOptions options);
  ~Archiver();
  Archiver(const Archiver&) = delete;
  void Start();
  // Carries what is left, and ends.
  void Stop();
  const ArchiveFigures& figures() const { return figures_; }
  // For how long the oldest commit that is not in the archive has waited.
  double LagSeconds() const;

 private:
  struct History;
  void Loop();
  void Tick();
  void Resume();
  std::optional<Block> Reopen();
  void Begin();
  void Carry();
  void CarryFiles();
  void StartBase();
  void MakeBase(const std::filesystem::path& folder, int log);
  void Prune(const std::filesystem::path& current);
  void NextLog();
  std::filesystem::path LogPath(int number) const;
  Instant Now() const { return services_.clock.Now(); }

  const Services& services_;
  const std::filesystem::path data_;
  const std::shared_ptr<db::WalWatch> watch_;
  const ArchiveOptions options_;
  ArchiveFigures figures_;
  std::unique_ptr<db::WalFile> wal_;
  std::unique_ptr<History> history_;
  Instant last_time_;
  bool is_lost_ = false;  // the database's log is not the one it was
  std::map<std::string, std::filesystem::file_time_type> folders_;
  std::thread thread_, base_thread_;
  std::atomic<bool> stopping_{false}, base_running_{false};
  std::atomic<int64_t> next_base_ms_{0};
  std::chrono::steady_clock::time_point next_told_{};
};

}  // namespace huiyin::app
