// SPDX-License-Identifier: EUPL-1.2
#include "http/proxies.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace huiyin::http {
namespace {

std::string Client(const char* trusted, const char* peer, std::vector<std::string> forwarded) {
  Request request;
  for (std::string& value : forwarded) request.headers.emplace_back("x-forwarded-for", std::move(value));
  return Proxies::Read(trusted).ClientOf(peer, request);
}

TEST(Proxies, TheLastHopThatIsNotTrustedIsTheClient) {
  const struct {
    const char* what;
    const char* trusted;
    const char* peer;
    std::vector<std::string> forwarded;
    const char* client;
  } kCases[] = {
      {"a stranger's word does not count", "10.0.0.1", "192.0.2.7", {"198.51.100.1"}, "192.0.2.7"},
      {"a proxy's does", "10.0.0.1", "10.0.0.1", {"192.0.2.7"}, "192.0.2.7"},
      {"what the client said before the proxy does not", "10.0.0.1", "10.0.0.1", {"203.0.113.9, 192.0.2.7"}, "192.0.2.7"},
      {"two proxies in a row", "10.0.0.0/8", "10.0.0.1", {"203.0.113.9, 192.0.2.7, 10.9.9.9"}, "192.0.2.7"},
      {"in two headers", "10.0.0.0/8", "10.0.0.1", {"192.0.2.7", "10.9.9.9"}, "192.0.2.7"},
      {"no header: the proxy itself", "10.0.0.1", "10.0.0.1", {}, "10.0.0.1"},
      {"a header of nothing", "10.0.0.1", "10.0.0.1", {""}, "10.0.0.1"},
      {"a word that is no address ends the walk", "10.0.0.0/8", "10.0.0.1", {"192.0.2.7, unknown, 10.9.9.9"}, "10.9.9.9"},
      {"with a port", "10.0.0.1", "10.0.0.1", {"192.0.2.7:4711"}, "192.0.2.7"},
      {"IPv6 with a port", "::1", "::1", {"[2001:DB8:0:0::7]:4711"}, "2001:db8::7"},
      {"IPv6 without", "::1", "::1", {"2001:db8::7"}, "2001:db8::7"},
      {"IPv4 within IPv6 is the same client", "::1", "::1", {"::ffff:192.0.2.7"}, "192.0.2.7"},
      {"everybody is trusted: the first", "0.0.0.0/0", "10.0.0.1", {"192.0.2.7, 192.0.2.8"}, "192.0.2.7"},
  };
  for (const auto& one : kCases) EXPECT_EQ(Client(one.trusted, one.peer, one.forwarded), one.client) << one.what;
}

TEST(Proxies, RangesAreReadToTheBit) {
  const Proxies proxies = Proxies::Read("192.0.2.128/25, 2001:db8:8000::/33,10.0.0.1");
  for (const char* in : {"192.0.2.128", "192.0.2.255", "2001:db8:8000::1", "2001:db8:ffff::", "10.0.0.1"}) EXPECT_TRUE(proxies.Trusts(in)) << in;
  for (const char* out : {"192.0.2.127", "192.0.3.128", "2001:db8:7fff::", "10.0.0.2", "::1", "", "nobody"}) EXPECT_FALSE(proxies.Trusts(out)) << out;
}

TEST(Proxies, AWrongListIsNamed) {
  for (const char* text : {"", "proxy.example", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "::/129", "10.0.0.1,,10.0.0.2", "10.0.0.1 10.0.0.2"}) {
    EXPECT_THROW(Proxies::Read(text), std::invalid_argument) << text;
  }
}

}  // namespace
}  // namespace huiyin::http
