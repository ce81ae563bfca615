// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/answer_templates.h"

#include "modules/matters/categories.h"
#include "modules/matters/story.h"
#include "modules/org/org.h"
#include "modules/terms/csv.h"
#include "modules/terms/shipped.h"

namespace huiyin::matters {
namespace {

constexpr std::array<std::string_view, 6> kFields = {"subject", "receipt", "unit", "place", "phone", "due"};
constexpr std::string_view kOpen = "{{";
constexpr std::string_view kClose = "}}";

constexpr db::Sql kAll{"answer_templates.all", R"sql(
  SELECT id, category, outcome, language, title, text, is_active, revision FROM answer_templates WHERE county = $1 ORDER BY id
)sql"};
constexpr db::Sql kHash{"answer_templates.hash", R"sql(
  SELECT content_hash FROM answer_templates WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kSave{"answer_templates.save", R"sql(
  INSERT INTO answer_templates (county, id, category, outcome, language, title, text, is_active, revision, content_hash)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
  ON CONFLICT (county, id) DO UPDATE SET category = excluded.category, outcome = excluded.outcome,
    language = excluded.language, title = excluded.title, text = excluded.text, is_active = excluded.is_active,
    revision = excluded.revision
)sql"};

AnswerTemplate Read(const db::Row& row) {
  return {row.Ref<TemplateId>(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Text(5), row.Flag(6), row.Int(7)};
}

// A cell of a table has no line breaks of its own.
std::string WithLines(std::string_view cell) {
  std::string text;
  for (size_t i = 0; i < cell.size(); ++i) {
    const bool is_break = cell[i] == '\\' && i + 1 < cell.size() && cell[i + 1] == 'n';
    text += is_break ? '\n' : cell[i];
    i += is_break ? 1 : 0;
  }
  return text;
}

const std::vector<AnswerTemplate>& Shipped() {
  static const std::vector<AnswerTemplate> shipped = [] {
    constexpr std::array<std::string_view, 6> kColumns = {"id", "category", "outcome", "language", "title", "text"};
    std::vector<AnswerTemplate> all;
    for (const terms::TableRow& row : terms::ReadTable(terms::kShippedTemplates, kColumns).rows) {
      all.push_back({TemplateId(ParseUuid(row.cells[0]).value_or(Uuid{})), row.cells[1], row.cells[2], row.cells[3],
                     row.cells[4], WithLines(row.cells[5])});
    }
    return all;
  }();
  return shipped;
}

// Calls `plain` for what stands outside braces and `field` for the names within.
template <class Plain, class Field>
void Parts(std::string_view text, Plain plain, Field field) {
  while (!text.empty()) {
    const size_t open = text.find(kOpen);
    const size_t close = open == std::string_view::npos ? open : text.find(kClose, open);
    if (close == std::string_view::npos) return plain(text);
    plain(text.substr(0, open));
    field(text.substr(open + kOpen.size(), close - open - kOpen.size()));
    text.remove_prefix(close + kClose.size());
  }
}

bool IsField(std::string_view name) { return std::find(kFields.begin(), kFields.end(), name) != kFields.end(); }

void Write(JsonWriter& w, const AnswerTemplate& one, std::string_view text) {
  w.BeginObject().Field("id", one.id);
  if (!one.category.empty()) w.Field("category", one.category);
  if (!one.outcome.empty()) w.Field("outcome", one.outcome);
  w.Field("language", one.language).Field("title", one.title).Field("text", text);
  w.Field("active", one.is_active).Field("revision", one.revision).EndObject();
}

http::Response ListAll(Context& ctx) {
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  for (const AnswerTemplate& one : AllTemplates(ctx.tx, ctx.county)) Write(w, one, one.text);
  w.EndArray().Key("next_cursor").Null().EndObject();
  return JsonReply(200, w);
}

http::Response Reply(Context& ctx, int status, const AnswerTemplate& one) {
  JsonWriter w = ctx.Writer();
  Write(w, one, one.text);
  return JsonReply(status, w, one.revision);
}

void ReadTexts(Context& ctx, Fields& in, AnswerTemplate& one, bool is_new) {
  constexpr size_t kLongestText = 4000;
  const auto text = [&](std::string_view name, size_t most, std::string& into) {
    if (is_new || in.Has(name) || in.IsNull(name)) into = in.NeedText(name, most);
  };
  text("title", 100, one.title);
  text("text", kLongestText, one.text);
  text("language", 35, one.language);
  if (in.IsNull("category")) one.category.clear();
  if (auto category = in.Text("category", 64)) {
    if (!FindCategory(ctx.tx, ctx.county, *category)) in.Refuse("category", "unknown_category");
    one.category = *category;
  }
  if (in.IsNull("outcome")) one.outcome.clear();
  if (auto outcome = in.OneOf("outcome", Outcomes())) one.outcome = *outcome;
  if (auto active = in.Bool("active")) one.is_active = *active;
  for (const std::string& name : UnknownFields(one.text)) in.Refuse("text", "unknown_field", name);
}

void Save(Context& ctx, const AnswerTemplate& one, const Sha256Hash& hash) {
  ctx.tx.Run(kSave, ctx.county, one.id, one.category, one.outcome, one.language, one.title, one.text, one.is_active,
             one.revision, db::Blob{AsView(hash)});
}

http::Response PostTemplate(Context& ctx) {
  RequireMay(ctx.actor, Action::kSettingsEdit, {});
  Fields in = ctx.Input();
  AnswerTemplate one;
  const auto id = in.Ref<TemplateId>("id");
  ReadTexts(ctx, in, one, true);
  in.Done();
  one.id = id.value_or(ctx.NewId<TemplateId>());
  const Sha256Hash hash = Sha256(one.category + "\n" + one.outcome + "\n" + one.language + "\n" + one.title + "\n" + one.text);
  if (const auto known = ctx.tx.One(kHash, [](const db::Row& row) { return row.Text(0); }, ctx.county, one.id)) {
    if (*known != AsView(hash)) Conflict("duplicate_id");
    return Reply(ctx, 201, one);
  }
  Save(ctx, one, hash);
  ctx.Record("answer_template.added", "answer_template", one.id, {{"title", one.title}, {"text", one.text}});
  return Reply(ctx, 201, one);
}

http::Response PatchTemplate(Context& ctx) {
  RequireMay(ctx.actor, Action::kSettingsEdit, {});
  const auto id = ctx.PathId<TemplateId>();
  auto all = AllTemplates(ctx.tx, ctx.county);
  const auto found = std::find_if(all.begin(), all.end(), [&](const AnswerTemplate& one) { return Uuid(one.id) == Uuid(id); });
  if (found == all.end()) NotFound();
  if (ctx.IfMatch() != found->revision) {
    Problem stale(412, "stale");
    stale.extra["revision"] = found->revision;
    stale.extra["changes"] = json::array{json::object{{"field", "title"}, {"value", found->title}},
                                         json::object{{"field", "text"}, {"value", found->text}}};
    throw stale;
  }
  Fields in = ctx.Input();
  ReadTexts(ctx, in, *found, false);
  in.Done();
  ++found->revision;
  Save(ctx, *found, Sha256(found->text));
  ctx.Record("answer_template.changed", "answer_template", found->id, {{"title", found->title}, {"text", found->text}});
  return Reply(ctx, 200, *found);
}

// Those that fit the matter, the most particular first, filled in.
http::Response ListFitting(Context& ctx) {
  const Seen seen = GetFor(ctx, Verb::kAnswer);
  NoteMatterRead(ctx, seen.matter);
  Names names(ctx);
  const auto unit = org::FindUnit(ctx.tx, ctx.county, seen.matter.owner_unit);
  const std::map<std::string, std::string, std::less<>> says = {
      {"subject", seen.matter.Title()},
      {"receipt", seen.matter.receipt},
      {"unit", names.Unit(seen.matter.owner_unit)},
      {"place", names.Area(seen.matter.area)},
      {"phone", unit ? unit->phone : ""},
      {"due", seen.matter.due_at ? FormatDate(LocalDate(*seen.matter.due_at, ctx.zone)) : ""}};
  std::vector<AnswerTemplate> fitting;
  for (AnswerTemplate& one : AllTemplates(ctx.tx, ctx.county)) {
    if (one.is_active && Fits(one, seen.matter.category)) fitting.push_back(std::move(one));
  }
  std::stable_sort(fitting.begin(), fitting.end(),
                   [](const AnswerTemplate& a, const AnswerTemplate& b) { return a.category.size() > b.category.size(); });
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  for (const AnswerTemplate& one : fitting) Write(w, one, Fill(one.text, says));
  w.EndArray().Key("next_cursor").Null().EndObject();
  return JsonReply(200, w);
}

}  // namespace

std::span<const std::string_view> TemplateFields() { return kFields; }

std::vector<std::string> UnknownFields(std::string_view text) {
  std::vector<std::string> unknown;
  Parts(text, [](std::string_view) {}, [&](std::string_view name) {
    if (!IsField(name)) unknown.emplace_back(name);
  });
  return unknown;
}

std::string Fill(std::string_view text, const std::map<std::string, std::string, std::less<>>& says) {
  std::string filled;
  Parts(text, [&](std::string_view plain) { filled += plain; }, [&](std::string_view name) {
    const auto found = says.find(name);
    if (found != says.end()) filled += found->second;
  });
  return filled;
}

bool Fits(const AnswerTemplate& one, std::string_view category) {
  if (one.category.empty() || one.category == category) return true;
  return category.starts_with(one.category) && category[one.category.size()] == '.';
}

std::vector<AnswerTemplate> AllTemplates(db::Tx& tx, County county) {
  std::vector<AnswerTemplate> all = Shipped();
  tx.Rows(kAll, [&](const db::Row& row) {
    AnswerTemplate own = Read(row);
    const auto same = std::find_if(all.begin(), all.end(), [&](const AnswerTemplate& one) { return Uuid(one.id) == Uuid(own.id); });
    if (same != all.end()) *same = std::move(own);
    else all.push_back(std::move(own));
  }, county);
  return all;
}

std::vector<Route> TemplateRoutes() {
  return {
      {.method = "GET", .pattern = "/api/v1/answer_templates", .action = Action::kSettingsRead, .handle = ListAll},
      {.method = "POST", .pattern = "/api/v1/answer_templates", .action = Action::kSettingsEdit, .handle = PostTemplate},
      {.method = "PATCH", .pattern = "/api/v1/answer_templates/{id}", .action = Action::kSettingsEdit, .handle = PatchTemplate},
      {.method = "GET", .pattern = "/api/v1/matters/{id}/answer_templates", .action = Action::kMattersHandle, .handle = ListFitting},
  };
}

}  // namespace huiyin::matters
