// SPDX-License-Identifier: EUPL-1.2
#include "app/reseal.h"

#include <array>
#include <optional>
#include <vector>

#include "core/json.h"

namespace huiyin::app {
namespace {

constexpr std::array<SealedColumn, 6> kColumns = {{{"residents", "id_number_sealed", "id_number_hash"},
                                                   {"identities", "sealed", "household_mark"},
                                                   {"second_steps", "secret_sealed", ""},
                                                   {"set_aside", "content_sealed", ""},
                                                   {"devices", "secret_sealed", ""},
                                                   {"quarantine", "content_sealed", ""}}};

// A batch behind the last one, over all counties of the database.
constexpr db::Sql kResidents{"reseal.residents", R"sql(
  SELECT county, id, id_number_sealed FROM residents
   WHERE (county, id) > ($1, $2) AND id_number_sealed IS NOT NULL ORDER BY county, id LIMIT $3
)sql"};
constexpr db::Sql kPutResident{"reseal.put_resident", R"sql(
  UPDATE residents SET id_number_sealed = $3, id_number_hash = $4 WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kIdentities{"reseal.identities", R"sql(
  SELECT county, matter_id, sealed FROM identities WHERE (county, matter_id) > ($1, $2) ORDER BY county, matter_id LIMIT $3
)sql"};
constexpr db::Sql kPutIdentity{"reseal.put_identity", R"sql(
  UPDATE identities SET sealed = $3, household_mark = $4 WHERE county = $1 AND matter_id = $2
)sql"};
constexpr db::Sql kSecondSteps{"reseal.second_steps", R"sql(
  SELECT county, officer_id, secret_sealed FROM second_steps
   WHERE (county, officer_id) > ($1, $2) ORDER BY county, officer_id LIMIT $3
)sql"};
constexpr db::Sql kPutSecondStep{"reseal.put_second_step", R"sql(
  UPDATE second_steps SET secret_sealed = $3 WHERE county = $1 AND officer_id = $2
)sql"};

constexpr db::Sql kSetAside{"reseal.set_aside", R"sql(
  SELECT county, id, content_sealed FROM set_aside WHERE (county, id) > ($1, $2) ORDER BY county, id LIMIT $3
)sql"};
constexpr db::Sql kPutSetAside{"reseal.put_set_aside", R"sql(
  UPDATE set_aside SET content_sealed = $3 WHERE county = $1 AND id = $2
)sql"};

constexpr db::Sql kDevices{"reseal.devices", R"sql(
  SELECT county, id, secret_sealed FROM devices WHERE (county, id) > ($1, $2) ORDER BY county, id LIMIT $3
)sql"};
constexpr db::Sql kPutDevice{"reseal.put_device", R"sql(
  UPDATE devices SET secret_sealed = $3 WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kQuarantine{"reseal.quarantine", R"sql(
  SELECT county, id, content_sealed FROM quarantine WHERE (county, id) > ($1, $2) ORDER BY county, id LIMIT $3
)sql"};
constexpr db::Sql kPutQuarantined{"reseal.put_quarantined", R"sql(
  UPDATE quarantine SET content_sealed = $3 WHERE county = $1 AND id = $2
)sql"};

struct Keys {
  const Sha256Hash& from;
  const Sha256Hash& to;
  Random& random;
};

struct Kind {
  const db::Sql& read;
  // Writes what `plain` is under the new key, with the hash by which it is found.
  void (*put)(db::Tx& tx, const Keys& keys, County county, const Uuid& id, std::string_view plain);
};

void PutResident(db::Tx& tx, const Keys& keys, County county, const Uuid& id, std::string_view plain) {
  const std::string sealed = Seal(plain, keys.to, keys.random);
  const std::string hash = KeyedHash(plain, keys.to);
  tx.Run(kPutResident, county, id, db::Blob{sealed}, db::Blob{hash});
}

// The mark is of the household that the sealed text names (matters/identities.cpp).
void PutIdentity(db::Tx& tx, const Keys& keys, County county, const Uuid& id, std::string_view plain) {
  const json::value parsed = json::parse(plain);
  const json::value* household = parsed.as_object().if_contains("household");
  std::optional<std::string> mark;
  if (household != nullptr) mark = Hex(KeyedHash("household:" + std::string(household->as_string()), keys.to));
  const std::string sealed = Seal(plain, keys.to, keys.random);
  tx.Run(kPutIdentity, county, id, db::Blob{sealed}, mark);
}

// Of what is only sealed, and found by nothing that is in it.
template <const db::Sql& kPut>
void PutSealed(db::Tx& tx, const Keys& keys, County county, const Uuid& id, std::string_view plain) {
  const std::string sealed = Seal(plain, keys.to, keys.random);
  tx.Run(kPut, county, id, db::Blob{sealed});
}

constexpr std::array<Kind, kColumns.size()> kKinds = {
    {{kResidents, PutResident}, {kIdentities, PutIdentity}, {kSecondSteps, PutSealed<kPutSecondStep>}, {kSetAside, PutSealed<kPutSetAside>},
     {kDevices, PutSealed<kPutDevice>}, {kQuarantine, PutSealed<kPutQuarantined>}}};

struct Place {
  County county;
  Uuid id;
};

// One batch behind `place`; false when there was nothing more.
bool Batch(db::Tx& tx, const Kind& kind, const Keys& keys, int limit, Place& place, Resealed& done) {
  struct Value {
    Place place;
    std::string sealed;
  };
  std::vector<Value> values;
  tx.Rows(kind.read, [&](const db::Row& row) {
    values.push_back({{County{static_cast<int32_t>(row.Int(0))}, row.Key(1)}, row.Text(2)});
  }, place.county, place.id, limit);
  for (const Value& value : values) {
    place = value.place;
    ++done.seen;
    if (Unseal(value.sealed, keys.to)) continue;
    const auto plain = Unseal(value.sealed, keys.from);
    if (!plain) {
      ++done.unreadable;
      continue;
    }
    kind.put(tx, keys, place.county, place.id, *plain);
    ++done.changed;
  }
  return values.size() == static_cast<size_t>(limit);
}

}  // namespace

std::span<const SealedColumn> SealedColumns() { return kColumns; }

Resealed Reseal(db::Database& database, const Sha256Hash& from, const Sha256Hash& to, Random& random, int batch,
                const std::function<void(const Resealed&)>& told) {
  const Keys keys{from, to, random};
  Resealed done;
  for (const Kind& kind : kKinds) {
    Place place;
    for (bool has_more = true; has_more;) {
      // Counted anew if the engine has the batch done twice.
      const Place behind = place;
      const Resealed before = done;
      database.Write([&](db::Tx& tx) {
        place = behind;
        done = before;
        has_more = Batch(tx, kind, keys, batch, place, done);
      });
      if (told) told(done);
    }
  }
  return done;
}

}  // namespace huiyin::app
