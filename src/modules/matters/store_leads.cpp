// SPDX-License-Identifier: EUPL-1.2
#include <cstring>

#include "modules/matters/leads.h"

#define HUIYIN_LEAD_COLUMNS \
  "id, matter_id, leader_id, measures, until_on, responsible_id, set_by, set_at, was_late, ended_at, revision "
#define HUIYIN_STEP_COLUMNS                                                                   \
  "id, matter_id, text, officer_id, due_on, meeting_id, made_by, made_at, was_late, ended_at, " \
  "ending, ended_by, note, content_hash "

namespace huiyin::matters {
namespace {

constexpr db::Sql kFindLead{"leads.find", "SELECT " HUIYIN_LEAD_COLUMNS "FROM leads WHERE county = $1 AND matter_id = $2"};
constexpr db::Sql kSaveLead{"leads.save", R"sql(
  INSERT INTO leads (county, matter_id, id, leader_id, measures, until_on, responsible_id, set_by, set_at, was_late,
    ended_at, revision)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
  ON CONFLICT (county, matter_id) DO UPDATE SET id = excluded.id, leader_id = excluded.leader_id,
    measures = excluded.measures, until_on = excluded.until_on, responsible_id = excluded.responsible_id,
    set_by = excluded.set_by, set_at = excluded.set_at, was_late = excluded.was_late, ended_at = excluded.ended_at,
    revision = excluded.revision
)sql"};
constexpr db::Sql kOfLeader{"leads.of_leader", "SELECT " HUIYIN_LEAD_COLUMNS
                            "FROM leads WHERE county = $1 AND leader_id = $2 AND ended_at IS NULL"
                            " AND (until_on, matter_id) > ($3, $4) ORDER BY until_on, matter_id LIMIT $5"};

constexpr db::Sql kFindStep{"steps.find", "SELECT " HUIYIN_STEP_COLUMNS
                            "FROM steps WHERE county = $1 AND matter_id = $2 AND id = $3"};
constexpr db::Sql kInsertStep{"steps.insert", R"sql(
  INSERT INTO steps (county, matter_id, id, text, officer_id, due_on, meeting_id, made_by, made_at, content_hash)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
)sql"};
constexpr db::Sql kSaveStep{"steps.save", R"sql(
  UPDATE steps SET was_late = $4, ended_at = $5, ending = $6, ended_by = $7, note = $8
   WHERE county = $1 AND matter_id = $2 AND id = $3
)sql"};
constexpr db::Sql kStepsOf{"steps.of_matter", "SELECT " HUIYIN_STEP_COLUMNS
                           "FROM steps WHERE county = $1 AND matter_id = $2 ORDER BY due_on, made_at, id"};
constexpr db::Sql kOpenSteps{"steps.open_of_officer", "SELECT " HUIYIN_STEP_COLUMNS
                             "FROM steps WHERE county = $1 AND officer_id = $2 AND ended_at IS NULL"
                             " AND (due_on, id) > ($3, $4) ORDER BY due_on, id LIMIT $5"};
constexpr db::Sql kHasOpenStep{"steps.has_open", R"sql(
  SELECT 1 FROM steps WHERE county = $1 AND matter_id = $2 AND officer_id = $3 AND ended_at IS NULL LIMIT 1
)sql"};

std::vector<std::string> TextsOf(std::string_view text) {
  std::vector<std::string> texts;
  const json::value parsed = json::parse(text);
  for (const json::value& value : parsed.as_array()) texts.emplace_back(value.as_string());
  return texts;
}

std::string TextOf(const std::vector<std::string>& texts) {
  json::array all;
  for (const std::string& text : texts) all.emplace_back(text);
  return json::serialize(all);
}

Lead ReadLead(const db::Row& row) {
  return {row.Key(0), row.Ref<MatterId>(1), row.Ref<OfficerId>(2), TextsOf(row.View(3)), row.Day(4), row.Ref<OfficerId>(5),
          row.Ref<OfficerId>(6), row.At(7), row.Flag(8), row.OptAt(9), row.Int(10)};
}

Step ReadStep(const db::Row& row) {
  Step s;
  s.id = row.Ref<StepId>(0);
  s.matter = row.Ref<MatterId>(1);
  s.text = row.Text(2);
  s.officer = row.Ref<OfficerId>(3);
  s.due = row.Day(4);
  s.meeting = row.OptRef<MeetingId>(5);
  s.made_by = row.Ref<OfficerId>(6);
  s.made_at = row.At(7);
  s.was_late = row.Flag(8);
  s.ended_at = row.OptAt(9);
  s.ending = row.Text(10);
  s.ended_by = row.OptRef<OfficerId>(11);
  s.note = row.Text(12);
  const std::string_view hash = row.View(13);
  std::memcpy(s.content_hash.data(), hash.data(), std::min(hash.size(), s.content_hash.size()));
  return s;
}

}  // namespace

std::optional<Lead> FindLead(db::Tx& tx, County county, const MatterId& matter, bool ended) {
  auto lead = tx.One(kFindLead, ReadLead, county, matter);
  if (lead && lead->ended_at && !ended) return std::nullopt;
  return lead;
}

void SaveLead(db::Tx& tx, County county, const Lead& l) {
  tx.Run(kSaveLead, county, l.matter, l.id, l.leader, TextOf(l.measures), l.until, l.responsible, l.set_by, l.set_at,
         l.was_late, l.ended_at, l.revision);
}

std::vector<Lead> LeadsOf(db::Tx& tx, County county, const OfficerId& leader, const LeadPlace& after, int limit) {
  return tx.All(kOfLeader, ReadLead, county, leader, after.until, after.matter, limit);
}

std::optional<Step> FindStep(db::Tx& tx, County county, const MatterId& matter, const StepId& id) {
  return tx.One(kFindStep, ReadStep, county, matter, id);
}

void InsertStep(db::Tx& tx, County county, const Step& s) {
  tx.Run(kInsertStep, county, s.matter, s.id, s.text, s.officer, s.due, s.meeting, s.made_by, s.made_at,
         db::Blob{AsView(s.content_hash)});
}

void SaveStep(db::Tx& tx, County county, const Step& s) {
  tx.Run(kSaveStep, county, s.matter, s.id, s.was_late, s.ended_at, s.ending, s.ended_by, s.note);
}

std::vector<Step> StepsOf(db::Tx& tx, County county, const MatterId& matter) {
  return tx.All(kStepsOf, ReadStep, county, matter);
}

std::vector<Step> OpenStepsOf(db::Tx& tx, County county, const OfficerId& officer, const StepPlace& after, int limit) {
  return tx.All(kOpenSteps, ReadStep, county, officer, after.due, after.id, limit);
}

bool HasOpenStep(db::Tx& tx, County county, const MatterId& matter, const OfficerId& officer) {
  return tx.Any(kHasOpenStep, county, matter, officer);
}

}  // namespace huiyin::matters
