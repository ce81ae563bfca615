// SPDX-License-Identifier: EUPL-1.2
#include "modules/terms/rule.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <tuple>

#include "core/text.h"

namespace huiyin::terms {
namespace {

enum Column {
  kKey,
  kVersionFrom,
  kKind,
  kCategory,
  kChannel,
  kRegion,
  kStep,
  kAmount,
  kUnit,
  kExtendsBy,
  kApproval,
  kPauses,
  kArticle,
  kTextZh,
  kTextEn,
  kPriority,
  kColumnCount
};

constexpr std::array<std::string_view, kColumnCount> kColumns = {"key",
                                                                 "version_from",
                                                                 "kind",
                                                                 "category",
                                                                 "channel",
                                                                 "region",
                                                                 "step",
                                                                 "amount",
                                                                 "unit",
                                                                 "extends_by",
                                                                 "approval",
                                                                 "pauses",
                                                                 "article",
                                                                 "text_zh",
                                                                 "text_en",
                                                                 "priority"};

constexpr std::array<std::string_view, 7> kKinds = {
    "help", "complaint", "suggestion", "question", "report", "dispute", "praise"};
constexpr std::array<std::string_view, 10> kChannels = {"visit",
                                                        "counter",
                                                        "phone",
                                                        "letter",
                                                        "mailbox",
                                                        "web",
                                                        "message",
                                                        "meeting",
                                                        "inspection",
                                                        "reception"};

constexpr int kMostDays = 3660;
constexpr int kMostHours = 24 * kMostDays;
constexpr size_t kLongestText = 500;

bool IsCode(std::string_view text, std::string_view also) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
           also.find(c) != std::string_view::npos;
  });
}

bool IsAreaCode(std::string_view text) {
  constexpr std::array<size_t, 5> kLengths = {2, 4, 6, 9, 12};
  return std::find(kLengths.begin(), kLengths.end(), text.size()) != kLengths.end() &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

// Reads the cells of one row into a rule, telling every mistake.
class RowReader {
 public:
  RowReader(const TableRow& row, std::vector<RowError>& errors) : row_(row), errors_(errors) {}

  Rule Read() {
    Rule rule;
    rule.key = Code(kKey, ".", true);
    rule.step = Code(kStep, "", true);
    rule.extends_by = Code(kExtendsBy, ".", false);
    rule.category = Category();
    rule.version_from = Day(kVersionFrom);
    rule.is_by_key_only = Cell(kKind) == "none";
    rule.kinds = Kinds();
    rule.channels = Listed(kChannel, kChannels);
    rule.region = Region();
    rule.unit = ReadUnit();
    rule.amount = Number(kAmount, 1, rule.unit == Unit::kHour ? kMostHours : kMostDays);
    rule.needs_approval = Number(kApproval, 0, 1) == 1;
    rule.pauses = Pauses();
    rule.article = Text(kArticle);
    rule.text_zh = Text(kTextZh);
    rule.text_en = Text(kTextEn);
    rule.priority = Cell(kPriority).empty() ? 0 : Number(kPriority, 0, 1000);
    return rule;
  }

 private:
  const std::string& Cell(Column column) const { return row_.cells[column]; }

  void Wrong(Column column, std::string_view code, std::string detail) {
    errors_.push_back(
        {row_.row, std::string(kColumns[column]), std::string(code), std::move(detail)});
  }

  std::string Code(Column column, std::string_view also, bool is_required) {
    const std::string& cell = Cell(column);
    if (cell.empty() && is_required) Wrong(column, "required", "");
    if (!cell.empty() && !IsCode(cell, also)) {
      Wrong(column, "not_a_code", "small letters, digits and _");
    }
    return cell;
  }

  std::string Category() {
    std::string prefix = Code(kCategory, ".", false);
    if (prefix.ends_with('.')) prefix.pop_back();
    return prefix;
  }

  Date Day(Column column) {
    const auto date = ParseDate(Cell(column));
    if (!date) Wrong(column, "not_a_date", Cell(column));
    return date.value_or(Date{});
  }

  std::vector<std::string> Kinds() {
    const std::string& cell = Cell(kKind);
    if (cell == "all" || cell == "none") return {};
    std::vector<std::string> kinds = Listed(kKind, kKinds);
    // No kind must not come to mean every kind.
    if (kinds.empty()) Wrong(kKind, "required", "all, none, or kinds of matters");
    return kinds;
  }

  std::vector<std::string> Listed(Column column, std::span<const std::string_view> known) {
    std::vector<std::string> values = SplitList(Cell(column), ';');
    if (values.empty() && !Cell(column).empty()) Wrong(column, "unknown_value", Cell(column));
    for (const std::string& value : values) {
      if (std::find(known.begin(), known.end(), value) == known.end()) {
        Wrong(column, "unknown_value", value);
      }
    }
    return values;
  }

  std::string Region() {
    const std::string& cell = Cell(kRegion);
    if (!cell.empty() && !IsAreaCode(cell)) Wrong(kRegion, "not_an_area_code", cell);
    return cell;
  }

  Unit ReadUnit() {
    for (const Unit unit : {Unit::kCalendarDay, Unit::kWorkingDay, Unit::kHour}) {
      if (Cell(kUnit) == UnitText(unit)) return unit;
    }
    Wrong(kUnit, "unknown_value", "calendar_day, working_day or hour");
    return Unit::kCalendarDay;
  }

  int Number(Column column, int least, int most) {
    const int value = ParseCount(Cell(column), least, most);
    if (value < 0) Wrong(column, "out_of_range", fmt::format("{} to {}", least, most));
    return value;
  }

  std::vector<std::string> Pauses() {
    std::vector<std::string> pauses = SplitList(Cell(kPauses), ';');
    for (const std::string& pause : pauses) {
      if (!IsCode(pause, "")) Wrong(kPauses, "not_a_code", pause);
    }
    return pauses;
  }

  std::string Text(Column column) {
    if (Cell(column).empty()) Wrong(column, "required", "");
    if (CountCharacters(Cell(column)) > kLongestText) Wrong(column, "too_long", "");
    return Cell(column);
  }

  const TableRow& row_;
  std::vector<RowError>& errors_;
};

// Every extension must be a rule of the table, and not the rule itself.
void CheckExtensions(const std::vector<Rule>& rules,
                     const std::vector<int>& rows,
                     std::vector<RowError>& errors) {
  std::set<std::string_view> keys;
  for (const Rule& rule : rules)
    keys.insert(rule.key);
  for (size_t i = 0; i < rules.size(); ++i) {
    const std::string& by = rules[i].extends_by;
    if (by.empty()) continue;
    if (by == rules[i].key || !keys.contains(by)) {
      errors.push_back({rows[i], "extends_by", "unknown_rule", by});
    }
  }
}

bool Has(const std::vector<std::string>& list, std::string_view value) {
  return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
}

// Whole parts only: "aid" is not the beginning of "aids".
bool IsUnder(std::string_view category, std::string_view prefix) {
  return prefix.empty() || category == prefix ||
         (category.starts_with(prefix) && category[prefix.size()] == '.');
}

bool Fits(const Rule& rule, const Case& wanted) {
  return !rule.is_by_key_only && !rule.is_repealed && rule.step == wanted.step && rule.version_from <= wanted.on &&
         Has(rule.kinds, wanted.kind) && IsUnder(wanted.category, rule.category) &&
         Has(rule.channels, wanted.channel) && wanted.region.starts_with(rule.region);
}

bool IsBetter(const Rule& a, const Rule& b) {
  const auto rank = [](const Rule& rule) {
    return std::make_tuple(rule.priority,
                           rule.category.size(),
                           !rule.kinds.empty(),
                           !rule.channels.empty(),
                           rule.region.size(),
                           rule.version_from);
  };
  return rank(a) != rank(b) ? rank(a) > rank(b) : a.key < b.key;
}

}  // namespace

std::string_view UnitText(Unit unit) {
  switch (unit) {
    case Unit::kWorkingDay:
      return "working_day";
    case Unit::kHour:
      return "hour";
    case Unit::kCalendarDay:
      break;
  }
  return "calendar_day";
}

RulesReading ReadRules(std::string_view csv) {
  RulesReading reading;
  Table table = ReadTable(csv, kColumns);
  reading.errors = std::move(table.errors);
  std::vector<int> rows;
  std::set<std::pair<std::string, Date>> seen;
  for (const TableRow& row : table.rows) {
    Rule rule = RowReader(row, reading.errors).Read();
    if (!seen.emplace(rule.key, rule.version_from).second) {
      reading.errors.push_back({row.row, "key", "duplicate", rule.key});
    }
    reading.rules.push_back(std::move(rule));
    rows.push_back(row.row);
  }
  CheckExtensions(reading.rules, rows, reading.errors);
  std::sort(reading.rules.begin(), reading.rules.end(), [](const Rule& a, const Rule& b) {
    return std::tie(a.key, a.version_from) < std::tie(b.key, b.version_from);
  });
  return reading;
}

const Rule* Choose(std::span<const Rule> rules, const Case& wanted) {
  const Rule* best = nullptr;
  for (const Rule& rule : rules) {
    if (!Fits(rule, wanted) || FindRule(rules, rule.key, wanted.on) != &rule) continue;
    if (best == nullptr || IsBetter(rule, *best)) best = &rule;
  }
  return best;
}

const Rule* FindRule(std::span<const Rule> rules, std::string_view key, Date on) {
  const Rule* newest = nullptr;
  for (const Rule& rule : rules) {
    if (rule.key != key || rule.version_from > on) continue;
    if (newest == nullptr || rule.version_from > newest->version_from) newest = &rule;
  }
  return newest != nullptr && newest->is_repealed ? nullptr : newest;
}

}  // namespace huiyin::terms
