// SPDX-License-Identifier: EUPL-1.2
#include "http/proxies.h"

#include <arpa/inet.h>

#include <charconv>
#include <optional>
#include <stdexcept>

namespace huiyin::http {
namespace {

using Address = std::array<uint8_t, 16>;
constexpr int kMappedBits = 96;

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::optional<Address> ReadAddress(std::string_view text, bool* is_v4 = nullptr) {
  const std::string copy(text);  // inet_pton wants an end
  Address address{};
  in_addr v4{};
  if (is_v4 != nullptr) *is_v4 = false;
  if (inet_pton(AF_INET, copy.c_str(), &v4) == 1) {
    if (is_v4 != nullptr) *is_v4 = true;
    address[10] = address[11] = 0xff;
    const auto* bytes = reinterpret_cast<const uint8_t*>(&v4);
    std::copy_n(bytes, 4, address.begin() + 12);
    return address;
  }
  if (inet_pton(AF_INET6, copy.c_str(), address.data()) == 1) return address;
  return std::nullopt;
}

// "192.0.2.7", "192.0.2.7:4711", "2001:db8::1", "[2001:db8::1]:4711".
std::string_view WithoutPort(std::string_view hop) {
  if (hop.starts_with('[')) {
    const size_t end = hop.find(']');
    return end == std::string_view::npos ? hop : hop.substr(1, end - 1);
  }
  const size_t colon = hop.find(':');
  const bool has_port = colon != std::string_view::npos && hop.find(':', colon + 1) == std::string_view::npos;
  return has_port ? hop.substr(0, colon) : hop;
}

// As the edge writes a peer's address: one client has one name for its locks.
std::string Written(const Address& address) {
  char text[INET6_ADDRSTRLEN] = "";
  constexpr Address kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  const bool is_v4 = std::equal(address.begin(), address.begin() + 12, kMapped.begin());
  if (is_v4) inet_ntop(AF_INET, address.data() + 12, text, sizeof text);
  else inet_ntop(AF_INET6, address.data(), text, sizeof text);
  return text;
}

bool IsIn(const Address& address, const Address& range, int bits) {
  for (int i = 0; i < bits; ++i) {
    const int mask = 0x80 >> (i % 8);
    if (((address[static_cast<size_t>(i / 8)] ^ range[static_cast<size_t>(i / 8)]) & mask) != 0) return false;
  }
  return true;
}

}  // namespace

Proxies Proxies::Read(std::string_view text) {
  Proxies proxies;
  while (!text.empty()) {
    const size_t comma = std::min(text.find(','), text.size());
    const std::string_view part = Trimmed(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
    const size_t slash = part.find('/');
    bool is_v4 = false;
    const auto address = ReadAddress(part.substr(0, slash), &is_v4);
    const int most = is_v4 ? 32 : 128;
    int bits = most;
    bool is_right = address.has_value();
    if (is_right && slash != std::string_view::npos) {
      const std::string_view digits = part.substr(slash + 1);
      const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
      is_right = error == std::errc() && end == digits.data() + digits.size() && bits >= 0 && bits <= most;
    }
    if (!is_right) throw std::invalid_argument(std::string(part));
    proxies.ranges_.push_back({*address, is_v4 ? bits + kMappedBits : bits});
  }
  if (proxies.ranges_.empty()) throw std::invalid_argument("");
  return proxies;
}

bool Proxies::Trusts(std::string_view text) const {
  const auto address = ReadAddress(text);
  if (!address) return false;
  for (const Range& range : ranges_) {
    if (IsIn(*address, range.address, range.bits)) return true;
  }
  return false;
}

std::string Proxies::ClientOf(const std::string& peer, const Request& request) const {
  if (!Trusts(peer)) return peer;
  std::string said;  // of all such headers, in order
  for (const auto& [name, value] : request.headers) {
    if (name != "x-forwarded-for") continue;
    if (!said.empty()) said += ',';
    said += value;
  }
  std::string client = peer;
  for (std::string_view rest = said; !rest.empty();) {
    const size_t comma = rest.rfind(',');
    const std::string_view hop = Trimmed(comma == std::string_view::npos ? rest : rest.substr(comma + 1));
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(0, comma);
    const auto address = ReadAddress(WithoutPort(hop));
    if (!address) break;
    client = Written(*address);
    if (!Trusts(client)) break;
  }
  return client;
}

}  // namespace huiyin::http
