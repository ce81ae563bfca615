// SPDX-License-Identifier: EUPL-1.2
#include "app/restore_at.h"

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include <cstdio>
#include <fstream>

#include "app/archive_folder.h"
#include "app/backup_parts.h"
#include "app/page_log.h"
#include "core/crypto.h"

namespace huiyin::app {
namespace {

namespace fs = std::filesystem;

constexpr size_t kPage = db::WalFile::kPage;
constexpr size_t kHexOfName = 62;  // of a picture, behind the two of its folder
constexpr Instant kForever{INT64_MAX};

// "2026-11-22T10:15:00" and shorter on the county's clock, or a moment with its zone.
Instant ReadMoment(const std::string& text, Zone zone) {
  if (const auto moment = ParseInstant(text)) return *moment;
  const int sign = zone.offset_minutes < 0 ? -1 : 1;
  const std::string offset = fmt::format("{}{:02}:{:02}", sign < 0 ? '-' : '+', sign * zone.offset_minutes / 60, sign * zone.offset_minutes % 60);
  for (const char* more : {"", ":00", "T00:00:00"}) {
    std::string whole = text;
    std::replace(whole.begin(), whole.end(), ' ', 'T');
    if (const auto moment = ParseInstant(whole + more + offset)) return *moment;
  }
  throw std::runtime_error("--at wants a moment, such as 2026-11-22T10:15:00 on the county's clock");
}

std::string Local(Instant at, Zone zone) {
  return FormatInstant({at.ms + int64_t{zone.offset_minutes} * 60'000}).substr(0, 23);
}

void Unpack(const Base& base, const fs::path& to) {
  gzFile in = gzopen(base.packed.c_str(), "rb");
  if (in == nullptr) throw std::runtime_error(base.packed.string() + ": cannot be read");
  std::ofstream out(to, std::ios::binary);
  Sha256Stream hash;
  std::vector<char> buffer(1 << 20);
  int size = 0;
  while ((size = gzread(in, buffer.data(), static_cast<unsigned>(buffer.size()))) > 0) {
    hash.Add({buffer.data(), static_cast<size_t>(size)});
    out.write(buffer.data(), size);
  }
  const bool is_read = gzclose(in) == Z_OK && size == 0;
  out.close();
  if (!out) throw std::runtime_error(to.string() + ": cannot be written (is the disk full?)");
  if (!is_read || Hex(AsView(hash.Finish())) != base.sha256) throw std::runtime_error(base.packed.string() + ": damaged");
}

struct Reached {
  std::optional<Instant> last_commit;
  Instant known_until;
  uint64_t commits = 0;
};

// Writes what each commit wrote, one after the other, up to the instant.
class Replay {
 public:
  Replay(const fs::path& database, Instant at) : fd_(::open(database.c_str(), O_RDWR | O_CLOEXEC)), at_(at) {
    if (fd_ < 0) throw std::runtime_error(database.string() + ": cannot be written");
  }
  ~Replay() { ::close(fd_); }
  Replay(const Replay&) = delete;

  Reached Run(const fs::path& history, const Base& base) {
    reached_.known_until = base.from;
    std::optional<Sha256Hash> chain;
    const auto logs = LogsOf(history);
    int expected = base.log;
    for (const auto& [number, file] : logs) {
      if (number < base.log) continue;
      if (number != expected++) throw std::runtime_error(fmt::format("{}: the log before it is missing", file.string()));
      bool goes_on = true;
      const LogEnd end = ReadLog(file, chain, [&](const Block& block) { return goes_on = Take(block); });
      chain = end.chain;
      if (!goes_on) break;
      if (end.is_cut && file != logs.back().second) throw std::runtime_error(file.string() + ": cut short");
    }
    if (expected == base.log) throw std::runtime_error(history.string() + ": its log is missing");
    if (::fsync(fd_) != 0) throw std::runtime_error("the restored database cannot be flushed to disk");
    return reached_;
  }

 private:
  bool Take(const Block& block) {
    bool goes_on = true;
    EachCommit(block, [&](Instant when, uint32_t pages_after, const std::vector<Page>& pages) {
      goes_on = goes_on && when <= at_;
      if (!goes_on) return;
      for (const Page& page : pages) {
        const auto place = static_cast<off_t>((uint64_t{page.number} - 1) * kPage);
        if (::pwrite(fd_, page.bytes.data(), kPage, place) != static_cast<ssize_t>(kPage)) {
          throw std::runtime_error("the restored database cannot be written (is the disk full?)");
        }
      }
      if (::ftruncate(fd_, static_cast<off_t>(uint64_t{pages_after} * kPage)) != 0) throw std::runtime_error("the restored database cannot be written");
      reached_.last_commit = when;
      ++reached_.commits;
    });
    // Whoever stops within a block has seen all until the instant.
    reached_.known_until = goes_on ? std::max(reached_.known_until, block.until) : std::max(reached_.known_until, at_);
    return goes_on;
  }

  int fd_;
  Instant at_;
  Reached reached_;
};

// The newest copy that is not later than the instant, and its history.
struct Start {
  fs::path history;
  Base base;
};
Start FindStart(const fs::path& archive, Instant at, Zone zone) {
  std::optional<Start> found;
  std::optional<Instant> first;
  for (const fs::path& history : HistoriesOf(archive)) {
    for (const Base& base : BasesOf(history)) {
      if (!first) first = base.from;
      if (base.from <= at) found = Start{history, base};
    }
  }
  if (!first) throw std::runtime_error(archive.string() + ": there is no whole copy in it yet");
  if (!found) throw std::runtime_error(fmt::format("the archive goes back to {} only", Local(*first, zone)));
  return *found;
}

// Where the next history begins, after an instant that none knows.
std::string NextAfter(const fs::path& archive, Instant at, Zone zone) {
  for (const fs::path& history : HistoriesOf(archive)) {
    for (const Base& base : BasesOf(history)) {
      if (base.from > at) return ", and again from " + Local(base.from, zone);
    }
  }
  return "";
}

int64_t CopyFiles(const fs::path& archive, const fs::path& to) {
  int64_t count = 0;
  for (const char* folder : {"files", "messages"}) {
    if (!fs::exists(archive / folder)) continue;
    for (const auto& each : fs::recursive_directory_iterator(archive / folder)) {
      const std::string name = each.path().filename().string();
      if (!each.is_regular_file() || name.starts_with('.')) continue;
      std::ifstream in(each.path(), std::ios::binary);
      const std::string bytes{std::istreambuf_iterator<char>(in), {}};
      if (name.size() == kHexOfName && Hex(AsView(Sha256(bytes))) != each.path().parent_path().filename().string() + name) {
        throw std::runtime_error(each.path().string() + ": damaged");
      }
      const fs::path target = to / fs::relative(each.path(), archive);
      fs::create_directories(target.parent_path());
      std::ofstream out(target, std::ios::binary);
      out << bytes;
      out.close();
      if (!out) throw std::runtime_error(target.string() + ": cannot be written (is the disk full?)");
      ++count;
    }
  }
  return count;
}

}  // namespace

void RestoreAsOf(const RestoreAt& wanted) {
  const auto began = std::chrono::steady_clock::now();
  const fs::path to = fs::absolute(wanted.to).lexically_normal();
  if (fs::exists(to) && !(fs::is_directory(to) && fs::is_empty(to))) throw std::runtime_error(to.string() + ": is not empty, and nothing is written over");
  const ArchivedCounty county = CountyOf(wanted.archive);
  const Instant at = wanted.at ? ReadMoment(*wanted.at, county.zone) : kForever;
  const std::string key = ReadKey(wanted.key);
  if (KeyCheckOf(key) != county.key_check) throw std::runtime_error("this is not the key of this archive: its sealed numbers could not be read");
  const Start start = FindStart(wanted.archive, at, county.zone);
  if (start.base.schema > Schema()) throw std::runtime_error(fmt::format("it was made by a newer program (schema {}, this one knows {})", start.base.schema, Schema()));

  const Scratch making(to.string() + ".restoring");
  const fs::path database = making.path / "huiyin.db";
  Unpack(start.base, database);
  const Reached reached = Replay(database, at).Run(start.history, start.base);
  if (wanted.at && reached.known_until < at) {
    throw std::runtime_error(fmt::format("the archive knows this county until {}{}: give such an instant, or leave --at out for the newest",
                                         Local(reached.known_until, county.zone), NextAfter(wanted.archive, at, county.zone)));
  }
  const int64_t files = CopyFiles(wanted.archive, making.path);
  fs::create_directories(making.path / "files");
  std::ofstream(making.path / "huiyin.key", std::ios::binary) << key;
  fs::permissions(making.path / "huiyin.key", fs::perms::owner_read | fs::perms::owner_write);
  const auto chain = VerifyChain(database, county.county);
  fs::create_directories(to.parent_path());
  if (fs::exists(to)) fs::remove(to);  // empty
  fs::rename(making.path, to);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  fmt::print("restored county {} as of {} to {} in {:.1f} s: a copy of {}, {} commits after it, {} files, audit chain of {} entries whole\n",
             FormatCounty(county.county), Local(wanted.at ? at : reached.known_until, county.zone), to.string(), took.count(),
             Local(start.base.from, county.zone), reached.commits, files, chain.entries);
  fmt::print("serve it: huiyin serve --data {}\n", to.string());
}

}  // namespace huiyin::app
