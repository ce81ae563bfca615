// SPDX-License-Identifier: EUPL-1.2
#include "demo/dice.h"

namespace huiyin::demo {

Dice Dice::For(uint64_t seed, std::string_view topic, uint64_t n) {
  // FNV-1a over the topic; SplitMix spreads whatever this leaves close together.
  uint64_t mixed = 14695981039346656037ull ^ seed;
  for (const char c : topic) mixed = (mixed ^ static_cast<uint8_t>(c)) * 1099511628211ull;
  Dice dice(mixed + n * 0xD1342543DE82EF95ull);
  dice.random_.Next();
  return dice;
}

int64_t Dice::Between(int64_t from, int64_t to) {
  if (to <= from) return from;
  // A county of words does not feel the bias of a remainder in 2^64.
  return from + static_cast<int64_t>(random_.Next() % static_cast<uint64_t>(to - from + 1));
}

double Dice::Real() { return static_cast<double>(random_.Next() >> 11) * 0x1.0p-53; }

}  // namespace huiyin::demo
