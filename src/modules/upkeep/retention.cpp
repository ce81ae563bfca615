// SPDX-License-Identifier: EUPL-1.2
#include "modules/org/org.h"
#include "modules/upkeep/upkeep.h"

namespace huiyin::upkeep {
namespace {

constexpr int kFound = 1000;   // looked up at once
constexpr size_t kPiece = 50;  // erased in one transaction

// Sign-ins that went wrong: an address is nobody's business for long.
constexpr int64_t kAttemptsMs = 30 * kDay;
constexpr db::Sql kDropAttempts{"upkeep.drop_attempts", R"sql(
  DELETE FROM attempts WHERE county = $1 AND last_at < $2 AND locked_until < $2
)sql"};

int64_t EraseKind(const NightWork& work, const Retained& kind, Instant before) {
  int64_t erased = 0;
  for (Uuid first_seen;;) {
    std::vector<Uuid> ids;
    work.services.database.Read([&](db::Tx& tx) { ids = kind.find(tx, work.county, before, kFound); });
    // What was to be erased and is found again cannot be: the next night tells.
    if (ids.empty() || ids.front() == first_seen) return erased;
    first_seen = ids.front();
    for (size_t from = 0; from < ids.size(); from += kPiece) {
      const std::span<const Uuid> piece(ids.data() + from, std::min(kPiece, ids.size() - from));
      work.write([&](Context& ctx) {
        for (const Uuid& id : piece) kind.erase(ctx, id);
      });
      erased += static_cast<int64_t>(piece.size());
    }
  }
}

}  // namespace

std::vector<Erased> Preview(db::Tx& tx, County county, Instant now, const std::vector<Retained>& retained, int most) {
  std::vector<Erased> all;
  const org::CountySettings settings = org::Settings(tx, county);
  for (const Retained& kind : retained) {
    const auto days = settings.DaysKept(kind.kind);
    if (!days) continue;
    const auto found = kind.find(tx, county, now - *days * kDay, most);
    all.push_back({std::string(kind.kind), *days, static_cast<int64_t>(found.size())});
  }
  return all;
}

std::vector<Erased> Erase(const NightWork& work, const std::vector<Retained>& retained) {
  org::CountySettings settings;
  work.services.database.Read([&](db::Tx& tx) { settings = org::Settings(tx, work.county); });
  std::vector<Erased> all;
  for (const Retained& kind : retained) {
    const auto days = settings.DaysKept(kind.kind);
    if (!days) continue;
    all.push_back({std::string(kind.kind), *days, EraseKind(work, kind, work.now - *days * kDay)});
  }
  work.write([](Context& ctx) { ctx.tx.Run(kDropAttempts, ctx.county, ctx.now - kAttemptsMs); });
  return all;
}

}  // namespace huiyin::upkeep
