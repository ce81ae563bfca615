// SPDX-License-Identifier: EUPL-1.2
// Orders (督办单): an instruction to a unit, on a matter or on the unit's work as such, with a
// term of its own. Given by a supervisor, or by the machine when a term was missed.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/crypto.h"
#include "modules/matters/ties.h"
#include "platform/module.h"

namespace huiyin::matters {

struct Order {
  OrderId id;
  std::optional<MatterId> matter;  // absent: on the unit as such
  bool is_protected = false;
  AreaCode area;  // of the matter, else of the unit
  UnitId to_unit;
  UnitId by_unit;
  std::optional<OfficerId> by_officer;  // absent: the machine
  int64_t level = 1;                    // how far up: 1 is the first office above
  std::string text;                     // empty when the machine gave it
  std::string rule;
  std::string article;
  std::string working;  // JSON as the API gives it
  Instant made_at;
  Instant due_at;
  bool was_late = false;
  std::optional<Instant> answered_at;
  std::optional<OfficerId> answered_by;  // absent: the matter itself was answered
  std::string answer;
  std::optional<Instant> ended_at;
  std::string ending;  // accepted, overtaken; empty while open
  std::optional<OfficerId> decided_by;
  std::string note;
  int64_t revision = 1;
  Sha256Hash content_hash{};

  // open, answered, accepted, overtaken
  std::string_view State() const;
};

// --- Rows (store_orders.cpp)
std::optional<Order> FindOrder(db::Tx& tx, County county, const OrderId& id);
void InsertOrder(db::Tx& tx, County county, const Order& order);
void SaveOrder(db::Tx& tx, County county, Order& order);  // 409 when somebody was faster
std::vector<Order> OrdersOf(db::Tx& tx, County county, const MatterId& matter);
enum class OrderSource { kTo, kBy, kArea };
struct OrderPlace {
  Instant due_at;
  Uuid id;
};
// Open ones by due date after `after`: to one of the units, by one of them, or in an area
// without protected ones.
std::vector<Order> ListOrders(db::Tx& tx, County county, OrderSource source, std::span<const UnitId> units,
                              std::string_view area, const OrderPlace& after, int limit);

// --- Verbs (orders.cpp)

// The machine's order on a late matter to the unit that owns it.
Order OrderByMachine(Context& ctx, Matter& matter, const UnitId& by, int64_t level);
struct OrderInput {
  std::optional<OrderId> id;
  std::string text;
};
// A supervisor's, on a matter to its owner. Saves the matter.
Order OrderOnMatter(Context& ctx, Seen seen, const OrderInput& input);
// A supervisor's, on a unit.
Order OrderOnUnit(Context& ctx, const UnitId& to, const OrderInput& input);
void AnswerOrder(Context& ctx, Order& order, std::string_view text);
// Accepted, or not: then it is open again with a new term.
void DecideOrder(Context& ctx, Order& order, bool accepted, std::string_view note);
// The matter went to other hands or ended: its open orders are overtaken.
void OvertakeOrders(Context& ctx, Matter& matter);
// The matter was answered: the machine's orders are done, a supervisor's wait to be looked at.
void AnswerOrdersByAnswer(Context& ctx, Matter& matter);

std::vector<Route> OrderRoutes();
void WriteOrders(Context& ctx, JsonWriter& w, const MatterId& matter);

}  // namespace huiyin::matters
