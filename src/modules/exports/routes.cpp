// SPDX-License-Identifier: EUPL-1.2
#include "modules/exports/actions.h"
#include "modules/exports/exports.h"
#include "modules/org/org.h"

namespace huiyin::exports {
namespace {

void Write(Context& ctx, JsonWriter& w, const Export& one) {
  const bool is_mine = Uuid(one.requested_by) == Uuid(ctx.actor.officer);
  const bool is_over = one.IsOver(ctx.now);
  w.BeginObject().Field("id", one.id).Field("kind", one.kind).Field("area_code", one.area);
  w.Field("area_name", org::AreaName(ctx.tx, ctx.county, one.area)).Field("reason", one.reason);
  w.Field("state", is_over ? std::string_view("expired") : std::string_view(one.state));
  w.Field("requested_by", org::OfficerName(ctx.tx, ctx.county, one.requested_by)).Field("requested_at", one.requested_at);
  if (one.decided_by) w.Field("decided_by", org::OfficerName(ctx.tx, ctx.county, *one.decided_by));
  w.OptField("decided_at", one.decided_at);
  if (!one.note.empty()) w.Field("note", one.note);
  w.Field("expires_at", one.expires_at).Key("can").BeginArray();
  const Resource resource{.area = one.area};
  if (!is_over && one.state == "waiting" && !is_mine && May(ctx.actor, Action::kExportsApprove, resource) == Decision::kAllowed) {
    w.Value("approval").Value("refusal");
  }
  if (!is_over && one.state == "approved" && is_mine) w.Value("file");
  w.EndArray().EndObject();
}

http::Response Reply(Context& ctx, int status, const Export& one) {
  JsonWriter w = ctx.Writer();
  Write(ctx, w, one);
  return JsonReply(status, w);
}

http::Response ListExports(Context& ctx) {
  const AreaCode area = AreaFor(ctx.actor, Action::kExportsApprove, "");
  Instant before{INT64_MAX};
  Uuid before_id;
  before_id.bytes.fill(0xff);
  if (const auto cursor = ctx.Query("cursor", 500)) {
    const auto last = Find(ctx.tx, ctx.county, ExportId(ParseUuid(DecodeCursor(*cursor)).value_or(Uuid{})));
    if (!last) Invalid("cursor", "not_a_cursor");
    before = last->requested_at;
    before_id = last->id;
  }
  const int limit = ctx.QueryLimit();
  auto page = List(ctx.tx, ctx.county, area, before, before_id, limit + 1);
  const bool is_more = page.size() > static_cast<size_t>(limit);
  if (is_more) page.pop_back();
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  for (const Export& one : page) Write(ctx, w, one);
  w.EndArray().Key("next_cursor");
  if (is_more) w.Value(EncodeCursor(FormatUuid(page.back().id)));
  else w.Null();
  w.EndObject();
  return JsonReply(200, w);
}

http::Response GetFile(Context& ctx) {
  const Export one = RequireExport(ctx);
  http::Response response;
  response.status = 200;
  response.content_type = "text/csv; charset=utf-8";
  response.body = Fetch(ctx, one);
  response.headers = {{"Content-Disposition", fmt::format("attachment; filename=\"{}-{}.csv\"", one.kind, one.area)},
                      {"Cache-Control", "no-store"}};
  return response;
}

}  // namespace

Module Describe() {
  return {.name = "exports",
          .routes = {
              {.method = "GET", .pattern = "/api/v1/exports", .action = Action::kExportsApprove, .handle = ListExports},
              {.method = "POST", .pattern = "/api/v1/exports", .action = Action::kHouseholdsExport,
               .handle = [](Context& ctx) { return Reply(ctx, 201, Ask(ctx)); }},
              {.method = "GET", .pattern = "/api/v1/exports/{id}", .action = Action::kExportsApprove,
               .handle = [](Context& ctx) { return Reply(ctx, 200, RequireExport(ctx)); }},
              {.method = "POST", .pattern = "/api/v1/exports/{id}/approval", .action = Action::kExportsApprove,
               .handle = [](Context& ctx) { return Reply(ctx, 201, Answer(ctx, Verdict::kApproved)); }},
              {.method = "POST", .pattern = "/api/v1/exports/{id}/refusal", .action = Action::kExportsApprove,
               .handle = [](Context& ctx) { return Reply(ctx, 201, Answer(ctx, Verdict::kRefused)); }},
              {.method = "GET", .pattern = "/api/v1/exports/{id}/file", .action = Action::kHouseholdsExport, .handle = GetFile,
               .reads = Reads::kMayLag, .admit = [](Context& ctx) { RequireFetch(ctx, RequireExport(ctx)); }},
          }};
}

}  // namespace huiyin::exports
