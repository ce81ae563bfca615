// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/contract.h"

#include <fstream>
#include <regex>
#include <sstream>

namespace huiyin::testing {
namespace {

std::vector<std::string> Split(std::string_view path) {
  std::vector<std::string> parts;
  size_t from = 1;
  while (from <= path.size()) {
    const size_t slash = std::min(path.find('/', from), path.size());
    parts.emplace_back(path.substr(from, slash - from));
    from = slash + 1;
  }
  return parts;
}

bool Fits(const std::vector<std::string>& pattern, const std::vector<std::string>& path) {
  if (pattern.size() != path.size()) return false;
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (!pattern[i].starts_with('{') && pattern[i] != path[i]) return false;
  }
  return true;
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

bool IsOfType(const json::value& value, std::string_view type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_bool();
  if (type == "integer") return value.is_int64() || value.is_uint64();
  if (type == "number") return value.is_number();
  if (type == "null") return value.is_null();
  return false;
}

bool TypeFits(const json::value& type, const json::value& value) {
  if (type.is_string()) return IsOfType(value, std::string_view(type.get_string()));
  for (const json::value& one : type.as_array()) {
    if (IsOfType(value, std::string_view(one.as_string()))) return true;
  }
  return false;
}

const std::set<std::string_view> kKnown = {
    "type", "required", "properties", "additionalProperties", "items", "enum", "const", "pattern", "allOf", "oneOf",
    "anyOf", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "uniqueItems", "format",
    "description", "title", "example", "examples", "default", "readOnly", "writeOnly", "deprecated", "$ref",
    "contentMediaType", "contentEncoding", "propertyNames", "minProperties", "maxProperties", "discriminator"};

}  // namespace

const Contract& Contract::Get() {
  static const Contract contract;
  return contract;
}

Contract::Contract() {
  std::ifstream in(HUIYIN_CONTRACT_JSON);
  std::ostringstream text;
  text << in.rdbuf();
  root_ = json::parse(text.str());
}

const json::value& Contract::Resolve(const json::value& schema) const {
  const json::value* at = &schema;
  while (at->is_object() && at->get_object().contains("$ref")) {
    const std::string_view reference(at->get_object().at("$ref").as_string());
    const json::value* found = &root_;
    for (const std::string& step : Split(reference.substr(1))) found = &found->as_object().at(step);
    at = found;
  }
  return *at;
}

const json::object* Contract::Operation(std::string_view method, std::string_view path) const {
  const auto parts = Split(path);
  const json::object* best = nullptr;
  long best_literals = -1;
  for (const auto& [pattern, item] : root_.as_object().at("paths").as_object()) {
    const auto pattern_parts = Split(pattern);
    if (!Fits(pattern_parts, parts)) continue;
    const json::value* operation = item.as_object().if_contains(Lower(method));
    if (operation == nullptr) continue;
    const long literals = std::count_if(pattern_parts.begin(), pattern_parts.end(),
                                        [](const std::string& p) { return !p.starts_with('{'); });
    if (literals > best_literals) {
      best = &operation->as_object();
      best_literals = literals;
    }
  }
  return best;
}

std::set<std::string> Contract::Operations() const {
  std::set<std::string> operations;
  for (const auto& [path, item] : root_.as_object().at("paths").as_object()) {
    for (const auto& [method, operation] : item.as_object()) {
      if (method != "get" && method != "post" && method != "patch" && method != "put" && method != "delete") continue;
      std::string upper(method);
      for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      operations.insert(upper + " " + std::string(path));
    }
  }
  return operations;
}

bool Contract::Sends(std::string_view method, std::string_view path, std::string_view header) const {
  const json::object* operation = Operation(method, path);
  if (operation == nullptr) return false;
  const json::value* headers = operation->at("responses").at("200").as_object().if_contains("headers");
  return headers != nullptr && headers->as_object().contains(header);
}

std::vector<Contract::Parameter> Contract::QueryOf(std::string_view method, std::string_view path) const {
  std::vector<Parameter> found;
  const json::object* operation = Operation(method, path);
  const json::value* listed = operation == nullptr ? nullptr : operation->if_contains("parameters");
  if (listed == nullptr) return found;
  for (const json::value& one : listed->as_array()) {
    const json::object& parameter = Resolve(one).as_object();
    if (parameter.at("in").as_string() != "query") continue;
    Parameter known{std::string(parameter.at("name").as_string()), {}};
    const json::value* schema = parameter.if_contains("schema");
    const json::value* values = schema == nullptr ? nullptr : Resolve(*schema).as_object().if_contains("enum");
    if (values != nullptr) {
      for (const json::value& value : values->as_array()) known.values.emplace_back(value.as_string());
    }
    found.push_back(std::move(known));
  }
  return found;
}

void Contract::CheckObject(const json::object& schema, const json::object& value, const std::string& at,
                           std::vector<std::string>& wrong) const {
  if (const json::value* required = schema.if_contains("required")) {
    for (const json::value& name : required->as_array()) {
      if (!value.contains(name.as_string())) wrong.push_back(at + ": lacks " + std::string(name.as_string()));
    }
  }
  const json::value* properties = schema.if_contains("properties");
  const json::value* additional = schema.if_contains("additionalProperties");
  for (const auto& [name, member] : value) {
    const json::value* known = properties != nullptr ? properties->as_object().if_contains(name) : nullptr;
    const std::string here = at + "." + std::string(name);
    if (known != nullptr) Check(*known, member, here, wrong);
    else if (additional != nullptr && additional->is_object()) Check(*additional, member, here, wrong);
    else if (additional != nullptr && additional->is_bool() && !additional->get_bool()) wrong.push_back(here + ": not in the contract");
  }
}

void Contract::Check(const json::value& unresolved, const json::value& value, const std::string& at,
                     std::vector<std::string>& wrong) const {
  const json::value& resolved = Resolve(unresolved);
  if (resolved.is_bool()) return;
  const json::object& schema = resolved.as_object();
  for (const auto& [keyword, unused] : schema) {
    if (!kKnown.contains(keyword) && !keyword.starts_with("x-")) wrong.push_back(at + ": the check does not know " + std::string(keyword));
  }
  if (const json::value* type = schema.if_contains("type"); type != nullptr && !TypeFits(*type, value)) {
    wrong.push_back(at + ": " + json::serialize(value).substr(0, 60) + " is not of type " + json::serialize(*type));
    return;
  }
  if (const json::value* allowed = schema.if_contains("enum")) {
    const json::array& values = allowed->as_array();
    if (std::find(values.begin(), values.end(), value) == values.end()) {
      wrong.push_back(at + ": " + json::serialize(value) + " is none of " + json::serialize(*allowed));
    }
  }
  if (const json::value* constant = schema.if_contains("const"); constant != nullptr && *constant != value) {
    wrong.push_back(at + ": is not " + json::serialize(*constant));
  }
  if (value.is_string()) {
    if (const json::value* pattern = schema.if_contains("pattern")) {
      const std::string text(value.get_string());
      if (!std::regex_search(text, std::regex(std::string(pattern->as_string()), std::regex::ECMAScript))) {
        wrong.push_back(at + ": \"" + text + "\" does not match " + std::string(pattern->as_string()));
      }
    }
  }
  if (value.is_int64()) {
    const json::value* minimum = schema.if_contains("minimum");
    if (minimum != nullptr && value.get_int64() < minimum->to_number<int64_t>()) wrong.push_back(at + ": below the minimum");
    const json::value* maximum = schema.if_contains("maximum");
    if (maximum != nullptr && value.get_int64() > maximum->to_number<int64_t>()) wrong.push_back(at + ": above the maximum");
  }
  if (value.is_object()) CheckObject(schema, value.get_object(), at, wrong);
  if (value.is_array()) {
    if (const json::value* items = schema.if_contains("items")) {
      for (size_t i = 0; i < value.get_array().size(); ++i) {
        Check(*items, value.get_array()[i], at + "[" + std::to_string(i) + "]", wrong);
      }
    }
  }
  if (const json::value* all = schema.if_contains("allOf")) {
    for (const json::value& one : all->as_array()) Check(one, value, at, wrong);
  }
  for (const char* keyword : {"oneOf", "anyOf"}) {
    const json::value* any = schema.if_contains(keyword);
    if (any == nullptr) continue;
    std::vector<std::string> first;
    bool fits = false;
    for (const json::value& one : any->as_array()) {
      std::vector<std::string> inner;
      Check(one, value, at, inner);
      fits |= inner.empty();
      if (first.empty()) first = inner;
    }
    if (!fits) wrong.insert(wrong.end(), first.begin(), first.end());
  }
}

std::vector<std::string> Contract::Violations(std::string_view method, std::string_view path, int status,
                                              std::string_view content_type, std::string_view body) const {
  const std::string what = std::string(method) + " " + std::string(path) + " " + std::to_string(status);
  const json::object* operation = Operation(method, path);
  if (operation == nullptr) return {what + ": no such operation in the contract"};
  const json::object& responses = operation->at("responses").as_object();
  const json::value* response = responses.if_contains(std::to_string(status));
  if (response == nullptr && status >= 400) response = responses.if_contains("default");
  if (response == nullptr) return {what + ": the contract has no such status here"};
  const json::object& described = Resolve(*response).as_object();
  const json::value* content = described.if_contains("content");
  if (content == nullptr) return body.empty() ? std::vector<std::string>{} : std::vector<std::string>{what + ": a body where the contract has none"};
  const std::string type(content_type.substr(0, content_type.find(';')));
  const json::value* media = content->as_object().if_contains(type);
  if (media == nullptr) return {what + ": the contract has no " + type + " here"};
  if (type.find("json") == std::string::npos) return {};
  std::vector<std::string> wrong;
  if (const json::value* schema = media->as_object().if_contains("schema")) {
    Check(*schema, json::parse(body), "body", wrong);
  }
  for (std::string& one : wrong) one = what + ": " + one;
  return wrong;
}

}  // namespace huiyin::testing
