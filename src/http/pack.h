// SPDX-License-Identifier: EUPL-1.2
// Answers packed for the way: zstd where it is taken, else gzip.
//
// How long a packed answer is tells something of what is in it: whoever can put text into an answer,
// have it asked for again and again and see its length, can guess what stands beside their text.
// So it is packed only on routes that say so (Route::is_packed), whose answers hold no token, password
// or key, and only for whoever asks with a header that no page of somebody else's can send.
#pragma once

#include <string>
#include <string_view>

#include "core/text.h"
#include "http/request.h"

namespace huiyin::http {

// Calls `take` for each member of a comma-separated header.
template <class Take>
void ForEachMember(std::string_view list, Take take) {
  while (!list.empty()) {
    const size_t end = list.find(',');
    take(Trim(list.substr(0, end)));
    list = end == std::string_view::npos ? std::string_view{} : list.substr(end + 1);
  }
}

// "gzip", "gzip;q=0.5" or "*", but not with a weight of zero.
[[nodiscard]] bool Accepts(const Request& request, std::string_view coding);

// Empty when it cannot be packed. Level 6: level 9 is a percent smaller and takes three times as long.
[[nodiscard]] std::string Gzip(std::string_view bytes);
[[nodiscard]] std::string Zstd(std::string_view bytes, int level);

// Packs a good answer of some length, as its asker takes it. It says by itself that it depends on that.
void Pack(const Request& request, Response& response);

}  // namespace huiyin::http
