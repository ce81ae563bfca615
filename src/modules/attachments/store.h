// SPDX-License-Identifier: EUPL-1.2
// Rows of attachments.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/crypto.h"
#include "db/tx.h"

namespace huiyin::attachments {

struct Attachment {
  AttachmentId id;
  Sha256Hash sha256{};  // of the file as kept
  std::string media_type = "image/jpeg";
  int64_t size = 0;
  int64_t width = 0;
  int64_t height = 0;
  std::string caption;
  std::string section;  // of the household's record; empty for none
  std::optional<HouseholdId> household;
  std::optional<VisitId> visit;
  std::optional<MatterId> matter;
  Instant created_at;
  std::string actor_kind;
  std::optional<OfficerId> officer;
};

std::optional<Attachment> FindAttachment(db::Tx& tx, County county, const AttachmentId& id);
// The same picture on the same record.
std::optional<Attachment> FindSame(db::Tx& tx, County county, const Attachment& attachment);
void Insert(db::Tx& tx, County county, const Attachment& attachment);
void SetVisit(db::Tx& tx, County county, const AttachmentId& id, const VisitId& visit);
// Those of the record itself, not of its visits or matters.
std::vector<Attachment> ListOfHousehold(db::Tx& tx, County county, const HouseholdId& household);
std::vector<Attachment> ListOfVisit(db::Tx& tx, County county, const VisitId& visit);
std::map<Uuid, std::vector<Attachment>> ListOfVisits(db::Tx& tx, County county, std::span<const VisitId> visits);
std::vector<Attachment> ListOfMatter(db::Tx& tx, County county, const MatterId& matter);

}  // namespace huiyin::attachments
