// SPDX-License-Identifier: EUPL-1.2
// The columns of NYC Open Data's "311 Service Requests", as exported.
#include "core/text.h"
#include "modules/matters/actions.h"
#include "modules/matters/categories.h"
#include "modules/matters/clocks.h"
#include "modules/org/org.h"
#include "modules/terms/csv.h"

namespace huiyin::matters {
namespace {

enum Column {
  kNumber, kCreated, kClosed, kAgency, kType, kDescriptor, kPlace, kZip, kCity, kStatus, kDue, kResolution,
  kResolutionAt, kBoard, kBorough, kChannel, kLatitude, kLongitude, kColumnCount
};
constexpr std::array<std::string_view, kColumnCount> kColumns = {
    "Unique Key", "Created Date", "Closed Date", "Agency", "Complaint Type", "Descriptor", "Location Type",
    "Incident Zip", "City", "Status", "Due Date", "Resolution Description", "Resolution Action Updated Date",
    "Community Board", "Borough", "Open Data Channel Type", "Latitude", "Longitude"};

constexpr std::string_view kRoot = "nyc311";
constexpr std::array<std::string_view, 6> kStatuses = {"Open", "Pending", "Started", "Assigned", "In Progress", "Closed"};

std::optional<int> Digits(std::string_view text, size_t from, size_t count) {
  int value = 0;
  if (from + count > text.size()) return std::nullopt;
  for (const char c : text.substr(from, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

// "02/28/2023 11:45:00 PM" on the county's clock, so that its day stays the day it shows.
std::optional<Instant> ReadTime(std::string_view text, Zone zone) {
  const auto month = Digits(text, 0, 2), day = Digits(text, 3, 2), year = Digits(text, 6, 4);
  const auto hour = Digits(text, 11, 2), minute = Digits(text, 14, 2), second = Digits(text, 17, 2);
  if (text.size() != 22 || !month || !day || !year || !hour || !minute || !second) return std::nullopt;
  const std::string_view half = text.substr(20);
  if ((half != "AM" && half != "PM") || *hour < 1 || *hour > 12 || *minute > 59 || *second > 59) return std::nullopt;
  const auto date = ParseDate(fmt::format("{:04}-{:02}-{:02}", *year, *month, *day));
  if (!date) return std::nullopt;
  const int64_t hours = *hour % 12 + (half == "PM" ? 12 : 0);
  return StartOfDay(*date, zone) + hours * kHour + *minute * kMinute + *second * kSecond;
}

std::string Slug(std::string_view text) {
  std::string slug;
  for (const char c : LowerAscii(text)) {
    const bool is_kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (is_kept) slug += c;
    else if (!slug.empty() && slug.back() != '_') slug += '_';
  }
  while (slug.ends_with('_')) slug.pop_back();
  return slug.substr(0, 48);
}

std::string_view ChannelOf(std::string_view channel) {
  if (channel == "PHONE") return "phone";
  if (channel == "MOBILE" || channel == "UNKNOWN") return "message";
  return "web";
}

// One request read from its row.
struct Read {
  Historic matter;
  std::string agency;
  std::string type;
};

class Reader {
 public:
  Reader(Zone zone, ImportResult& result) : zone_(zone), result_(result) {}

  Read Row(const terms::TableRow& row) {
    row_ = &row;
    Read read;
    read.agency = Need(kAgency);
    read.type = Need(kType);
    Historic& matter = read.matter;
    matter.external_number = "nyc311:" + Need(kNumber);
    matter.kind = "report";
    matter.channel = ChannelOf(Cell(kChannel));
    matter.category = std::string(kRoot) + "." + Slug(read.type);
    matter.received_at = Time(kCreated, true).value_or(Instant{});
    matter.title = std::string(FirstCharacters(read.type, 100));
    matter.text = Text();
    ReadAnswer(matter);
    return read;
  }

 private:
  const std::string& Cell(Column column) const { return row_->cells[column]; }

  void Wrong(Column column, std::string_view code) {
    result_.errors.push_back({row_->row, std::string(kColumns[column]), std::string(code), Cell(column)});
  }
  std::string Need(Column column) {
    if (Cell(column).empty()) Wrong(column, "required");
    return Cell(column);
  }
  std::optional<Instant> Time(Column column, bool is_required) {
    if (Cell(column).empty() && !is_required) return std::nullopt;
    const auto time = ReadTime(Cell(column), zone_);
    if (!time) Wrong(column, "not_a_time");
    return time;
  }
  std::string Text() const {
    std::string text = Cell(kType);
    for (const Column column : {kDescriptor, kPlace, kBoard, kCity}) {
      if (!Cell(column).empty()) text += "\n" + std::string(kColumns[column]) + ": " + Cell(column);
    }
    return text;
  }
  void ReadAnswer(Historic& matter) {
    const std::string& status = Cell(kStatus);
    if (std::find(kStatuses.begin(), kStatuses.end(), status) == kStatuses.end()) Wrong(kStatus, "unknown_value");
    const auto closed = Time(kClosed, false);
    const auto updated = Time(kResolutionAt, false);
    if (status == "Assigned" || status == "In Progress" || status == "Started") matter.accepted_at = matter.received_at;
    if (status != "Closed") return;
    auto answered = closed ? closed : updated ? updated : matter.received_at;
    if (*answered < matter.received_at) {
      // Two rows of the sample were closed before they were made.
      answered = updated && *updated >= matter.received_at ? *updated : matter.received_at;
      result_.notes.push_back({row_->row, std::string(kColumns[kClosed]), "before_created", Cell(kClosed)});
    }
    matter.accepted_at = matter.received_at;
    matter.answered_at = answered;
    matter.answer = Cell(kResolution).empty() ? "Closed." : Cell(kResolution);
    matter.outcome = "explained";
  }

  Zone zone_;
  ImportResult& result_;
  const terms::TableRow* row_ = nullptr;
};

class Importer {
 public:
  explicit Importer(Context& ctx) : ctx_(ctx) {
    const auto intake = org::IntakeUnit(ctx.tx, ctx.county, FormatCounty(ctx.county));
    if (!intake) throw Problem(409, "matters.no_unit");
    intake_ = *intake;
  }

  void Put(Read read) {
    Historic& matter = read.matter;
    matter.id = MatterId(NewUuid(matter.received_at, ctx_.random()));
    matter.area = FormatCounty(ctx_.county);
    matter.first_unit = intake_;
    matter.owner_unit = UnitOf(read.agency);
    EnsureCategory(matter.category, read.type);
    // Nobody was asked: what was answered long ago has passed in silence.
    if (matter.answered_at) {
      Matter probe;
      probe.kind = matter.kind;
      probe.category = matter.category;
      probe.channel = matter.channel;
      probe.area = matter.area;
      const auto until = TermOf(ctx_, probe, "judge", *matter.answered_at);
      if (until && *until < ctx_.now) matter.closed_at = until;
    }
    InsertHistoric(ctx_, matter);
  }

 private:
  UnitId UnitOf(const std::string& agency) {
    const auto known = units_.find(agency);
    if (known != units_.end()) return known->second;
    const std::string area = FormatCounty(ctx_.county);
    UnitId id;
    if (const auto unit = org::FindUnitByName(ctx_.tx, ctx_.county, area, agency)) {
      id = unit->id;
    } else {
      id = ctx_.NewId<UnitId>();
      org::SaveUnit(ctx_.tx, ctx_.county, {id, agency, area, std::nullopt, "department", "", "", true, 1});
    }
    units_.emplace(agency, id);
    return id;
  }
  void EnsureCategory(const std::string& code, const std::string& type) {
    if (!categories_.insert(code).second) return;
    const auto ensure = [&](std::string_view at, std::string_view parent, std::string_view name) {
      if (FindCategory(ctx_.tx, ctx_.county, at)) return;
      SaveCategory(ctx_.tx, ctx_.county, {std::string(at), std::string(parent), std::string(name), std::string(name),
                                          2'000'000, {}, "", true, 1});
    };
    ensure(kRoot, "", "NYC 311");
    ensure(code, kRoot, type);
  }

  Context& ctx_;
  UnitId intake_;
  std::map<std::string, UnitId> units_;
  std::set<std::string> categories_;
};

}  // namespace

namespace {

std::vector<Read> ReadRows(Zone zone, std::string_view csv, ImportResult& result) {
  const terms::Table table = terms::ReadTable(csv, kColumns);
  for (const terms::RowError& error : table.errors) {
    result.errors.push_back({error.row, error.column, error.code, error.detail});
  }
  Reader reader(zone, result);
  std::vector<Read> rows;
  std::set<std::string> seen;
  for (const terms::TableRow& row : table.rows) {
    ++result.rows;
    Read read = reader.Row(row);
    if (!seen.insert(read.matter.external_number).second) {
      result.errors.push_back({row.row, std::string(kColumns[kNumber]), "duplicate", row.cells[kNumber]});
    }
    rows.push_back(std::move(read));
  }
  return rows;
}

}  // namespace

ImportResult CheckNyc311(db::Tx& tx, County county, Zone zone, std::string_view csv) {
  ImportResult result;
  for (const Read& read : ReadRows(zone, csv, result)) {
    ++(HasExternal(tx, county, read.matter.external_number) ? result.same : result.added);
  }
  return result;
}

ImportResult ImportNyc311(Context& ctx, std::string_view csv) {
  ImportResult result;
  std::vector<Read> rows = ReadRows(ctx.zone, csv, result);
  if (!result.errors.empty()) return result;
  Importer importer(ctx);
  for (Read& read : rows) {
    if (HasExternal(ctx.tx, ctx.county, read.matter.external_number)) {
      ++result.same;
      continue;
    }
    importer.Put(std::move(read));
    ++result.added;
  }
  if (result.added > 0) {
    ctx.Record("matters.imported", "import", ctx.NewId<ImportId>(), {{"source", "nyc311"}, {"added", result.added}});
  }
  return result;
}

}  // namespace huiyin::matters
