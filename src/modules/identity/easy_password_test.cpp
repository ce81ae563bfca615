// SPDX-License-Identifier: EUPL-1.2
#include "modules/identity/easy_password.h"

#include <gtest/gtest.h>

namespace huiyin::identity {
namespace {

TEST(EasyPassword, IsRefused) {
  for (const char* easy : {"wangfang2026", "1WangFang1", "password12", "P@ssw0rd2026", "Passw0rd!!", "huiyin2026", "回音回音2026", "qwerty12345",
                           "1234567890", "0987654321", "aaaaaaaaaa", "abcdefghij", "abcabcabcabc", "8888888888", "123456123456", "admin123456"}) {
    EXPECT_TRUE(IsEasyPassword(easy, "wangfang")) << easy;
  }
  // Any characters and any composition, as long as it is none of those.
  for (const char* fine : {"a long password", "another password", "correct horse battery", "门前大桥下游过一群鸭", "7k3m-9qxt-4pnz-8fhw",
                           "kzqxvbnwmr", "4071983526", "ADMINISTRATION of water", "          x y z"}) {
    EXPECT_FALSE(IsEasyPassword(fine, "wangfang")) << fine;
  }
  EXPECT_FALSE(IsEasyPassword("walking on water", "wa")) << "a login of two letters says nothing";
}

}  // namespace
}  // namespace huiyin::identity
