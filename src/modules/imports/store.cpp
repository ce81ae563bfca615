// SPDX-License-Identifier: EUPL-1.2
#include "modules/imports/store.h"

namespace huiyin::imports {
namespace {

#define IMPORT_COLUMNS                                                                              \
  "id, kind, state, file_name, file_hash, rows_total, rows_done, errors, errors_count, summary, "   \
  "created_by, created_at, applied_at, rows_findable, steps"

constexpr db::Sql kInsert{"imports.insert", R"sql(
  INSERT INTO imports (county, id, kind, state, file_name, file_hash, rows_total, rows_done, errors, errors_count,
                       summary, created_by, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)
)sql"};
constexpr db::Sql kFind{"imports.find",
  "SELECT " IMPORT_COLUMNS " FROM imports WHERE county = $1 AND id = $2"};
constexpr db::Sql kFindApplying{"imports.find_applying",
  "SELECT " IMPORT_COLUMNS " FROM imports WHERE county = $1 AND state = 'applying' AND kind = $2 AND file_hash = $3 "
  "ORDER BY id LIMIT 1"};
constexpr db::Sql kApplying{"imports.applying",
  "SELECT " IMPORT_COLUMNS " FROM imports WHERE county = $1 AND state = 'applying' ORDER BY id"};
constexpr db::Sql kSaveProgress{"imports.save_progress", R"sql(
  UPDATE imports SET state = $3, rows_done = $4, errors = $5, errors_count = $6, applied_at = $7, updated_at = $8,
                     rows_findable = $9, steps = $10
   WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kReadySince{"imports.ready_since", R"sql(
  SELECT id FROM imports WHERE county = $1 AND state = 'ready' AND created_at < $2
)sql"};

constexpr db::Sql kOld{"imports.old", R"sql(
  SELECT id FROM imports WHERE county = $1 AND created_at < $2 AND state IN ('applied', 'refused', 'failed') LIMIT $3
)sql"};
constexpr db::Sql kErase{"imports.erase", "DELETE FROM imports WHERE county = $1 AND id = $2"};

std::string Write(const std::vector<TableError>& errors) {
  JsonWriter w;
  w.BeginArray();
  for (const TableError& error : errors) {
    w.BeginArray().Value(error.row).Value(error.column).Value(error.code).Value(error.detail).EndArray();
  }
  w.EndArray();
  return w.Take();
}

std::string Write(const Summary& summary) {
  return fmt::format("[{},{},{}]", summary.added, summary.changed, summary.same);
}

Import Read(const db::Row& row) {
  Import import{.id = row.Ref<ImportId>(0), .kind = row.Text(1), .state = row.Text(2), .file_name = row.Text(3)};
  const std::string_view hash = row.View(4);
  std::copy_n(hash.begin(), std::min(hash.size(), import.file_hash.size()), import.file_hash.begin());
  import.rows = row.Int(5);
  import.rows_done = row.Int(6);
  const json::value errors = json::parse(row.View(7));
  for (const json::value& each : errors.as_array()) {
    const auto& e = each.as_array();
    import.errors.push_back({e.at(0).as_int64(), std::string(e.at(1).as_string()), std::string(e.at(2).as_string()),
                             std::string(e.at(3).as_string())});
  }
  import.errors_count = row.Int(8);
  const json::value summary = json::parse(row.View(9));
  const auto& counts = summary.as_array();
  import.summary = {counts.at(0).as_int64(), counts.at(1).as_int64(), counts.at(2).as_int64()};
  import.created_by = row.OptRef<OfficerId>(10);
  import.created_at = row.At(11);
  import.applied_at = row.OptAt(12);
  import.rows_findable = row.Int(13);
  import.steps = row.Int(14);
  return import;
}

}  // namespace

void Insert(db::Tx& tx, County county, const Import& import) {
  tx.Run(kInsert, county, import.id, import.kind, import.state, import.file_name, db::Blob{AsView(import.file_hash)},
         import.rows, import.rows_done, Write(import.errors), import.errors_count, Write(import.summary),
         import.created_by, import.created_at);
}

std::optional<Import> Find(db::Tx& tx, County county, const ImportId& id) { return tx.One(kFind, Read, county, id); }

std::optional<Import> FindApplying(db::Tx& tx, County county, std::string_view kind, const Sha256Hash& hash) {
  return tx.One(kFindApplying, Read, county, kind, db::Blob{AsView(hash)});
}

std::vector<Import> Applying(db::Tx& tx, County county) { return tx.All(kApplying, Read, county); }

void SaveProgress(db::Tx& tx, County county, const Import& import, Instant now) {
  tx.Run(kSaveProgress, county, import.id, import.state, import.rows_done, Write(import.errors), import.errors_count,
         import.applied_at, now, import.rows_findable, import.steps);
}

std::vector<ImportId> ReadySince(db::Tx& tx, County county, Instant before) {
  return tx.All(kReadySince, [](const db::Row& row) { return row.Ref<ImportId>(0); }, county, before);
}

Retained TablesKeptForATime() {
  return {"imports",
          [](db::Tx& tx, County county, Instant before, int limit) {
            return tx.All(kOld, [](const db::Row& row) { return row.Key(0); }, county, before, limit);
          },
          [](Context& ctx, const Uuid& id) {
            if (ctx.tx.Run(kErase, ctx.county, id) > 0) ctx.Record("import.erased", "import", id);
          }};
}

}  // namespace huiyin::imports
