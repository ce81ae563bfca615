// SPDX-License-Identifier: EUPL-1.2
#include "modules/sync/store_devices.h"

namespace huiyin::sync {
namespace {

#define HUIYIN_DEVICE "SELECT id, device_id, officer_id, name, secret_sealed, made_at, signed_at, seen_at, ended_at, ended_by FROM devices"

constexpr db::Sql kFind{"sync.find_device", HUIYIN_DEVICE " WHERE county = $1 AND device_id = $2 AND officer_id = $3"};
constexpr db::Sql kFindRow{"sync.find_device_row", HUIYIN_DEVICE " WHERE county = $1 AND id = $2"};
constexpr db::Sql kOn{"sync.devices_on", HUIYIN_DEVICE " WHERE county = $1 AND device_id = $2 ORDER BY signed_at DESC, id"};
constexpr db::Sql kOf{"sync.devices_of", HUIYIN_DEVICE R"sql(
   WHERE county = $1 AND officer_id = $2 AND id < $3 ORDER BY id DESC LIMIT $4
)sql"};
constexpr db::Sql kCountInUse{"sync.count_devices_in_use", R"sql(
  SELECT COUNT(*) FROM devices WHERE county = $1 AND officer_id = $2 AND ended_at IS NULL
)sql"};
constexpr db::Sql kInsert{"sync.insert_device", R"sql(
  INSERT INTO devices (county, id, device_id, officer_id, name, secret_sealed, made_at, signed_at, seen_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $7)
)sql"};
constexpr db::Sql kSignedIn{"sync.device_signed_in", R"sql(
  UPDATE devices SET name = $3, signed_at = $4, seen_at = $4 WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kSeen{"sync.device_seen", "UPDATE devices SET seen_at = $3 WHERE county = $1 AND id = $2 AND seen_at < $3"};
constexpr db::Sql kEnd{"sync.end_device", R"sql(
  UPDATE devices SET ended_at = $3, ended_by = $4 WHERE county = $1 AND id = $2 AND ended_at IS NULL
)sql"};

#undef HUIYIN_DEVICE

Device Read(const db::Row& row) {
  return {.id = row.Key(0), .device = row.Key(1), .officer = row.Ref<OfficerId>(2), .name = row.Text(3), .secret = row.Text(4),
          .made_at = row.At(5), .signed_at = row.At(6), .seen_at = row.At(7), .ended_at = row.OptAt(8), .ended_by = row.OptRef<OfficerId>(9)};
}

}  // namespace

std::optional<Device> FindDevice(db::Tx& tx, County county, const Uuid& device, const OfficerId& officer) {
  return tx.One(kFind, Read, county, device, officer);
}

std::optional<Device> FindDeviceRow(db::Tx& tx, County county, const Uuid& id) { return tx.One(kFindRow, Read, county, id); }

std::vector<Device> DevicesOn(db::Tx& tx, County county, const Uuid& device) { return tx.All(kOn, Read, county, device); }

std::vector<Device> DevicesOf(db::Tx& tx, County county, const OfficerId& officer, const std::optional<Uuid>& before, int limit) {
  Uuid newest;
  newest.bytes.fill(0xff);
  return tx.All(kOf, Read, county, officer, before.value_or(newest), limit);
}

int64_t CountInUse(db::Tx& tx, County county, const OfficerId& officer) { return tx.Number(kCountInUse, county, officer); }

void InsertDevice(db::Tx& tx, County county, const Device& device) {
  tx.Run(kInsert, county, device.id, device.device, device.officer, device.name, db::Blob{device.secret}, device.made_at);
}

void SignedIn(db::Tx& tx, County county, const Uuid& id, std::string_view name, Instant now) { tx.Run(kSignedIn, county, id, name, now); }

void Seen(db::Tx& tx, County county, const Uuid& id, Instant at) { tx.Run(kSeen, county, id, at); }

void EndDevice(db::Tx& tx, County county, const Uuid& id, Instant now, const OfficerId& by) { tx.Run(kEnd, county, id, now, by); }

}  // namespace huiyin::sync
