// SPDX-License-Identifier: EUPL-1.2
// What a county may not write down about people (docs/boundaries.md): religion, ethnicity,
// political attitude, labels for those who petition, family planning, risk scores and watch
// lists. A field, a column, a choice or a label that names one of them is refused with the
// reason, wherever names are taken from people. The check reads words, so somebody who wants
// to can get around it; it stops what is done out of habit, and makes the rest a deliberate
// act that the audit log shows.
#pragma once

#include <initializer_list>
#include <string_view>

namespace huiyin {

struct Context;

struct ProtectedCategory {
  std::string_view code;       // religion ethnicity political petitioning family_planning risk
  std::string_view reason_zh;
  std::string_view reason_en;
};

// Which protected category a name, label or choice speaks of, in Chinese, English, pinyin or
// Tibetan, whatever its case, width and spacing; nullptr for none.
[[nodiscard]] const ProtectedCategory* FindProtected(std::string_view name);

// Throws 422 boundaries.protected_category on `field` when one of the names does, with the
// reason in the language the request asks for.
void RequireUnprotected(const Context& ctx, std::string_view field,
                        std::initializer_list<std::string_view> names);

}  // namespace huiyin
