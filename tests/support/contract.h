// SPDX-License-Identifier: EUPL-1.2
// api/openapi.yaml as a check: does an answer fit what the contract says of its route and
// status? The build turns the YAML into JSON; this reads the part of JSON Schema that the
// contract uses and complains of any keyword it does not know.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"

namespace huiyin::testing {

class Contract {
 public:
  static const Contract& Get();

  // What is wrong with the answer; empty when it fits. `path` is the request's, without
  // query. An operation that the contract does not have is wrong too.
  std::vector<std::string> Violations(std::string_view method, std::string_view path, int status,
                                      std::string_view content_type, std::string_view body) const;
  // "GET /api/v1/households/{id}" for every operation.
  std::set<std::string> Operations() const;
  // What a request of the operation may say in its query, and the values listed for each.
  struct Parameter {
    std::string name;
    std::vector<std::string> values;
  };
  std::vector<Parameter> QueryOf(std::string_view method, std::string_view path) const;
  // Whether a successful answer of the operation may carry the header.
  bool Sends(std::string_view method, std::string_view path, std::string_view header) const;

 private:
  Contract();
  const json::object* Operation(std::string_view method, std::string_view path) const;
  const json::value& Resolve(const json::value& schema) const;
  void Check(const json::value& schema, const json::value& value, const std::string& at,
             std::vector<std::string>& wrong) const;
  void CheckObject(const json::object& schema, const json::object& value, const std::string& at,
                   std::vector<std::string>& wrong) const;

  json::value root_;
};

}  // namespace huiyin::testing
