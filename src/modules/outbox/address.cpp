// SPDX-License-Identifier: EUPL-1.2
#include "modules/outbox/address.h"

#include <fstream>
#include <stdexcept>

#include "modules/outbox/carrier.h"

namespace huiyin::outbox {
namespace {

bool IsPlain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

bool IsPort(std::string_view text) {
  int port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port > 0 && port < 65536;
}

}  // namespace

Address ReadAddress(std::string_view url, const std::map<std::string, std::string, std::less<>>& schemes) {
  const auto wrong = [&](std::string_view what) -> std::runtime_error {
    return std::runtime_error(fmt::format("{}: {}", url, what));
  };
  const size_t colon = url.find("://");
  const auto scheme = colon == std::string_view::npos ? schemes.end() : schemes.find(url.substr(0, colon));
  if (scheme == schemes.end()) {
    std::string known;
    for (const auto& [name, port] : schemes) known += (known.empty() ? "" : ", ") + name + "://";
    throw wrong("begins with none of " + known);
  }
  std::string_view rest = url.substr(colon + 3);
  if (!IsPlain(rest)) throw wrong("holds blanks or other characters that an address cannot");
  if (rest.find('@') != std::string_view::npos) throw std::runtime_error("an address holds no user or password; they are read from files");
  Address address{.scheme = scheme->first, .port = scheme->second};
  const size_t slash = rest.find('/');
  if (slash != std::string_view::npos) address.path = rest.substr(slash);
  rest = rest.substr(0, slash);
  const size_t bracket = rest.starts_with('[') ? rest.find(']') : 0;
  const size_t port = rest.find(':', bracket == std::string_view::npos ? 0 : bracket);
  address.host = rest.substr(0, port);
  if (address.host.starts_with('[') && address.host.ends_with(']')) address.host = address.host.substr(1, address.host.size() - 2);
  if (address.host.empty()) throw wrong("names no host");
  if (port != std::string_view::npos) address.port = rest.substr(port + 1);
  if (!IsPort(address.port)) throw wrong("the port is no number from 1 to 65535");
  return address;
}

std::string ReadSecret(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string line;
  if (!in || !std::getline(in, line)) throw std::runtime_error(file.string() + ": cannot be read or is empty");
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
  // Never the secret itself in the message.
  if (line.empty() || !IsPlain(line)) throw std::runtime_error(file.string() + ": holds no secret in its first line");
  return line;
}

}  // namespace huiyin::outbox
