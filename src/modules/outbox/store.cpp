// SPDX-License-Identifier: EUPL-1.2
#include "modules/outbox/store.h"

namespace huiyin::outbox {
namespace {

#define HUIYIN_MESSAGE_COLUMNS                                                                      \
  "id, kind, channel, state, created_at, next_at, tries, sent_at, read_at, officer_id, "            \
  "household_id, unit_id, matter_id, is_protected, language, data, title, body, address, shown, "  \
  "problem, is_confidential "

constexpr db::Sql kClaim{"outbox.claim", R"sql(
  INSERT INTO message_claims (county, once_key, audience, at) VALUES ($1, $2, $3, $4)
  ON CONFLICT (county, once_key, audience) DO NOTHING
)sql"};
constexpr db::Sql kInsert{"outbox.insert", R"sql(
  INSERT INTO messages (county, id, kind, channel, state, created_at, next_at, sent_at, officer_id, household_id,
                        unit_id, matter_id, is_protected, language, data, title, body, address, shown, problem,
                        once_key, recipient, is_confidential)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)
  ON CONFLICT (county, once_key, recipient, channel) WHERE once_key <> '' DO NOTHING
)sql"};
constexpr db::Sql kFind{"outbox.find",
                        "SELECT " HUIYIN_MESSAGE_COLUMNS "FROM messages WHERE county = $1 AND id = $2"};
constexpr db::Sql kOfOfficer{"outbox.of_officer", "SELECT " HUIYIN_MESSAGE_COLUMNS R"sql(
    FROM messages
   WHERE county = $1 AND officer_id = $2 AND is_read = $3 AND id < $4
   ORDER BY id DESC LIMIT $5
)sql"};
constexpr db::Sql kOfHousehold{"outbox.of_household", "SELECT " HUIYIN_MESSAGE_COLUMNS R"sql(
    FROM messages
   WHERE county = $1 AND household_id = $2 AND channel = 'inbox' AND is_read = $3 AND id < $4
   ORDER BY id DESC LIMIT $5
)sql"};
constexpr db::Sql kCountUnread{"outbox.count_unread", R"sql(
  SELECT COUNT(*) FROM (
    SELECT 1 FROM messages
     WHERE county = $1 AND household_id = $2 AND channel = 'inbox' AND is_read = 0 LIMIT $3
  ) AS unread
)sql"};
constexpr db::Sql kMarkRead{"outbox.mark_read", R"sql(
  UPDATE messages SET read_at = $3, is_read = 1 WHERE county = $1 AND id = $2 AND is_read = 0
)sql"};
constexpr db::Sql kOfMatter{"outbox.of_matter", "SELECT " HUIYIN_MESSAGE_COLUMNS R"sql(
    FROM messages WHERE county = $1 AND matter_id = $2 ORDER BY id DESC LIMIT $3
)sql"};
constexpr db::Sql kAtWindow{"outbox.at_window", "SELECT " HUIYIN_MESSAGE_COLUMNS R"sql(
    FROM messages
   WHERE county = $1 AND unit_id = $2 AND state = $3 AND id > $4
   ORDER BY id LIMIT $5
)sql"};
constexpr db::Sql kDue{"outbox.due", "SELECT " HUIYIN_MESSAGE_COLUMNS R"sql(
    FROM messages
   WHERE county = $1 AND next_at <= $2
   ORDER BY next_at LIMIT $3
)sql"};
constexpr db::Sql kPostpone{"outbox.postpone", "UPDATE messages SET next_at = $3 WHERE county = $1 AND id = $2"};
constexpr db::Sql kMarkSending{"outbox.mark_sending", R"sql(
  UPDATE messages SET state = 'sending', tries = tries + 1, next_at = $3 WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kMarkSent{"outbox.mark_sent", R"sql(
  UPDATE messages SET state = 'sent', sent_at = $3, next_at = NULL, address = '', problem = ''
   WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kMarkWaiting{"outbox.mark_waiting", R"sql(
  UPDATE messages SET state = 'waiting', next_at = $3, problem = $4 WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kMarkFailed{"outbox.mark_failed", R"sql(
  UPDATE messages SET state = 'failed', next_at = NULL, address = '', problem = $3 WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kRelease{"outbox.release", R"sql(
  UPDATE messages SET state = 'waiting', next_at = $2
   WHERE county = $1 AND next_at > $2 AND state = 'sending'
)sql"};

Message Read(const db::Row& row) {
  Message m;
  m.id = row.Ref<MessageId>(0);
  m.kind = row.Text(1);
  m.channel = row.Text(2);
  m.state = row.Text(3);
  m.created_at = row.At(4);
  m.next_at = row.OptAt(5);
  m.tries = row.Int(6);
  m.sent_at = row.OptAt(7);
  m.read_at = row.OptAt(8);
  m.officer = row.OptRef<OfficerId>(9);
  m.household = row.OptRef<HouseholdId>(10);
  m.unit = row.OptRef<UnitId>(11);
  m.matter = row.OptRef<MatterId>(12);
  m.is_protected = row.Flag(13);
  m.language = row.Text(14);
  m.data = row.Text(15);
  m.title = row.Text(16);
  m.body = row.Text(17);
  m.address = row.Text(18);
  m.shown = row.Text(19);
  m.problem = row.Text(20);
  m.is_confidential = row.Flag(21);
  return m;
}

Uuid Last() {
  Uuid id;
  id.bytes.fill(0xff);
  return id;
}

// Unread ones, then the read ones: each in one sweep of its index.
std::vector<Message> Pages(db::Tx& tx, const db::Sql& sql, County county, const Uuid& owner, const Place& after, int limit) {
  std::vector<Message> all;
  if (!after.is_read) all = tx.All(sql, Read, county, owner, false, after.id, limit);
  if (static_cast<int>(all.size()) < limit) {
    const Uuid from = after.is_read ? after.id : Last();
    auto more = tx.All(sql, Read, county, owner, true, from, limit - static_cast<int>(all.size()));
    all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  return all;
}

}  // namespace

bool Claim(db::Tx& tx, County county, std::string_view once, std::string_view audience, Instant now) {
  return once.empty() || tx.Run(kClaim, county, once, audience, now) > 0;
}

void Insert(db::Tx& tx, County county, const Message& m) {
  tx.Run(kInsert, county, m.id, m.kind, m.channel, m.state, m.created_at, m.next_at, m.sent_at, m.officer, m.household,
         m.unit, m.matter, m.is_protected, m.language, m.data, m.title, m.body, m.address, m.shown, m.problem, m.once,
         m.recipient, m.is_confidential);
}

std::optional<Message> Find(db::Tx& tx, County county, const MessageId& id) { return tx.One(kFind, Read, county, id); }

std::vector<Message> InboxOf(db::Tx& tx, County county, const OfficerId& officer, const Place& after, int limit) {
  return Pages(tx, kOfOfficer, county, officer, after, limit);
}

std::vector<Message> InboxOf(db::Tx& tx, County county, const HouseholdId& household, const Place& after, int limit) {
  return Pages(tx, kOfHousehold, county, household, after, limit);
}

std::vector<Message> UnreadOf(db::Tx& tx, County county, const OfficerId& officer, int limit) {
  return tx.All(kOfOfficer, Read, county, officer, false, Last(), limit);
}

int64_t CountUnread(db::Tx& tx, County county, const HouseholdId& household, int limit) {
  return tx.Number(kCountUnread, county, household, limit);
}

void MarkRead(db::Tx& tx, County county, const MessageId& id, Instant now) { tx.Run(kMarkRead, county, id, now); }

std::vector<Message> OfMatter(db::Tx& tx, County county, const MatterId& matter, int limit) {
  return tx.All(kOfMatter, Read, county, matter, limit);
}

std::vector<Message> AtWindow(db::Tx& tx, County county, const UnitId& unit, std::string_view state, const Uuid& after, int limit) {
  return tx.All(kAtWindow, Read, county, unit, state, after, limit);
}

std::vector<Message> Due(db::Tx& tx, County county, Instant now, int limit) {
  return tx.All(kDue, Read, county, now, limit);
}

void Postpone(db::Tx& tx, County county, const MessageId& id, Instant until) { tx.Run(kPostpone, county, id, until); }

void MarkSending(db::Tx& tx, County county, const MessageId& id, Instant until) { tx.Run(kMarkSending, county, id, until); }

void MarkSent(db::Tx& tx, County county, const MessageId& id, Instant now) { tx.Run(kMarkSent, county, id, now); }

void MarkWaiting(db::Tx& tx, County county, const MessageId& id, Instant next, std::string_view problem) {
  tx.Run(kMarkWaiting, county, id, next, problem);
}

void MarkFailed(db::Tx& tx, County county, const MessageId& id, std::string_view problem) {
  tx.Run(kMarkFailed, county, id, problem);
}

int64_t ReleaseClaimed(db::Tx& tx, County county, Instant now) { return tx.Run(kRelease, county, now); }

}  // namespace huiyin::outbox
