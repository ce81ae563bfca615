// SPDX-License-Identifier: EUPL-1.2
#include "http/known.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace huiyin::http {
namespace {

std::string HeaderOf(const Response& response, std::string_view name) {
  const auto found = std::find_if(response.headers.begin(), response.headers.end(), [&](const auto& each) { return each.first == name; });
  return found == response.headers.end() ? "" : found->second;
}

Response Asked(std::string_view known, std::string body, int status = 200) {
  Request request;
  if (!known.empty()) request.headers.emplace_back("if-none-match", known);
  Response response{.status = status, .body = std::move(body)};
  LeaveOutKnown(request, response);
  return response;
}

TEST(Known, IsNotSentAgain) {
  const Response first = Asked("", "all units");
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.body, "all units");
  const std::string tag = HeaderOf(first, "ETag");
  ASSERT_TRUE(tag.starts_with("W/\"")) << tag;
  // Never from the asker's own store without asking.
  EXPECT_EQ(HeaderOf(first, "Cache-Control"), "private, no-cache");
  const Response again = Asked(tag, "all units");
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.body, "");
  EXPECT_EQ(HeaderOf(again, "ETag"), tag);
  EXPECT_EQ(Asked("\"x\", " + tag, "all units").status, 304);
}

TEST(Known, WhatChangedIsSent) {
  const std::string tag = HeaderOf(Asked("", "all units"), "ETag");
  EXPECT_EQ(Asked(tag, "all units and one").body, "all units and one");
  EXPECT_EQ(Asked("\"x\"", "all units").status, 200);
  EXPECT_EQ(Asked("nonsense", "all units").status, 200);
}

TEST(Known, ARefusalIsNotTagged) {
  const Response refused = Asked("*", "{}", 403);
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(HeaderOf(refused, "ETag"), "");
}

}  // namespace
}  // namespace huiyin::http
