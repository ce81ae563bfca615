// SPDX-License-Identifier: EUPL-1.2
#include "http/request.h"

#include <gtest/gtest.h>

namespace huiyin::http {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

struct Good {
  std::string_view raw;
  std::string path;
  Pairs query;
};

TEST(ParseTarget, SplitsAndDecodesOnce) {
  const std::vector<Good> cases{
      {"/", "/", {}},
      {"/api/v1/matters", "/api/v1/matters", {}},
      {"/a%20b", "/a b", {}},
      {"/a+b", "/a+b", {}},
      {"/%E5%BC%A0", "/张", {}},
      {"/\xE5\xBC\xA0", "/张", {}},
      {"/%252e%252e/", "/%2e%2e/", {}},  // decoded once, and once only
      {"/a..b/...", "/a..b/...", {}},
      {"//x", "//x", {}},
      {"/?", "/", {}},
      {"/?a=1", "/", {{"a", "1"}}},
      {"/?a=1&a=2", "/", {{"a", "1"}, {"a", "2"}}},
      {"/?b&&=c&d=", "/", {{"b", ""}, {"", "c"}, {"d", ""}}},
      {"/?q=%E6%BC%8F%E6%B0%B4+%2B", "/", {{"q", "漏水 +"}}},
      {"/?a=b=c", "/", {{"a", "b=c"}}},
      {"/?text=a%0Ab", "/", {{"text", "a\nb"}}},
      {"/?path=../etc", "/", {{"path", "../etc"}}},  // a value, not a way
      {"/?a?b", "/", {{"a?b", ""}}},
      {"/%F0%9F%8C%BE", "/🌾", {}},
  };
  for (const auto& good : cases) {
    const auto target = ParseTarget(good.raw);
    ASSERT_TRUE(target) << good.raw;
    EXPECT_EQ(target->path, good.path) << good.raw;
    EXPECT_EQ(target->query, good.query) << good.raw;
  }
}

TEST(ParseTarget, RefusesWhatReadersCouldReadDifferently) {
  const std::vector<std::string_view> cases{
      "",
      "*",
      "a",
      "?a=1",
      "/%",
      "/%4",
      "/%zz",
      "/%-1",
      "/?a=%",
      "/?%G0=1",
      "/a%00b",
      "/?a=%00",
      "/..",
      "/../etc/passwd",
      "/a/../b",
      "/a/..",
      "/%2e%2e/etc",
      "/.%2E/etc",
      "/./a",
      "/a%2fb",
      "/a%2F..%2Fb",
      "/a%5cb",
      "/a\\b",
      "/a%0d%0aSet-Cookie:x",
      "/a%7f",
      "/a b",
      "/a#b",
      "/a\tb",
      std::string_view("/a\0b", 4),
      "/%C0%AF",        // overlong '/'
      "/%E0%80%AF",     // overlong '/'
      "/%ED%A0%80",     // a surrogate
      "/%F4%90%80%80",  // above U+10FFFF
      "/%E5%BC",        // cut short
      "/%80",
      "/\xff",
      "/?q=%FF",
      "/?q=%E5%BC%A0%E5",
  };
  for (const auto raw : cases)
    EXPECT_FALSE(ParseTarget(raw)) << raw;
}

TEST(Request, FindsTheFirstOfEach) {
  Request request;
  request.headers = {{"accept", "a"}, {"accept", "b"}};
  request.query = {{"state", "open"}, {"state", "late"}};
  EXPECT_EQ(request.Header("accept"), "a");
  EXPECT_FALSE(request.Header("Accept"));
  EXPECT_EQ(request.Query("state"), "open");
  EXPECT_FALSE(request.Query("stat"));
}

TEST(Request, ReadsTheRevisionOfIfMatch) {
  for (const char* text : {"12", "\"12\"", "W/\"12\"", " \"12\" "}) EXPECT_EQ(ParseRevision(text), 12) << text;
  for (const char* text : {"", "\"\"", "\"", "*", "x", "12x", "12, 13", "99999999999999999999"}) {
    EXPECT_FALSE(ParseRevision(text)) << text;
  }
}

TEST(Request, ReadsCookies) {
  Request request;
  request.headers = {
      {"cookie", "a=1; huiyin_session=token=; b"}, {"x", "y=1"}, {"cookie", " c = 3 ;; a=2"}};
  EXPECT_EQ(request.Cookie("a"), "1");
  EXPECT_EQ(request.Cookie("huiyin_session"), "token=");
  EXPECT_EQ(request.Cookie("c"), "3");
  EXPECT_FALSE(request.Cookie("b"));
  EXPECT_FALSE(request.Cookie("y"));
  EXPECT_FALSE(request.Cookie("session"));
}

}  // namespace
}  // namespace huiyin::http
