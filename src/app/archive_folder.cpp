// SPDX-License-Identifier: EUPL-1.2
#include "app/archive_folder.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "app/backup_parts.h"
#include "core/crypto.h"
#include "core/json.h"
#include "platform/context.h"

namespace huiyin::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFormat = "huiyin-archive-1";

json::object ReadJson(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) throw std::runtime_error(file.string() + ": cannot be read");
  try {
    return ParseJsonObject(text.str());
  } catch (const std::exception&) {
    throw std::runtime_error(file.string() + ": damaged");
  }
}

std::optional<int> NumberIn(const std::string& name, std::string_view before) {
  if (!name.starts_with(before)) return std::nullopt;
  int number = 0;
  const char* end = name.data() + name.size();
  const auto [at, error] = std::from_chars(name.data() + before.size(), end, number);
  if (error != std::errc() || at != end) return std::nullopt;
  return number;
}

}  // namespace

ArchivedCounty CountyOf(const fs::path& folder) {
  if (!fs::exists(folder / "county.json")) throw std::runtime_error(folder.string() + ": is no archive of Huiyin");
  try {
    const json::object said = ReadJson(folder / "county.json");
    if (std::string_view(said.at("format").as_string()) != kFormat) {
      throw std::runtime_error(folder.string() + ": is of a form that this program does not know; use a newer one");
    }
    return {.county = ParseCounty(std::string_view(said.at("county").as_string())).value_or(County{}),
            .zone = Zone{static_cast<int32_t>(said.at("zone_minutes").as_int64())},
            .key_check = std::string(said.at("key_check").as_string())};
  } catch (const boost::system::system_error&) {
    throw std::runtime_error((folder / "county.json").string() + ": damaged");
  }
}

void WriteCounty(const fs::path& folder, const Services& services) {
  if (fs::exists(folder / "county.json")) return RequireSameCounty(folder, services);
  fs::create_directories(folder / "files");
  const fs::path made = folder / "county.json.new";
  {
    std::ofstream out(made, std::ios::binary);
    out << json::serialize(json::object{{"format", kFormat}, {"county", FormatCounty(services.default_county)},
                                        {"zone_minutes", services.zone.offset_minutes}, {"key_check", KeyCheckOf(AsView(services.field_key))}}) << "\n";
    out.flush();
    if (!out) throw std::runtime_error(made.string() + ": cannot be written");
  }
  FlushFile(made);
  fs::rename(made, folder / "county.json");
  FlushFolder(folder);
}

void RequireSameCounty(const fs::path& folder, const Services& services) {
  if (!fs::exists(folder / "county.json")) return;
  const ArchivedCounty said = CountyOf(folder);
  if (said.county != services.default_county || said.key_check != KeyCheckOf(AsView(services.field_key))) {
    throw std::runtime_error(folder.string() + ": is the archive of another county, or of another key (after a change of the key begin another folder)");
  }
}

std::vector<fs::path> HistoriesOf(const fs::path& folder) {
  std::vector<fs::path> all;
  std::error_code none;
  for (const auto& each : fs::directory_iterator(folder, none)) {
    const std::string name = each.path().filename().string();
    if (each.is_directory() && name.size() == 19 && name[8] == 'T' && name.back() == 'Z') all.push_back(each.path());
  }
  std::sort(all.begin(), all.end());
  return all;
}

std::vector<Base> BasesOf(const fs::path& history) {
  std::vector<Base> all;
  for (const auto& each : fs::directory_iterator(history)) {
    const std::string name = each.path().filename().string();
    if (!name.starts_with("base-") || each.path().extension() != ".json") continue;
    const json::object said = ReadJson(each.path());
    const auto from = ParseInstant(std::string_view(said.at("from").as_string()));
    if (!from) throw std::runtime_error(each.path().string() + ": damaged");
    fs::path packed = each.path();
    packed.replace_extension(".db.gz");
    all.push_back({.from = *from, .log = static_cast<int>(said.at("log").as_int64()), .schema = static_cast<int>(said.at("schema").as_int64()),
                   .bytes = static_cast<uint64_t>(said.at("bytes").as_int64()), .sha256 = std::string(said.at("sha256").as_string()),
                   .manifest = each.path(), .packed = packed});
  }
  std::sort(all.begin(), all.end(), [](const Base& a, const Base& b) { return a.from < b.from; });
  return all;
}

std::vector<std::pair<int, fs::path>> LogsOf(const fs::path& history) {
  std::vector<std::pair<int, fs::path>> all;
  for (const auto& each : fs::directory_iterator(history)) {
    if (const auto number = NumberIn(each.path().filename().string(), "log-")) all.emplace_back(*number, each.path());
  }
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace huiyin::app
