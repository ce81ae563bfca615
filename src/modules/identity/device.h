// SPDX-License-Identifier: EUPL-1.2
// What kind of program opened a session, so that its owner knows it again: a browser and a
// system, never the whole line a browser sends, which tells one person from another.
#pragma once

#include <string>
#include <string_view>

namespace huiyin::identity {

struct Device {
  std::string browser = "other";  // wechat dingtalk edge qq uc opera firefox chrome safari other
  std::string system = "other";   // harmony android ios windows mac linux other
};
// From a User-Agent header, which may be anything at all.
Device DeviceOf(std::string_view user_agent);
// "edge/windows", as a session keeps it, and back; anything else is "other" twice.
std::string DeviceText(const Device& device);
Device ReadDevice(std::string_view text);

}  // namespace huiyin::identity
