// SPDX-License-Identifier: EUPL-1.2
// One county from the database of one folder into that of another, where other counties may be: a
// province that grows gives a full database's counties to a new one. At every moment one of the two
// has the whole county; while it is under way neither is served, and a run that was killed is
// finished, or begun again, by the next.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "core/id.h"
#include "core/random.h"

namespace huiyin::app {

// Carries it: every table is read again on both sides and must be the same, the chain whole, the
// pictures there, what is encrypted under the key of `into`. Only then it is taken out of `from`.
// `told` is given a line for whoever waits. Throws std::runtime_error, and has changed nothing then,
// when the county is not there, is there already, or a login of it is somebody's there.
void MoveCounty(const std::filesystem::path& from, const std::filesystem::path& into, County county, Random& random,
                const std::function<void(const std::string&)>& told);

// Throws std::runtime_error when a county of the folder is between two: neither has the whole of it.
void RefuseHalfMoved(const std::filesystem::path& dir);

}  // namespace huiyin::app
