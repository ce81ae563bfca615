// SPDX-License-Identifier: EUPL-1.2
#include "modules/households/neighbours.h"

#include "core/problem.h"

namespace huiyin::households {
namespace {

// Written while the program is wired, before any thread serves; only read afterwards.
std::vector<Neighbours>& All() {
  static std::vector<Neighbours> all;
  return all;
}

}  // namespace

Lines::Lines(std::span<Summary> lines) : lines_(lines) {
  ids_.reserve(lines.size());
  for (Summary& line : lines) {
    ids_.push_back(line.id);
    by_id_.emplace(line.id, &line);
  }
}

void Connect(Neighbours neighbours) { All().push_back(std::move(neighbours)); }
void DisconnectAll() { All().clear(); }
bool IsConnected() { return !All().empty(); }

bool IsRelated(Context& ctx, const HouseholdId& id) {
  if (!ctx.actor.IsOfficer()) return false;
  return std::any_of(All().begin(), All().end(), [&](const Neighbours& neighbour) {
    return neighbour.is_related && neighbour.is_related(ctx, id);
  });
}

void WriteRecordParts(Context& ctx, const Opened& record, JsonWriter& w) {
  for (const Neighbours& neighbour : All()) {
    if (neighbour.write_record) neighbour.write_record(ctx, record, w);
  }
}

void WriteOwnParts(Context& ctx, const Household& household, JsonWriter& w) {
  for (const Neighbours& neighbour : All()) {
    if (neighbour.write_own) neighbour.write_own(ctx, household, w);
  }
}

std::vector<HouseholdId> PairedWith(Context& ctx, const OfficerId& officer) {
  for (const Neighbours& neighbour : All()) {
    if (neighbour.paired_with) return neighbour.paired_with(ctx, officer);
  }
  return {};
}

void Fill(Context& ctx, std::span<Summary> lines) {
  if (lines.empty()) return;
  const Lines all(lines);
  for (const Neighbours& neighbour : All()) {
    if (neighbour.fill) neighbour.fill(ctx, all);
  }
}

void TellEnded(Context& ctx, const HouseholdId& household, Date on, std::string_view why) {
  for (const Neighbours& neighbour : All()) {
    if (neighbour.on_ended) neighbour.on_ended(ctx, household, on, why);
  }
}

void TellMoved(Context& ctx, const HouseholdId& household, const AreaCode& from, const AreaCode& to) {
  for (const Neighbours& neighbour : All()) {
    if (neighbour.on_moved) neighbour.on_moved(ctx, household, from, to);
  }
}

bool HasVisit(Context& ctx, const HouseholdId& household, const VisitId& visit) {
  for (const Neighbours& neighbour : All()) {
    if (neighbour.has_visit) return neighbour.has_visit(ctx, household, visit);
  }
  return true;
}

http::Response OpenCorrection(Context& ctx, const Correction& correction) {
  for (const Neighbours& neighbour : All()) {
    if (neighbour.open_correction) return neighbour.open_correction(ctx, correction);
  }
  throw Problem(503, "corrections.not_taken");
}

bool AnybodyWritesRecords() {
  return std::any_of(All().begin(), All().end(), [](const Neighbours& n) { return bool(n.write_record); });
}
bool AnybodyWritesOwn() {
  return std::any_of(All().begin(), All().end(), [](const Neighbours& n) { return bool(n.write_own); });
}

}  // namespace huiyin::households
