// SPDX-License-Identifier: EUPL-1.2
#include "modules/households/meanwhile.h"

namespace huiyin::households {
namespace {

json::value Of(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains(name);
  return found != nullptr ? *found : json::value();
}

const json::object& Custom(const json::object& object) {
  static const json::object none;
  const json::value* found = object.if_contains("custom");
  return found != nullptr && found->is_object() ? found->get_object() : none;
}

bool IsSame(const json::value& a, const json::value& b) {
  // A list that is empty and one that is not there are the same to who reads the record.
  const auto is_nothing = [](const json::value& v) {
    return v.is_null() || (v.is_array() && v.get_array().empty()) || (v.is_string() && v.get_string().empty());
  };
  return a == b || (is_nothing(a) && is_nothing(b));
}

}  // namespace

const json::object* BaseOf(const json::object& body) {
  const json::value* base = body.if_contains("base");
  if (base == nullptr || base->is_null()) return nullptr;
  if (!base->is_object()) Invalid("base", "wrong_type", "object");
  return &base->get_object();
}

std::vector<Clash> Clashes(const json::object& body, const json::object& base, const json::object& now, const json::object& asked) {
  std::vector<Clash> clashes;
  const auto look = [&](const std::string& prefix, const json::object& fields, const json::object& seen,
                        const json::object& current, const json::object& wanted) {
    for (const auto& member : fields) {
      const std::string_view name = member.key();
      if (prefix.empty() && (name == "base" || name == "visit_id" || name == "custom")) continue;
      const json::value is = Of(current, name);
      if (IsSame(is, Of(seen, name)) || IsSame(is, Of(wanted, name))) continue;
      clashes.push_back({prefix + std::string(name), Of(seen, name), is, Of(wanted, name)});
    }
  };
  look("", body, base, now, asked);
  look("custom.", Custom(body), Custom(base), Custom(now), Custom(asked));
  return clashes;
}

void TellClashes(Problem& stale, const std::vector<Clash>& clashes) {
  json::array told;
  for (const Clash& clash : clashes) {
    told.push_back(json::object{{"field", clash.field}, {"seen", clash.seen}, {"now", clash.now}, {"asked", clash.asked}});
  }
  stale.extra["conflicts"] = std::move(told);
}

}  // namespace huiyin::households
