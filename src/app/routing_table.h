// SPDX-License-Identifier: EUPL-1.2
// Which county's records are in which database: one row in the small case, a file of lines
// for a province:
//
//   # county   data folder   further host names, and replicas of the folder's PostgreSQL
//   990101     west          yongan.example.org
//   990102     west
//   990201     /srv/east     replica=postgres://standby.example.org/huiyin
//
// A data folder is what every other command takes with --data: its records are in
// huiyin.db or, as its file `database` says, on a PostgreSQL. A relative one lies beside the
// table.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/id.h"

namespace huiyin::app {

struct RoutingTable {
  std::vector<std::filesystem::path> folders;  // one a database, each once, in the order of the lines
  std::map<County, size_t> places;             // county to its folder; empty: the only folder has every county
  std::map<std::string, County, std::less<>> hosts;  // in lower case, without port
  std::map<std::filesystem::path, std::vector<std::string>> replicas;  // of a folder, beside what its own file says

  static RoutingTable OneFolder(const std::filesystem::path& dir);
  // Throws std::runtime_error with the line and what is wrong in it.
  static RoutingTable Parse(std::string_view text, const std::filesystem::path& beside);
  static RoutingTable ReadFile(const std::filesystem::path& file);

  // Absent when no line has the county.
  std::optional<size_t> PlaceOf(County county) const;
};

}  // namespace huiyin::app
