// SPDX-License-Identifier: EUPL-1.2
#include "core/crypto.h"

#include <gtest/gtest.h>

namespace huiyin {
namespace {

TEST(Base64Url, ReadsOnlyWhatItWouldWrite) {
  for (const char* plain : {"", "a", "ab", "abc", "\xff\xfe\xfd"}) EXPECT_EQ(FromBase64Url(Base64Url(plain)), plain);
  // A byte beyond ASCII, padding, the other alphabet, bits that mean nothing, a stray letter.
  for (const char* text : {"0192f3a4-7c1ecd87-ab-ef\xe3" "0123456789ab", "YQ==", "+/8A", "YR", "Y", "YW Jj"}) {
    EXPECT_FALSE(FromBase64Url(text)) << text;
  }
}

TEST(Seal, OpensOnlyWithItsKeyAndUnchanged) {
  const Sha256Hash key = Sha256("key");
  const std::string sealed = Seal("110101199003070000", key, SystemRandom());
  EXPECT_EQ(Unseal(sealed, key), "110101199003070000");
  EXPECT_FALSE(Unseal(sealed, Sha256("another")));
  for (size_t i = 0; i < sealed.size(); ++i) {
    std::string wrong = sealed;
    wrong[i] = static_cast<char>(wrong[i] ^ 1);
    EXPECT_FALSE(Unseal(wrong, key)) << i;
    EXPECT_FALSE(Unseal(sealed.substr(0, i), key)) << i;
  }
}

}  // namespace
}  // namespace huiyin
