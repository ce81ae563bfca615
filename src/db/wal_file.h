// SPDX-License-Identifier: EUPL-1.2
// SQLite's write-ahead log as it lies beside a database in use: which frames are committed, and
// the pages in them. Only read, never changed; layout and sums are those of SQLite's documented
// file format, version 3007000.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string_view>

namespace huiyin::db {

// A place in the log. A log that begins anew has another salt, its first half one higher.
struct WalPosition {
  uint64_t salt = 0;   // the eight bytes as they are in the file, read as one big-endian number
  uint32_t frame = 0;  // how many frames lie before it
  uint32_t sum1 = 0;   // the running sums up to there
  uint32_t sum2 = 0;

  uint32_t turn() const { return static_cast<uint32_t>(salt >> 32); }
};

class WalFile {
 public:
  static constexpr size_t kPage = 4096;

  // `database` is the database's own path. Throws std::runtime_error when its log cannot be opened.
  explicit WalFile(const std::filesystem::path& database);
  ~WalFile();
  WalFile(const WalFile&) = delete;

  // The end of what is committed, by all processes that have the database open; absent for an
  // empty log, and while somebody is just changing it: ask again.
  std::optional<WalPosition> Committed() const;
  // The place after so many frames, with its sums; absent when the log is another one or shorter.
  std::optional<WalPosition> At(uint64_t salt, uint32_t frame) const;

  // Each frame from `from` up to `to` frames: the page's number, its bytes, and for the last of a
  // commit how many pages the database has then (0 for the others). `from` moves along. False when
  // a frame was not what it should be; `from` then stands before it.
  using Each = std::function<void(uint32_t page, std::string_view bytes, uint32_t pages_after)>;
  bool Read(WalPosition& from, uint32_t to, const Each& each) const;

 private:
  bool ReadHead(WalPosition& start) const;

  int log_ = -1;
  int index_ = -1;
};

}  // namespace huiyin::db
