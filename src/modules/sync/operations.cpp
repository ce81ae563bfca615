// SPDX-License-Identifier: EUPL-1.2
#include "modules/sync/operations.h"

#include "core/problem.h"

namespace huiyin::sync {
namespace {

constexpr std::array<std::string_view, 4> kMethods = {"POST", "PUT", "PATCH", "DELETE"};
constexpr size_t kMostPath = 2000;
constexpr size_t kMostRecord = 100;
constexpr int64_t kMostRevision = int64_t{1} << 53;

Operation ReadOne(Fields& each) {
  Operation one;
  const auto id = each.Reference("id");
  if (!id && !each.Has("id")) each.Refuse("id", "required");
  one.id = id.value_or(Uuid{});
  one.record = each.Text("record", kMostRecord).value_or("");
  one.claimed_at = each.At("at");
  one.method = each.NeedOneOf("method", kMethods);
  one.path = each.NeedText("path", kMostPath);
  one.if_match = each.Int("if_match", 0, kMostRevision);
  if (const json::value* sent = each.Find("body")) {
    if (!sent->is_object()) each.Refuse("body", "wrong_type", "object");
    one.body = *sent;
  }
  return one;
}

}  // namespace

std::vector<Operation> ReadOperations(const json::object& body, County county) {
  std::vector<Operation> operations;
  Fields in(body, county);
  if (!in.Has("operations")) in.Refuse("operations", "required");
  std::set<Uuid> known;
  in.Each("operations", kMostOperations, [&](Fields& each) {
    Operation one = ReadOne(each);
    if (!one.id.IsNil() && !known.insert(one.id).second) each.Refuse("id", "twice");
    operations.push_back(std::move(one));
  });
  in.Done();
  return operations;
}

Operation ReadOperation(const json::object& one, County county) {
  Fields in(one, county);
  Operation operation = ReadOne(in);
  in.Done();
  return operation;
}

json::object OperationJson(const Operation& operation) {
  json::object sent{{"method", operation.method}, {"path", operation.path}};
  if (operation.if_match) sent["if_match"] = *operation.if_match;
  if (!operation.body.is_null()) sent["body"] = operation.body;
  return sent;
}

Part PartOf(const Operation& operation) {
  Part part{.request = {}, .record = operation.record};
  http::Request& request = part.request;
  request.method = operation.method;
  request.target = operation.path;
  // What is no path leads nowhere, like any other that does not.
  if (auto target = http::ParseTarget(operation.path)) {
    request.path = std::move(target->path);
    request.query = std::move(target->query);
  } else {
    request.path = "/";
  }
  request.headers.emplace_back("idempotency-key", FormatUuid(operation.id));
  if (operation.if_match) request.headers.emplace_back("if-match", std::to_string(*operation.if_match));
  if (!operation.body.is_null()) {
    request.headers.emplace_back("content-type", "application/json");
    request.body = json::serialize(operation.body);
  }
  return part;
}

}  // namespace huiyin::sync
