// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/actions.h"
#include "modules/matters/categories.h"
#include "modules/matters/clocks.h"
#include "modules/matters/duplicates.h"
#include "modules/matters/neighbours.h"
#include "modules/matters/story.h"
#include "modules/matters/word.h"

namespace huiyin::matters {
namespace {

class Changes {
 public:
  void Add(std::string_view field, const json::value& value) {
    list_.push_back(json::object{{"field", field}, {"value", value}});
  }
  bool empty() const { return list_.empty(); }
  json::array Take() { return std::move(list_); }

 private:
  json::array list_;
};

void ChangeAsks(Context& ctx, const Matter& matter, const std::vector<AskEdit>& edits, Changes& changes) {
  Require(CanHappen(matter.state, Act::kEditAsks));
  auto old = AsksOf(ctx.tx, ctx.county, matter.id);
  if (std::any_of(old.begin(), old.end(), [](const Ask& ask) { return !ask.outcome.empty(); })) {
    Conflict("matters.partly_answered");
  }
  if (edits.empty()) Invalid("asks", "required");
  json::array texts;
  std::set<Uuid> kept;
  for (size_t i = 0; i < edits.size(); ++i) {
    const auto position = static_cast<int64_t>(i) + 1;
    texts.push_back(json::value(edits[i].text));
    if (!edits[i].id) {
      Ask ask;
      ask.id = ctx.NewId<AskId>();
      ask.text = edits[i].text;
      InsertAsk(ctx.tx, ctx.county, matter.id, ask, position);
      continue;
    }
    const auto found = std::find_if(old.begin(), old.end(),
                                    [&](const Ask& ask) { return Uuid(ask.id) == Uuid(*edits[i].id); });
    if (found == old.end() || !kept.insert(found->id).second) {
      Invalid(fmt::format("asks[{}].id", i), "unknown_reference");
    }
    found->text = edits[i].text;
    SaveAsk(ctx.tx, ctx.county, matter.id, *found, position);
  }
  for (const Ask& ask : old) {
    if (!kept.contains(ask.id)) DeleteAsk(ctx.tx, ctx.county, matter.id, ask.id);
  }
  changes.Add("asks", texts);
}

// What it is called decides its term only while nobody but the first receiver had it:
// afterwards a matter keeps the rule it started under.
void ChooseClockAnew(Context& ctx, Matter& matter) {
  if (matter.state != State::kReceived) return;
  const auto running = RunningClock(ClocksOf(ctx.tx, ctx.county, matter.id));
  if (!running || !running->extended_by.empty()) return;
  StopClocks(ctx, matter, "answer");
  StartClock(ctx, matter, "answer", matter.received_at);
}

}  // namespace

Done Update(Context& ctx, Seen seen, const Patch& patch) {
  Matter& matter = seen.matter;
  Require(CanHappen(matter.state, Act::kUpdate));
  Changes changes;
  bool is_other_case = false;
  if (patch.title && *patch.title != matter.subject) changes.Add("title", json::value(matter.subject = *patch.title));
  if (patch.kind && *patch.kind != matter.kind) {
    changes.Add("kind", json::value(matter.kind = *patch.kind));
    is_other_case = true;
  }
  if (patch.category && *patch.category != matter.category) {
    changes.Add("category", json::value(matter.category = *patch.category));
    is_other_case = true;
  }
  if (patch.area && *patch.area != matter.area) {
    changes.Add("area_code", json::value(matter.area = *patch.area));
    CompareLater(ctx.tx, ctx.county, matter);
    is_other_case = true;
  }
  if (patch.clears_household && matter.household) {
    matter.household.reset();
    matter.resident.reset();
    changes.Add("household_id", nullptr);
  }
  if (patch.household && (!matter.household || Uuid(*matter.household) != Uuid(*patch.household))) {
    matter.household = patch.household;
    matter.resident.reset();
    changes.Add("household_id", json::value(FormatId(ctx.county, *patch.household)));
  }
  if (patch.clears_resident && matter.resident) {
    matter.resident.reset();
    changes.Add("resident_id", nullptr);
  }
  if (patch.resident && (!matter.resident || Uuid(*matter.resident) != Uuid(*patch.resident))) {
    if (!matter.household || !HasResident(ctx, *matter.household, *patch.resident)) {
      Invalid("resident_id", "unknown_reference");
    }
    matter.resident = patch.resident;
    changes.Add("resident_id", json::value(FormatId(ctx.county, *patch.resident)));
  }
  if (patch.contact && *patch.contact != matter.contact) {
    matter.contact = *patch.contact;
    changes.Add("contact", nullptr);  // what it is stays in the record, not in its story
  }
  if (patch.clears_officer && matter.owner_officer) {
    matter.owner_officer.reset();
    changes.Add("officer_id", nullptr);
  }
  const bool is_handed = patch.officer && (!matter.owner_officer || Uuid(*matter.owner_officer) != Uuid(*patch.officer));
  if (is_handed) {
    matter.owner_officer = patch.officer;
    changes.Add("officer_id", json::value(FormatId(ctx.county, *patch.officer)));
  }
  if (patch.asks) ChangeAsks(ctx, matter, *patch.asks, changes);
  if (changes.empty()) return {std::move(matter), {}};
  if (is_other_case) ChooseClockAnew(ctx, matter);
  const EventId event = Tell(ctx, matter, "updated", {{"changes", changes.Take()}, {"revision", matter.revision + 1}});
  SaveMatter(ctx.tx, ctx.county, matter);
  if (is_handed && Uuid(*matter.owner_officer) != Uuid(ctx.actor.officer)) WordOfHandling(ctx, matter);
  return {std::move(matter), event};
}

Done Note(Context& ctx, Seen seen, std::string_view text, bool is_contact) {
  Matter& matter = seen.matter;
  json::object told = {{"text", text}};
  if (is_contact && seen.ties.Handles()) told["by_handler"] = true;
  const EventId event = Tell(ctx, matter, is_contact ? "contacted" : "noted", std::move(told));
  SaveMatter(ctx.tx, ctx.county, matter);
  return {std::move(matter), event};
}

Done Remind(Context& ctx, Seen seen, std::string_view note) {
  Matter& matter = seen.matter;
  Require(CanHappen(matter.state, Act::kRemind));
  const EventId event = Tell(ctx, matter, "reminded", {{"to_unit_id", FormatUuid(matter.owner_unit)}, {"text", note}});
  SaveMatter(ctx.tx, ctx.county, matter);
  return {std::move(matter), event};
}

}  // namespace huiyin::matters
