// SPDX-License-Identifier: EUPL-1.2
// A county as of an instant, from its archive (archiver.h).
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/time.h"

namespace huiyin::app {

struct RestoreAt {
  std::filesystem::path archive;
  std::filesystem::path to;               // empty, or not there yet
  std::filesystem::path key;
  std::optional<std::string> at;          // on the county's clock, or with a zone; absent: the newest
};

// Makes the folder, whole or not at all, and prints what it did. Throws std::runtime_error saying
// what is wrong with the archive, the key, the place or the instant.
void RestoreAsOf(const RestoreAt& wanted);

}  // namespace huiyin::app
