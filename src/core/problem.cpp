// SPDX-License-Identifier: EUPL-1.2
#include "core/problem.h"

namespace huiyin {

void NotFound() { throw Problem(404, "not_found"); }
void Forbidden(std::string code) { throw Problem(403, std::move(code)); }
void Conflict(std::string code) { throw Problem(409, std::move(code)); }
void Unauthenticated() { throw Problem(401, "unauthenticated"); }

void Invalid(std::string field, std::string code, std::string detail) {
  throw Problem(422, "invalid_input", {{std::move(field), std::move(code), std::move(detail)}});
}

void Require(const Ruling& ruling) {
  if (!ruling.allowed()) Conflict(ruling.refusal);
}

}  // namespace huiyin
