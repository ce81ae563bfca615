// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "modules/sync/devices.h"

namespace huiyin::sync {

std::optional<Device> FindDevice(db::Tx& tx, County county, const Uuid& device, const OfficerId& officer);
std::optional<Device> FindDeviceRow(db::Tx& tx, County county, const Uuid& id);
// Of everybody who signed in on the phone, who did so last first.
std::vector<Device> DevicesOn(db::Tx& tx, County county, const Uuid& device);
// An officer's, the newest first, older than the row `before`.
std::vector<Device> DevicesOf(db::Tx& tx, County county, const OfficerId& officer, const std::optional<Uuid>& before, int limit);
int64_t CountInUse(db::Tx& tx, County county, const OfficerId& officer);
void InsertDevice(db::Tx& tx, County county, const Device& device);
void SignedIn(db::Tx& tx, County county, const Uuid& id, std::string_view name, Instant now);
void Seen(db::Tx& tx, County county, const Uuid& id, Instant at);
void EndDevice(db::Tx& tx, County county, const Uuid& id, Instant now, const OfficerId& by);

}  // namespace huiyin::sync
