// SPDX-License-Identifier: EUPL-1.2
#include "modules/visits/store.h"

#include "db/many.h"

namespace huiyin::visits {
namespace {

constexpr db::Sql kFind{"visits.find", R"sql(
  SELECT id, household_id, officer_id, unit_id, at, met, diary, addenda, words, new_contact, reason,
         plan_id, revision, received_at
    FROM visits WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kContentHash{"visits.content_hash", R"sql(
  SELECT content_hash FROM visits WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kInsert{"visits.insert", R"sql(
  INSERT INTO visits (county, id, household_id, officer_id, unit_id, at, met, diary, new_contact, reason,
                      plan_id, revision, received_at, content_hash, words)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $12, $13, $14)
)sql"};
constexpr db::Sql kUpdate{"visits.update", R"sql(
  UPDATE visits SET met = $3, diary = $4, addenda = $5, words = $6, revision = $7
   WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kListTo{"visits.list_to", R"sql(
  SELECT id, household_id, officer_id, unit_id, at, met, diary, addenda, words, new_contact, reason,
         plan_id, revision, received_at
    FROM visits
   WHERE county = $1 AND household_id = $2 AND at >= $3 AND at < $4 AND (at, id) < ($5, $6)
     AND (officer_id = $7 OR $7 IS NULL)
   ORDER BY at DESC, id DESC LIMIT $8
)sql"};
constexpr db::Sql kListBy{"visits.list_by", R"sql(
  SELECT v.id, v.household_id, v.officer_id, v.unit_id, v.at, v.met, v.diary, v.addenda, v.words,
         v.new_contact, v.reason, v.plan_id, v.revision, v.received_at
    FROM visits v JOIN households h ON h.county = v.county AND h.id = v.household_id
   WHERE v.county = $1 AND v.officer_id = $2 AND v.at >= $3 AND v.at < $4 AND (v.at, v.id) < ($5, $6)
     AND h.area_code >= $7 AND h.area_code < $8
   ORDER BY v.at DESC, v.id DESC LIMIT $9
)sql"};
constexpr db::Sql kEvents{"visits.events", R"sql(
  SELECT data, actor_kind, actor_id, at FROM events
   WHERE county = $1 AND resource_id = $2 AND resource = 'visit' ORDER BY id
)sql"};

constexpr db::Sql kFindPromise{"visits.find_promise", R"sql(
  SELECT id, household_id, visit_id, officer_id, text, due_on, state, closed_at, closing_text, created_at
    FROM promises WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kInsertPromise{"visits.insert_promise", R"sql(
  INSERT INTO promises (county, id, household_id, visit_id, officer_id, text, due_on, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
)sql"};
constexpr db::Sql kClosePromise{"visits.close_promise", R"sql(
  UPDATE promises SET state = $3, closed_at = $4, closing_text = $5 WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kGivePromise{"visits.give_promise", R"sql(
  UPDATE promises SET officer_id = $3 WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kPromisesOfVisits{"visits.promises_of_visits",
  "SELECT id, household_id, visit_id, officer_id, text, due_on, state, closed_at, closing_text, created_at "
  "FROM promises WHERE county = $1 AND visit_id IN (" HUIYIN_MANY ") AND visit_id IS NOT NULL "
  "ORDER BY visit_id, due_on, id"};
constexpr db::Sql kPromisesTo{"visits.promises_to", R"sql(
  SELECT id, household_id, visit_id, officer_id, text, due_on, state, closed_at, closing_text, created_at
    FROM promises
   WHERE county = $1 AND household_id = $2 AND (state = $3 OR $3 IS NULL) AND (officer_id = $4 OR $4 IS NULL)
     AND (COALESCE(due_on, 9999999), id) > ($5, $6)
   ORDER BY COALESCE(due_on, 9999999), id LIMIT $7
)sql"};
constexpr db::Sql kPromisesBy{"visits.promises_by", R"sql(
  SELECT p.id, p.household_id, p.visit_id, p.officer_id, p.text, p.due_on, p.state, p.closed_at,
         p.closing_text, p.created_at
    FROM promises p JOIN households h ON h.county = p.county AND h.id = p.household_id
   WHERE p.county = $1 AND p.officer_id = $2 AND (p.state = $3 OR $3 IS NULL)
     AND (COALESCE(p.due_on, 9999999), p.id) > ($4, $5)
     AND h.area_code >= $6 AND h.area_code < $7
   ORDER BY COALESCE(p.due_on, 9999999), p.id LIMIT $8
)sql"};
constexpr db::Sql kOpenPromisesBy{"visits.open_promises_by", R"sql(
  SELECT id, household_id, visit_id, officer_id, text, due_on, state, closed_at, closing_text, created_at
    FROM promises WHERE county = $1 AND officer_id = $2 AND state = 'open' ORDER BY due_on, id
)sql"};
constexpr db::Sql kOpenCounts{"visits.open_counts",
  "SELECT household_id, COUNT(*), MIN(due_on) FROM promises "
  "WHERE county = $1 AND household_id IN (" HUIYIN_MANY ") AND state = 'open' GROUP BY household_id"};
constexpr int64_t kNoDueDay = 9999999;

std::string StoredContact(const std::optional<NewContact>& contact) {
  if (!contact) return "";
  json::object stored{{"phone", contact->phone}, {"place", contact->place}, {"from", contact->from}};
  if (contact->resident) stored["resident"] = FormatUuid(*contact->resident);
  return json::serialize(stored);
}

std::optional<NewContact> ReadContact(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const json::value stored = json::parse(text);
  const json::object& object = stored.as_object();
  NewContact contact{std::nullopt, std::string(object.at("phone").as_string()),
                     std::string(object.at("place").as_string()), std::string(object.at("from").as_string())};
  if (const auto* resident = object.if_contains("resident")) {
    contact.resident = ResidentId(*ParseUuid(resident->as_string()));
  }
  return contact;
}

Visit ReadVisit(const db::Row& row) {
  Visit visit;
  visit.id = row.Ref<VisitId>(0);
  visit.household = row.Ref<HouseholdId>(1);
  visit.officer = row.Ref<OfficerId>(2);
  visit.unit = row.Ref<UnitId>(3);
  visit.at = row.At(4);
  visit.met = row.Text(5);
  visit.diary = row.Text(6);
  visit.addenda = ReadNotes(row.View(7));
  visit.words = ReadNotes(row.View(8));
  visit.new_contact = ReadContact(row.View(9));
  visit.reason = row.Text(10);
  visit.plan = row.OptRef<VisitPlanId>(11);
  visit.revision = row.Int(12);
  visit.received_at = row.At(13);
  return visit;
}

Promise ReadPromise(const db::Row& row) {
  return {row.Ref<PromiseId>(0), row.Ref<HouseholdId>(1), row.OptRef<VisitId>(2), row.Ref<OfficerId>(3),
          row.Text(4), row.OptDay(5), row.Text(6), row.OptAt(7), row.Text(8), row.At(9)};
}

}  // namespace

std::optional<Visit> FindVisitById(db::Tx& tx, County county, const VisitId& id) {
  return tx.One(kFind, ReadVisit, county, id);
}

std::optional<Sha256Hash> ContentHashOf(db::Tx& tx, County county, const VisitId& id) {
  return tx.One(kContentHash, [](const db::Row& row) {
    Sha256Hash hash{};
    const std::string_view bytes = row.View(0);
    std::copy_n(bytes.begin(), std::min(bytes.size(), hash.size()), hash.begin());
    return hash;
  }, county, id);
}

void InsertVisit(db::Tx& tx, County county, const Visit& visit, const Sha256Hash& content) {
  tx.Run(kInsert, county, visit.id, visit.household, visit.officer, visit.unit, visit.at, visit.met, visit.diary,
         StoredContact(visit.new_contact), visit.reason, visit.plan, visit.received_at, db::Blob{AsView(content)},
         WriteNotes(visit.words));
}

void UpdateVisit(db::Tx& tx, County county, const Visit& visit) {
  tx.Run(kUpdate, county, visit.id, visit.met, visit.diary, WriteNotes(visit.addenda), WriteNotes(visit.words),
         visit.revision);
}

std::vector<Visit> ListVisitsTo(db::Tx& tx, County county, const HouseholdId& household, const Window& window) {
  return tx.All(kListTo, ReadVisit, county, household, window.from, window.until, window.after.number,
                window.after.id, window.officer, window.page);
}

std::vector<Visit> ListVisitsBy(db::Tx& tx, County county, const OfficerId& officer, const Window& window,
                                const Reach& reach) {
  return tx.All(kListBy, ReadVisit, county, officer, window.from, window.until, window.after.number,
                window.after.id, reach.from, reach.end, window.page);
}

std::vector<VisitEvent> EventsSince(db::Tx& tx, County county, const VisitId& id, int64_t revision) {
  std::vector<VisitEvent> events;
  tx.Rows(kEvents, [&](const db::Row& row) {
    const json::value data = json::parse(row.View(0));
    const json::object& object = data.as_object();
    const json::value* seen = object.if_contains("revision");
    const json::value* fields = object.if_contains("fields");
    if (seen == nullptr || fields == nullptr || seen->as_int64() <= revision) return;
    VisitEvent event{seen->as_int64(), {}, std::nullopt, row.At(3)};
    for (const json::value& field : fields->as_array()) event.fields.emplace_back(field.as_string());
    if (row.View(1) == "officer") event.by = row.OptRef<OfficerId>(2);
    events.push_back(std::move(event));
  }, county, id);
  return events;
}

std::optional<Promise> FindPromise(db::Tx& tx, County county, const PromiseId& id) {
  return tx.One(kFindPromise, ReadPromise, county, id);
}

void InsertPromise(db::Tx& tx, County county, const Promise& promise) {
  tx.Run(kInsertPromise, county, promise.id, promise.household, promise.visit, promise.officer, promise.text,
         promise.due, promise.created_at);
}

void ClosePromise(db::Tx& tx, County county, const Promise& promise) {
  tx.Run(kClosePromise, county, promise.id, promise.state, promise.closed_at, promise.closing_text);
}

void GivePromise(db::Tx& tx, County county, const PromiseId& id, const OfficerId& to) {
  tx.Run(kGivePromise, county, id, to);
}

std::map<Uuid, std::vector<Promise>> PromisesOfVisits(db::Tx& tx, County county, std::span<const VisitId> visits) {
  std::map<Uuid, std::vector<Promise>> promises;
  db::RowsOfMany(tx, kPromisesOfVisits, county, visits, [&](const db::Row& row) {
    Promise promise = ReadPromise(row);
    promises[*promise.visit].push_back(std::move(promise));
  });
  return promises;
}

std::vector<Promise> ListPromisesTo(db::Tx& tx, County county, const HouseholdId& household,
                                    std::optional<std::string> state, const Window& window) {
  return tx.All(kPromisesTo, ReadPromise, county, household, state, window.officer, window.after.number,
                window.after.id, window.page);
}

std::vector<Promise> ListPromisesBy(db::Tx& tx, County county, const OfficerId& officer,
                                    std::optional<std::string> state, const Window& window, const Reach& reach) {
  return tx.All(kPromisesBy, ReadPromise, county, officer, state, window.after.number, window.after.id,
                reach.from, reach.end, window.page);
}

int64_t DueNumber(const Promise& promise) { return promise.due ? promise.due->days : kNoDueDay; }

std::vector<Promise> OpenPromisesBy(db::Tx& tx, County county, const OfficerId& officer) {
  return tx.All(kOpenPromisesBy, ReadPromise, county, officer);
}

std::vector<OpenCount> CountOpenPromises(db::Tx& tx, County county, std::span<const HouseholdId> households) {
  std::vector<OpenCount> counts;
  db::RowsOfMany(tx, kOpenCounts, county, households, [&](const db::Row& row) {
    counts.push_back({row.Ref<HouseholdId>(0), row.Int(1), row.OptDay(2)});
  });
  return counts;
}

}  // namespace huiyin::visits
