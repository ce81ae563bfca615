// SPDX-License-Identifier: EUPL-1.2
#include "modules/outbox/kinds.h"

namespace huiyin::outbox {
namespace {

// `unit` is who holds the matter now, or who acted; `due` when an answer is owed; `title` and
// `text` are for officers only: no template for residents repeats what a matter says.
constexpr Kind kKinds[] = {
    {"matter.received", "receipt title unit due", true, false, true},
    {"matter.assigned", "receipt title unit due text", true},
    {"matter.accepted", "receipt title unit due", true},
    {"matter.returned", "receipt title unit reason due"},
    {"matter.sent_up", "receipt title unit here reason due", true},
    {"matter.soon", "receipt title unit due"},
    {"matter.late", "receipt title unit due", true},
    {"matter.order", "receipt title unit text due"},
    {"matter.order_late", "receipt title unit due"},
    {"matter.order_answered", "receipt title unit text"},
    {"matter.escalated", "receipt title unit reason due", true},
    {"matter.extended", "receipt title due reason rule", true},
    {"matter.recounted", "receipt title due old_due reason", true},
    {"matter.answered", "receipt title unit", true},
    {"matter.judge", "receipt title until", true},
    {"matter.reopened", "receipt title unit due", true},
    {"matter.appealed", "receipt title unit due", true},
    {"matter.reviewed", "receipt title unit until", true},
    {"matter.concluded", "receipt title unit", true},
    {"matter.merged", "receipt title unit due", true},
    {"matter.unmerged", "receipt title unit due", true},
    {"matter.joined", "receipt title unit due", true},
    // Whoever asked not to be known hears at once that they are.
    {"matter.unmasked", "receipt unit reason at", true, true},
    {"matter.question", "receipt title unit", true},
    {"matter.relay_answer", "receipt title text"},
    {"matter.unmasking_asked", "receipt title unit reason"},
    {"matter.unmasking_granted", "receipt title until"},
    {"matter.unmasking_refused", "receipt title reason"},
    {"matter.harm_reported", "receipt title unit rule", true},
    {"matter.harm_noted", "receipt title unit rule"},
    {"matter.harm_taken", "receipt title unit"},
    {"harm.report", "unit rule due"},
    {"matter.approval", "receipt title unit due"},
    {"matter.draft_sent_back", "receipt title unit text due"},
    {"matter.meeting", "receipt title at place text", true},
    {"order.made", "unit text due"},
    {"order.late", "unit due"},
    {"order.answered", "unit text"},
    {"matter.led", "receipt title officer on", true},
    {"matter.lead_late", "receipt title officer on"},
    {"matter.leader_left", "receipt title officer on"},
    {"matter.step", "receipt title text on"},
    {"matter.step_late", "receipt title officer text on"},
    {"matter.met", "receipt title at place", true},
    {"joint.called", "title at place"},
    {"promise.due", "household text on"},
    {"calendar.missing", "year"},
    {"account.second_step_off", "officer at"},
};

}  // namespace

std::span<const Kind> Kinds() { return kKinds; }

const Kind* FindKind(std::string_view name) {
  for (const Kind& kind : kKinds) {
    if (kind.name == name) return &kind;
  }
  return nullptr;
}

bool HasField(const Kind& kind, std::string_view field) {
  for (std::string_view rest = kind.fields; !rest.empty();) {
    const size_t space = std::min(rest.find(' '), rest.size());
    if (rest.substr(0, space) == field) return true;
    rest.remove_prefix(std::min(space + 1, rest.size()));
  }
  return false;
}

FieldType TypeOf(std::string_view field) {
  if (field == "due" || field == "old_due" || field == "until" || field == "at") return FieldType::kInstant;
  return field == "on" ? FieldType::kDay : FieldType::kText;
}

}  // namespace huiyin::outbox
