// SPDX-License-Identifier: EUPL-1.2
// The door of imports: tables of areas, units, officers and households, checked row by row
// and applied only when nothing in them is wrong. Routes and the command line stand on the
// same few functions.
#pragma once

#include <deque>
#include <filesystem>
#include <functional>

#include "modules/imports/store.h"
#include "platform/module.h"

namespace huiyin::imports {

Module Describe();

inline constexpr std::string_view kKinds[] = {"areas", "units", "officers", "households", "matters"};

// Where a checked file waits until it is applied.
std::filesystem::path WaitingFile(const Services& services, const ImportId& id);

// Rows read so far.
using Progress = std::function<void(int64_t rows)>;

// Reads the whole file against the database and changes nothing: an import that is `ready`
// or `refused`. `logins` hears which officers would need a password.
Import Check(Work& work, std::string_view kind, const std::filesystem::path& file, bool in_english,
             const Progress& progress = {}, std::vector<std::string>* logins = nullptr);

std::vector<NewPasswordOf> MakePasswords(const std::vector<std::string>& logins, Random& random);

// Applies a file of areas, units or officers in the transaction at hand. Throws 409
// imports.changed_since when the database no longer permits what the check did.
void ApplyWhole(Context& ctx, Import& import, const std::filesystem::path& file,
                std::vector<NewPasswordOf> passwords);

// The event that says what was done.
void RecordApplied(Context& ctx, const Import& import);

// Applies a file of households piece by piece, each piece in a transaction of its own, from
// where it stopped. What their people are found by is entered after many households and before
// the import is over, since an index is cheaply written in its own order only; until then they
// are in the register and in lists, and not found by name. Not shared between threads.
class Application {
 public:
  Application(const Import& import, const std::filesystem::path& file);
  ~Application();
  // Writes at most `records` households, or some of what they are found by, and moves `import`
  // on; the caller commits. False when the import is over: applied, or failed with its errors.
  bool Step(Context& ctx, Import& import, size_t records);
  // Steps taken; differs from the import's after a transaction was undone.
  int64_t steps() const { return steps_; }

 private:
  void ReadOn(Context& ctx, size_t records);

  std::unique_ptr<TableReader> reader_;
  std::unique_ptr<Importer> importer_;
  std::unique_ptr<Heading> heading_;
  Errors errors_;
  std::deque<std::string> hold_again_;  // households that are in and were not entered
  int64_t skipped_ = 0;
  int64_t rows_done_ = 0;
  int64_t steps_ = 0;
  bool is_read_ = false;
  bool is_entering_ = false;
};

// Areas shipped with the program (data/divisions) or a table with code and name.
struct Division {
  AreaCode code;
  std::string name;
};
// Everything within `prefix` (a province's or a county's code) and what stands above it, the
// wider first. Throws std::runtime_error naming the file that cannot be read.
std::vector<Division> ReadDivisions(const std::filesystem::path& from, std::string_view prefix);

}  // namespace huiyin::imports
