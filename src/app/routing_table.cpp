// SPDX-License-Identifier: EUPL-1.2
#include "app/routing_table.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>

#include "core/text.h"
#include "db/postgres.h"

namespace huiyin::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kReplica = "replica=";

bool IsHostName(std::string_view text) {
  return !text.empty() && text.size() <= 253 && text.front() != '.' && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
}

}  // namespace

RoutingTable RoutingTable::OneFolder(const fs::path& dir) {
  RoutingTable table;
  table.folders.push_back(dir);
  return table;
}

RoutingTable RoutingTable::Parse(std::string_view text, const fs::path& beside) {
  RoutingTable table;
  std::istringstream lines{std::string(text)};
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    const auto refuse = [&](std::string_view what) { throw std::runtime_error(fmt::format("line {}: {}", number, what)); };
    std::istringstream words(line.substr(0, line.find('#')));
    std::string code;
    if (!(words >> code)) continue;
    const auto county = ParseCounty(code);
    if (!county) refuse(code + " is not a county's code: six digits");
    std::string folder;
    if (!(words >> folder)) refuse("there is no data folder after " + code);
    const fs::path dir = (beside / folder).lexically_normal();
    const auto known = std::find(table.folders.begin(), table.folders.end(), dir);
    const size_t place = static_cast<size_t>(known - table.folders.begin());
    if (known == table.folders.end()) table.folders.push_back(dir);
    if (!table.places.emplace(*county, place).second) refuse(code + " is in the table twice");
    for (std::string host; words >> host;) {
      if (host.starts_with(kReplica)) {
        const std::string url = host.substr(kReplica.size());
        // Not repeated: there may be a password in it.
        if (!db::IsPostgresUrl(url)) refuse("a replica is named replica=postgres://...");
        auto& urls = table.replicas[dir];
        if (std::find(urls.begin(), urls.end(), url) == urls.end()) urls.push_back(url);
        continue;
      }
      if (db::IsPostgresUrl(host)) refuse("a replica is named replica=postgres://...");
      host = LowerAscii(host);
      if (!IsHostName(host)) refuse(host + " is not a host's name");
      if (!table.hosts.emplace(host, *county).second) refuse(host + " is in the table twice");
    }
  }
  if (table.places.empty()) throw std::runtime_error("no line names a county");
  return table;
}

RoutingTable RoutingTable::ReadFile(const fs::path& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error(file.string() + ": cannot be read");
  std::ostringstream text;
  text << in.rdbuf();
  try {
    return Parse(text.str(), fs::absolute(file).parent_path());
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(file.string() + ": " + error.what());
  }
}

std::optional<size_t> RoutingTable::PlaceOf(County county) const {
  if (places.empty()) return 0;
  const auto found = places.find(county);
  return found == places.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace huiyin::app
