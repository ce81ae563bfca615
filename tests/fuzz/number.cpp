// SPDX-License-Identifier: EUPL-1.2
// Receipts and card numbers, however somebody types them.
#include "core/random.h"
#include "core/text.h"
#include "modules/identity/identity.h"
#include "tests/fuzz/fuzz.h"

namespace huiyin::fuzz {

void Try(std::string_view input) {
  const auto number = identity::ReadNumber(input);
  if (number) {
    Expect(number->size() == 11, "a number is two groups and a check");
    Expect(identity::ReadNumber(*number) == number, "a number reads as itself");
    Expect(identity::ReadNumber(LowerAscii(*number)) == number, "small letters are the same number");
    // One wrong character is always noticed.
    for (size_t i = 0; i < number->size(); ++i) {
      std::string wrong = *number;
      if (wrong[i] == '-') continue;
      wrong[i] = wrong[i] == '7' ? '8' : '7';
      Expect(identity::ReadNumber(wrong) != number, "a slip of the hand is another number or none");
      Expect(!identity::ReadNumber(wrong), "a slip of the hand is noticed");
    }
  }
  (void)MaskNumber(input);
  (void)IsPhone(input);
}

}  // namespace huiyin::fuzz
