// SPDX-License-Identifier: EUPL-1.2
// The ways a request can end badly (RFC 9457). A Problem is thrown where the request
// ends; dispatch turns it into the reply. `code` is stable text such as
// "matters.already_settled"; pages turn codes into sentences, so no prose is made here
// beyond a short English title for people reading raw replies.
#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "core/json.h"

namespace huiyin {

struct FieldError {
  std::string field;   // path within the body: "asks[0].text"; or the parameter's name
  std::string code;    // required, too_long, wrong_type, not_a_date, unknown_value, ...
  std::string detail;  // what would have been right, in few words; may be empty
};

class Problem : public std::exception {
 public:
  Problem(int status, std::string code, std::vector<FieldError> errors = {})
      : status(status), code(std::move(code)), errors(std::move(errors)) {}

  const char* what() const noexcept override { return code.c_str(); }

  int status;
  std::string code;
  std::vector<FieldError> errors;
  json::object extra;       // further members of the reply, such as `changes`
  int64_t retry_after_s = 0;  // sent as Retry-After when positive
};

// What is not there and what the actor may not know of are the same answer.
[[noreturn]] void NotFound();
[[noreturn]] void Forbidden(std::string code = "access.forbidden");
[[noreturn]] void Conflict(std::string code);
[[noreturn]] void Invalid(std::string field, std::string code, std::string detail = "");
[[noreturn]] void Unauthenticated();

// A decision of a pure rule: allowed, or refused for a reason with a code.
struct Ruling {
  std::string refusal;  // empty when allowed
  bool allowed() const { return refusal.empty(); }
  static Ruling Yes() { return {}; }
  static Ruling No(std::string code) { return {std::move(code)}; }
};

// The one place where a refusal becomes a Problem (409: the state does not permit it).
void Require(const Ruling& ruling);

}  // namespace huiyin
