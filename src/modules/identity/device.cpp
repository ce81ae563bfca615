// SPDX-License-Identifier: EUPL-1.2
#include "modules/identity/device.h"

#include <array>
#include <span>

namespace huiyin::identity {
namespace {

struct Sign {
  std::string_view in_header;
  std::string_view name;
};
// Nearly every browser says that it is Chrome and Safari too, so the particular ones come first.
constexpr std::array<Sign, 15> kBrowsers = {{{"MicroMessenger", "wechat"}, {"DingTalk", "dingtalk"}, {"Edg", "edge"},
                                             {"QQBrowser", "qq"}, {"UCBrowser", "uc"}, {"UBrowser", "uc"}, {"OPR/", "opera"},
                                             {"Opera", "opera"}, {"FxiOS", "firefox"}, {"Firefox", "firefox"}, {"CriOS", "chrome"},
                                             {"Chromium", "chrome"}, {"HeadlessChrome", "chrome"}, {"Chrome", "chrome"},
                                             {"Safari", "safari"}}};
constexpr std::array<Sign, 9> kSystems = {{{"OpenHarmony", "harmony"}, {"HarmonyOS", "harmony"}, {"Android", "android"},
                                           {"iPhone", "ios"}, {"iPad", "ios"}, {"Windows", "windows"}, {"Mac OS X", "mac"},
                                           {"CrOS", "linux"}, {"Linux", "linux"}}};

std::string_view Find(std::span<const Sign> signs, std::string_view header) {
  for (const Sign& sign : signs) {
    if (header.find(sign.in_header) != std::string_view::npos) return sign.name;
  }
  return "other";
}

std::string_view Known(std::span<const Sign> signs, std::string_view name) {
  for (const Sign& sign : signs) {
    if (sign.name == name) return sign.name;
  }
  return "other";
}

}  // namespace

Device DeviceOf(std::string_view user_agent) {
  return {std::string(Find(kBrowsers, user_agent)), std::string(Find(kSystems, user_agent))};
}

std::string DeviceText(const Device& device) { return device.browser + "/" + device.system; }

Device ReadDevice(std::string_view text) {
  const size_t slash = text.find('/');
  if (slash == std::string_view::npos) return {};
  return {std::string(Known(kBrowsers, text.substr(0, slash))), std::string(Known(kSystems, text.substr(slash + 1)))};
}

}  // namespace huiyin::identity
