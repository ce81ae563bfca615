// SPDX-License-Identifier: EUPL-1.2
// Reads what somebody brings, as officers, residents and the public may send it.
#pragma once

#include "modules/matters/matters.h"

namespace huiyin::matters {

Input ReadOfficersInput(Context& ctx);
// Without a session, or as a household: the channel is web, and fields that only officers
// may send are refused.
Input ReadResidentsInput(Context& ctx);
// {"name", "phone", ...} or a plain string; empty when absent.
std::string ReadContact(Fields& in, std::string_view name);
// An area of the county; refused on the field otherwise.
AreaCode ReadArea(Context& ctx, Fields& in, std::string_view name);

}  // namespace huiyin::matters
