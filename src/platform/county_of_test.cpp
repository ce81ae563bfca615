// SPDX-License-Identifier: EUPL-1.2
#include "platform/county_of.h"

#include <gtest/gtest.h>

#include "core/problem.h"

namespace huiyin {
namespace {

struct Case {
  std::string what;
  std::string path;
  std::vector<std::pair<std::string, std::string>> headers;
  int32_t county;  // 0: nothing says one
};

TEST(CountyOf, TheFirstThatSaysOne) {
  const std::string token = "990102.abcdefghijkl";
  const std::string id = "990103-0192f3a4-7c1e-7abc-8def-0123456789ab";
  const Case cases[] = {
      {"nothing", "/api/v1/areas", {{"host", "huiyin.example.org"}}, 0},
      {"an address of numbers", "/api/v1/areas", {{"host", "127.0.0.1:8080"}}, 0},
      {"a host's first label", "/api/v1/areas", {{"host", "990104.example.org:8443"}}, 990104},
      {"a label of other digits", "/api/v1/areas", {{"host", "99010.example.org"}}, 0},
      {"six digits alone are no county's host", "/api/v1/areas", {{"host", "990104"}}, 0},
      {"an id in the path", "/api/v1/matters/" + id, {{"host", "990104.example.org"}}, 990103},
      {"an id further on", "/api/v1/matters/" + id + "/asks", {}, 990103},
      {"an id without its county", "/api/v1/matters/0192f3a4-7c1e-7abc-8def-0123456789ab", {}, 0},
      {"a session", "/api/v1/matters/" + id, {{"authorization", "Bearer " + token}}, 990102},
      {"a broken session", "/api/v1/matters", {{"authorization", "Bearer x"}}, 0},
      {"the header wins", "/api/v1/matters/" + id, {{"authorization", "Bearer " + token}, {"huiyin-county", "990101"}}, 990101},
  };
  for (const Case& c : cases) {
    http::Request request;
    request.path = c.path;
    request.headers = c.headers;
    EXPECT_EQ(CountyOf(request).value_or(County{}).code, c.county) << c.what;
  }
}

TEST(CountyOf, AHeaderThatNamesNoneIsRefused) {
  for (const std::string& text : {"", "99", "990101x", "099010", "永安"}) {
    http::Request request;
    request.path = "/api/v1/areas";
    request.headers = {{"huiyin-county", text}};
    try {
      CountyOf(request);
      FAIL() << text;
    } catch (const Problem& problem) {
      EXPECT_EQ(problem.status, 400);
      ASSERT_EQ(problem.errors.size(), 1u);
      EXPECT_EQ(problem.errors[0].field, "Huiyin-County");
    }
  }
}

}  // namespace
}  // namespace huiyin
