// SPDX-License-Identifier: EUPL-1.2
// One function a verb: ask, approve or refuse, fetch.
#pragma once

#include "modules/exports/store.h"
#include "platform/context.h"

namespace huiyin::exports {

Export Ask(Context& ctx);
enum class Verdict { kApproved, kRefused };
Export Answer(Context& ctx, Verdict verdict);
// Throws unless the actor may fetch it now.
void RequireFetch(const Context& ctx, const Export& one);
// The table, as CSV that a spreadsheet opens; every household in it is noted as read.
std::string Fetch(Context& ctx, const Export& one);
// The one in the path, if the actor may know of it; 404 otherwise.
Export RequireExport(Context& ctx);

}  // namespace huiyin::exports
