// SPDX-License-Identifier: EUPL-1.2
// What the asker has already is not sent again (RFC 9110, 13.1.2).
#pragma once

#include <string>
#include <string_view>

#include "http/request.h"

namespace huiyin::http {

// A tag that changes when the bytes do; nobody gains by a collision.
[[nodiscard]] std::string TagOf(std::string_view bytes);
// Whether the asker says it has what this tag is of, quotes and all; "W/" is passed over.
[[nodiscard]] bool HasCurrent(const Request& request, std::string_view quoted_tag);
// Tags a good answer, and leaves it out where the asker has it. Only for what tells of no household: it
// may be kept by the asker's browser, who asks each time whether it still holds.
void LeaveOutKnown(const Request& request, Response& response);

}  // namespace huiyin::http
