// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/dispatch_list.h"

#define HUIYIN_ENTRY_COLUMNS                                                                         \
  "id, category, area_code, unit_id, note, from_on, until_on, made_at, made_by, replaced_by, revision "

namespace huiyin::matters {
namespace {

constexpr size_t kTownship = 9;
constexpr size_t kVillage = 12;

constexpr db::Sql kFind{"dispatch.find",
                        "SELECT " HUIYIN_ENTRY_COLUMNS "FROM dispatch_entries WHERE county = $1 AND id = $2"};
constexpr db::Sql kOf{"dispatch.of", "SELECT " HUIYIN_ENTRY_COLUMNS
                      "FROM dispatch_entries WHERE county = $1 AND category = $2 AND area_code = $3"
                      " ORDER BY from_on DESC, made_at DESC, id DESC"};
constexpr db::Sql kFor{"dispatch.for", "SELECT " HUIYIN_ENTRY_COLUMNS
                       "FROM dispatch_entries WHERE county = $1 AND category = $2 AND area_code IN ($3, $4, $5, $6)"
                       " AND from_on <= $7 AND (until_on IS NULL OR until_on > $7)"};
constexpr db::Sql kPage{"dispatch.page", "SELECT " HUIYIN_ENTRY_COLUMNS
                        "FROM dispatch_entries WHERE county = $1 AND (category, area_code, id) > ($2, $3, $4)"
                        " AND from_on <= $5 AND (until_on IS NULL OR until_on > $5)"
                        " ORDER BY category, area_code, id LIMIT $6"};
constexpr db::Sql kInsert{"dispatch.insert", R"sql(
  INSERT INTO dispatch_entries (county, id, category, area_code, unit_id, note, from_on, until_on, made_at, made_by)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
)sql"};
constexpr db::Sql kSave{"dispatch.save", R"sql(
  UPDATE dispatch_entries SET until_on = $3, replaced_by = $4, revision = revision + 1
   WHERE county = $1 AND id = $2 AND revision = $5
)sql"};

Entry Read(const db::Row& row) {
  return {row.Ref<EntryId>(0), row.Text(1),   row.Text(2), row.Ref<UnitId>(3),      row.Text(4),           row.Day(5),
          row.OptDay(6),       row.At(7),     row.Ref<OfficerId>(8), row.OptRef<EntryId>(9), row.Int(10)};
}

}  // namespace

std::optional<Entry> FindEntry(db::Tx& tx, County county, const EntryId& id) { return tx.One(kFind, Read, county, id); }

std::vector<Entry> EntriesOf(db::Tx& tx, County county, std::string_view category, std::string_view area) {
  return tx.All(kOf, Read, county, category, area);
}

std::optional<Entry> EntryFor(db::Tx& tx, County county, std::string_view category, std::string_view area, Date on) {
  const auto within = [&](size_t digits) { return area.size() > digits ? area.substr(0, digits) : area; };
  // The county's own code stands on the list as no area.
  const std::string_view own = area.size() >= kTownship ? area : std::string_view();
  for (std::string_view code = category;;) {
    const auto entries = tx.All(kFor, Read, county, code, std::string_view(), own.empty() ? own : within(kTownship),
                                own.empty() ? own : within(kVillage), own, on);
    if (const Entry* entry = Choose(entries, category, area, on)) return *entry;
    if (code.empty()) return std::nullopt;
    const size_t dot = code.rfind('.');
    code = dot == std::string_view::npos ? std::string_view() : code.substr(0, dot);
  }
}

void InsertEntry(db::Tx& tx, County county, const Entry& e) {
  tx.Run(kInsert, county, e.id, e.category, e.area, e.unit, e.note, e.from, e.until, e.made_at, e.made_by);
}

void SaveEntry(db::Tx& tx, County county, Entry& entry) {
  if (tx.Run(kSave, county, entry.id, entry.until, entry.replaced_by, entry.revision) != 1) Conflict("conflict");
  ++entry.revision;
}

std::vector<Entry> ListEntries(db::Tx& tx, County county, Date on, const EntryPlace& after, int limit) {
  return tx.All(kPage, Read, county, after.category, after.area, after.id, on, limit);
}

}  // namespace huiyin::matters
