// SPDX-License-Identifier: EUPL-1.2
// Where unpredictable bytes come from. Passed in, so that a test or the demo county can
// be made twice the same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace huiyin {

class Random {
 public:
  virtual ~Random() = default;
  virtual void Fill(std::span<uint8_t> bytes) = 0;

  uint64_t Next();
  // Uniform in [0, bound). REQUIRES: bound > 0.
  uint64_t Below(uint64_t bound);
};

// The operating system's generator (libsodium); safe from any thread.
Random& SystemRandom();

// A repeatable stream for tests and synthetic data. Never for secrets.
class SeededRandom : public Random {
 public:
  explicit SeededRandom(uint64_t seed) : state_(seed) {}
  void Fill(std::span<uint8_t> bytes) override;

 private:
  uint64_t state_;
};

}  // namespace huiyin
