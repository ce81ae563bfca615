// SPDX-License-Identifier: EUPL-1.2
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  huiyin::fuzz::Try({reinterpret_cast<const char*>(bytes), size});
  return 0;
}
