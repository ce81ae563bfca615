// SPDX-License-Identifier: EUPL-1.2
// What lies where in an archive (archiver.h), for who writes it and who restores from it.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "core/id.h"
#include "core/time.h"

namespace huiyin {
struct Services;
}

namespace huiyin::app {

// A copy of the whole database. With it and the logs from `log` on one comes to any instant that
// is not before `from`.
struct Base {
  Instant from;
  int log = 0;
  int schema = 0;
  uint64_t bytes = 0;
  std::string sha256;  // of the database, unpacked
  std::filesystem::path manifest, packed;
};

struct ArchivedCounty {
  County county;
  Zone zone;
  std::string key_check;
};

// Throws std::runtime_error when it is no archive.
ArchivedCounty CountyOf(const std::filesystem::path& folder);
// Says whose archive it is, when nothing says so yet.
void WriteCounty(const std::filesystem::path& folder, const Services& services);
// Throws std::runtime_error when it is another county's, or was made under another key.
void RequireSameCounty(const std::filesystem::path& folder, const Services& services);

// In the order of time.
std::vector<std::filesystem::path> HistoriesOf(const std::filesystem::path& folder);
std::vector<Base> BasesOf(const std::filesystem::path& history);
std::vector<std::pair<int, std::filesystem::path>> LogsOf(const std::filesystem::path& history);

}  // namespace huiyin::app
