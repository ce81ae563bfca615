// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/tx.h"

namespace huiyin::exports {

using ExportId = Id<struct ExportTag>;

struct Export {
  ExportId id;
  std::string kind;  // households matters
  AreaCode area;
  std::string reason;
  std::string state = "waiting";
  OfficerId requested_by;
  Instant requested_at;
  std::optional<OfficerId> decided_by;
  std::optional<Instant> decided_at;
  std::string note;
  Instant expires_at;  // nobody answers, or fetches it, after that

  bool IsOver(Instant now) const { return expires_at < now && state != "refused"; }
};

void Insert(db::Tx& tx, County county, const Export& one);
void Decide(db::Tx& tx, County county, const Export& one);
std::optional<Export> Find(db::Tx& tx, County county, const ExportId& id);
// Within the area, the latest first, before the place.
std::vector<Export> List(db::Tx& tx, County county, std::string_view area, Instant before, const Uuid& before_id, int limit);

}  // namespace huiyin::exports
