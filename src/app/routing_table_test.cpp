// SPDX-License-Identifier: EUPL-1.2
#include "app/routing_table.h"

#include <gtest/gtest.h>

namespace huiyin::app {
namespace {

TEST(RoutingTable, LinesBecomePlaces) {
  const auto table = RoutingTable::Parse(
      "# a province\n990101 west Yongan.Example.org yongan.test # the seat\n\n990102 west\n990201\t/srv/east\n", "/etc/huiyin");
  ASSERT_EQ(table.folders.size(), 2u);
  EXPECT_EQ(table.folders[0], "/etc/huiyin/west");
  EXPECT_EQ(table.folders[1], "/srv/east");
  EXPECT_EQ(table.PlaceOf(County{990101}), 0u);
  EXPECT_EQ(table.PlaceOf(County{990102}), 0u);
  EXPECT_EQ(table.PlaceOf(County{990201}), 1u);
  EXPECT_EQ(table.PlaceOf(County{990301}), std::nullopt);
  EXPECT_EQ(table.hosts.at("yongan.example.org"), County{990101});
  EXPECT_EQ(table.hosts.at("yongan.test"), County{990101});
}

TEST(RoutingTable, ReplicasBelongToTheFolder) {
  const auto table = RoutingTable::Parse(
      "990101 west replica=postgres://one/h west.test\n990102 west replica=postgres://two/h replica=postgres://one/h\n990201 east\n", "/srv");
  EXPECT_EQ(table.replicas.at("/srv/west"), (std::vector<std::string>{"postgres://one/h", "postgres://two/h"}));
  EXPECT_FALSE(table.replicas.contains("/srv/east"));
  EXPECT_EQ(table.hosts.at("west.test"), County{990101});
}

TEST(RoutingTable, NoRefusalRepeatsAnAddress) {
  for (const char* word : {"postgres://huiyin:geheim@one/h", "replica=one:geheim", "replica=mysql://huiyin:geheim@one/h"}) {
    try {
      RoutingTable::Parse(std::string("990101 west\n990102 west ") + word, "/");
      FAIL() << word;
    } catch (const std::runtime_error& error) {
      const std::string_view said = error.what();
      EXPECT_TRUE(said.starts_with("line 2: ")) << said;
      EXPECT_NE(said.find("replica=postgres://..."), std::string_view::npos) << said;
      EXPECT_EQ(said.find("geheim"), std::string_view::npos) << said;
    }
  }
}

TEST(RoutingTable, OneFolderHasEveryCounty) {
  const auto table = RoutingTable::OneFolder("/srv/one");
  EXPECT_EQ(table.PlaceOf(County{990101}), 0u);
  EXPECT_EQ(table.PlaceOf(County{110101}), 0u);
}

TEST(RoutingTable, WhatIsWrongIsNamedWithItsLine) {
  const struct {
    std::string_view text;
    std::string_view says;
  } cases[] = {
      {"", "no line names a county"},
      {"# nothing\n\n", "no line names a county"},
      {"990101 west\n99 east", "line 2: 99 is not a county's code"},
      {"\n990101", "line 2: there is no data folder after 990101"},
      {"990101 west\n990101 east", "line 2: 990101 is in the table twice"},
      {"990101 west a.test\n990102 east A.test", "line 2: a.test is in the table twice"},
      {"990101 west http://a.test", "line 1: http://a.test is not a host's name"},
  };
  for (const auto& c : cases) {
    try {
      RoutingTable::Parse(c.text, "/");
      FAIL() << c.says;
    } catch (const std::runtime_error& error) {
      EXPECT_EQ(std::string_view(error.what()).substr(0, c.says.size()), c.says);
    }
  }
}

}  // namespace
}  // namespace huiyin::app
