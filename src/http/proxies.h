// SPDX-License-Identifier: EUPL-1.2
// Behind a proxy every connection comes from the proxy, and wrong tries of anybody would lock
// everybody. A proxy says who asked in X-Forwarded-For; so could anybody else. Only the word of
// the addresses named here counts, and nobody's does unless named (decision 13).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "http/request.h"

namespace huiyin::http {

class Proxies {
 public:
  // "127.0.0.1", "10.0.0.0/8, 2001:db8::/32": throws std::invalid_argument with the part that is wrong.
  static Proxies Read(std::string_view text);

  bool IsEmpty() const { return ranges_.empty(); }
  bool Trusts(std::string_view address) const;
  // Where the request came from: `peer` itself unless it is trusted; else the last address of
  // X-Forwarded-For that no trusted proxy has. What stands before it was said by somebody who is
  // not trusted, and a word that is no address ends the walk.
  std::string ClientOf(const std::string& peer, const Request& request) const;

 private:
  struct Range {
    std::array<uint8_t, 16> address;  // IPv4 as ::ffff:a.b.c.d
    int bits = 0;
  };
  std::vector<Range> ranges_;
};

}  // namespace huiyin::http
