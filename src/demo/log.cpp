// SPDX-License-Identifier: EUPL-1.2
#include "demo/log.h"

namespace huiyin::demo {

EventId LogAct(Batch& batch, Dice& dice, Instant at, const Doer& by, std::string_view act,
               std::string_view resource, const Uuid& id, const json::object& data,
               std::optional<HouseholdId> household) {
  EventRow event{id, EventId(dice.NewId(at)), resource, std::string(act), at, by, json::serialize(data)};
  if (at >= batch.audit_from) {
    AuditRow entry{EventId(dice.NewId(at)), at, by, std::string(act), resource, id, household};
    entry.hashed = event.data;
    batch.audit.push_back(std::move(entry));
  }
  batch.events.push_back(std::move(event));
  return batch.events.back().id;
}

void LogRead(Batch& batch, Dice& dice, Instant at, const Doer& by, std::string_view act,
             std::string_view resource, const Uuid& id, const HouseholdId& household,
             std::string_view purpose, std::string_view reason) {
  if (at < batch.audit_from) return;
  batch.audit.push_back({EventId(dice.NewId(at)), at, by, std::string(act), resource, id, household,
                         std::string(purpose), std::string(reason), {}});
}

}  // namespace huiyin::demo
