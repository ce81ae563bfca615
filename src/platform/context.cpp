// SPDX-License-Identifier: EUPL-1.2
#include "platform/context.h"

#include "core/text.h"
#include "platform/audit.h"
#include "platform/changes.h"
#include "platform/counters.h"

namespace huiyin {
namespace {

class RealClock : public Clock {
 public:
  Instant Now() override {
    using namespace std::chrono;
    return {duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count()};
  }
};

const json::object kEmptyBody;

constexpr db::Sql kInsertEvent{"platform.insert_event", R"sql(
  INSERT INTO events (county, resource_id, id, resource, act, at, actor_kind, actor_id, unit_id, data)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
)sql"};

std::string_view TitleOf(int status) {
  switch (status) {
    case 400: return "The request cannot be read";
    case 401: return "Sign in first";
    case 403: return "Not allowed";
    case 404: return "Not found";
    case 405: return "That method is not offered here";
    case 409: return "The state of the record does not permit this";
    case 412: return "The record has changed since it was read";
    case 413: return "Too large";
    case 415: return "That type of content is not taken here";
    case 422: return "Some fields are wrong";
    case 428: return "Say which revision was read (If-Match)";
    case 429: return "Too many tries";
    case 503: return "Cannot be done just now";
    default: return "Something went wrong here";
  }
}

}  // namespace

Clock& SystemClock() {
  static RealClock clock;
  return clock;
}

std::string_view Context::Param(std::string_view name) const {
  const auto found = params.find(name);
  return found == params.end() ? std::string_view() : std::string_view(found->second);
}

Uuid Context::PathUuid(std::string_view name) const {
  const auto id = ParseId(Param(name));
  if (!id || (id->county.code != 0 && id->county != county)) NotFound();
  return id->id;
}

std::optional<std::string> Context::Query(std::string_view name, size_t max_chars) const {
  const auto raw = request.Query(name);
  if (!raw) return std::nullopt;
  const std::string_view text = Trim(*raw);
  if (text.empty()) return std::nullopt;
  if (CountCharacters(text) > max_chars) {
    Invalid(std::string(name), "too_long", std::to_string(max_chars));
  }
  if (HasControlCharacters(text)) Invalid(std::string(name), "control_character");
  return std::string(text);
}

std::optional<Uuid> Context::QueryId(std::string_view name) const {
  const auto text = Query(name);
  if (!text) return std::nullopt;
  const auto id = ParseId(*text);
  if (!id) Invalid(std::string(name), "not_an_id");
  if (id->county.code != 0 && id->county != county) NotFound();
  return id->id;
}

std::optional<Date> Context::QueryDay(std::string_view name) const {
  const auto text = Query(name);
  if (!text) return std::nullopt;
  const auto day = ParseDate(*text);
  if (!day) Invalid(std::string(name), "not_a_date", "YYYY-MM-DD");
  return day;
}

bool Context::QueryFlag(std::string_view name) const {
  const auto text = Query(name);
  if (!text || *text == "false" || *text == "0") return false;
  if (*text == "true" || *text == "1") return true;
  Invalid(std::string(name), "wrong_type", "true or false");
}

int Context::QueryLimit(int otherwise, int max) const {
  const auto text = Query("limit");
  if (!text) return otherwise;
  int value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc() || end != text->data() + text->size() || value < 1) {
    Invalid("limit", "out_of_range", "1 to " + std::to_string(max));
  }
  return std::min(value, max);
}

Fields Context::Input() const { return Fields(body != nullptr ? *body : kEmptyBody, county); }

int64_t Context::IfMatch() const {
  const auto header = request.Header("if-match");
  if (!header) throw Problem(428, "if_match_required");
  const auto revision = http::ParseRevision(*header);
  if (!revision) throw Problem(400, "if_match_malformed");
  return *revision;
}

EventId Context::Record(std::string_view act, std::string_view resource, const Uuid& id,
                        const json::object& data, std::optional<HouseholdId> household) {
  const auto event = NewId<EventId>();
  const std::string text = json::serialize(data);
  const auto unit = actor.IsOfficer() ? std::optional(actor.unit) : std::nullopt;
  tx.Run(kInsertEvent, county, id, event, resource, act, now, actor.KindName(), actor.SubjectId(),
         unit, text);
  if (household) NoteChanged(tx, county, *household);
  Audit({.act = std::string(act), .resource = std::string(resource), .resource_id = id,
         .household = household, .content_hash = Sha256(text)});
  return event;
}

void Context::Audit(AuditEntry entry) { audit::Append(*this, entry); }

void Context::Count(std::string_view counter, std::string_view area, const UnitId& unit, int64_t by) {
  counters::Add(tx, county, counter, Today(), area, unit, by);
}

http::Response JsonReply(int status, JsonWriter& writer, std::optional<int64_t> revision) {
  http::Response response;
  response.status = status;
  response.body = writer.Take();
  if (revision) response.headers.emplace_back("ETag", fmt::format("\"{}\"", *revision));
  return response;
}

http::Response NoContent() {
  http::Response response;
  response.status = 204;
  response.content_type.clear();
  return response;
}

http::Response ProblemReply(const Problem& problem, std::string_view request_id) {
  JsonWriter w;
  w.BeginObject()
      .Field("type", "about:blank")
      .Field("title", TitleOf(problem.status))
      .Field("status", problem.status)
      .Field("code", problem.code)
      .Field("request_id", request_id);
  if (!problem.errors.empty()) {
    w.Key("errors").BeginArray();
    for (const FieldError& error : problem.errors) {
      w.BeginObject().Field("field", error.field).Field("code", error.code);
      if (!error.detail.empty()) w.Field("detail", error.detail);
      w.EndObject();
    }
    w.EndArray();
  }
  for (const auto& member : problem.extra) w.Field(member.key(), member.value());
  w.EndObject();
  http::Response response;
  response.status = problem.status;
  response.content_type = "application/problem+json";
  response.body = w.Take();
  if (problem.retry_after_s > 0) {
    response.headers.emplace_back("Retry-After", std::to_string(problem.retry_after_s));
  }
  if (problem.status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

std::string EncodeCursor(std::string_view plain) { return Base64Url(plain); }

std::string DecodeCursor(std::string_view cursor) {
  auto plain = FromBase64Url(cursor);
  if (!plain) Invalid("cursor", "not_a_cursor");
  return *plain;
}

}  // namespace huiyin
