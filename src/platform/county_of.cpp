// SPDX-License-Identifier: EUPL-1.2
#include "platform/county_of.h"

#include "core/problem.h"
#include "platform/sessions.h"

namespace huiyin {

std::optional<County> NamedCounty(const http::Request& request) {
  const auto named = request.Header(kCountyHeader);
  if (!named) return std::nullopt;
  const auto county = ParseCounty(*named);
  if (!county) throw Problem(400, "county_malformed", {{"Huiyin-County", "not_a_county", "six digits"}});
  return county;
}

std::optional<County> CountyOf(const http::Request& request) {
  if (const auto named = NamedCounty(request)) return named;
  if (const auto token = TokenOf(request)) return token->county;
  for (size_t from = 1; from < request.path.size();) {
    const size_t slash = std::min(request.path.find('/', from), request.path.size());
    const auto id = ParseId(std::string_view(request.path).substr(from, slash - from));
    if (id && id->county.code != 0) return id->county;
    from = slash + 1;
  }
  const std::string_view host = request.Header("host").value_or("");
  const size_t dot = host.find('.');
  // An address of numbers has no label of six digits.
  return dot == std::string_view::npos ? std::nullopt : ParseCounty(host.substr(0, dot));
}

}  // namespace huiyin
