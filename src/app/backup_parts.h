// SPDX-License-Identifier: EUPL-1.2
// What a backup and an archive have in common.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/id.h"
#include "platform/audit.h"

namespace huiyin::app {

// The schema this program knows.
int Schema();

// A folder that goes away with what is in it, unless it was moved.
struct Scratch {
  std::filesystem::path path;
  explicit Scratch(std::filesystem::path p);
  ~Scratch();
  Scratch(const Scratch&) = delete;
};

// The 32 bytes of a huiyin.key. Throws std::runtime_error for another file.
std::string ReadKey(const std::filesystem::path& file);
// By which a key is known again without being there.
std::string KeyCheckOf(std::string_view key);
// Walks the chain of a copy. Throws std::runtime_error naming its first break.
audit::Verification VerifyChain(const std::filesystem::path& database, County county);
// On disk, name and all. Throws std::runtime_error when it is not.
void FlushFile(const std::filesystem::path& file);
void FlushFolder(const std::filesystem::path& folder);

}  // namespace huiyin::app
