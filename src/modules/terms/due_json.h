// SPDX-License-Identifier: EUPL-1.2
// A working as JSON text: as the API gives it, and as the command line prints it.
#pragma once

#include <string>

#include "modules/terms/due.h"

namespace huiyin::terms {

// The schema `Working` of api/openapi.yaml; JsonWriter takes it with RawField. It names
// the day the term started on among the skipped ones, and the rest days at the end of a
// term in calendar days as such.
[[nodiscard]] std::string WorkingJson(const Working& working);

// {"rule", "article", "from", "due", "due_local", "due_date", "working": {"sentence_zh",
// "sentence_en", "unit", "amount", "first_day", "counted": [dates], "skipped": [{"date",
// "why"}], ..., "calendar_unknown": [years]}}.
[[nodiscard]] std::string ExplanationJson(const Working& working);

}  // namespace huiyin::terms
