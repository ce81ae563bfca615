// SPDX-License-Identifier: EUPL-1.2
#include "core/random.h"

#include <sodium.h>

#include <cstring>

namespace huiyin {
namespace {

class OperatingSystemRandom : public Random {
 public:
  void Fill(std::span<uint8_t> bytes) override { randombytes_buf(bytes.data(), bytes.size()); }
};

// SplitMix64: short, and its sequence is the same on every machine.
uint64_t SplitMix(uint64_t& state) {
  state += 0x9E3779B97F4A7C15ull;
  uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  return z ^ (z >> 31);
}

}  // namespace

uint64_t Random::Next() {
  uint64_t value = 0;
  Fill({reinterpret_cast<uint8_t*>(&value), sizeof value});
  return value;
}

uint64_t Random::Below(uint64_t bound) {
  // Values in the last, incomplete run of `bound` are drawn again, so none is favoured.
  const uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
  uint64_t value = Next();
  while (value >= limit) value = Next();
  return value % bound;
}

Random& SystemRandom() {
  static OperatingSystemRandom random;
  return random;
}

void SeededRandom::Fill(std::span<uint8_t> bytes) {
  for (size_t i = 0; i < bytes.size(); i += 8) {
    const uint64_t value = SplitMix(state_);
    std::memcpy(bytes.data() + i, &value, std::min<size_t>(8, bytes.size() - i));
  }
}

}  // namespace huiyin
