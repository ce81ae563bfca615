// SPDX-License-Identifier: EUPL-1.2
#include <fstream>

#include "core/log.h"
#include "core/text.h"
#include "modules/imports/imports.h"
#include "platform/sessions.h"

namespace huiyin::imports {
namespace {

namespace fs = std::filesystem;

constexpr size_t kRecordsATick = 3'000;
constexpr int kTicksBetweenCleaning = 600;
constexpr int64_t kWaitingMs = 7 * kDay;
constexpr std::string_view kCsv = "text/csv";
constexpr std::string_view kXlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

void WriteImport(JsonWriter& w, const Import& import) {
  w.Field("id", import.id).Field("kind", import.kind).Field("state", import.state).Field("rows", import.rows)
      .Field("rows_applied", import.rows_done);
  w.Key("errors").BeginArray();
  for (const TableError& error : import.errors) {
    w.BeginObject().Field("row", error.row);
    if (!error.column.empty()) w.Field("column", error.column);
    w.Field("code", error.code).Field("detail", error.detail).EndObject();
  }
  w.EndArray().Field("errors_count", import.errors_count);
  w.Key("summary").BeginObject().Field("new", import.summary.added).Field("changed", import.summary.changed)
      .Field("same", import.summary.same).EndObject();
  w.Field("created_at", import.created_at).OptField("applied_at", import.applied_at);
}

http::Response ImportReply(Context& ctx, int status, const Import& import,
                           const std::vector<NewPasswordOf>& passwords = {}) {
  JsonWriter w = ctx.Writer();
  w.BeginObject();
  WriteImport(w, import);
  if (!passwords.empty()) {
    w.Key("passwords").BeginArray();
    for (const NewPasswordOf& each : passwords) {
      w.BeginObject().Field("login", each.login).Field("password", each.password).EndObject();
    }
    w.EndArray();
  }
  w.EndObject();
  return JsonReply(status, w);
}

// Who asks, before the slow step does anything for them.
Actor RequireImporter(const Services& services, const http::Request& request, db::Tx& tx) {
  const auto token = TokenOf(request);
  const auto actor = token ? Authenticate(tx, *token, services.clock.Now()) : std::nullopt;
  if (!actor) Unauthenticated();
  if (!CouldEver(*actor, Action::kImportsRun) || actor->must_change_password || actor->must_set_second_step) Forbidden();
  return *actor;
}

std::string KindOf(const http::Request& request) {
  const std::string kind(request.Query("kind").value_or(""));
  if (kind.empty()) Invalid("kind", "required");
  if (std::find(std::begin(kKinds), std::end(kKinds), kind) == std::end(kKinds)) {
    Invalid("kind", "unknown_value");
  }
  return kind;
}

// What it says it is must be what it is.
void RequireTable(const http::Request& request) {
  const auto header = request.Header("content-type").value_or("");
  const std::string_view type = Trim(header.substr(0, header.find(';')));
  if (type != kCsv && type != kXlsx) throw Problem(415, "unsupported_media_type", {{"", "csv_or_xlsx_expected", std::string(FirstCharacters(type, 100))}});
  if (request.body.empty()) Invalid("", "empty_file");
  const bool is_zip = request.body.starts_with("PK\x03\x04");
  if (is_zip != (type == kXlsx)) throw Problem(415, "imports.not_what_it_says");
}

void Keep(const fs::path& file, std::string_view bytes) {
  fs::create_directories(file.parent_path());
  std::ofstream out(file, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  std::error_code ignored;
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write, ignored);
  if (!out) {
    fs::remove(file, ignored);
    throw Problem(503, "storage_unavailable");
  }
}

// Checks the file against a snapshot, so that the writer is not held up by it.
std::any CheckUpload(const Services& services, const http::Request& request, const json::object*) {
  services.database.Read([&](db::Tx& tx) { RequireImporter(services, request, tx); });
  const std::string kind = KindOf(request);
  RequireTable(request);
  const Instant now = services.clock.Now();
  const ImportId id(NewUuid(now, services.random));
  const fs::path file = WaitingFile(services, id);
  Keep(file, request.body);
  Import import;
  services.database.Read([&](db::Tx& tx) {
    const Actor actor = RequireImporter(services, request, tx);
    Work work{tx, services, TokenOf(request)->county, now, LocalDate(now, services.zone), actor};
    const bool in_english = request.Header("accept-language").value_or("").starts_with("en");
    import = Check(work, kind, file, in_english);
  });
  import.id = id;
  import.file_name = FirstCharacters(request.Query("file_name").value_or(""), 200);
  import.file_hash = Sha256(request.body);
  std::error_code ignored;
  if (import.state == "refused") fs::remove(file, ignored);
  return import;
}

http::Response PostImport(Context& ctx) {
  Import import = std::any_cast<const Import&>(ctx.prepared);
  import.created_by = ctx.actor.officer;
  Insert(ctx.tx, ctx.county, import);
  ctx.Record("import.checked", "import", import.id,
             {{"kind", import.kind}, {"rows", import.rows}, {"errors", import.errors_count}});
  return ImportReply(ctx, 201, import);
}

// One's own, or anybody's for an administrator of the county.
Import NeedImport(Context& ctx) {
  auto import = Find(ctx.tx, ctx.county, ctx.PathId<ImportId>());
  if (!import) NotFound();
  if (import->created_by != ctx.actor.officer) {
    RequireMay(ctx.actor, Action::kImportsRun, {.area = FormatCounty(ctx.county)});
  }
  return *import;
}

http::Response GetImport(Context& ctx) { return ImportReply(ctx, 200, NeedImport(ctx)); }

// Officers get passwords; hashing them takes its time.
std::any PreparePasswords(const Services& services, const http::Request& request, const json::object*) {
  std::vector<std::string> logins;
  services.database.Read([&](db::Tx& tx) {
    const Actor actor = RequireImporter(services, request, tx);
    const County county = TokenOf(request)->county;
    const std::string_view path = request.path;
    constexpr std::string_view kBefore = "/imports/";
    const size_t from = path.find(kBefore);
    const auto id = from == std::string_view::npos
                        ? std::nullopt
                        : ParseId(path.substr(from + kBefore.size(), path.rfind('/') - from - kBefore.size()));
    const auto import = id ? Find(tx, county, ImportId(id->id)) : std::nullopt;
    if (!import || import->kind != "officers" || import->state != "ready") return;
    const Instant now = services.clock.Now();
    Work work{tx, services, county, now, LocalDate(now, services.zone), actor};
    Check(work, import->kind, WaitingFile(services, import->id), false, {}, &logins);
  });
  return MakePasswords(logins, services.random);
}

http::Response PostApplication(Context& ctx) {
  const auto& passwords = std::any_cast<const std::vector<NewPasswordOf>&>(ctx.prepared);
  Import import = NeedImport(ctx);
  if (import.state == "refused") Conflict("imports.has_errors");
  if (import.state == "failed") Conflict("imports.failed");
  if (import.state != "ready") return ImportReply(ctx, 202, import);
  const fs::path file = WaitingFile(ctx.services, import.id);
  if (!fs::exists(file)) Conflict("imports.file_gone");
  const bool changes = import.summary.added + import.summary.changed > 0;
  if (import.kind == "households" && changes) {
    import.state = "applying";
    SaveProgress(ctx.tx, ctx.county, import, ctx.now);
    ctx.Record("import.begun", "import", import.id, {{"kind", import.kind}, {"rows", import.rows}});
    return ImportReply(ctx, 202, import);
  }
  if (changes) {
    ApplyWhole(ctx, import, file, passwords);
  } else {
    import.state = "applied";
    import.rows_done = import.rows;
    import.applied_at = ctx.now;
  }
  SaveProgress(ctx.tx, ctx.county, import, ctx.now);
  RecordApplied(ctx, import);
  return ImportReply(ctx, 202, import, passwords);
}

// Goes on with what is being applied, a piece at a time, and clears away what is over.
class Worker {
 public:
  void Tick(Context& ctx) {
    bool any = false;
    for (Import& import : Applying(ctx.tx, ctx.county)) {
      // One begun on the command line has its file elsewhere, and goes on there.
      any = fs::exists(WaitingFile(ctx.services, import.id));
      if (!any) continue;
      GoOn(ctx, import);
      break;
    }
    if (!any) open_.erase(ctx.county);
    if (++ticks_ % kTicksBetweenCleaning == 0) Clean(ctx);
  }

 private:
  struct Open {
    ImportId id;
    std::unique_ptr<Application> application;
  };

  void GoOn(Context& ctx, Import& import) {
    Open& open = open_[ctx.county];
    const bool fits = open.application && open.id == import.id && open.application->steps() == import.steps;
    if (!fits) {
      open = {import.id, std::make_unique<Application>(import, WaitingFile(ctx.services, import.id))};
    }
    if (!open.application->Step(ctx, import, kRecordsATick)) {
      open_.erase(ctx.county);
      RecordApplied(ctx, import);
    }
    SaveProgress(ctx.tx, ctx.county, import, ctx.now);
  }

  // Files whose import is over, was never written down, or waits for longer than a week.
  static void Clean(Context& ctx) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(ctx.services.files / "imports", error)) {
      const auto id = ParseUuid(entry.path().filename().string());
      if (!id) continue;
      const auto import = Find(ctx.tx, ctx.county, ImportId(*id));
      const bool is_wanted = import && (import->state == "applying" || import->state == "ready");
      const bool is_old = import && import->created_at < ctx.now - kWaitingMs;
      if (!import && fs::last_write_time(entry, error) > fs::file_time_type::clock::now() - std::chrono::hours(1)) continue;
      if (is_wanted && !(is_old && import->state == "ready")) continue;
      fs::remove(entry.path(), error);
      log::Info("import_file_removed", {{"id", FormatUuid(*id)}});
    }
  }

  std::map<County, Open> open_;
  int ticks_ = 0;
};

}  // namespace

Module Describe() {
  constexpr auto kRun = Action::kImportsRun;
  const auto worker = std::make_shared<Worker>();
  return {
      .name = "imports",
      .routes = {
          {.method = "POST", .pattern = "/api/v1/imports", .action = kRun, .handle = PostImport,
           .prepare = CheckUpload, .raw_body = true},
          {.method = "GET", .pattern = "/api/v1/imports/{id}", .action = kRun, .handle = GetImport},
          {.method = "POST", .pattern = "/api/v1/imports/{id}/application", .action = kRun,
           .handle = PostApplication, .prepare = PreparePasswords, .has_secret_reply = true},
      },
      .ticks = {[worker](Context& ctx) { worker->Tick(ctx); }},
      .retained = {TablesKeptForATime()},
  };
}

}  // namespace huiyin::imports
