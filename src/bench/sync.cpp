// SPDX-License-Identifier: EUPL-1.2
#include "bench/sync.h"

#include <zstd.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <vector>

#include "app/commands.h"
#include "bench/child.h"
#include "bench/program.h"
#include "core/json.h"
#include "core/random.h"

namespace huiyin::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kPage = 250;

constexpr db::Sql kOfficer{"bench.liaison", "SELECT county, id FROM officers WHERE login = $1"};
constexpr db::Sql kGive{"bench.give_caseload", R"sql(
  UPDATE pairings SET officer_id = $2 WHERE county = $1 AND id IN (
    SELECT id FROM pairings WHERE county = $1 AND kind = 'household' AND until_on IS NULL ORDER BY household_id LIMIT $3)
)sql"};
// What the liaison had goes to whoever is first among the others, so that the caseload is as large everywhere.
constexpr db::Sql kTakeAway{"bench.take_caseload", R"sql(
  UPDATE pairings SET officer_id = (SELECT id FROM officers WHERE county = $1 AND id <> $2 ORDER BY id LIMIT 1)
   WHERE county = $1 AND officer_id = $2 AND until_on IS NULL
)sql"};

Answer Need(Conversation& talk, const Call& call, int status) {
  Answer answer = talk.Ask(call);
  if (answer.status != status) throw std::runtime_error(fmt::format("{} {}: {} {}", call.method, call.target, answer.status, answer.body.substr(0, 200)));
  return answer;
}

json::object Unpacked(const std::string& packed) {
  std::string text(ZSTD_getFrameContentSize(packed.data(), packed.size()), '\0');
  const size_t length = ZSTD_decompress(text.data(), text.size(), packed.data(), packed.size());
  if (ZSTD_isError(length) != 0) throw std::runtime_error("an answer that was to be packed is not");
  return json::parse(text).as_object();
}

}  // namespace

std::optional<Liaison> GiveCaseload(const std::filesystem::path& data, int households) {
  std::ifstream in(data / "accounts.json");
  std::ostringstream text;
  text << in.rdbuf();
  std::optional<Liaison> liaison;
  const json::value accounts = json::parse(text.str());
  for (const json::value& account : accounts.at("officers").as_array()) {
    if (account.at("role").as_string() != "liaison") continue;
    liaison = Liaison{std::string(account.at("login").as_string()), std::string(account.at("password").as_string())};
    break;
  }
  if (!liaison) return std::nullopt;
  int64_t given = 0;
  OpenUnflushed(data)->Write([&](db::Tx& tx) {
    tx.Rows(kOfficer, [&](const db::Row& row) {
      const County county{static_cast<int32_t>(row.Int(0))};
      const Uuid officer = row.Key(1);
      tx.Run(kTakeAway, county, officer);
      given = tx.Run(kGive, county, officer, households);
    }, liaison->login);
  });
  if (given < households) return std::nullopt;
  return liaison;
}

SyncCost MeasureSync(uint16_t port, const Liaison& liaison, const std::function<int64_t()>& cpu_us) {
  Conversation talk(port);
  const json::object who{{"login", liaison.login}, {"password", liaison.password}};
  const json::value session = json::parse(Need(talk, {.method = "POST", .target = "/api/v1/sessions", .body = json::serialize(who)}, 201).body);
  const std::string token(session.at("token").as_string());
  const auto changes = [&](const std::string& cursor) {
    return Call{.target = fmt::format("/api/v1/sync/changes?limit={}{}", kPage, cursor.empty() ? "" : "&cursor=" + cursor), .token = token, .accept = "zstd"};
  };
  SyncCost cost;
  std::vector<std::string> households;
  std::string cursor;
  double server_s = 0;
  cost.first_cpu_us = -static_cast<double>(cpu_us());
  for (bool has_more = true; has_more;) {
    const auto start = Clock::now();
    const Answer answer = Need(talk, changes(cursor), 200);
    server_s += std::chrono::duration<double>(Clock::now() - start).count();
    cost.first_bytes += static_cast<double>(answer.body.size());
    const json::object page = Unpacked(answer.body);
    if (cost.usable_bytes == 0) {
      for (const json::value& item : page.at("items").as_array()) households.emplace_back(item.at("household_id").as_string());
      if (static_cast<int64_t>(households.size()) == page.at("households").as_int64()) {
        cost.usable_bytes = cost.first_bytes;
        cost.usable_seconds = cost.first_bytes * 8 / kBitsPerSecond + server_s;
      }
    }
    cursor = std::string(page.at("next_cursor").as_string());
    has_more = page.at("has_more").as_bool();
  }
  cost.first_cpu_us += static_cast<double>(cpu_us());
  cost.households = static_cast<int64_t>(households.size());
  cost.first_seconds = cost.first_bytes * 8 / kBitsPerSecond + server_s;
  SeededRandom random(11);
  for (size_t i = 0; i < households.size() && i < kChangedInADay; ++i) {
    const json::object visit{{"household_id", households[i * households.size() / kChangedInADay]}, {"met", "head"},
                             {"at", FormatInstant(SystemClock().Now() - kMinute)}, {"diary", fmt::format("走访，都好。{}", random.Below(1000))}};
    Need(talk, {.method = "POST", .target = "/api/v1/visits", .token = token, .body = json::serialize(visit)}, 201);
  }
  cost.daily = changes(cursor);
  cost.daily_bytes = static_cast<double>(Need(talk, cost.daily, 200).body.size());
  return cost;
}

}  // namespace huiyin::bench
