// SPDX-License-Identifier: EUPL-1.2
// Fields a county adds to a section.
#include "core/problem.h"
#include "modules/households/actions.h"

namespace huiyin::households {
namespace {

constexpr std::string_view kTypes[] = {"text", "number", "boolean", "date", "choice"};
constexpr size_t kMostFields = 200;

bool IsFieldName(std::string_view name) {
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  return !name.empty() && name.size() <= 40 && is_letter(name[0]) &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; });
}

// Checks and tells the choices as they are stored.
std::string ReadChoices(Context& ctx, Fields& input) {
  json::array choices;
  std::set<std::string> codes;
  input.Each("choices", 100, [&](Fields& item) {
    const std::string code = item.NeedText("code", 40);
    const std::string zh = item.NeedText("zh", 50);
    const std::string en = item.NeedText("en", 50);
    if (!code.empty() && !IsFieldName(code)) item.Refuse("code", "not_a_name");
    if (!codes.insert(code).second) item.Refuse("code", "duplicate");
    RequireUnprotected(ctx, "choices", {code, zh, en});
    choices.push_back(json::object{{"code", code}, {"zh", zh}, {"en", en}});
  });
  return json::serialize(choices);
}

http::Response ListFields(Context& ctx) {
  const std::string section = ctx.Query("section", 40).value_or("");
  if (!section.empty() && FindSection(section) == nullptr) Invalid("section", "unknown_section");
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  for (const CustomField& field : CustomFields(ctx.tx, ctx.county, section)) WriteCustomField(w, field);
  w.EndArray().Key("next_cursor").Null().EndObject();
  return JsonReply(200, w);
}

http::Response PostField(Context& ctx) {
  Fields input = ctx.Input();
  CustomField field;
  field.id = ctx.NewId<FieldId>();
  field.section = input.NeedText("section", 40);
  field.name = input.NeedText("name", 40);
  field.label_zh = input.NeedText("label_zh", 50);
  field.label_en = input.NeedText("label_en", 50);
  field.type = input.NeedOneOf("type", kTypes);
  // What is protected is refused for that reason, whatever else is wrong.
  RequireUnprotected(ctx, "name", {field.name});
  RequireUnprotected(ctx, "label_zh", {field.label_zh});
  RequireUnprotected(ctx, "label_en", {field.label_en});
  field.choices = ReadChoices(ctx, input);
  const SectionSpec* section = FindSection(field.section);
  if (!field.section.empty() && section == nullptr) input.Refuse("section", "unknown_section");
  if (!field.name.empty() && !IsFieldName(field.name)) input.Refuse("name", "not_a_name");
  if (field.type == "choice" && field.choices == "[]") input.Refuse("choices", "required");
  if (section != nullptr &&
      std::any_of(section->fields.begin(), section->fields.end(), [&](const FieldSpec& f) { return f.name == field.name; })) {
    input.Refuse("name", "taken");
  }
  input.Done();
  const auto known = CustomFields(ctx.tx, ctx.county, field.section);
  if (known.size() >= kMostFields) Conflict("fields.too_many");
  if (std::any_of(known.begin(), known.end(), [&](const CustomField& f) { return f.name == field.name; })) {
    Conflict("fields.name_taken");
  }
  InsertCustomField(ctx.tx, ctx.county, field, ctx.now);
  ctx.Record("field.created", "field", field.id,
             {{"section", field.section}, {"name", field.name}, {"label_zh", field.label_zh}, {"type", field.type}});
  JsonWriter w = ctx.Writer();
  WriteCustomField(w, field);
  return JsonReply(201, w);
}

http::Response DeleteField(Context& ctx) {
  const auto id = ctx.PathId<FieldId>();
  const auto field = FindCustomField(ctx.tx, ctx.county, id);
  if (!field) NotFound();
  RemoveCustomField(ctx.tx, ctx.county, id, ctx.now);
  ctx.Record("field.removed", "field", id, {{"section", field->section}, {"name", field->name}});
  return NoContent();
}

}  // namespace

void AddFieldRoutes(std::vector<Route>& routes) {
  routes.insert(routes.end(), {
      {.method = "GET", .pattern = "/api/v1/fields", .session = Session::kNone, .handle = ListFields, .is_reference = true},
      {.method = "POST", .pattern = "/api/v1/fields", .action = Action::kSettingsEdit, .handle = PostField},
      {.method = "DELETE", .pattern = "/api/v1/fields/{id}", .action = Action::kSettingsEdit, .handle = DeleteField},
  });
}

}  // namespace huiyin::households
