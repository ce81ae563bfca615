// SPDX-License-Identifier: EUPL-1.2
#include "demo/scale.h"

namespace huiyin::demo {
namespace {

constexpr int kAllTownships = 14;
constexpr double kHouseholdsPerShare = 20000;  // of the villages named in the words
constexpr double kMostVillages = 4;            // names for more there are not
constexpr int kFullTownshipsFrom = 12000;
constexpr double kHouseholdsATownship = 1000;
constexpr double kFullTownship = 1400;
constexpr int kAuditedDays = 15;

GroundSize GroundFor(int households) {
  if (households >= kFullTownshipsFrom) {
    // An officer of a large county has as many households as one of a small one.
    const double share = std::max(households / kHouseholdsPerShare, 1.0);
    return {kAllTownships, std::min(share, kMostVillages), share};
  }
  const int townships = std::clamp(static_cast<int>(households / kHouseholdsATownship), 2, kAllTownships);
  return {townships, std::clamp(households / (townships * kFullTownship), 0.1, 1.0)};
}

}  // namespace

Scale Scale::Of(int households, bool is_brief, Instant now) {
  Scale scale;
  scale.ground = GroundFor(households);
  if (households < kLargeCounty && !is_brief) return scale;
  // As many townships as the large one it is compared with, and as much work an officer.
  const double share = households / kHouseholdsPerShare;
  if (households < kFullTownshipsFrom) scale.ground = {kAllTownships, share, share};
  scale.visits_share = 0.25;
  scale.diary_sentences = 2;
  scale.request_length = 140;
  scale.keeps_workings = false;
  scale.audit_from = now - kAuditedDays * kDay;
  return scale;
}

}  // namespace huiyin::demo
