// SPDX-License-Identifier: EUPL-1.2
// Where a carrier calls, as a person writes it.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace huiyin::outbox {

struct Address {
  std::string scheme;
  std::string host;
  std::string port;
  std::string path = "/";
};
// SCHEME://HOST[:PORT][/PATH] with one of the schemes and its own port. Throws
// std::runtime_error with what is wrong, also for a user or password in it: those are read
// from files.
Address ReadAddress(std::string_view url, const std::map<std::string, std::string, std::less<>>& schemes);

}  // namespace huiyin::outbox
