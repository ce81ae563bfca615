// SPDX-License-Identifier: EUPL-1.2
// What a conclusion ends and what it does not: the same facts and reasons are not looked at a
// third time (信访工作条例 art. 36); new facts, another ask, or an answer that was not carried
// out are a new matter. Told in both languages wherever the matter is shown.
#pragma once

#include "modules/matters/views.h"

namespace huiyin::matters {

// Stands where a refusal names its way to appeal, in the final review.
inline constexpr std::string_view kAfterFinalReviewZh =
    "这是最后一级复核，同一事实和理由不再复查、复核；出现新的事实，或者答应的事没有办，可以作为新的诉求提出；"
    "依法可以申请行政复议或者提起诉讼的，仍可在法定期限内提出。";

// The member `conclusion` of a concluded matter; nothing otherwise. `shows_links`: for officers,
// the matters that followed, as far as the reader may know of them.
void WriteConclusion(Context& ctx, JsonWriter& w, Names& names, const Matter& matter, bool shows_links);

// The member `follows`: the concluded matter this one says it has new facts about, as far as
// the reader may know of it.
void WriteFollows(Context& ctx, JsonWriter& w, const Matter& matter);

// A new matter says it is about new facts after `concluded`. Never refuses.
void Follow(Context& ctx, const MatterId& matter, const MatterId& concluded);
// The matter it follows, if it said so.
std::optional<MatterId> FollowsOf(db::Tx& tx, County county, const MatterId& matter);

}  // namespace huiyin::matters
