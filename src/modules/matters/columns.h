// SPDX-License-Identifier: EUPL-1.2
// The columns of a matter, in the order ReadMatter takes them: every statement that reads
// whole matters begins with them.
#pragma once

#include "modules/matters/matter.h"
#include "db/tx.h"

#define HUIYIN_MATTER_COLUMNS                                                                      \
  "m.id, m.receipt, m.state, m.channel, m.kind, m.category, m.text, m.subject, m.household_id, "   \
  "m.resident_id, m.area_code, m.visit_id, m.contact, m.is_anonymous, m.is_protected, "            \
  "m.about_officer_id, m.about_unit_id, m.first_unit_id, m.first_officer_id, m.owner_unit_id, "    \
  "m.owner_officer_id, m.pending_unit_id, m.sender_unit_id, m.received_at, m.registered_at, "      \
  "m.due_at, m.answered_at, m.judge_due_at, m.closed_at, m.moves, m.bounces, m.reopened, "         \
  "m.was_late, m.solved, m.rating, m.judgement_text, m.merged_into, m.external_number, m.events, " \
  "m.revision, m.content_hash, m.text_number, " \
  "m.about_text, m.is_confidential, m.orders_missed, m.decisions_missed, m.stuck "

namespace huiyin::matters {

Matter ReadMatter(const db::Row& row);
// How many columns those are: what a statement selects besides stands behind them.
inline constexpr int kMatterColumns = 47;

}  // namespace huiyin::matters
