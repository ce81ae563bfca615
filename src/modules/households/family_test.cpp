// SPDX-License-Identifier: EUPL-1.2
#include "modules/households/family.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>

namespace huiyin::households {
namespace {

TEST(Family, RelationsFollowTheNewHead) {
  const struct {
    std::string_view new_head_was, was, becomes;
  } cases[] = {
      {"spouse", "child", "child"}, {"spouse", "parent", "parent_in_law"}, {"spouse", "sibling", "other"},
      {"child", "spouse", "parent"}, {"child", "child", "sibling"}, {"child", "grandchild", "other"},
      {"child", "parent", "grandparent"}, {"parent", "child", "grandchild"}, {"sibling", "parent", "parent"},
      {"other", "child", "other"}, {"grandchild", "child", "other"},
  };
  for (const auto& [head, was, becomes] : cases) EXPECT_EQ(RelationAfter(head, was), becomes) << head << " " << was;
}

TEST(Family, EveryRelationIsOneOfTheKnown) {
  const auto is_known = [](std::string_view relation) {
    return std::find(std::begin(kRelations), std::end(kRelations), relation) != std::end(kRelations);
  };
  for (std::string_view head : kRelations) {
    EXPECT_TRUE(is_known(OldHeadAfter(head)));
    EXPECT_NE(OldHeadAfter(head), "head");
    for (std::string_view was : kRelations) {
      EXPECT_TRUE(is_known(RelationAfter(head, was)));
      EXPECT_NE(RelationAfter(head, was), "head");
    }
  }
}

}  // namespace
}  // namespace huiyin::households
