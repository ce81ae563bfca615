// SPDX-License-Identifier: EUPL-1.2
// The journal of reads. Who read whose record is written down before the reply leaves: at
// the end of a file beside the database, which survives the program's death. With the next
// tick the file is flushed and moved into the audit chain, each entry once. Kept out of the
// database until then because every commit makes every reading connection forget its pages:
// reads that committed one by one made each other dearer.
//
// The next file stands ready as `spare` with room of its own on the disk, so that records can
// be shown, and the showing written down, for a while after the disk is full.
//
// A file is COUNTY-NUMBER.log, numbers rising, and holds the records of audit.h. Table
// read_logs says how far the chain got. What is not a whole record (a power cut in the
// middle of writing) is left in a file that ends with .torn, and never read again.
#pragma once

#include <chrono>
#include <deque>
#include <filesystem>
#include <map>
#include <mutex>
#include <string_view>
#include <vector>

#include "core/random.h"
#include "db/database.h"

namespace huiyin::audit {

class ReadLog {
 public:
  // Makes the folder when it is not there. What an earlier run left in it is moved with the
  // first call of Seal. Moved files are kept for so long, which is what a backup takes
  // between deciding what is in its copy of the database and copying these (Copy).
  // Several servers of one database each have a folder, and every run a journal of its own in it.
  ReadLog(std::filesystem::path folder, db::Database& database, Random& random,
          std::chrono::milliseconds keep_moved = std::chrono::seconds(10));
  ~ReadLog();
  ReadLog(const ReadLog&) = delete;

  // Appends whole records. From any thread. Throws Problem 503 when they could not be
  // written; then nothing of them is there.
  void Append(County county, std::string_view records);

  // Moves what was appended into the county's chain, in writes of at most `batch` entries so
  // that acts can go between. From any thread; who comes second waits and finds it done.
  void Seal(County county, Zone zone, int batch);

  // Copies a folder of journals that may be in use.
  static void Copy(const std::filesystem::path& from, const std::filesystem::path& to);

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;
  struct File {
    int64_t number = 0;
    int descriptor = -1;  // while it is written to
    int64_t bytes = 0;
  };
  struct Closed {
    std::string journal;
    int64_t number = 0;
    std::filesystem::path path;
  };
  std::filesystem::path PathOf(County county, int64_t number) const;
  void Open(County county, File& file);
  bool Close(County county);
  bool MakeSpare();
  void Move(County county, Zone zone, const Closed& file, int batch);
  void RemoveOld();

  const std::filesystem::path folder_;
  db::Database& database_;
  const std::chrono::milliseconds keep_moved_;
  std::string journal_;  // of this run

  std::mutex writing_;  // guards the next four
  bool has_spare_ = false;
  int64_t next_number_ = 1;
  std::map<County, File> open_;
  std::map<County, std::vector<int64_t>> ended_;  // files with a part of a record at the end

  std::mutex sealing_;  // guards the next two; taken before the other one
  std::map<County, std::deque<Closed>> closed_;  // still to be moved, in order
  std::deque<std::pair<SteadyTime, std::filesystem::path>> moved_;
};

}  // namespace huiyin::audit
