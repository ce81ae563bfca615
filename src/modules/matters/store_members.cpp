// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/members.h"

namespace huiyin::matters {
namespace {

#define HUIYIN_MEMBER_COLUMNS                                                                              \
  "id, matter_id, receipt, household_id, contact, text, joined_at, joined_by, is_representative, left_at, " \
  "solved, rating, judgement_text, judged_at, channel, asked_by, judged_round "

constexpr db::Sql kFind{"members.find", "SELECT " HUIYIN_MEMBER_COLUMNS "FROM members WHERE county = $1 AND id = $2"};
constexpr db::Sql kByReceipt{"members.by_receipt",
  "SELECT " HUIYIN_MEMBER_COLUMNS "FROM members WHERE county = $1 AND receipt = $2 AND receipt <> ''"};
constexpr db::Sql kOfMatter{"members.of_matter",
  "SELECT " HUIYIN_MEMBER_COLUMNS "FROM members WHERE county = $1 AND matter_id = $2 ORDER BY joined_at, id"};
constexpr db::Sql kOfHousehold{"members.of_household",
  "SELECT " HUIYIN_MEMBER_COLUMNS "FROM members WHERE county = $1 AND household_id = $2 AND household_id IS NOT NULL "
  "ORDER BY joined_at DESC, id DESC LIMIT 200"};
constexpr db::Sql kSave{"members.save", R"sql(
  INSERT INTO members (county, id, matter_id, receipt, household_id, contact, text, joined_at, joined_by,
    is_representative, left_at, solved, rating, judgement_text, judged_at, channel, asked_by, judged_round)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
  ON CONFLICT (county, id) DO UPDATE SET is_representative = excluded.is_representative, left_at = excluded.left_at,
    solved = excluded.solved, rating = excluded.rating, judgement_text = excluded.judgement_text,
    judged_at = excluded.judged_at, channel = excluded.channel, asked_by = excluded.asked_by,
    judged_round = excluded.judged_round
)sql"};
constexpr db::Sql kReceipt{"members.insert_receipt", R"sql(
  INSERT INTO receipts (receipt, county, matter_id) VALUES ($1, $2, $3)
)sql"};
constexpr db::Sql kByNumber{"members.by_joining_number", R"sql(
  SELECT matter_id FROM joining_numbers WHERE county = $1 AND number = $2 AND closed_at IS NULL
)sql"};
constexpr db::Sql kNumberOf{"members.joining_number_of", R"sql(
  SELECT number FROM joining_numbers WHERE county = $1 AND matter_id = $2 AND closed_at IS NULL
)sql"};
constexpr db::Sql kOpenJoining{"members.open_joining", R"sql(
  INSERT INTO joining_numbers (county, number, matter_id, opened_at) VALUES ($1, $2, $3, $4)
)sql"};
constexpr db::Sql kCloseJoining{"members.close_joining", R"sql(
  UPDATE joining_numbers SET closed_at = $3 WHERE county = $1 AND matter_id = $2 AND closed_at IS NULL
)sql"};

Member ReadMember(const db::Row& row) {
  Member m;
  m.id = row.Ref<MemberId>(0);
  m.matter = row.Ref<MatterId>(1);
  m.is_opener = Uuid(m.id) == Uuid(m.matter);
  m.receipt = row.Text(2);
  m.household = row.OptRef<HouseholdId>(3);
  m.contact = row.Text(4);
  m.text = row.Text(5);
  m.joined_at = row.At(6);
  m.joined_by = row.OptRef<OfficerId>(7);
  m.is_representative = row.Flag(8);
  m.left_at = row.OptAt(9);
  if (!row.IsNull(10)) m.solved = row.Flag(10);
  m.rating = row.OptInt(11);
  m.judgement = row.Text(12);
  m.judged_at = row.OptAt(13);
  m.channel = row.Text(14);
  m.asked_by = row.Text(15);
  m.judged_round = row.Int(16);
  return m;
}

}  // namespace

std::optional<Member> FindMember(db::Tx& tx, County county, const MemberId& id) {
  return tx.One(kFind, ReadMember, county, id);
}

std::optional<Member> FindMemberByReceipt(db::Tx& tx, County county, std::string_view receipt) {
  return tx.One(kByReceipt, ReadMember, county, receipt);
}

void InsertMember(db::Tx& tx, County county, const Member& member) {
  SaveMember(tx, county, member);
  tx.Run(kReceipt, member.receipt, county, member.matter);
}

void SaveMember(db::Tx& tx, County county, const Member& m) {
  // What is known of whoever brought a matter stays with the matter alone.
  const bool has_own = !m.is_opener;
  tx.Run(kSave, county, m.id, m.matter, has_own ? m.receipt : "", has_own ? m.household : std::nullopt,
         has_own ? m.contact : "", has_own ? m.text : "", m.joined_at, m.joined_by, m.is_representative, m.left_at,
         m.solved, m.rating, m.judgement, m.judged_at, m.channel, m.asked_by,
         m.judged_round);
}

std::vector<Member> RowsOfMatter(db::Tx& tx, County county, const MatterId& matter) {
  return tx.All(kOfMatter, ReadMember, county, matter);
}

std::vector<Member> JoinedBy(db::Tx& tx, County county, const HouseholdId& household) {
  return tx.All(kOfHousehold, ReadMember, county, household);
}

std::optional<MatterId> MatterOfJoiningNumber(db::Tx& tx, County county, std::string_view number) {
  return tx.One(kByNumber, [](const db::Row& row) { return row.Ref<MatterId>(0); }, county, number);
}

std::optional<std::string> JoiningNumberOf(db::Tx& tx, County county, const MatterId& matter) {
  return tx.One(kNumberOf, [](const db::Row& row) { return row.Text(0); }, county, matter);
}

void OpenJoining(db::Tx& tx, County county, const MatterId& matter, std::string_view number, Instant now) {
  tx.Run(kOpenJoining, county, number, matter, now);
}

void CloseJoining(db::Tx& tx, County county, const MatterId& matter, Instant now) {
  tx.Run(kCloseJoining, county, matter, now);
}

}  // namespace huiyin::matters
