// SPDX-License-Identifier: EUPL-1.2
#include "modules/households/family.h"

namespace huiyin::households {
namespace {

struct Step {
  std::string_view new_head_was;
  std::string_view was;
  std::string_view becomes;
};

constexpr Step kSteps[] = {
    {"spouse", "child", "child"}, {"spouse", "child_in_law", "child_in_law"},
    {"spouse", "grandchild", "grandchild"}, {"spouse", "parent", "parent_in_law"},
    {"spouse", "parent_in_law", "parent"},
    {"child", "spouse", "parent"}, {"child", "child", "sibling"}, {"child", "parent", "grandparent"},
    {"child", "parent_in_law", "grandparent"},
    {"child_in_law", "spouse", "parent_in_law"},
    {"parent", "parent", "spouse"}, {"parent", "spouse", "child_in_law"}, {"parent", "child", "grandchild"},
    {"parent", "sibling", "child"}, {"parent", "grandparent", "parent"},
    {"parent_in_law", "spouse", "child"}, {"parent_in_law", "parent_in_law", "spouse"},
    {"parent_in_law", "child", "grandchild"},
    {"sibling", "sibling", "sibling"}, {"sibling", "parent", "parent"}, {"sibling", "grandparent", "grandparent"},
    {"grandchild", "spouse", "grandparent"},
};

}  // namespace

std::string_view OldHeadAfter(std::string_view new_head_was) {
  if (new_head_was == "spouse") return "spouse";
  if (new_head_was == "child") return "parent";
  if (new_head_was == "child_in_law") return "parent_in_law";
  if (new_head_was == "parent") return "child";
  if (new_head_was == "parent_in_law") return "child_in_law";
  if (new_head_was == "grandchild") return "grandparent";
  if (new_head_was == "grandparent") return "grandchild";
  if (new_head_was == "sibling") return "sibling";
  return "other";
}

std::string_view RelationAfter(std::string_view new_head_was, std::string_view was) {
  for (const Step& step : kSteps) {
    if (step.new_head_was == new_head_was && step.was == was) return step.becomes;
  }
  return "other";
}

}  // namespace huiyin::households
