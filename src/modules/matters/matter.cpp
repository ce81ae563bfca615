// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/matter.h"

#include <algorithm>
#include <array>

#include "core/text.h"
#include "modules/matters/rules.h"

namespace huiyin::matters {
namespace {

constexpr std::array<std::string_view, kStateCount> kStates = {
    "received", "assigned", "answered", "settled", "review", "final_review", "concluded", "merged", "withdrawn"};
constexpr std::array<std::string_view, 7> kKinds = {"help",   "complaint", "suggestion", "question",
                                                    "report", "dispute",   "praise"};
constexpr std::array<std::string_view, 10> kChannels = {"visit", "counter", "phone",   "letter",     "mailbox",
                                                        "web",   "message", "meeting", "inspection", "reception"};
constexpr std::array<std::string_view, 6> kOutcomes = {"done",    "partly",     "explained",
                                                       "refused", "redirected", "withdrawn"};
constexpr size_t kTitleLength = 40;

}  // namespace

std::string_view StateName(State state) { return kStates[static_cast<size_t>(state)]; }

std::optional<State> ParseState(std::string_view name) {
  const auto found = std::find(kStates.begin(), kStates.end(), name);
  if (found == kStates.end()) return std::nullopt;
  return static_cast<State>(found - kStates.begin());
}

std::span<const std::string_view> Kinds() { return kKinds; }
std::span<const std::string_view> Channels() { return kChannels; }
std::span<const std::string_view> Outcomes() { return kOutcomes; }

void Matter::Keep() { kept = {subject, area, owner_unit, due_at, reopened, bounces, stuck, IsOpen(state), category, was_late}; }

std::string Matter::Title() const {
  if (!subject.empty()) return subject;
  const std::string_view line = std::string_view(text).substr(0, text.find('\n'));
  const std::string_view start = FirstCharacters(line, kTitleLength);
  return start.size() < line.size() ? std::string(start) + "…" : std::string(start);
}

}  // namespace huiyin::matters
