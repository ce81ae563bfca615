// SPDX-License-Identifier: EUPL-1.2
// Which county a request is for, by what it says itself: an installation has many counties in
// several databases, and must know before it may ask one of them.
#pragma once

#include <optional>

#include "core/id.h"
#include "http/request.h"

namespace huiyin {

// The header that names a county outright. It wins over all else.
inline constexpr std::string_view kCountyHeader = "huiyin-county";

// The county of kCountyHeader; absent when it is not sent. Throws Problem 400 when it is no county's code.
std::optional<County> NamedCounty(const http::Request& request);

// The first that says one: the header, the session's token, an id in the path, the beginning of the host's
// name (990101.example.org). Absent when none does. Throws as NamedCounty does.
std::optional<County> CountyOf(const http::Request& request);

}  // namespace huiyin
