// SPDX-License-Identifier: EUPL-1.2
#include "core/text.h"
#include "modules/attachments/erase.h"
#include "modules/attachments/attachments.h"
#include "modules/attachments/files.h"
#include "modules/attachments/picture.h"
#include "modules/attachments/store.h"
#include "modules/attachments/uploads.h"
#include "modules/org/org.h"

namespace huiyin::attachments {
namespace {

constexpr std::string_view kThumb = "-320";
constexpr size_t kMostInlined = 900'000;  // characters of base64url: what a sealed act has room for
// As many as a record is looked through for; more is a filing cabinet, not a record.
constexpr size_t kMostOfOneRecord = 200;
constexpr std::array<std::string_view, 10> kSections = {"residence", "population", "housing",      "land",  "livestock",
                                                        "income",    "expenditure", "difficulties", "plans", "measures"};

Keeper& Visits() {
  static Keeper keeper;
  return keeper;
}
Keeper& Matters() {
  static Keeper keeper;
  return keeper;
}

using Ask = std::function<std::optional<HouseholdId>(Context&, const Uuid&)> Keeper::*;
// What nobody keeps does not exist.
std::optional<HouseholdId> AskKeeper(Keeper& keeper, Ask ask, Context& ctx, const Uuid& id) {
  if (!(keeper.*ask)) NotFound();
  return (keeper.*ask)(ctx, id);
}

// What the slow step leaves behind: the picture is on disk, nothing hangs on it yet. Should
// the request end in a refusal, the file stays without an owner and nobody can reach it.
struct Kept {
  Sha256Hash hash{};
  int64_t size = 0;
  int64_t width = 0;
  int64_t height = 0;
};

Format RequireFormat(const http::Request& request) {
  if (request.body.size() > kMostBytes) throw Problem(413, "too_large", {{"", "too_large", std::to_string(kMostBytes)}});
  const std::string_view type = request.Header("content-type").value_or("");
  const std::string said = LowerAscii(Trim(type.substr(0, type.find(';'))));
  if (said != "image/jpeg" && said != "image/png" && said != "image/webp") {
    throw Problem(415, "unsupported_media_type", {{"", "image_expected", "image/jpeg image/png image/webp"}});
  }
  const auto found = Sniff(request.body);
  if (!found || MediaTypeOf(*found) != said) {
    throw Problem(415, "attachments.not_what_it_says", {{"", "not_what_it_says", said}});
  }
  return *found;
}

Kept KeepPicture(const Services& services, std::string_view bytes, Format format) {
  const Pixels picture = Fit(Decode(bytes, format, kLongestSide), kLongestSide);
  const std::string written = EncodeJpeg(picture);
  const Kept kept{Sha256(written), static_cast<int64_t>(written.size()), picture.width, picture.height};
  Store(PathOf(services.files, kept.hash), written, services.random);
  Store(PathOf(services.files, kept.hash, kThumb), EncodeJpeg(Fit(picture, kThumbSide)), services.random);
  return kept;
}

bool IsJson(const http::Request& request) {
  const std::string_view type = request.Header("content-type").value_or("");
  return LowerAscii(Trim(type.substr(0, type.find(';')))) == "application/json";
}

// A picture that arrived in pieces before (uploads.h), or a small one that is in the act itself: one that was sealed
// for the server could name nothing. Absent when what is named is not there, or not whole.
std::optional<Kept> KeepUploaded(const Services& services, const http::Request& request, County county, const Actor& actor) {
  const json::object body = ParseJsonObject(request.body);
  Fields in(body, county);
  const auto id = in.Reference("upload_id");
  const auto inlined = in.Text("image", kMostInlined);
  if (!in.Has("upload_id") && !in.Has("image")) in.Refuse("upload_id", "required");
  const auto hash = in.Text("sha256", 64);
  in.Done();
  const auto bytes = inlined ? FromBase64Url(*inlined) : LoadUpload(PlaceOf(services.files, county, actor.officer, *id));
  const std::string field = inlined ? "image" : "upload_id";
  const bool is_whole = bytes && (!hash || LowerAscii(*hash) == Hex(AsView(Sha256(*bytes))));
  if (!is_whole && !inlined) return std::nullopt;
  const auto format = is_whole ? Sniff(*bytes) : std::nullopt;
  if (!format) throw Problem(422, "attachments.unreadable", {{field, "not_what_it_says", "image/jpeg image/png image/webp"}});
  return KeepPicture(services, *bytes, *format);
}

std::any Prepare(const Services& services, const http::Request& request, County county, const Actor& actor) {
  if (IsJson(request)) return KeepUploaded(services, request, county, actor);
  const Format format = RequireFormat(request);
  return std::optional(KeepPicture(services, request.body, format));
}

void Write(Context& ctx, const Attachment& one, JsonWriter& w) {
  w.BeginObject().Field("id", one.id).Field("media_type", one.media_type).Field("bytes", one.size);
  w.Field("width", one.width).Field("height", one.height);
  if (!one.section.empty()) w.Field("section", one.section);
  if (!one.caption.empty()) w.Field("caption", one.caption);
  w.Field("created_at", one.created_at);
  if (one.officer) w.Field("by", org::OfficerName(ctx.tx, ctx.county, *one.officer));
  w.EndObject();
}

void WriteAll(Context& ctx, const std::vector<Attachment>& all, JsonWriter& w) {
  w.BeginArray();
  for (const Attachment& one : all) Write(ctx, one, w);
  w.EndArray();
}

// Whose it becomes, as the query says, when the actor may add to that.
Attachment ReadOwner(Context& ctx) {
  const auto household = ctx.QueryId("household_id");
  const auto visit = ctx.QueryId("visit_id");
  const auto matter = ctx.QueryId("matter_id");
  const int named = int{household.has_value()} + int{visit.has_value()} + int{matter.has_value()};
  if (named != 1) Invalid("household_id", "exactly_one", "household_id, visit_id or matter_id");
  Attachment one;
  one.caption = ctx.Query("caption", 200).value_or("");
  one.section = ctx.Query("section").value_or("");
  const bool is_section = std::find(kSections.begin(), kSections.end(), one.section) != kSections.end();
  if (!one.section.empty() && !is_section) Invalid("section", "unknown_value");
  if (!one.section.empty() && !household) Invalid("section", "not_for_this", "household_id only");
  if (household) {
    one.household = households::RequireEdit(ctx, HouseholdId(*household)).id;
  } else if (visit) {
    one.visit = VisitId(*visit);
    one.household = AskKeeper(Visits(), &Keeper::require_writable, ctx, *visit);
  } else {
    one.matter = MatterId(*matter);
    one.household = AskKeeper(Matters(), &Keeper::require_writable, ctx, *matter);
  }
  return one;
}

size_t CountBeside(Context& ctx, const Attachment& one) {
  if (one.visit) return ListOfVisit(ctx.tx, ctx.county, *one.visit).size();
  if (one.matter) return ListOfMatter(ctx.tx, ctx.county, *one.matter).size();
  return ListOfHousehold(ctx.tx, ctx.county, *one.household).size();
}

Attachment Keep(Context& ctx, Attachment one, const Kept& kept) {
  one.sha256 = kept.hash;
  one.size = kept.size;
  one.width = kept.width;
  one.height = kept.height;
  if (auto same = FindSame(ctx.tx, ctx.county, one)) return *same;
  if (CountBeside(ctx, one) >= kMostOfOneRecord) Conflict("attachments.too_many");
  one.id = ctx.NewId<AttachmentId>();
  one.created_at = ctx.now;
  one.actor_kind = ctx.actor.KindName();
  one.officer = ctx.actor.officer;
  Insert(ctx.tx, ctx.county, one);
  ctx.Record("attachment.created", "attachment", one.id, {{"sha256", Hex(AsView(one.sha256))}, {"bytes", one.size}},
             one.household);
  if (one.visit && Visits().added) Visits().added(ctx, *one.visit, one.id);
  if (one.matter && Matters().added) Matters().added(ctx, *one.matter, one.id);
  return one;
}

http::Response Post(Context& ctx) {
  const auto& kept = std::any_cast<const std::optional<Kept>&>(ctx.prepared);
  Attachment one = ReadOwner(ctx);
  if (!kept) Invalid("upload_id", "unknown_reference");
  const Attachment made = Keep(ctx, std::move(one), *kept);
  JsonWriter w = ctx.Writer();
  Write(ctx, made, w);
  return JsonReply(201, w);
}

// A page shows a picture without saying what for: whoever has to do with the household is
// there for a visit, an auditor for the audit; anybody else writes a reason.
void RequireHouseholdRead(Context& ctx, const HouseholdId& id) {
  const auto household = households::FindHousehold(ctx.tx, ctx.county, id);
  if (!household) NotFound();
  if (ctx.actor.IsResident()) {
    if (ctx.actor.household != id) NotFound();
    return;
  }
  const std::string reason = ctx.Query("reason", 500).value_or("");
  const bool is_auditor = May(ctx.actor, Action::kAuditRead, {.area = household->area_code}) == Decision::kAllowed;
  const std::string_view otherwise = !reason.empty() ? "other" : is_auditor ? "audit" : "visit";
  const std::string purpose = ctx.Query("purpose").value_or(std::string(otherwise));
  const auto opening = households::RequireRead(ctx, *household, purpose, reason, "attachment.read");
  // Who they are and where they live is what intake sees; no pictures.
  if (opening != households::Opening::kFull) Forbidden();
}

void RequireReadable(Context& ctx, const Attachment& one) {
  if (!one.visit && !one.matter) return RequireHouseholdRead(ctx, *one.household);
  const auto household = one.visit ? AskKeeper(Visits(), &Keeper::require_readable, ctx, *one.visit)
                                   : AskKeeper(Matters(), &Keeper::require_readable, ctx, *one.matter);
  if (ctx.actor.IsResident()) return;
  ctx.NoteRead({.act = "attachment.read", .resource = "attachment", .resource_id = one.id, .household = household,
                .purpose = one.visit ? "visit" : "matter"});
}

http::Response Get(Context& ctx) {
  const auto one = FindAttachment(ctx.tx, ctx.county, ctx.PathId<AttachmentId>());
  if (!one) NotFound();
  const std::string size = ctx.Query("size").value_or("full");
  if (size != "full" && size != "thumb") Invalid("size", "unknown_value", "full thumb");
  RequireReadable(ctx, *one);
  auto bytes = Load(PathOf(ctx.services.files, one->sha256, size == "thumb" ? kThumb : ""));
  if (!bytes) throw Problem(503, "attachments.file_missing");
  http::Response response;
  response.content_type = one->media_type;
  response.body = std::move(*bytes);
  response.headers = {{"X-Content-Type-Options", "nosniff"},
                      {"Cache-Control", "private, max-age=3600"},
                      {"Content-Disposition", "inline"},
                      {"Content-Security-Policy", "default-src 'none'; sandbox"},
                      {"Vary", "Authorization, Cookie"}};
  return response;
}

void WriteHouseholds(Context& ctx, const HouseholdId& household, JsonWriter& w) {
  w.Key("attachments");
  WriteAll(ctx, ListOfHousehold(ctx.tx, ctx.county, household), w);
}

}  // namespace

void ConnectVisits(Keeper keeper) { Visits() = std::move(keeper); }
void ConnectMatters(Keeper keeper) { Matters() = std::move(keeper); }

WriteOfVisit OfVisits(Context& ctx, std::span<const VisitId> visits) {
  return [&ctx, pictures = ListOfVisits(ctx.tx, ctx.county, visits)](const VisitId& visit, JsonWriter& w) {
    const auto found = pictures.find(visit);
    WriteAll(ctx, found != pictures.end() ? found->second : std::vector<Attachment>(), w);
  };
}

void WriteOfMatter(Context& ctx, const MatterId& matter, JsonWriter& w) {
  WriteAll(ctx, ListOfMatter(ctx.tx, ctx.county, matter), w);
}

void GiveToVisit(Context& ctx, const std::vector<AttachmentId>& ids, const HouseholdId& household,
                 const VisitId& visit) {
  for (const AttachmentId& id : ids) {
    const auto one = FindAttachment(ctx.tx, ctx.county, id);
    const bool fits = one && one->household == household && !one->matter && !one->visit;
    if (!fits) Invalid("attachments", "unknown_reference", FormatId(ctx.county, id));
    SetVisit(ctx.tx, ctx.county, id, visit);
  }
}

households::Neighbours Lend() {
  households::Neighbours lent;
  lent.write_record = [](Context& ctx, const households::Opened& record, JsonWriter& w) {
    WriteHouseholds(ctx, record.household.id, w);
  };
  lent.write_own = [](Context& ctx, const households::Household& household, JsonWriter& w) {
    WriteHouseholds(ctx, household.id, w);
  };
  return lent;
}

Module Describe() {
  std::vector<Route> routes = {
      {.method = "POST", .pattern = "/api/v1/attachments", .action = Action::kMattersTake, .handle = Post,
       .prepare_as = Prepare, .raw_body = true, .may_wait = true},
      {.method = "GET", .pattern = "/api/v1/attachments/{id}", .session = Session::kEither,
       .action = Action::kHouseholdsRead, .handle = Get},
  };
  AddUploadRoutes(routes);
  return {.name = "attachments", .routes = std::move(routes), .nights = {SweepFiles(), SweepUploads()},
          .retained = {PicturesKeptForATime()}};
}

}  // namespace huiyin::attachments
