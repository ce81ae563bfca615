// SPDX-License-Identifier: EUPL-1.2
// One line an event, key=value or JSON, on standard error. Values are ids, counts and codes: no
// personal data and no secrets are ever given to it.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace huiyin::log {

using Pairs = std::initializer_list<std::pair<std::string_view, std::string>>;

enum class Form { kText, kJson };
enum class Level { kInfo, kWarn, kError };
// From any thread; what is below the level is not written.
void SetForm(Form form);
void SetLevel(Level level);

void Info(std::string_view event, Pairs pairs = {});
void Warn(std::string_view event, Pairs pairs = {});
void Error(std::string_view event, Pairs pairs = {});

}  // namespace huiyin::log
