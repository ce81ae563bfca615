// SPDX-License-Identifier: EUPL-1.2
#include "modules/open311/open311.h"

#include "core/text.h"
#include "modules/matters/matters.h"
#include "platform/attempts.h"
#include "platform/tries.h"

namespace huiyin::open311 {
namespace {

constexpr size_t kLongestDescription = 4000;  // GeoReport v2
constexpr size_t kMostReceipts = 50;
// A quarter of an hour of one address, before it slows down.
constexpr int kFreeRequests = 20;

http::Response Refused(int status, std::string_view what) {
  JsonWriter w;
  w.BeginArray().BeginObject().Field("code", status).Field("description", what).EndObject().EndArray();
  return JsonReply(status, w);
}

void WriteService(JsonWriter& w, const matters::PublicCategory& category, const std::string& group) {
  w.BeginObject().Field("service_code", category.code).Field("service_name", category.zh)
      .Field("description", category.en).Field("metadata", false).Field("type", "realtime")
      .Field("keywords", "").Field("group", group).EndObject();
}

std::string GroupOf(const std::vector<matters::PublicCategory>& all, const std::string& parent) {
  for (const auto& category : all) {
    if (category.code == parent) return category.zh;
  }
  return "";
}

http::Response ListServices(Context& ctx) {
  const auto all = matters::PublicCategories(ctx);
  JsonWriter w;
  w.BeginArray();
  for (const auto& category : all) {
    if (!category.parent.empty()) WriteService(w, category, GroupOf(all, category.parent));
  }
  w.EndArray();
  return JsonReply(200, w);
}

http::Response GetService(Context& ctx) {
  const std::string_view code = ctx.Param("service_code");
  const auto all = matters::PublicCategories(ctx);
  for (const auto& category : all) {
    if (category.code != code || category.parent.empty()) continue;
    JsonWriter w;
    WriteService(w, category, GroupOf(all, category.parent));
    return JsonReply(200, w);
  }
  return Refused(404, "service_code was not found");
}

// The fields of a form, read as the query of an address is.
class Form {
 public:
  explicit Form(const std::string& body) {
    const auto target = http::ParseTarget("/?" + body);
    if (target) fields_ = target->query;
    is_readable_ = target.has_value();
  }
  bool is_readable() const { return is_readable_; }
  std::string Get(std::string_view name) const {
    for (const auto& [key, value] : fields_) {
      if (key == name) return std::string(Trim(value));
    }
    return "";
  }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
  bool is_readable_ = false;
};

std::string ContactOf(const Form& form) {
  json::object contact;
  const std::string name = form.Get("last_name") + form.Get("first_name");
  if (!name.empty()) contact["name"] = name;
  if (!form.Get("phone").empty()) contact["phone"] = form.Get("phone");
  const std::string address = form.Get("email").empty() ? form.Get("address_string") : form.Get("email");
  if (!address.empty()) contact["address"] = address;
  return contact.empty() ? "" : json::serialize(contact);
}

// What is wrong with the form; empty when nothing is.
std::string Complaint(Context& ctx, const Form& form) {
  if (!form.is_readable()) return "the form cannot be read";
  const std::string county = form.Get("jurisdiction_id");
  if (!county.empty() && county != FormatCounty(ctx.county)) return "jurisdiction_id was not found";
  const std::string code = form.Get("service_code");
  if (code.empty()) return "service_code was not provided";
  const auto all = matters::PublicCategories(ctx);
  const bool is_known = std::any_of(all.begin(), all.end(), [&](const auto& c) { return c.code == code; });
  if (!is_known) return "service_code was not found";
  const std::string text = form.Get("description");
  if (text.empty()) return "description was not provided";
  if (CountCharacters(text) > kLongestDescription) return "description is longer than 4000 characters";
  for (const char* name : {"description", "first_name", "last_name", "phone", "email", "address_string"}) {
    if (HasControlCharacters(form.Get(name))) return std::string(name) + " has control characters";
    if (name != std::string_view("description") && CountCharacters(form.Get(name)) > 200) return std::string(name) + " is too long";
  }
  return "";
}

http::Response CreateRequest(Context& ctx) {
  const auto type = ctx.request.Header("content-type").value_or("");
  if (!type.starts_with("application/x-www-form-urlencoded")) return Refused(400, "send application/x-www-form-urlencoded");
  const Form form(ctx.request.body);
  if (const std::string wrong = Complaint(ctx, form); !wrong.empty()) return Refused(400, wrong);
  const std::string subject = "addr:open311:" + ctx.request.peer;
  attempts::RequireUnlocked(ctx.tx, ctx.county, subject, ctx.now);
  attempts::Failed(ctx.tx, ctx.county, subject, ctx.now, kFreeRequests);
  matters::Input input;
  input.channel = "web";
  input.text = form.Get("description");
  if (const std::string place = form.Get("address_string"); !place.empty()) input.text += "\n" + place;
  input.category = form.Get("service_code");
  input.contact = ContactOf(form);
  input.anonymous = input.contact.empty();
  const auto opened = matters::Open(ctx, input);
  JsonWriter w;
  w.BeginArray().BeginObject().Field("service_request_id", opened.receipt).EndObject().EndArray();
  return JsonReply(201, w);
}

void WriteRequest(JsonWriter& w, const matters::PublicStatus& status) {
  w.BeginObject().Field("service_request_id", status.receipt).Field("status", status.is_open ? "open" : "closed")
      .Field("status_notes", status.state).Field("service_name", status.category_zh)
      .Field("service_code", status.category).Field("agency_responsible", status.unit_name)
      .Field("requested_datetime", status.received_at).Field("updated_datetime", status.updated_at);
  w.OptField("expected_datetime", status.due_at).EndObject();
}

// Wrong receipts slow an address down, here as at /receipts.
std::optional<matters::PublicStatus> Look(Context& ctx, ReceiptTries& tries, std::string_view receipt) {
  tries.RequireUnlocked(ctx.request.peer, ctx.now);
  auto status = matters::FindPublic(ctx, receipt);
  if (!status) tries.Failed(ctx.request.peer, ctx.now);
  return status;
}

http::Response ListRequests(Context& ctx, ReceiptTries& tries) {
  const std::string wanted = ctx.Query("service_request_id", 1000).value_or("");
  JsonWriter w;
  w.BeginArray();
  size_t asked = 0;
  for (size_t from = 0; from < wanted.size() && asked < kMostReceipts; ++asked) {
    const size_t comma = std::min(wanted.find(',', from), wanted.size());
    if (const auto status = Look(ctx, tries, std::string_view(wanted).substr(from, comma - from))) WriteRequest(w, *status);
    from = comma + 1;
  }
  w.EndArray();
  return JsonReply(200, w);
}

http::Response GetRequest(Context& ctx, ReceiptTries& tries) {
  const auto status = Look(ctx, tries, ctx.Param("service_request_id"));
  if (!status) return Refused(404, "service_request_id was not found");
  JsonWriter w;
  w.BeginArray();
  WriteRequest(w, *status);
  w.EndArray();
  return JsonReply(200, w);
}

}  // namespace

Module Describe() {
  const auto tries = std::make_shared<ReceiptTries>();
  const auto list = [tries](Context& ctx) { return ListRequests(ctx, *tries); };
  const auto get = [tries](Context& ctx) { return GetRequest(ctx, *tries); };
  return {
      .name = "open311",
      .routes = {
          {.method = "GET", .pattern = "/open311/v2/services.json", .session = Session::kNone, .handle = ListServices},
          {.method = "GET", .pattern = "/open311/v2/services/{service_code}.json", .session = Session::kNone, .handle = GetService},
          {.method = "GET", .pattern = "/open311/v2/requests.json", .session = Session::kNone, .handle = list},
          {.method = "POST", .pattern = "/open311/v2/requests.json", .session = Session::kNone, .handle = CreateRequest, .raw_body = true},
          {.method = "GET", .pattern = "/open311/v2/requests/{service_request_id}.json", .session = Session::kNone, .handle = get},
      },
  };
}

}  // namespace huiyin::open311
