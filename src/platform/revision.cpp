// SPDX-License-Identifier: EUPL-1.2
#include "platform/revision.h"

namespace huiyin {
namespace {

constexpr db::Sql kLatestEvents{"platform.latest_events", R"sql(
  SELECT e.at, e.data, o.name FROM events e
    LEFT JOIN officers o ON o.county = e.county AND o.id = e.actor_id
   WHERE e.county = $1 AND e.resource_id = $2 ORDER BY e.id DESC LIMIT 200
)sql"};

}  // namespace

void RequireRevision(const Context& ctx, const Uuid& id, int64_t current) {
  const int64_t seen = ctx.IfMatch();
  if (seen == current) return;
  Problem stale(412, "stale_revision");
  stale.extra["revision"] = current;
  json::array changes;
  std::set<std::string, std::less<>> named;
  ctx.tx.Rows(kLatestEvents, [&](const db::Row& row) {
    const json::value data = json::parse(row.View(1));
    const json::value* revision = data.as_object().if_contains("revision");
    const json::value* changed = data.as_object().if_contains("changes");
    if (revision == nullptr || changed == nullptr || !revision->is_int64()) return;
    if (revision->get_int64() <= seen || !changed->is_object()) return;
    for (const auto& field : changed->get_object()) {
      if (!named.insert(std::string(field.key())).second) continue;
      json::object change{{"field", field.key()}};
      if (!field.value().is_null()) change["value"] = field.value();
      if (!row.IsNull(2)) change["by"] = row.View(2);
      change["at"] = FormatInstant(row.At(0));
      changes.push_back(std::move(change));
    }
  }, ctx.county, id);
  stale.extra["changes"] = std::move(changes);
  throw stale;
}

json::object ChangeData(int64_t revision, json::object changes) {
  return {{"revision", revision}, {"changes", std::move(changes)}};
}

}  // namespace huiyin
