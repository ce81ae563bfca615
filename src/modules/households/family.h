// SPDX-License-Identifier: EUPL-1.2
// Who is what to whom once another head stands for the household. Pure.
#pragma once

#include <string_view>

namespace huiyin::households {

inline constexpr std::string_view kRelations[] = {"head", "spouse", "child", "child_in_law", "parent",
                                                  "parent_in_law", "grandchild", "grandparent", "sibling",
                                                  "other"};

// What the one who was head is to the new head, who was `new_head_was` to them.
std::string_view OldHeadAfter(std::string_view new_head_was);
// What a member who was `was` to the old head is to the new one. "other" where the old
// relations do not tell (whose child is a grandchild?): somebody who knows can say.
std::string_view RelationAfter(std::string_view new_head_was, std::string_view was);

}  // namespace huiyin::households
