// SPDX-License-Identifier: EUPL-1.2
#include <cstring>

#include "modules/matters/columns.h"
#include "modules/matters/joint.h"

#define HUIYIN_JOINT_COLUMNS                                                                    \
  "id, area_code, at, place, title, chair_id, unit_id, units, state, words, made_by, made_at, " \
  "ended_at, revision, content_hash "
#define HUIYIN_ITEM_COLUMNS                                                                          \
  "matter_id, position, why, added_by, added_reason, removed_by, removed_at, removed_reason, " \
  "decision, decision_text, decided_by, decided_at "

namespace huiyin::matters {
namespace {

constexpr db::Sql kFind{"joint_meetings.find", "SELECT " HUIYIN_JOINT_COLUMNS "FROM joint_meetings WHERE county = $1 AND id = $2"};
constexpr db::Sql kInsert{"joint_meetings.insert", R"sql(
  INSERT INTO joint_meetings (county, id, area_code, at, place, title, chair_id, unit_id, units, state, made_by, made_at,
    content_hash)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
)sql"};
constexpr db::Sql kSave{"joint_meetings.save", R"sql(
  UPDATE joint_meetings SET state = $3, words = $4, ended_at = $5, revision = revision + 1
   WHERE county = $1 AND id = $2 AND revision = $6
)sql"};
constexpr db::Sql kInArea{"joint_meetings.in_area", "SELECT " HUIYIN_JOINT_COLUMNS
                          "FROM joint_meetings WHERE county = $1 AND area_code >= $2 AND area_code < $3"
                          " AND (at, id) < ($4, $5) ORDER BY at DESC, id DESC LIMIT $6"};
constexpr db::Sql kOfChair{"joint_meetings.of_chair", "SELECT " HUIYIN_JOINT_COLUMNS
                           "FROM joint_meetings WHERE county = $1 AND chair_id = $2 AND state = 'planned'"
                           " AND (at, id) > ($3, $4) ORDER BY at, id LIMIT $5"};

constexpr db::Sql kAgenda{"agenda_items.of_meeting", "SELECT " HUIYIN_ITEM_COLUMNS
                          "FROM agenda_items WHERE county = $1 AND meeting_id = $2 ORDER BY position, matter_id"};
constexpr db::Sql kFindItem{"agenda_items.find", "SELECT " HUIYIN_ITEM_COLUMNS
                            "FROM agenda_items WHERE county = $1 AND meeting_id = $2 AND matter_id = $3"};
constexpr db::Sql kSaveItem{"agenda_items.save", R"sql(
  INSERT INTO agenda_items (county, meeting_id, matter_id, position, why, added_by, added_reason, removed_by, removed_at,
    removed_reason, decision, decision_text, decided_by, decided_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
  ON CONFLICT (county, meeting_id, matter_id) DO UPDATE SET added_by = excluded.added_by,
    added_reason = excluded.added_reason, removed_by = excluded.removed_by, removed_at = excluded.removed_at,
    removed_reason = excluded.removed_reason, decision = excluded.decision, decision_text = excluded.decision_text,
    decided_by = excluded.decided_by, decided_at = excluded.decided_at
)sql"};

constexpr db::Sql kStuck{"matters.stuck_in_area", "SELECT " HUIYIN_MATTER_COLUMNS
                         " FROM matters m WHERE m.county = $1 AND m.area_code >= $2 AND m.area_code < $3 AND m.is_open = 1"
                         " AND m.stuck > 0 AND (m.stuck = 1 OR m.due_at < $4) AND (m.is_protected = 0 OR $5 = 1)"
                         " ORDER BY m.due_at, m.id"};

JointMeeting ReadJoint(const db::Row& row) {
  JointMeeting m;
  m.id = row.Ref<MeetingId>(0);
  m.area = row.Text(1);
  m.at = row.At(2);
  m.place = row.Text(3);
  m.title = row.Text(4);
  m.chair = row.Ref<OfficerId>(5);
  m.unit = row.Ref<UnitId>(6);
  const json::value units = json::parse(row.View(7));
  for (const json::value& id : units.as_array()) {
    if (const auto uuid = ParseUuid(id.as_string())) m.units.emplace_back(*uuid);
  }
  m.state = row.Text(8);
  m.words = row.Text(9);
  m.made_by = row.Ref<OfficerId>(10);
  m.made_at = row.At(11);
  m.ended_at = row.OptAt(12);
  m.revision = row.Int(13);
  const std::string_view hash = row.View(14);
  std::memcpy(m.content_hash.data(), hash.data(), std::min(hash.size(), m.content_hash.size()));
  return m;
}

AgendaItem ReadItem(const db::Row& row) {
  AgendaItem item;
  item.matter = row.Ref<MatterId>(0);
  item.position = row.Int(1);
  const json::value reasons = json::parse(row.View(2));
  for (const json::value& why : reasons.as_array()) item.why.emplace_back(why.as_string());
  item.added_by = row.OptRef<OfficerId>(3);
  item.added_reason = row.Text(4);
  item.removed_by = row.OptRef<OfficerId>(5);
  item.removed_at = row.OptAt(6);
  item.removed_reason = row.Text(7);
  item.decision = row.Text(8);
  item.decision_text = row.Text(9);
  item.decided_by = row.OptRef<OfficerId>(10);
  item.decided_at = row.OptAt(11);
  return item;
}

}  // namespace

std::optional<JointMeeting> FindJoint(db::Tx& tx, County county, const MeetingId& id) {
  return tx.One(kFind, ReadJoint, county, id);
}

void InsertJoint(db::Tx& tx, County county, const JointMeeting& m) {
  json::array units;
  for (const UnitId& unit : m.units) units.emplace_back(FormatUuid(unit));
  tx.Run(kInsert, county, m.id, m.area, m.at, m.place, m.title, m.chair, m.unit, json::serialize(units), m.state, m.made_by,
         m.made_at, db::Blob{AsView(m.content_hash)});
}

void SaveJoint(db::Tx& tx, County county, JointMeeting& m) {
  if (tx.Run(kSave, county, m.id, m.state, m.words, m.ended_at, m.revision) != 1) Conflict("conflict");
  ++m.revision;
}

std::vector<JointMeeting> ListJoint(db::Tx& tx, County county, std::string_view area, const JointPlace& before, int limit) {
  return tx.All(kInArea, ReadJoint, county, area, AreaEnd(area), before.at, before.id, limit);
}

std::vector<JointMeeting> JointOfChair(db::Tx& tx, County county, const OfficerId& chair, const JointPlace& after, int limit) {
  return tx.All(kOfChair, ReadJoint, county, chair, after.at, after.id, limit);
}

std::vector<AgendaItem> AgendaOf(db::Tx& tx, County county, const MeetingId& meeting) {
  return tx.All(kAgenda, ReadItem, county, meeting);
}

std::optional<AgendaItem> FindItem(db::Tx& tx, County county, const MeetingId& meeting, const MatterId& matter) {
  return tx.One(kFindItem, ReadItem, county, meeting, matter);
}

void SaveItem(db::Tx& tx, County county, const MeetingId& meeting, const AgendaItem& item) {
  json::array why;
  for (const std::string& reason : item.why) why.emplace_back(reason);
  tx.Run(kSaveItem, county, meeting, item.matter, item.position, json::serialize(why), item.added_by, item.added_reason,
         item.removed_by, item.removed_at, item.removed_reason, item.decision, item.decision_text, item.decided_by,
         item.decided_at);
}

std::vector<Matter> StuckIn(db::Tx& tx, County county, std::string_view area, Instant now, bool with_protected) {
  return tx.All(kStuck, ReadMatter, county, area, AreaEnd(area), now, with_protected);
}

}  // namespace huiyin::matters
