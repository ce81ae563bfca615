// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/context.h"

namespace huiyin::sync {

// An act that could not be taken as it was sent.
struct SetAside {
  Uuid id;  // the operation's
  OfficerId officer;
  std::string record;
  Instant received_at;
  std::optional<Instant> claimed_at;
  std::string code;     // of the problem
  std::string content;  // sealed: {operation, problem}
  std::optional<Instant> closed_at;
  std::optional<OfficerId> closed_by;
  std::string closing;  // done dropped; empty while open
};

// The same operation refused once more takes the earlier one's place; one that is closed stays.
void Put(db::Tx& tx, County county, const SetAside& aside);
std::optional<SetAside> Find(db::Tx& tx, County county, const Uuid& id);
// Returns whether there was an open one.
bool Close(db::Tx& tx, County county, const Uuid& id, Instant now, const OfficerId& by, std::string_view closing);
// An officer's open ones, by id, after `after`.
std::vector<SetAside> OpenOf(db::Tx& tx, County county, const OfficerId& officer, const Uuid& after, int limit);
// Takes an open one out; absent when there is none.
std::optional<SetAside> TakeOut(db::Tx& tx, County county, const Uuid& id);
// Open ones of officers who are disabled.
std::vector<SetAside> OpenOfDisabled(db::Tx& tx, County county, int limit);
int64_t CountOpenOf(db::Tx& tx, County county, const OfficerId& officer);

}  // namespace huiyin::sync
