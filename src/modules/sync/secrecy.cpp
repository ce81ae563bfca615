// SPDX-License-Identifier: EUPL-1.2
#include "modules/sync/secrecy.h"

#include "modules/sync/store_quarantine.h"

namespace huiyin::sync {
namespace {

constexpr std::string_view kMatters = "/api/v1/matters";

// A matter an act names; without an id when what stands there is none.
using Named = std::optional<MatterId>;

Named IdIn(std::string_view text) {
  const auto id = ParseId(text);
  return id ? Named(MatterId(id->id)) : std::nullopt;
}

std::vector<Named> NamedBy(const http::Request& request, const json::value& body) {
  std::vector<Named> named;
  const std::string_view path = request.path;
  if (path.starts_with(kMatters) && path.size() > kMatters.size() + 1) {
    const std::string_view rest = path.substr(kMatters.size() + 1);
    named.push_back(IdIn(rest.substr(0, rest.find('/'))));
  }
  for (const auto& [name, value] : request.query) {
    if (name == "matter_id") named.push_back(IdIn(value));
  }
  if (!body.is_object()) return named;
  const json::value* value = body.as_object().if_contains("matter_id");
  if (value != nullptr && !value->is_null()) named.push_back(value->is_string() ? IdIn(value->as_string()) : std::nullopt);
  return named;
}

matters::Secrecy SecrecyOfNamed(Context& ctx, const Named& matter) {
  const matters::Secrecy closed{.is_protected = true, .about_officer = {}, .about_unit = {}};
  if (!matter) return closed;
  if (const auto known = matters::SecrecyOf(ctx, *matter)) return *known;
  const auto waiting = FindQuarantinedMatter(ctx.tx, ctx.county, *matter);
  return waiting ? waiting->secrecy : closed;
}

}  // namespace

ActSecrecy SecrecyOf(Context& ctx, const Operation& operation) {
  const http::Request request = PartOf(operation).request;
  ActSecrecy secrecy;
  const bool is_new = request.method == "POST" && request.path == kMatters;
  if (is_new && operation.body.is_object()) {
    static_cast<matters::Secrecy&>(secrecy) = matters::SecrecyOf(ctx, operation.body.as_object());
    const json::value* id = operation.body.as_object().if_contains("id");
    if (id != nullptr && id->is_string()) secrecy.matter = IdIn(id->as_string());
  }
  for (const Named& matter : NamedBy(request, operation.body)) {
    if (secrecy.is_protected) break;
    static_cast<matters::Secrecy&>(secrecy) = SecrecyOfNamed(ctx, matter);
  }
  return secrecy;
}

}  // namespace huiyin::sync
