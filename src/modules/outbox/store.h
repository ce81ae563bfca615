// SPDX-License-Identifier: EUPL-1.2
// Rows of messages. All SQL of the module is in store.cpp.
#pragma once

#include "modules/outbox/outbox.h"

namespace huiyin::outbox {

struct Message {
  MessageId id;
  std::string kind;
  std::string channel;  // inbox sms email letter window
  std::string state;    // waiting sending sent failed
  Instant created_at;
  std::optional<Instant> next_at;
  int64_t tries = 0;
  std::optional<Instant> sent_at;
  std::optional<Instant> read_at;
  std::optional<OfficerId> officer;
  std::optional<HouseholdId> household;
  std::optional<UnitId> unit;  // whose window prints or tells it
  std::optional<MatterId> matter;
  bool is_protected = false;
  bool is_confidential = false;
  std::string language;
  std::string data;  // JSON
  std::string title;  // outside the inbox: the words as they went
  std::string body;
  std::string address;  // number, mail address or, on paper, JSON {name, address, phone}
  std::string shown;
  std::string problem;
  std::string once;
  std::string recipient;
};

// False when the same cause has told this audience before.
bool Claim(db::Tx& tx, County county, std::string_view once, std::string_view audience, Instant now);
// Does nothing when the cause has told this recipient by this channel already.
void Insert(db::Tx& tx, County county, const Message& message);
std::optional<Message> Find(db::Tx& tx, County county, const MessageId& id);

struct Place {  // where a page of an inbox goes on: unread first, then the newest
  bool is_read = false;
  Uuid id;
};
std::vector<Message> InboxOf(db::Tx& tx, County county, const OfficerId& officer, const Place& after, int limit);
std::vector<Message> InboxOf(db::Tx& tx, County county, const HouseholdId& household, const Place& after, int limit);
std::vector<Message> UnreadOf(db::Tx& tx, County county, const OfficerId& officer, int limit);
int64_t CountUnread(db::Tx& tx, County county, const HouseholdId& household, int limit);
void MarkRead(db::Tx& tx, County county, const MessageId& id, Instant now);

std::vector<Message> OfMatter(db::Tx& tx, County county, const MatterId& matter, int limit);
// On paper or by word of mouth, the oldest first.
std::vector<Message> AtWindow(db::Tx& tx, County county, const UnitId& unit, std::string_view state, const Uuid& after, int limit);

// --- For the sender

// Up to `limit` that are due, the earliest first.
std::vector<Message> Due(db::Tx& tx, County county, Instant now, int limit);
void Postpone(db::Tx& tx, County county, const MessageId& id, Instant until);
// Marks it as being sent, until when nobody else takes it.
void MarkSending(db::Tx& tx, County county, const MessageId& id, Instant until);
void MarkSent(db::Tx& tx, County county, const MessageId& id, Instant now);
void MarkWaiting(db::Tx& tx, County county, const MessageId& id, Instant next, std::string_view problem);
void MarkFailed(db::Tx& tx, County county, const MessageId& id, std::string_view problem);
// What a process that died was sending comes due now.
int64_t ReleaseClaimed(db::Tx& tx, County county, Instant now);

}  // namespace huiyin::outbox
