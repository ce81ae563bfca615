// SPDX-License-Identifier: EUPL-1.2
// `huiyin terms list` and `huiyin terms explain RULE LOCAL-DATE[THH:MM] [--json]`: the
// rules and their working without a server, from the shipped tables. Each returns the exit
// code: 0, or 2 for input that cannot be used, with the reason in `err`.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "core/time.h"

namespace huiyin::terms {

struct CliSetting {
  std::filesystem::path data;  // the folder with terms/ and calendar/
  Zone zone;
  bool is_json = false;
};

int TermsList(const CliSetting& setting, std::string& out, std::string& err);

// A date without a time starts at 00:00.
int TermsExplain(const CliSetting& setting,
                 std::string_view rule_key,
                 std::string_view from,
                 std::string& out,
                 std::string& err);

}  // namespace huiyin::terms
