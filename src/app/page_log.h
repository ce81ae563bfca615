// SPDX-License-Identifier: EUPL-1.2
// The log of an archive (docs/decisions/0014): what each commit wrote, page by page, in blocks that
// each carry the hash of the one before. A block that was cut off at the end of a file is none; any
// other change of any byte is noticed.
//
//   HUIYLOG2, the hash at which the file begins; then blocks:
//   HYLB, sizes, how many commits, the last one's time, the place in SQLite's log, the chain's
//   hash, and the commits, packed (zstd): time, pages of the database then, (page's number, its bytes)...
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/crypto.h"
#include "core/time.h"
#include "db/wal_file.h"

namespace huiyin::app {

struct Block {
  uint32_t commits = 0;  // none: nothing happened until `until`
  Instant until;         // everything committed up to then is in this block or before it
  db::WalPosition place;
  std::string pages;     // unpacked
};

// Gathers commits for a block.
class BlockMaker {
 public:
  void AddPage(uint32_t number, std::string_view bytes);
  void EndCommit(Instant at, uint32_t pages_after);
  size_t bytes() const { return done_.size(); }
  bool IsBetween() const { return open_pages_ == 0; }  // no commit is half gathered
  // Leaves it empty.
  Block Take(Instant until, const db::WalPosition& place);

 private:
  std::string done_, open_;
  uint32_t open_pages_ = 0;
  uint32_t commits_ = 0;
};

// Throws std::runtime_error naming the file when the disk does not take it; then the file is as it
// was before, as soon as it can be.
class LogWriter {
 public:
  // Continues the file after `bytes`, cutting off what follows; a new one is begun at 0.
  LogWriter(std::filesystem::path file, uint64_t bytes, const Sha256Hash& chain);
  ~LogWriter();
  LogWriter(const LogWriter&) = delete;
  void Append(const Block& block);
  uint64_t bytes() const { return bytes_; }
  const Sha256Hash& chain() const { return chain_; }

 private:
  std::filesystem::path file_;
  int fd_;
  uint64_t bytes_;
  Sha256Hash chain_;
};

struct LogEnd {
  uint64_t bytes = 0;  // of whole blocks
  Sha256Hash chain{};
  std::optional<Block> last;
  bool is_cut = false;  // a part of a block follows
};
// Reads the file from its beginning, where the chain must stand at `chain` if that is known; ends
// early when `each` says false. Throws std::runtime_error naming the file and the place when it was
// changed.
LogEnd ReadLog(const std::filesystem::path& file, const std::optional<Sha256Hash>& chain, const std::function<bool(const Block&)>& each = {});

// Each commit of a block: its time, the pages of the database then, and the pages.
struct Page {
  uint32_t number;
  std::string_view bytes;
};
void EachCommit(const Block& block, const std::function<void(Instant, uint32_t pages_after, const std::vector<Page>&)>& each);

}  // namespace huiyin::app
