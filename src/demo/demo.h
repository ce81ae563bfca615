// SPDX-License-Identifier: EUPL-1.2
// `huiyin demo`: a synthetic county, lifelike in its sizes, names and sentences, complete
// enough to try every page on: areas and offices, households with their records, two years
// of visits, and matters in every state. Nobody and nothing in it is real.
//
// The same seed and day make the same county, but for what must be secret even in play:
// passwords, PINs and first codes come from the operating system.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "core/crypto.h"
#include "core/time.h"
#include "db/database.h"

namespace huiyin::demo {

struct Options {
  std::filesystem::path data;  // the shipped data: words, names, figures
  int households = 20000;
  int matters = 0;             // 0: three for every two households
  bool is_brief = false;       // told as a large county is (scale.h), whatever its size
  uint64_t seed = 1;
  Instant now;                 // nothing lies after it
  Sha256Hash field_key{};      // what is sealed is sealed with it: the key of the folder it is made in
  std::function<void(const std::string&)> progress = {};
};

struct Made {
  std::string accounts;  // accounts.json: who can sign in
  int64_t households = 0, residents = 0, officers = 0, visits = 0, matters = 0, audit_entries = 0;
};

// Fills a migrated, empty database. Throws std::runtime_error when it holds a county.
Made Make(db::Database& database, const Options& options);

}  // namespace huiyin::demo
