// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/held_counts.h"

#include <mutex>

#include "core/crypto.h"

namespace huiyin::matters {
namespace {

// The row of an edition: of no unit and no area, due before everything.
constexpr int64_t kEditionAt = -1;
constexpr size_t kMostHeld = 64;  // walls: a county's own and each of its townships'

constexpr db::Sql kRows{"matters.wall", R"sql(
  SELECT child_area, unit_id, due_at, value, reopened, bounced, bounced_twice, stuck, stuck_if_late
    FROM open_counts WHERE county = $1 AND wall_area = $2 AND due_at >= 0 ORDER BY child_area, unit_id, due_at
)sql"};
constexpr db::Sql kEdition{"matters.wall_edition", R"sql(
  SELECT value, reopened, bounced, bounced_twice FROM open_counts
   WHERE county = $1 AND wall_area = $2 AND child_area = '' AND unit_id = $3 AND due_at = $4
)sql"};
constexpr db::Sql kSetEdition{"matters.set_wall_edition", R"sql(
  INSERT INTO open_counts (county, wall_area, child_area, unit_id, due_at, value, reopened, bounced, bounced_twice, stuck,
    stuck_if_late)
  VALUES ($1, $2, '', $3, $4, $5, $6, $7, $8, 0, 0)
  ON CONFLICT (county, wall_area, child_area, unit_id, due_at) DO UPDATE SET
    value = excluded.value, reopened = excluded.reopened, bounced = excluded.bounced, bounced_twice = excluded.bounced_twice
)sql"};

using Edition = std::array<int64_t, 4>;

struct Cached {
  Edition edition;
  std::shared_ptr<const HeldCounts> counts;
};
std::mutex cache_mutex;
std::map<std::pair<County, AreaCode>, Cached> cache;

std::optional<Edition> EditionOf(db::Tx& tx, County county, const AreaCode& wall) {
  return tx.One(kEdition, [](const db::Row& row) { return Edition{row.Int(0), row.Int(1), row.Int(2), row.Int(3)}; },
                county, wall, db::Blob{""}, kEditionAt);
}

Edition Hashed(std::string_view text) {
  const Sha256Hash hash = Sha256(text);
  Edition edition{};
  static_assert(sizeof edition == sizeof hash);
  std::memcpy(edition.data(), hash.data(), sizeof edition);
  return edition;
}

std::shared_ptr<const HeldCounts> Read(db::Tx& tx, County county, const AreaCode& wall) {
  auto counts = std::make_shared<HeldCounts>();
  tx.Rows(kRows, [&](const db::Row& row) {
    const std::string_view child = row.View(0);
    const std::string_view unit = row.View(1);
    auto& parts = counts->parts;
    if (parts.empty() || parts.back().child != child || (child.empty() && parts.back().unit.View() != unit)) {
      parts.push_back({AreaCode(child), child.empty() ? row.Key(1) : Uuid{}, {}});
    }
    parts.back().dues.push_back({row.Int(2), row.Int(3), row.Int(4), row.Int(5), row.Int(6), row.Int(7), row.Int(8)});
  }, county, wall);
  return counts;
}

}  // namespace

OpenCounts CountedPart::At(Instant now, Instant soon_until) const {
  OpenCounts counts;
  for (const Due& due : dues) {
    if (due.at == 0) counts.answered += due.value;
    else counts.open += due.value;
    if (due.at > 0 && due.at < now.ms) counts.late += due.value;
    if (due.at >= now.ms && due.at <= soon_until.ms) counts.soon += due.value;
    counts.reopened += due.reopened;
    counts.bounced += due.bounced;
    counts.bounced_twice += due.bounced_twice;
    counts.stuck += due.stuck + (due.at < now.ms ? due.stuck_if_late : 0);
  }
  return counts;
}

std::shared_ptr<const HeldCounts> CountsOf(db::Tx& tx, County county, const AreaCode& wall) {
  const auto edition = EditionOf(tx, county, wall);
  // Nothing was counted since editions are kept.
  if (!edition) return Read(tx, county, wall);
  const std::pair key{county, wall};
  {
    const std::lock_guard lock(cache_mutex);
    const auto found = cache.find(key);
    if (found != cache.end() && found->second.edition == *edition) return found->second.counts;
  }
  auto counts = Read(tx, county, wall);
  const std::lock_guard lock(cache_mutex);
  if (cache.size() >= kMostHeld && !cache.contains(key)) cache.clear();
  cache[key] = {*edition, counts};
  return counts;
}

void ChangeEdition(db::Tx& tx, County county, const AreaCode& wall, std::string_view change) {
  std::string text;
  if (const auto before = EditionOf(tx, county, wall)) {
    for (const int64_t part : *before) text += fmt::format("{} ", part);
  } else {
    const auto counts = Read(tx, county, wall);
    for (const CountedPart& part : counts->parts) {
      text += fmt::format("{} {}\n", part.child, FormatUuid(part.unit));
      for (const CountedPart::Due& due : part.dues) {
        text += fmt::format("{} {} {} {} {} {} {}\n", due.at, due.value, due.reopened, due.bounced, due.bounced_twice, due.stuck,
                            due.stuck_if_late);
      }
    }
  }
  text += '\n';
  text += change;
  const Edition next = Hashed(text);
  tx.Run(kSetEdition, county, wall, db::Blob{""}, kEditionAt, next[0], next[1], next[2], next[3]);
}

}  // namespace huiyin::matters
