// SPDX-License-Identifier: EUPL-1.2
// Rows of imports.
#pragma once

#include "platform/module.h"

#include "modules/imports/importer.h"

namespace huiyin::imports {

struct Import {
  ImportId id;
  std::string kind;
  std::string state;  // refused ready applying applied failed
  std::string file_name;
  Sha256Hash file_hash{};
  int64_t rows = 0;       // the heading not counted
  int64_t rows_done = 0;
  int64_t rows_findable = 0;  // of those: whose people are found by their names
  int64_t steps = 0;          // of the application, as they were committed
  std::vector<TableError> errors;
  int64_t errors_count = 0;
  Summary summary;
  std::optional<OfficerId> created_by;
  Instant created_at;
  std::optional<Instant> applied_at;
};

void Insert(db::Tx& tx, County county, const Import& import);
std::optional<Import> Find(db::Tx& tx, County county, const ImportId& id);
// The one of this file that is being applied.
std::optional<Import> FindApplying(db::Tx& tx, County county, std::string_view kind, const Sha256Hash& hash);
// Those that are being applied, the oldest first.
std::vector<Import> Applying(db::Tx& tx, County county);
void SaveProgress(db::Tx& tx, County county, const Import& import, Instant now);
// Ready ones that nobody applied since.
std::vector<ImportId> ReadySince(db::Tx& tx, County county, Instant before);

// What was brought in and when is an event; the name of the file and its mistakes, which
// may quote people, are kept for a time.
Retained TablesKeptForATime();

}  // namespace huiyin::imports
