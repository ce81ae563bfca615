// SPDX-License-Identifier: EUPL-1.2
// The other half of the floor: nginx, which does nothing but hand out bytes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "bench/child.h"

namespace huiyin::bench {

class Nginx {
 public:
  // One process with a configuration, a log and a file to serve of its own in `folder`, on
  // a free port of the loopback. Throws std::runtime_error when it does not come up.
  explicit Nginx(const std::filesystem::path& folder);

  // Makes the file as long as that and returns the processor time of one request for it, in
  // microseconds, over `seconds` of `connections`.
  double CpuPerRequest(size_t bytes, int connections, double seconds);

 private:
  std::filesystem::path folder_;
  uint16_t port_ = 0;
  std::unique_ptr<Child> child_;
};

}  // namespace huiyin::bench
