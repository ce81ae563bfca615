// SPDX-License-Identifier: EUPL-1.2
// One line an event, key=value, on standard error. Values are ids, counts and codes: no
// personal data and no secrets are ever given to it.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace huiyin::log {

using Pairs = std::initializer_list<std::pair<std::string_view, std::string>>;

void Info(std::string_view event, Pairs pairs = {});
void Warn(std::string_view event, Pairs pairs = {});
void Error(std::string_view event, Pairs pairs = {});

}  // namespace huiyin::log
