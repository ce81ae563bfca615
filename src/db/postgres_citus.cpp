// SPDX-License-Identifier: EUPL-1.2
#include "db/distribute.h"

#include "core/problem.h"

namespace huiyin::db {
namespace {

constexpr Sql kHasCitus{"db.has_citus", "SELECT 1 FROM pg_extension WHERE extname = 'citus'"};
constexpr Sql kDistributed{"db.distributed", R"sql(
  SELECT c.relname, p.partmethod FROM pg_dist_partition p JOIN pg_class c ON c.oid = p.logicalrelid ORDER BY c.relname
)sql"};

// In the order they were made, so that none refers to a later one. Whoever types a login, a card
// number or a receipt does not know the county (docs/decisions/0006): those directories lie by what
// is typed. What is small and asked for everywhere is on every node.
constexpr std::string_view kDistribute = R"sql(
  DO $distribute$
  DECLARE one RECORD;
  BEGIN
    FOR one IN SELECT c.relname, CAST(c.oid AS REGCLASS) AS id FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind = 'r' AND n.nspname = current_schema()
                  AND NOT EXISTS (SELECT 1 FROM pg_dist_partition p WHERE p.logicalrelid = c.oid)
                ORDER BY c.oid LOOP
      IF one.relname IN ('counties', 'schema_migrations') THEN
        PERFORM create_reference_table(one.id);
      ELSIF one.relname = 'logins' THEN
        PERFORM create_distributed_table(one.id, 'login', colocate_with => 'none');
      ELSIF one.relname = 'cards' THEN
        PERFORM create_distributed_table(one.id, 'card_number', colocate_with => 'none');
      ELSIF one.relname = 'receipts' THEN
        PERFORM create_distributed_table(one.id, 'receipt', colocate_with => 'none');
      ELSE
        PERFORM create_distributed_table(one.id, 'county');
      END IF;
    END LOOP;
  END $distribute$
)sql";

}  // namespace

bool IsDistributed(Tx& tx) { return tx.Any(kHasCitus) && tx.Any(kDistributed); }

Distribution Distribute(Database& database) {
  Distribution result;
  database.Write([&](Tx& tx) {
    if (!tx.Any(kHasCitus)) throw std::runtime_error("the Citus extension is not in this database (CREATE EXTENSION citus)");
    const auto count = [&] { return static_cast<int>(tx.All(kDistributed, [](const Row&) { return 0; }).size()); };
    const int before = count();
    tx.Script(kDistribute);
    tx.Rows(kDistributed, [&](const Row& row) { ++(row.View(1) == "n" ? result.everywhere : result.by_county); });
    result.added = result.everywhere + result.by_county - before;
  });
  return result;
}

}  // namespace huiyin::db
