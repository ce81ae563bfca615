// SPDX-License-Identifier: EUPL-1.2
// What is likely the same matter: while a text is being typed, and for a list that is looked
// through. By shared text and by place within a time, never by who asks. For officers alone:
// a resident who types is shown nothing of what others asked for.
#pragma once

#include <functional>

#include "modules/matters/store.h"
#include "platform/module.h"

namespace huiyin::matters {

// How long something said once may be said again by others.
inline constexpr int64_t kLikeWithin = 60 * kDay;

http::Response ListSimilar(Context& ctx);

struct SaidNear {
  MatterId id;
  Instant received_at;
  std::string_view text;  // until the next
};
// What was said in an area since then and is not merged; open ones by the small index of those,
// or all. Never protected ones; at most `limit`.
void EachSaid(db::Tx& tx, County county, std::string_view area, Instant since, bool open_only, int limit,
              const std::function<void(const SaidNear&)>& each);

}  // namespace huiyin::matters
