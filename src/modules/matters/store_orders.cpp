// SPDX-License-Identifier: EUPL-1.2
#include <cstring>

#include "modules/matters/orders.h"

#define HUIYIN_ORDER_COLUMNS                                                                        \
  "id, matter_id, is_protected, area_code, to_unit_id, by_unit_id, by_officer_id, level, text, "    \
  "rule_key, article, working, made_at, due_at, was_late, answered_at, answered_by, answer, "       \
  "ended_at, ending, decided_by, note, revision, content_hash "

namespace huiyin::matters {
namespace {

constexpr db::Sql kFind{"orders.find",
                        "SELECT " HUIYIN_ORDER_COLUMNS "FROM orders WHERE county = $1 AND id = $2"};
constexpr db::Sql kInsert{"orders.insert", R"sql(
  INSERT INTO orders (county, id, matter_id, is_protected, area_code, to_unit_id, by_unit_id, by_officer_id, level,
    text, rule_key, article, working, made_at, due_at, content_hash)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
)sql"};
constexpr db::Sql kSave{"orders.save", R"sql(
  UPDATE orders SET rule_key = $3, article = $4, working = $5, due_at = $6, was_late = $7, answered_at = $8,
    answered_by = $9, answer = $10, ended_at = $11, ending = $12, decided_by = $13, note = $14, revision = revision + 1
   WHERE county = $1 AND id = $2 AND revision = $15
)sql"};
constexpr db::Sql kOfMatter{"orders.of_matter", "SELECT " HUIYIN_ORDER_COLUMNS
                            "FROM orders WHERE county = $1 AND matter_id = $2 AND matter_id IS NOT NULL"
                            " ORDER BY made_at, id"};
#define HUIYIN_ORDERS_PAGE " AND ended_at IS NULL AND (due_at, id) > ($3, $4) ORDER BY due_at, id LIMIT $5"
constexpr db::Sql kTo{"orders.to_unit", "SELECT " HUIYIN_ORDER_COLUMNS
                      "FROM orders WHERE county = $1 AND to_unit_id = $2" HUIYIN_ORDERS_PAGE};
constexpr db::Sql kBy{"orders.by_unit", "SELECT " HUIYIN_ORDER_COLUMNS
                      "FROM orders WHERE county = $1 AND by_unit_id = $2" HUIYIN_ORDERS_PAGE};
constexpr db::Sql kInArea{"orders.in_area", "SELECT " HUIYIN_ORDER_COLUMNS
                          "FROM orders WHERE county = $1 AND area_code >= $2 AND area_code < $6 AND is_protected = 0"
                          HUIYIN_ORDERS_PAGE};

Order ReadOrder(const db::Row& row) {
  Order o;
  o.id = row.Ref<OrderId>(0);
  o.matter = row.OptRef<MatterId>(1);
  o.is_protected = row.Flag(2);
  o.area = row.Text(3);
  o.to_unit = row.Ref<UnitId>(4);
  o.by_unit = row.Ref<UnitId>(5);
  o.by_officer = row.OptRef<OfficerId>(6);
  o.level = row.Int(7);
  o.text = row.Text(8);
  o.rule = row.Text(9);
  o.article = row.Text(10);
  o.working = row.Text(11);
  o.made_at = row.At(12);
  o.due_at = row.At(13);
  o.was_late = row.Flag(14);
  o.answered_at = row.OptAt(15);
  o.answered_by = row.OptRef<OfficerId>(16);
  o.answer = row.Text(17);
  o.ended_at = row.OptAt(18);
  o.ending = row.Text(19);
  o.decided_by = row.OptRef<OfficerId>(20);
  o.note = row.Text(21);
  o.revision = row.Int(22);
  const std::string_view hash = row.View(23);
  std::memcpy(o.content_hash.data(), hash.data(), std::min(hash.size(), o.content_hash.size()));
  return o;
}

}  // namespace

std::string_view Order::State() const {
  if (ended_at) return ending;
  return answered_at ? "answered" : "open";
}

std::optional<Order> FindOrder(db::Tx& tx, County county, const OrderId& id) {
  return tx.One(kFind, ReadOrder, county, id);
}

void InsertOrder(db::Tx& tx, County county, const Order& o) {
  tx.Run(kInsert, county, o.id, o.matter, o.is_protected, o.area, o.to_unit, o.by_unit, o.by_officer, o.level, o.text,
         o.rule, o.article, o.working, o.made_at, o.due_at, db::Blob{AsView(o.content_hash)});
}

void SaveOrder(db::Tx& tx, County county, Order& o) {
  const int64_t changed = tx.Run(kSave, county, o.id, o.rule, o.article, o.working, o.due_at, o.was_late,
                                 o.answered_at, o.answered_by, o.answer, o.ended_at, o.ending, o.decided_by, o.note,
                                 o.revision);
  if (changed != 1) Conflict("conflict");
  ++o.revision;
}

std::vector<Order> OrdersOf(db::Tx& tx, County county, const MatterId& matter) {
  return tx.All(kOfMatter, ReadOrder, county, matter);
}

std::vector<Order> ListOrders(db::Tx& tx, County county, OrderSource source, std::span<const UnitId> units,
                              std::string_view area, const OrderPlace& after, int limit) {
  if (source == OrderSource::kArea) {
    return tx.All(kInArea, ReadOrder, county, area, after.due_at, after.id, limit, AreaEnd(area));
  }
  const db::Sql& sql = source == OrderSource::kTo ? kTo : kBy;
  std::vector<Order> orders;
  for (const UnitId& unit : units) {
    auto of_unit = tx.All(sql, ReadOrder, county, unit, after.due_at, after.id, limit);
    std::move(of_unit.begin(), of_unit.end(), std::back_inserter(orders));
  }
  std::sort(orders.begin(), orders.end(), [](const Order& a, const Order& b) {
    return std::pair(a.due_at.ms, Uuid(a.id)) < std::pair(b.due_at.ms, Uuid(b.id));
  });
  if (orders.size() > static_cast<size_t>(limit)) orders.resize(static_cast<size_t>(limit));
  return orders;
}

}  // namespace huiyin::matters
