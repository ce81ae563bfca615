// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/store_harm.h"

#include <cstring>

#define HUIYIN_HARM_REPORT                                                                                  \
  "SELECT id, matter_id, ground, rule_key, article, area_code, to_unit_id, text, names_who, is_told, "      \
  "not_told_reason, made_by, made_by_unit_id, made_at, due_at, taken_by, taken_at, content_hash FROM harm_reports "

namespace huiyin::matters {
namespace {

constexpr db::Sql kFind{"harm.find", HUIYIN_HARM_REPORT "WHERE county = $1 AND id = $2"};
constexpr db::Sql kOfMatter{"harm.of_matter", HUIYIN_HARM_REPORT "WHERE county = $1 AND matter_id = $2 ORDER BY made_at, id"};
constexpr db::Sql kTo{"harm.to", HUIYIN_HARM_REPORT "WHERE county = $1 AND to_unit_id = $2 AND id < $3 ORDER BY id DESC LIMIT $4"};
constexpr db::Sql kIn{"harm.in",
    HUIYIN_HARM_REPORT "WHERE county = $1 AND area_code >= $2 AND area_code < $3 AND id < $4 ORDER BY id DESC LIMIT $5"};
constexpr db::Sql kInsert{"harm.insert", R"sql(
  INSERT INTO harm_reports (county, id, matter_id, ground, rule_key, article, area_code, to_unit_id, text, names_who,
    is_told, not_told_reason, made_by, made_by_unit_id, made_at, due_at, content_hash)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
)sql"};
constexpr db::Sql kSave{"harm.save", R"sql(
  UPDATE harm_reports SET taken_by = $3, taken_at = $4 WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kForget{"harm.forget", R"sql(
  UPDATE harm_reports SET text = '', not_told_reason = '' WHERE county = $1 AND matter_id = $2
)sql"};

HarmReport Read(const db::Row& row) {
  HarmReport r;
  r.id = row.Ref<HarmReportId>(0);
  r.matter = row.Ref<MatterId>(1);
  r.ground = row.Text(2);
  r.rule = row.Text(3);
  r.article = row.Text(4);
  r.area = row.Text(5);
  r.to_unit = row.Ref<UnitId>(6);
  r.text = row.Text(7);
  r.names_who = row.Flag(8);
  r.is_told = row.Flag(9);
  r.not_told_reason = row.Text(10);
  r.made_by = row.Ref<OfficerId>(11);
  r.made_by_unit = row.Ref<UnitId>(12);
  r.made_at = row.At(13);
  r.due_at = row.OptAt(14);
  r.taken_by = row.OptRef<OfficerId>(15);
  r.taken_at = row.OptAt(16);
  const std::string_view hash = row.View(17);
  std::memcpy(r.content_hash.data(), hash.data(), std::min(hash.size(), r.content_hash.size()));
  return r;
}

}  // namespace

std::optional<HarmReport> FindHarmReport(db::Tx& tx, County county, const HarmReportId& id) { return tx.One(kFind, Read, county, id); }

void InsertHarmReport(db::Tx& tx, County county, const HarmReport& r) {
  tx.Run(kInsert, county, r.id, r.matter, r.ground, r.rule, r.article, r.area, r.to_unit, r.text, r.names_who, r.is_told,
         r.not_told_reason, r.made_by, r.made_by_unit, r.made_at, r.due_at, db::Blob{AsView(r.content_hash)});
}

void SaveHarmReport(db::Tx& tx, County county, const HarmReport& r) { tx.Run(kSave, county, r.id, r.taken_by, r.taken_at); }

std::vector<HarmReport> HarmReportsOf(db::Tx& tx, County county, const MatterId& matter) {
  return tx.All(kOfMatter, Read, county, matter);
}

std::vector<HarmReport> HarmReportsTo(db::Tx& tx, County county, const UnitId& unit, const Uuid& before, int limit) {
  return tx.All(kTo, Read, county, unit, before, limit);
}

std::vector<HarmReport> HarmReportsIn(db::Tx& tx, County county, const AreaCode& area, const Uuid& before, int limit) {
  return tx.All(kIn, Read, county, area, AreaEnd(area), before, limit);
}

void ForgetHarmReports(db::Tx& tx, County county, const MatterId& matter) { tx.Run(kForget, county, matter); }

}  // namespace huiyin::matters
