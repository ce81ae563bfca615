// SPDX-License-Identifier: EUPL-1.2
#include "modules/households/sections.h"

#include <cmath>

#include "core/problem.h"
#include "core/text.h"

namespace huiyin::households {
namespace {

constexpr int64_t kMaxFen = 1'000'000'000'000'000;  // a sum of six stays within what JSON carries exactly
constexpr int64_t kMaxM2 = 9'000'000'000;
constexpr int64_t kMaxHeads = 1'000'000;
constexpr int64_t kNote = 2000;
constexpr int64_t kLong = 8000;
constexpr size_t kMaxMeasures = 200;

using enum FieldType;

constexpr FieldSpec kResidence[] = {
    {"address", kText, 0, 200},
    {"landform", kChoice, 0, 0, "plain hill mountain valley plateau pasture"},
    {"has_road", kFlag},
    {"has_safe_water", kFlag},
    {"has_power", kFlag},
    {"has_phone_signal", kFlag},
    {"phone", kPhone, 0, 40},
    {"minutes_to_village", kInt, 0, 100000},
    {"seasonal_place", kText, 0, 200},
};
constexpr FieldSpec kPopulation[] = {
    {"residents", kComputed}, {"male", kComputed}, {"female", kComputed}, {"children", kComputed},
    {"elders", kComputed}, {"working_age", kComputed}, {"away", kComputed},
    {"left_behind_children", kComputed}, {"orphans", kComputed}, {"disabled", kComputed},
    {"note", kText, 0, kNote},
};
constexpr FieldSpec kHousing[] = {
    {"structure", kChoice, 0, 0, "brick_concrete brick_timber timber earth other"},
    {"rooms", kInt, 0, 1000},
    {"floor_m2", kInt, 0, 100000},
    {"built_year", kInt, 1000, 2200},
    {"danger_grade", kChoice, 0, 0, "A B C D"},
    {"note", kText, 0, kNote},
};
constexpr FieldSpec kLand[] = {
    {"paddy_m2", kM2, 0, kMaxM2}, {"dry_m2", kM2, 0, kMaxM2}, {"garden_m2", kM2, 0, kMaxM2},
    {"forest_m2", kM2, 0, kMaxM2}, {"grass_m2", kM2, 0, kMaxM2},
    {"contract_no", kText, 0, 100},
    {"note", kText, 0, kNote},
};
constexpr FieldSpec kLivestock[] = {
    {"cattle", kInt, 0, kMaxHeads}, {"yaks", kInt, 0, kMaxHeads}, {"horses", kInt, 0, kMaxHeads},
    {"pigs", kInt, 0, kMaxHeads}, {"sheep", kInt, 0, kMaxHeads}, {"poultry", kInt, 0, kMaxHeads},
    {"note", kText, 0, kNote},
};
constexpr FieldSpec kIncome[] = {
    {"year", kInt, 1990, 2200},
    {"farming_fen", kFen, 0, kMaxFen}, {"livestock_fen", kFen, 0, kMaxFen}, {"wages_fen", kFen, 0, kMaxFen},
    {"business_fen", kFen, 0, kMaxFen}, {"transfers_fen", kFen, 0, kMaxFen}, {"other_fen", kFen, 0, kMaxFen},
    {"total_fen", kComputed},
    {"note", kText, 0, kNote},
};
constexpr FieldSpec kExpenditure[] = {
    {"year", kInt, 1990, 2200},
    {"production_fen", kFen, 0, kMaxFen}, {"food_fen", kFen, 0, kMaxFen}, {"school_fen", kFen, 0, kMaxFen},
    {"medical_fen", kFen, 0, kMaxFen}, {"housing_fen", kFen, 0, kMaxFen}, {"other_fen", kFen, 0, kMaxFen},
    {"total_fen", kComputed},
    {"note", kText, 0, kNote},
};
constexpr FieldSpec kDifficulties[] = {
    {"items", kChoices, 0, 10, "water road power housing school medical work debt labour other"},
    {"text", kText, 0, kLong},
};
constexpr FieldSpec kPlans[] = {{"text", kText, 0, kLong}};
constexpr FieldSpec kMeasureList[] = {{"items", kMeasures}};

constexpr SectionSpec kSections[] = {
    {"residence", kResidence},
    {"population", kPopulation},
    {"housing", kHousing},
    {"land", kLand, true},
    {"livestock", kLivestock, true},
    {"income", kIncome, true},
    {"expenditure", kExpenditure, true},
    {"difficulties", kDifficulties, true},
    {"plans", kPlans, true},
    {"measures", kMeasureList},
};

bool IsOneOf(std::string_view value, std::string_view choices) {
  while (!choices.empty()) {
    const size_t end = std::min(choices.find(' '), choices.size());
    if (choices.substr(0, end) == value) return true;
    choices.remove_prefix(std::min(end + 1, choices.size()));
  }
  return false;
}

std::vector<std::string_view> Split(std::string_view choices) {
  std::vector<std::string_view> all;
  while (!choices.empty()) {
    const size_t end = std::min(choices.find(' '), choices.size());
    all.push_back(choices.substr(0, end));
    choices.remove_prefix(std::min(end + 1, choices.size()));
  }
  return all;
}

bool IsPhone(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || std::string_view("+() ,;#*-").find(c) != std::string_view::npos;
  });
}

template <class T>
json::value OrNull(const std::optional<T>& value) {
  return value ? json::value(*value) : json::value();
}

json::value ReadMeasures(Fields& patch, const json::object& before, const PatchWorld& world) {
  std::map<std::string, const json::object*> known;
  if (const json::value* items = before.if_contains("items"); items != nullptr && items->is_array()) {
    for (const json::value& item : items->get_array()) {
      known[std::string(item.get_object().at("id").get_string())] = &item.get_object();
    }
  }
  constexpr std::string_view kStates[] = {"planned", "doing", "done", "dropped"};
  json::array list;
  std::set<std::string> seen;
  patch.Each("items", kMaxMeasures, [&](Fields& item) {
    const auto id = item.Reference("id");
    const std::string key = FormatId(item.county(), id ? *id : world.new_id());
    if (!seen.insert(key).second) item.Refuse("id", "duplicate");
    const std::string text = item.NeedText("text", kNote);
    const auto officer = item.Reference("by_officer_id");
    const auto due = item.Day("due");
    const std::string state = item.OneOf("state", kStates).value_or("planned");
    auto done_at = item.At("done_at");
    const auto note = item.Text("note", kNote);
    json::object out{{"id", key}, {"text", text}};
    if (officer) {
      // The name as it is today: who was to do it stays readable after they have left.
      if (const auto name = world.officer_name(*officer)) {
        out["by_officer_id"] = FormatId(item.county(), *officer);
        out["by_officer_name"] = *name;
      } else {
        item.Refuse("by_officer_id", "unknown_reference");
      }
    }
    if (due) out["due"] = FormatDate(*due);
    out["state"] = state;
    if (state == "done") {
      if (!done_at) {
        const auto was = known.find(key);
        const json::value* at = was == known.end() ? nullptr : was->second->if_contains("done_at");
        if (at != nullptr && at->is_string()) done_at = ParseInstant(at->get_string());
      }
      out["done_at"] = FormatInstant(done_at.value_or(world.now));
    }
    if (note) out["note"] = *note;
    list.push_back(std::move(out));
  });
  return list;
}

// The value sent for the field; null empties it.
json::value ReadField(const FieldSpec& field, Fields& patch, const json::object& before, const PatchWorld& world) {
  switch (field.type) {
    case kText:
      return OrNull(patch.Text(field.name, static_cast<size_t>(field.max)));
    case kPhone: {
      const auto text = patch.Text(field.name, static_cast<size_t>(field.max));
      if (text && !IsPhone(*text)) patch.Refuse(field.name, "not_a_phone");
      return OrNull(text);
    }
    case kInt:
    case kFen:
    case kM2:
      return OrNull(patch.Int(field.name, field.min, field.max));
    case kFlag:
      return OrNull(patch.Bool(field.name));
    case kChoice:
      return OrNull(patch.OneOf(field.name, Split(field.choices)));
    case kChoices: {
      json::array list;
      for (std::string& item : patch.Texts(field.name, static_cast<size_t>(field.max), 40)) {
        if (!IsOneOf(item, field.choices)) {
          patch.Refuse(field.name, "unknown_value", field.choices);
        } else if (std::find(list.begin(), list.end(), json::value(item)) == list.end()) {
          list.push_back(json::value(item));
        }
      }
      return list.empty() ? json::value() : json::value(list);
    }
    case kMeasures: {
      json::value list = ReadMeasures(patch, before, world);
      return list.get_array().empty() ? json::value() : list;
    }
    case kComputed:
      patch.Refuse(field.name, "read_only");
      return nullptr;
  }
  return nullptr;
}

json::value ReadCustomField(const CustomField& field, Fields& patch) {
  if (field.type == "text") return OrNull(patch.Text(field.name, kNote));
  if (field.type == "boolean") return OrNull(patch.Bool(field.name));
  if (field.type == "date") {
    const auto day = patch.Day(field.name);
    return day ? json::value(FormatDate(*day)) : json::value();
  }
  const json::value* value = patch.Find(field.name);
  if (value == nullptr) return nullptr;
  if (field.type == "number") {
    if (value->is_number() && std::abs(value->to_number<double>()) <= 1e15) return *value;
    patch.Refuse(field.name, "wrong_type", "number");
    return nullptr;
  }
  std::string codes;
  const json::value choices = json::parse(field.choices);
  for (const json::value& choice : choices.as_array()) {
    const json::value& code = choice.as_object().at("code");
    if (*value == code) return code;
    codes.append(codes.empty() ? "" : " ").append(std::string_view(code.as_string()));
  }
  patch.Refuse(field.name, "unknown_value", codes);
  return nullptr;
}

const json::object& ObjectAt(const json::object& doc, std::string_view name) {
  static const json::object kEmpty;
  const json::value* value = doc.if_contains(name);
  return value != nullptr && value->is_object() ? value->get_object() : kEmpty;
}

json::object ApplyCustom(const SectionSpec& section, const json::object& before, Fields& patch,
                         const PatchWorld& world) {
  json::object after;
  for (const auto& member : patch.object()) {
    const bool known = std::any_of(world.custom.begin(), world.custom.end(), [&](const CustomField& field) {
      return field.section == section.name && field.name == std::string_view(member.key());
    });
    if (known) continue;
    world.require_unprotected("custom." + std::string(member.key()), member.key());
    patch.Refuse(FirstCharacters(member.key(), 100), "unknown_field");
  }
  for (const CustomField& field : world.custom) {
    if (field.section != section.name) continue;
    if (patch.object().contains(field.name)) {
      json::value value = ReadCustomField(field, patch);
      if (!value.is_null()) after[field.name] = std::move(value);
    } else if (const json::value* kept = before.if_contains(field.name)) {
      after[field.name] = *kept;
    }
  }
  return after;
}

void AddTotal(const SectionSpec& section, json::object& doc) {
  int64_t total = 0;
  bool any = false;
  for (const FieldSpec& field : section.fields) {
    if (field.type != kFen) continue;
    if (const json::value* value = doc.if_contains(field.name)) {
      total += value->as_int64();
      any = true;
    }
  }
  if (any) doc["total_fen"] = total;
}

}  // namespace

std::span<const SectionSpec> Sections() { return kSections; }

bool NeedsConsent(const org::CountySettings& settings, const SectionSpec& section) {
  for (const org::SectionPurpose& purpose : settings.purposes) {
    if (purpose.section == section.name) return purpose.consent;
  }
  return section.needs_consent;
}

const SectionSpec* FindSection(std::string_view name) {
  for (const SectionSpec& section : kSections) {
    if (section.name == name) return &section;
  }
  return nullptr;
}

json::object ApplyPatch(const SectionSpec& section, const json::object& before, Fields& patch,
                        const PatchWorld& world) {
  for (const auto& member : patch.object()) {
    const std::string_view name = member.key();
    const bool known = name == "custom" || name == "visit_id" || name == "base" ||
                       std::any_of(section.fields.begin(), section.fields.end(),
                                   [&](const FieldSpec& field) { return field.name == name; });
    if (known) continue;
    world.require_unprotected(name, name);
    patch.Refuse(FirstCharacters(name, 100), "unknown_field");
  }
  json::object after;
  for (const FieldSpec& field : section.fields) {
    if (patch.object().contains(field.name)) {
      json::value value = ReadField(field, patch, before, world);
      if (!value.is_null()) after[field.name] = std::move(value);
    } else if (const json::value* kept = before.if_contains(field.name); kept != nullptr && field.type != kComputed) {
      after[field.name] = *kept;
    }
  }
  AddTotal(section, after);
  json::object custom = ObjectAt(before, "custom");
  patch.Within("custom", [&](Fields& fields) { custom = ApplyCustom(section, custom, fields, world); });
  if (patch.IsNull("custom")) custom.clear();
  if (!custom.empty()) after["custom"] = std::move(custom);
  return after;
}

std::vector<FieldDiff> Differences(const json::object& before, const json::object& after) {
  std::vector<FieldDiff> diffs;
  const auto compare = [&diffs](std::string_view prefix, const json::object& old, const json::object& now) {
    for (const auto& member : now) {
      if (member.value().is_object()) continue;
      const json::value* was = old.if_contains(member.key());
      if (was == nullptr || *was != member.value()) {
        diffs.push_back({std::string(prefix) + std::string(member.key()), was ? *was : json::value(), member.value()});
      }
    }
    for (const auto& member : old) {
      if (member.value().is_object() || now.contains(member.key())) continue;
      diffs.push_back({std::string(prefix) + std::string(member.key()), member.value(), nullptr});
    }
  };
  compare("", before, after);
  compare("custom.", ObjectAt(before, "custom"), ObjectAt(after, "custom"));
  return diffs;
}

}  // namespace huiyin::households
