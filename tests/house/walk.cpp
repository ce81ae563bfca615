// SPDX-License-Identifier: EUPL-1.2
#include "tests/house/walk.h"

namespace huiyin::testing {
namespace {

constexpr size_t kUuid = 36;
constexpr std::string_view kCountyPrefix = "990101-";

bool IsHex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

bool IsUuidAt(std::string_view text, size_t at) {
  if (at + kUuid > text.size()) return false;
  for (size_t i = 0; i < kUuid; ++i) {
    const bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (is_dash ? text[at + i] != '-' : !IsHex(text[at + i])) return false;
  }
  return true;
}

// What a path parameter may be.
std::vector<std::string> Fillings(std::string_view name, const Known& known) {
  if (name == "id" || name.ends_with("_id")) {
    if (name == "service_request_id") return known.receipts;
    return known.ids;
  }
  if (name == "receipt") return known.receipts;
  if (name == "code") return {"990101", "990101101", "990101101001"};
  if (name == "year") return {"2026"};
  if (name == "key") return {"petition.answer", "hotline.answer"};
  if (name == "service_code") return {"other.general"};
  return {"residence", "population", "difficulties"};
}

std::vector<std::string> Values(const Contract::Parameter& parameter, const Known& known) {
  const std::string& name = parameter.name;
  if (!parameter.values.empty()) return parameter.values;
  if (name == "q" || name == "text" || name == "name") return known.words;
  if (name == "service_request_id") return known.receipts;
  if (name.ends_with("_id") || name == "actor") return known.ids;
  if (name == "area" || name == "area_code" || name == "parent") return {"990101", "990101101", "990101101001"};
  if (name == "month") return {"2026-03", "2026-04", "2026-05"};
  if (name == "action") return {"matter.received", "matter.read", "matter.answered", "letter.read"};
  if (name == "due" || name == "until" || name == "received_until") return {"2026-12-31"};
  if (name == "from" || name == "received_from") return {"2026-01-01"};
  if (name == "mine" || name == "open" || name == "ended") return {"true", "false"};
  if (name == "purpose") return {"visit", "matter", "audit", "intake"};
  if (name == "reason") return {"核对"};
  return {};
}

// What a route cannot do without.
std::string Needed(std::string_view pattern) {
  if (pattern == "/api/v1/households/{id}") return "purpose=audit";
  if (pattern == "/api/v1/matters/similar") return "text=来走访的人要我们请吃饭&area_code=990101101001";
  if (pattern == "/api/v1/residents") return "q=张";
  if (pattern == "/api/v1/residents/duplicates") return "name=张大山";
  if (pattern.ends_with("/explanation")) return "from=2026-03-11";
  return "";
}

void Fill(std::string_view rest, const std::string& done, const Known& known, std::vector<std::string>& paths) {
  const size_t open = rest.find('{');
  if (open == std::string_view::npos) {
    paths.push_back(done + std::string(rest));
    return;
  }
  const size_t close = rest.find('}', open);
  for (const std::string& filling : Fillings(rest.substr(open + 1, close - open - 1), known)) {
    Fill(rest.substr(close + 1), done + std::string(rest.substr(0, open)) + filling, known, paths);
  }
}

}  // namespace

namespace {

// With ids that are not the same in both towns told apart by order only.
std::string Plain(const std::string& text, const std::set<std::string>& fixed) {
  std::map<std::string, size_t> order;
  std::string plain;
  for (size_t i = 0; i < text.size();) {
    if (!IsHex(text[i]) || !IsUuidAt(text, i)) {
      plain += text[i++];
      continue;
    }
    const std::string id = text.substr(i, kUuid);
    if (fixed.contains(std::string(kCountyPrefix) + id)) plain += id;
    else plain += "#" + std::to_string(order.try_emplace(id, order.size()).first->second);
    i += kUuid;
  }
  return plain;
}

}  // namespace

std::set<std::string> IdsIn(std::string_view text) {
  std::set<std::string> ids;
  for (size_t at = text.find(kCountyPrefix); at != std::string_view::npos; at = text.find(kCountyPrefix, at + 1)) {
    if (IsUuidAt(text, at + kCountyPrefix.size())) ids.emplace(text.substr(at, kCountyPrefix.size() + kUuid));
  }
  return ids;
}

std::vector<std::string> Requests(const std::vector<Module>& modules, const Known& known) {
  std::vector<std::string> requests;
  for (const Module& module : modules) {
    for (const Route& route : module.routes) {
      if (route.method != "GET") continue;
      std::vector<std::string> paths;
      Fill(route.pattern, "", known, paths);
      const std::string needed = Needed(route.pattern);
      const auto parameters = Contract::Get().QueryOf("GET", route.pattern);
      for (const std::string& path : paths) requests.push_back(needed.empty() ? path : path + "?" + needed);
      // Of a record by its id the queries are walked once for the first ids only.
      if (paths.size() > 3) paths.resize(3);
      for (const std::string& path : paths) {
        for (const auto& parameter : parameters) {
          for (const std::string& value : Values(parameter, known)) {
            const bool replaces = needed.starts_with(parameter.name + "=");
            const std::string rest = replaces ? needed.substr(std::min(needed.find('&'), needed.size())) : needed.empty() ? "" : "&" + needed;
            requests.push_back(path + "?" + parameter.name + "=" + value + rest);
          }
        }
      }
    }
  }
  return requests;
}

std::string Comparable(const std::string& path, const Answer& answer, const std::set<std::string>& fixed) {
  const std::string status = std::to_string(answer.status) + " ";
  const bool is_list = answer.body.is_object() && answer.body.get_object().contains("items");
  if (!is_list) return status + Plain(answer.text, fixed);
  // What happened in the same millisecond stands in the order of ids, which is chance.
  std::vector<std::string> lines;
  for (const json::value& item : answer.body.get_object().at("items").as_array()) {
    json::value line = item;
    if (path.starts_with("/api/v1/notices") && line.as_object().at("kind").as_string() == "audit_head") {
      line.as_object().erase("id");
      line.as_object().erase("audit_head");
    }
    lines.push_back(Plain(json::serialize(line), fixed));
  }
  std::sort(lines.begin(), lines.end());
  json::object rest = answer.body.get_object();
  rest.erase("items");
  if (json::value* cursor = rest.if_contains("next_cursor"); cursor != nullptr && !cursor->is_null()) *cursor = "more";
  std::string plain = status + Plain(json::serialize(rest), fixed);
  for (const std::string& line : lines) plain += "\n" + line;
  return plain;
}

}  // namespace huiyin::testing
