// SPDX-License-Identifier: EUPL-1.2
#include "modules/identity/device.h"

#include <gtest/gtest.h>

namespace huiyin::identity {
namespace {

TEST(Device, IsToldInTwoWords) {
  const struct {
    const char* header;
    const char* device;
  } kCases[] = {
      {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36 Edg/120.0", "edge/windows"},
      {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36", "chrome/windows"},
      {"Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0", "firefox/linux"},
      {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1 Version/17.0 Mobile Safari/604.1", "safari/ios"},
      {"Mozilla/5.0 (Macintosh; Intel Mac OS X 13_0) AppleWebKit/605.1 Version/16.1 Safari/605.1", "safari/mac"},
      {"Mozilla/5.0 (Linux; Android 13; M2102) AppleWebKit/537.36 Chrome/107 Mobile Safari/537.36 MicroMessenger/8.0", "wechat/android"},
      {"Mozilla/5.0 (Phone; OpenHarmony 4.1) AppleWebKit/537.36 Chrome/114 Safari/537.36 ArkWeb/4.1", "chrome/harmony"},
      {"curl/7.88.1", "other/other"},
      {"", "other/other"},
      {"\xff\xfe<script>", "other/other"},
  };
  for (const auto& one : kCases) {
    EXPECT_EQ(DeviceText(DeviceOf(one.header)), one.device) << one.header;
    EXPECT_EQ(DeviceText(ReadDevice(one.device)), one.device);
  }
}

TEST(Device, WhatIsKeptIsReadBackAsKnownWordsOnly) {
  for (const char* text : {"", "edge", "/", "none/none", "edge windows"}) EXPECT_EQ(DeviceText(ReadDevice(text)), "other/other") << text;
}

}  // namespace
}  // namespace huiyin::identity
