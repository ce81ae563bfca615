// SPDX-License-Identifier: EUPL-1.2
// The kinds of messages there are, what each may tell, and whom it is for.
#pragma once

#include <span>
#include <string_view>

namespace huiyin::outbox {

struct Kind {
  std::string_view name;
  std::string_view fields;  // words of the templates, separated by spaces
  bool to_residents = false;
  bool is_urgent = false;   // goes by SMS in the quiet hours too
  bool is_in_hand = false;  // whoever asked has heard it: nobody has to call and say so
};
std::span<const Kind> Kinds();
const Kind* FindKind(std::string_view name);  // nullptr when there is no such kind
bool HasField(const Kind& kind, std::string_view field);

// How a field is shown: instants and days on the county's clock, the rest as it is.
enum class FieldType { kText, kInstant, kDay };
FieldType TypeOf(std::string_view field);

}  // namespace huiyin::outbox
