// SPDX-License-Identifier: EUPL-1.2
#include <fstream>

#include "core/crypto.h"
#include "modules/imports/imports.h"
#include "modules/matters/matters.h"

namespace huiyin::imports {
namespace {

constexpr int64_t kProgressRows = 5'000;
constexpr int64_t kSmallRows = 50'000;   // of areas and units, which are applied at once
constexpr int64_t kOfficerRows = 5'000;  // each needs a password hashed
constexpr int64_t kMatterRows = 20'000;  // applied at once, a few seconds of the writer
constexpr size_t kMostOfANumber = 40;
// Pieces of names: held until there are so many, some 50 MB of them, and then entered so many in
// one transaction.
constexpr size_t kMostHeld = 1'200'000;
constexpr size_t kHeldAStep = 60'000;

std::unique_ptr<Importer> NewImporter(std::string_view kind) {
  if (kind == "areas") return NewAreaImporter();
  if (kind == "units") return NewUnitImporter();
  if (kind == "officers") return NewOfficerImporter();
  if (kind == "matters") return NewMatterImporter();
  return NewHouseholdImporter();
}

Limits LimitsOf(std::string_view kind) {
  Limits limits;
  if (kind == "officers") limits.max_rows = kOfficerRows;
  else if (kind == "matters") limits.max_rows = kMatterRows;
  else if (kind != "households") limits.max_rows = kSmallRows;
  return limits;
}

// Reads everything; the rows it read.
int64_t TakeAll(Work& work, TableReader& reader, Importer& importer, Errors& errors, bool in_english,
                const Progress& progress, bool keep) {
  TableRow row;
  if (!reader.Next(row)) {
    errors.Add(reader.error().value_or(TableError{1, "", "empty_file", ""}));
    return 0;
  }
  const Heading heading(row, importer.columns(), errors, in_english);
  if (errors.count() > 0) return 0;
  int64_t rows = 0;
  while (reader.Next(row)) {
    ++rows;
    Cells cells(heading, row, errors);
    importer.Take(work, cells);
    if (!keep) importer.Drop();
    if (progress && rows % kProgressRows == 0) progress(rows);
  }
  if (reader.error()) errors.Add(*reader.error());
  else importer.Finish(work, heading, errors);
  if (rows == 0 && errors.count() == 0) errors.Add({2, "", "no_rows", ""});
  return rows;
}

Work WorkOf(Context& ctx) {
  return {ctx.tx, ctx.services, ctx.county, ctx.now, ctx.Today(), ctx.actor};
}

}  // namespace

std::filesystem::path WaitingFile(const Services& services, const ImportId& id) {
  return services.files / "imports" / FormatUuid(id);
}

namespace {

// Requests as New York's open data gives them are told by their heading, and read by the
// module that knows them.
std::optional<std::string> AsNyc311(std::string_view kind, const std::filesystem::path& file) {
  if (kind != "matters") return std::nullopt;
  std::ifstream in(file, std::ios::binary);
  std::string heading;
  if (!in || !std::getline(in, heading) || heading.find("Unique Key") == std::string::npos) return std::nullopt;
  std::string rest((std::istreambuf_iterator<char>(in)), {});
  return heading + "\n" + rest;
}

Import FromNyc311(const matters::ImportResult& result) {
  Import import{.kind = "matters"};
  import.rows = result.rows;
  for (const matters::ImportError& error : result.errors) {
    import.errors.push_back({error.row, error.column, error.code, error.detail});
  }
  import.errors_count = static_cast<int64_t>(result.errors.size());
  import.summary = {.added = result.added, .same = result.same};
  return import;
}

}  // namespace

Import Check(Work& work, std::string_view kind, const std::filesystem::path& file, bool in_english,
             const Progress& progress, std::vector<std::string>* logins) {
  if (const auto requests = AsNyc311(kind, file)) {
    Import import = FromNyc311(matters::CheckNyc311(work.tx, work.county, work.services.zone, *requests));
    import.state = import.errors_count > 0 ? "refused" : "ready";
    import.created_at = work.now;
    return import;
  }
  const auto reader = OpenTable(file, LimitsOf(kind));
  const auto importer = NewImporter(kind);
  Errors errors;
  Import import{.kind = std::string(kind)};
  // Households are looked at one by one; the others are kept until the last row is known.
  const bool keep = kind != "households";
  import.rows = TakeAll(work, *reader, *importer, errors, in_english, progress, keep);
  import.errors = errors.items();
  // Some mistakes show only behind the rows they are in.
  std::stable_sort(import.errors.begin(), import.errors.end(),
                   [](const TableError& a, const TableError& b) { return a.row < b.row; });
  import.errors_count = errors.count();
  import.state = errors.count() > 0 ? "refused" : "ready";
  import.summary = importer->summary();
  import.created_at = work.now;
  if (logins != nullptr) *logins = importer->NeedPasswords();
  return import;
}

std::vector<NewPasswordOf> MakePasswords(const std::vector<std::string>& logins, Random& random) {
  std::vector<NewPasswordOf> made;
  for (const std::string& login : logins) {
    NewPasswordOf each{.login = login, .password = NewPassword(random)};
    each.hash = HashPassword(each.password);
    made.push_back(std::move(each));
  }
  return made;
}

void ApplyWhole(Context& ctx, Import& import, const std::filesystem::path& file,
                std::vector<NewPasswordOf> passwords) {
  if (const auto requests = AsNyc311(import.kind, file)) {
    const auto result = matters::ImportNyc311(ctx, *requests);
    if (!result.errors.empty()) Conflict("imports.changed_since");
    import.rows_done = result.rows;
    import.state = "applied";
    import.applied_at = ctx.now;
    return;
  }
  const auto reader = OpenTable(file, LimitsOf(import.kind));
  const auto importer = NewImporter(import.kind);
  Errors errors;
  Work work = WorkOf(ctx);
  import.rows_done = TakeAll(work, *reader, *importer, errors, false, {}, true);
  if (errors.count() > 0) Conflict("imports.changed_since");
  // Somebody who was not there when the passwords were made would get none.
  std::set<std::string> given;
  for (const NewPasswordOf& each : passwords) given.insert(each.login);
  for (const std::string& login : importer->NeedPasswords()) {
    if (!given.contains(login)) Conflict("imports.changed_since");
  }
  importer->GivePasswords(std::move(passwords));
  importer->Apply(ctx);
  import.state = "applied";
  import.applied_at = ctx.now;
}

void RecordApplied(Context& ctx, const Import& import) {
  ctx.Record(import.state == "applied" ? "import.applied" : "import.failed", "import", import.id,
             {{"kind", import.kind}, {"rows", import.rows_done}, {"new", import.summary.added},
              {"changed", import.summary.changed}, {"same", import.summary.same}, {"errors", import.errors_count}});
}

Application::Application(const Import& import, const std::filesystem::path& file)
    : reader_(OpenTable(file, LimitsOf(import.kind))), importer_(NewImporter(import.kind)), steps_(import.steps) {
  TableRow row;
  if (!reader_->Next(row)) return;
  heading_ = std::make_unique<Heading>(row, importer_->columns(), errors_, false);
  Errors told_before;
  while (skipped_ < import.rows_done && reader_->Next(row)) {
    if (++skipped_ <= import.rows_findable) continue;
    const std::string number = Cells(*heading_, row, told_before).Text("register_number", kMostOfANumber).value_or("");
    if (hold_again_.empty() || hold_again_.back() != number) hold_again_.push_back(number);
  }
  rows_done_ = skipped_;
}

Application::~Application() = default;

void Application::ReadOn(Context& ctx, size_t records) {
  Work work = WorkOf(ctx);
  TableRow row;
  is_read_ = heading_ == nullptr || errors_.count() > 0;
  while (!is_read_ && importer_->pending() < records && errors_.count() == 0) {
    is_read_ = !reader_->Next(row);
    if (is_read_) break;
    Cells cells(*heading_, row, errors_);
    importer_->Take(work, cells);
    // What is in the register already costs a look, too: rest now and then.
    if (importer_->rows_complete() - (rows_done_ - skipped_) >= static_cast<int64_t>(records) * 8) break;
  }
  if (is_read_ && errors_.count() == 0) importer_->Finish(work, *heading_, errors_);
  if (reader_->error()) errors_.Add(*reader_->error());
  if (heading_ == nullptr) errors_.Add({1, "", "unreadable", ""});
  is_read_ = is_read_ || errors_.count() > 0;
  importer_->Apply(ctx);
  rows_done_ = skipped_ + importer_->rows_complete();
}

bool Application::Step(Context& ctx, Import& import, size_t records) {
  import.steps = ++steps_;
  if (!hold_again_.empty()) {
    for (size_t i = 0; i < records && !hold_again_.empty(); ++i) {
      importer_->HoldAgain(ctx, hold_again_.front());
      hold_again_.pop_front();
    }
    return true;
  }
  is_entering_ = is_entering_ || is_read_ || importer_->held() >= kMostHeld;
  if (!is_entering_) ReadOn(ctx, records);
  import.rows_done = rows_done_;
  // A small file is over in one step.
  if (is_entering_ || (is_read_ && importer_->held() <= kHeldAStep)) importer_->EnterHeld(ctx, kHeldAStep);
  if (importer_->held() > 0 || !is_read_) {
    if (importer_->held() == 0) {
      is_entering_ = false;
      import.rows_findable = rows_done_;
    }
    return true;
  }
  import.rows_findable = rows_done_;
  if (errors_.count() > 0) {
    import.state = "failed";
    import.errors = errors_.items();
    import.errors_count = errors_.count();
    return false;
  }
  import.state = "applied";
  import.applied_at = ctx.now;
  return false;
}

}  // namespace huiyin::imports
