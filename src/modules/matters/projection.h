// SPDX-License-Identifier: EUPL-1.2
// A matter as its events alone tell it. Events are never rewritten; what the row of the
// matter says is their projection, and this is the other way to it. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/json.h"
#include "modules/matters/matter.h"

namespace huiyin::matters {

struct Projection {
  State state = State::kReceived;
  UnitId owner_unit;
  std::optional<UnitId> pending_unit;
  int64_t bounces = 0;
  int64_t reopened = 0;
  std::optional<bool> solved;
  int64_t events = 0;
  // What an event says that the state before it does not permit; empty in a true story.
  std::vector<std::string> faults;
};
// In the order of their numbers, however they are given.
Projection Project(std::span<const Event> events);
// Where the row and the events differ: names of columns, and faults of the story.
std::vector<std::string> Differences(const Matter& matter, const Projection& projection);

}  // namespace huiyin::matters
