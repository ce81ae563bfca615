// SPDX-License-Identifier: EUPL-1.2
// Phones that keep an officer's households. Each officer on a phone is given a key that locks what the
// phone keeps, the server's public key for what it must not be able to read itself any more, and a
// token that sends that where nobody can sign in. All three are the same again whenever the same
// officer signs in on the same phone.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/envelope.h"
#include "platform/module.h"

namespace huiyin::sync {

inline constexpr std::string_view kDeviceHeader = "huiyin-device";
inline constexpr int kMostDevices = 10;  // of one officer, in use

struct Device {
  Uuid id;      // the row's: one officer on one phone
  Uuid device;  // the phone's own
  OfficerId officer;
  std::string name;
  std::string secret;  // sealed: see Secrets
  Instant made_at;
  Instant signed_at;  // when its officer last signed in on it
  Instant seen_at;    // to the minute
  std::optional<Instant> ended_at;
  std::optional<OfficerId> ended_by;
};

struct Secrets {
  Sha256Hash key{};      // wraps the phone's own
  Sha256Hash envelope{};  // opens what the phone closed for the server (core/envelope.h)
  Sha256Hash token{};
};
// Throws std::runtime_error when it does not open with the key of the encrypted fields.
Secrets SecretsOf(const Services& services, const Device& device);
// As the phone is given it.
std::string TokenText(const Secrets& secrets);

// When phones last asked: noted in memory by whoever reads, written by the next tick. Safe from any thread.
class DevicesSeen {
 public:
  void Note(County county, const Uuid& id, Instant now);
  void Write(Context& ctx);

 private:
  std::mutex mutex_;
  std::map<County, std::map<Uuid, Instant>> noted_;
};

// Of a request that names its phone: throws 403 "sync.device_ended" or "sync.device_unknown".
void RequireDevice(Context& ctx, DevicesSeen& seen);
// Of one that names its phone and has no session: throws 403 "sync.device_ended" or, when its officer
// may not sign in any more, "session.disabled"; nothing otherwise.
void TellStranger(Context& ctx);

void AddDeviceRoutes(std::vector<Route>& routes);

}  // namespace huiyin::sync
