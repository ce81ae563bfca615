// SPDX-License-Identifier: EUPL-1.2
// The counted figures of many counties side by side, from each one's own counters. A database that does
// not answer holds up nobody: its counties stand there as they were last seen, and say when.
#include <cstdio>
#include <fstream>
#include <sstream>
#include <thread>

#include "app/commands.h"
#include "app/routing_table.h"
#include "core/small_numbers.h"
#include "db/migrate.h"
#include "modules/matters/matters.h"
#include "modules/org/org.h"

namespace huiyin::app {
namespace {

namespace fs = std::filesystem;

struct Line {
  County county;
  std::string name;
  std::optional<Instant> as_of;  // absent: never seen
  bool is_now = false;
  std::map<std::string, std::pair<int64_t, int64_t>, std::less<>> figures;  // numerator, denominator
};

constexpr db::Sql kNewest{"report.schema", "SELECT COALESCE(MAX(number), 0) FROM schema_migrations"};

// Every county of one database, now. Nothing is changed there, its schema neither.
std::vector<Line> Ask(const fs::path& dir, Date month, Instant now) {
  if (!fs::exists(dir / "huiyin.db") && !fs::exists(dir / "database")) throw std::runtime_error("there is no county here");
  const auto database = OpenDatabase(dir, 1);
  std::vector<Line> lines;
  database->Read([&](db::Tx& tx) {
    if (tx.Number(kNewest) != db::Migrations().back().number) throw std::runtime_error("its schema is another program's");
    for (const auto& named : org::Counties(tx)) {
      Line line{.county = named.county, .name = named.name, .as_of = now, .is_now = true, .figures = {}};
      for (const auto& figure : matters::CountedFigures(tx, named.county, FormatCounty(named.county), month)) {
        line.figures[std::string(figure.name)] = {figure.numerator, figure.denominator};
      }
      lines.push_back(std::move(line));
    }
  });
  return lines;
}

std::string MonthOf(Date day) { return fmt::format("{:04}-{:02}", day.Year(), day.Month()); }

// What was seen before, so that a county that is missing today has its figures of then.
class Remembered {
 public:
  Remembered(fs::path file, std::string month) : file_(std::move(file)), month_(std::move(month)) {
    std::ifstream in(file_);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in) return;
    try {
      all_ = ParseJsonObject(text.str());
    } catch (const std::exception&) {
      fmt::print(stderr, "{}: cannot be read, and is begun anew\n", file_.string());
    }
  }

  void Fill(Line& line) const {
    const json::value* of_month = all_.if_contains(month_);
    const json::value* known = of_month && of_month->is_object() ? of_month->as_object().if_contains(FormatCounty(line.county)) : nullptr;
    if (known == nullptr || !known->is_object()) return;
    const json::object& seen = known->as_object();
    line.name = std::string(seen.at("name").as_string());
    line.as_of = Instant{seen.at("at").as_int64()};
    for (const auto& [name, pair] : seen.at("figures").as_object()) {
      line.figures[std::string(name)] = {pair.as_array().at(0).as_int64(), pair.as_array().at(1).as_int64()};
    }
  }
  void Keep(const Line& line) {
    json::object figures;
    for (const auto& [name, pair] : line.figures) figures[name] = {pair.first, pair.second};
    if (!all_[month_].is_object()) all_[month_] = json::object();
    all_[month_].as_object()[FormatCounty(line.county)] = {{"name", line.name}, {"at", line.as_of->ms}, {"figures", std::move(figures)}};
  }
  void Save() const {
    const fs::path made = file_.string() + ".new";
    std::ofstream out(made, std::ios::trunc);
    out << json::serialize(all_) << '\n';
    out.close();
    if (!out) throw std::runtime_error(made.string() + ": cannot be written");
    fs::rename(made, file_);
  }

 private:
  fs::path file_;
  std::string month_;
  json::object all_;
};

bool IsHidden(const matters::CountedFigure& kind, std::pair<int64_t, int64_t> counted) {
  return kind.is_of_people && IsTooFew(counted.second);
}

std::string Shown(const matters::CountedFigure& kind, std::pair<int64_t, int64_t> counted) {
  const auto [numerator, denominator] = counted;
  if (kind.unit == "count") return std::to_string(numerator);
  if (IsHidden(kind, counted)) return "<5";
  if (denominator == 0) return "-";
  const double value = static_cast<double>(numerator) / static_cast<double>(denominator);
  return kind.unit == "share" ? fmt::format("{:.1f}%", 100 * value) : fmt::format("{:.1f}", value);
}

int Report(std::span<const std::string> args) {
  const Arguments arguments(args, {"routes", "month", "json!"});
  const fs::path file = arguments.Need("routes");
  const RoutingTable table = RoutingTable::ReadFile(file);
  const Instant now = SystemClock().Now();
  Date month = LocalDate(now, Zone{});
  if (const auto text = arguments.Get("month")) {
    const auto first = ParseDate(*text + "-01");
    if (!first || text->size() != 7) throw Usage("--month wants YYYY-MM");
    month = *first;
  }

  std::vector<std::vector<Line>> found(table.folders.size());
  std::vector<std::string> failed(table.folders.size());
  {
    std::vector<std::jthread> asking;
    for (size_t i = 0; i < table.folders.size(); ++i) {
      asking.emplace_back([&, i] {
        try {
          found[i] = Ask(table.folders[i], month, now);
        } catch (const std::exception& error) {
          failed[i] = error.what();
        }
      });
    }
  }
  Remembered remembered(fs::absolute(file).string() + ".figures", MonthOf(month));
  std::vector<Line> lines;
  for (const auto& [county, place] : table.places) {
    Line line{.county = county, .name = FormatCounty(county), .as_of = {}, .is_now = false, .figures = {}};
    for (Line& seen : found[place]) {
      if (seen.county == county) line = std::move(seen);
    }
    if (line.is_now) remembered.Keep(line);
    else remembered.Fill(line);
    lines.push_back(std::move(line));
  }
  remembered.Save();
  for (size_t i = 0; i < failed.size(); ++i) {
    if (!failed[i].empty()) fmt::print(stderr, "{}: {}\n", table.folders[i].string(), failed[i]);
  }

  // One line a county, in the order of the codes: nobody is ranked.
  const auto kinds = matters::FigureKinds();
  if (arguments.Flag("json")) {
    JsonWriter w;
    w.BeginObject().Field("month", MonthOf(month)).Key("items").BeginArray();
    for (const Line& line : lines) {
      w.BeginObject().Field("county", FormatCounty(line.county)).Field("name", line.name).OptField("as_of", line.as_of).Field("is_now", line.is_now);
      w.Key("figures").BeginObject();
      for (const auto& kind : kinds) {
        const auto counted = line.figures.find(kind.name);
        if (counted != line.figures.end()) w.Field(kind.name, Shown(kind, counted->second));
      }
      w.EndObject().EndObject();
    }
    w.EndArray().EndObject();
    fmt::print("{}\n", w.Take());
    return 0;
  }
  fmt::print("{}\n", MonthOf(month));
  for (const auto& kind : kinds) {
    fmt::print("\n{} {}\n", kind.title_zh, kind.title_en);
    std::pair<int64_t, int64_t> total{0, 0};
    size_t counties = 0;
    for (const Line& line : lines) {
      const auto counted = line.figures.find(kind.name);
      std::string note;
      if (!line.as_of) note = "not seen yet";
      else if (!line.is_now) note = "as of " + FormatLocal(*line.as_of, Zone{});
      fmt::print("  {} {:>10}  {}{}\n", FormatCounty(line.county), counted == line.figures.end() ? "" : Shown(kind, counted->second), line.name,
                 note.empty() ? "" : "  (" + note + ")");
      // What is hidden is in no sum either: the others taken from it would show it.
      if (counted == line.figures.end() || IsHidden(kind, counted->second)) continue;
      ++counties;
      total.first += counted->second.first;
      total.second += counted->second.second;
    }
    fmt::print("  together{:>9}  {} of {} counties\n", Shown(kind, total), counties, lines.size());
  }
  return 0;
}

}  // namespace

extern const Command kReport;
const Command kReport = {
    "report", "a month's figures of all counties of a routing table",
    R"(huiyin report --routes FILE [--month YYYY-MM] [--json]

Reads each county's own counters, in the order of the codes. A county whose database does not answer is
shown as it was last seen here, with the time; FILE.figures keeps what was seen. Shares of what residents
said are not shown for fewer than five of them.)",
    Report};

}  // namespace huiyin::app
