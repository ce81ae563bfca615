// SPDX-License-Identifier: EUPL-1.2
// One file that holds a county: a tar that any tar lists, whose last entries say what is in it,
// with a hash of every file, and a hash of that. A change of any byte is noticed. Sizes have no
// limit but the disk's.
//
//   HUIYIN-BACKUP   what this is, in a sentence
//   huiyin.db, files/ab/..., reads/..., messages/..., huiyin.key if so wished
//   MANIFEST        JSON: what was said at Finish, and {"files": [{"name", "bytes", "sha256"}]}
//   MANIFEST.sha256
#pragma once

#include <filesystem>
#include <fstream>
#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "core/json.h"

namespace huiyin::app {

// What is wrong with an archive, in a sentence for whoever is at the keyboard.
struct ArchiveError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class ArchiveWriter {
 public:
  // Throws std::runtime_error when the file is there or cannot be made.
  explicit ArchiveWriter(const std::filesystem::path& file);
  // False when there is no such file (any more).
  bool AddFile(const std::string& name, const std::filesystem::path& from);
  void AddText(const std::string& name, std::string_view text);
  // Writes the end; on disk when this returns.
  void Finish(json::object manifest);

 private:
  void Head(const std::string& name, uint64_t bytes);
  void Pad(uint64_t bytes);
  void Put(std::string_view bytes);
  void Note(const std::string& name, uint64_t bytes, std::string_view hash);

  std::filesystem::path file_;
  std::ofstream out_;
  json::array files_;
};

// Reads the whole archive and compares every byte with its hashes; returns the manifest. Throws
// ArchiveError for what is not such an archive, was cut short or was changed.
json::object VerifyArchive(const std::filesystem::path& file);
// The same, and puts the files into the folder, which is made. Nothing of it may be used when
// this throws.
json::object ExtractArchive(const std::filesystem::path& file, const std::filesystem::path& folder);

}  // namespace huiyin::app
