// SPDX-License-Identifier: EUPL-1.2
// What a county may not write down about people (docs/boundaries.md): religion, ethnicity,
// political attitude, labels for those who petition, family planning, stability and risk.
// A field, a column, a choice or a report whose name names one of them is refused with the
// reason, wherever names are taken from people. The check reads words, so it can be fooled
// by somebody who wants to; it stops what is done out of habit and makes the rest a
// deliberate act that the audit log shows.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace huiyin {

struct ProtectedCategory {
  std::string_view code;       // religion ethnicity politics petitioner family_planning stability
  std::string_view reason_zh;
  std::string_view reason_en;
};

// The category a name names, in Chinese, English, pinyin or Tibetan, whatever its case,
// width, spacing or punctuation; absent for any other name.
[[nodiscard]] std::optional<ProtectedCategory> FindProtectedCategory(std::string_view name);

// Throws Problem 422 "boundaries.protected_category" on `field`, with the reason (in Chinese
// unless `in_english`), when any of the texts names one.
void RefuseProtected(std::string_view field, std::string_view name, bool in_english = false);

}  // namespace huiyin
