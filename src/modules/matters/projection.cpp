// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/projection.h"

#include "modules/matters/rules.h"

namespace huiyin::matters {
namespace {

constexpr std::string_view kPrefix = "matter.";

std::optional<UnitId> UnitIn(const json::object& data, std::string_view name) {
  const json::value* value = data.if_contains(name);
  const auto id = value != nullptr && value->is_string() ? ParseUuid(value->get_string()) : std::nullopt;
  return id ? std::optional(UnitId(*id)) : std::nullopt;
}

bool FlagIn(const json::object& data, std::string_view name) {
  const json::value* value = data.if_contains(name);
  return value != nullptr && value->is_bool() && value->get_bool();
}

class Fold {
 public:
  void Take(std::string_view kind, const json::object& data) {
    ++made_.events;
    const auto to = UnitIn(data, "to_unit_id");
    if (kind == "received") made_.owner_unit = to.value_or(UnitId{});
    else if (kind == "assigned") Assigned(to);
    else if (kind == "sent_up") Assigned(to, Act::kPassUp);
    else if (kind == "accepted") Owned(Act::kAccept, to);
    else if (kind == "returned") ++made_.bounces, Become(Act::kReturn);
    else if (kind == "return_decided") Decided(data);
    else if (kind == "answered") Become(Act::kAnswer), made_.pending_unit.reset();
    else if (kind == "judged") Judged(FlagIn(data, "solved"));
    else if (kind == "judgement_corrected") Corrected(FlagIn(data, "solved"));
    else if (kind == "reopened") Reopened();
    else if (kind == "silence_passed") Become(Act::kPassSilence);
    // Brought in as closed elsewhere, whatever was said of it.
    else if (kind == "settled" && made_.state != State::kSettled) Become(Act::kPassSilence);
    else if (kind == "appealed") Owned(Act::kAppeal, to);
    else if (kind == "withdrawn") Become(Act::kWithdraw), made_.pending_unit.reset();
    else if (kind == "merged") before_merge_ = made_.state, Become(Act::kMerge), made_.pending_unit.reset();
    else if (kind == "unmerged") Unmerged(data);
  }
  Projection Made() { return std::move(made_); }

 private:
  void Become(Act act) {
    if (const auto next = Next(made_.state, act)) made_.state = *next;
    else made_.faults.push_back(std::string(ActName(act)) + " when " + std::string(StateName(made_.state)));
  }
  void Assigned(const std::optional<UnitId>& to, Act act = Act::kAssign) {
    Become(act);
    made_.pending_unit.reset();
    if (to && Uuid(*to) != Uuid(made_.owner_unit)) made_.pending_unit = to;
  }
  void Owned(Act act, const std::optional<UnitId>& to) {
    Become(act);
    made_.pending_unit.reset();
    if (to) made_.owner_unit = *to;
  }
  void Decided(const json::object& data) {
    Become(FlagIn(data, "agreed") ? Act::kAgreeReturn : Act::kRefuseReturn);
    made_.owner_unit = UnitIn(data, "owner_unit_id").value_or(made_.owner_unit);
    made_.pending_unit = UnitIn(data, "pending_unit_id");
  }
  void Unmerged(const json::object& data) {
    Become(before_merge_ == State::kReceived ? Act::kUnmergeToReceived : Act::kUnmergeToAssigned);
    made_.owner_unit = UnitIn(data, "to_unit_id").value_or(made_.owner_unit);
    made_.pending_unit = UnitIn(data, "pending_unit_id");
  }
  void Judged(bool solved) {
    made_.solved = solved;
    if (solved) Become(Act::kJudgeSolved);
  }
  // What follows of it is told by the events after it.
  void Corrected(bool solved) {
    made_.solved = solved;
    if (solved) Become(Act::kCorrectSolved), made_.pending_unit.reset();
  }
  void Reopened() {
    ++made_.reopened;
    Become(made_.state == State::kSettled ? Act::kCorrectUnsolved : Act::kJudgeUnsolved);
  }

  Projection made_;
  State before_merge_ = State::kReceived;
};

}  // namespace

Projection Project(std::span<const Event> events) {
  struct Part {
    int64_t seq;
    std::string_view kind;
    json::object data;
  };
  std::vector<Part> parts;
  for (const Event& event : events) {
    std::string_view kind = event.act;
    if (kind.starts_with(kPrefix)) kind.remove_prefix(kPrefix.size());
    json::object data = json::parse(event.data).as_object();
    const json::value* seq = data.if_contains("seq");
    const int64_t number = seq == nullptr ? 0 : seq->to_number<int64_t>();
    parts.push_back({number, kind, std::move(data)});
  }
  // Several within one millisecond are told apart by their number alone.
  std::stable_sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) { return a.seq < b.seq; });
  Fold fold;
  for (const Part& part : parts) fold.Take(part.kind, part.data);
  return fold.Made();
}

std::vector<std::string> Differences(const Matter& matter, const Projection& projection) {
  std::vector<std::string> found = projection.faults;
  const auto compare = [&](std::string_view column, bool is_same) {
    if (!is_same) found.emplace_back(column);
  };
  const auto same_unit = [](const std::optional<UnitId>& a, const std::optional<UnitId>& b) {
    return a.has_value() == b.has_value() && (!a || Uuid(*a) == Uuid(*b));
  };
  compare("state", matter.state == projection.state);
  compare("owner_unit_id", Uuid(matter.owner_unit) == Uuid(projection.owner_unit));
  compare("pending_unit_id", same_unit(matter.pending_unit, projection.pending_unit));
  compare("bounces", matter.bounces == projection.bounces);
  compare("reopened", matter.reopened == projection.reopened);
  compare("solved", matter.solved == projection.solved);
  compare("events", matter.events == projection.events);
  return found;
}

}  // namespace huiyin::matters
