// SPDX-License-Identifier: EUPL-1.2
// Getting a session with a server, of several the one that may write. libpq tries the hosts of an
// address in turn too, but without a deadline for each when it does not block: a first host that
// is silent would keep the others from ever being asked.
#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>

#include "db/postgres_wire.h"

namespace huiyin::db {
namespace {

using Clock = std::chrono::steady_clock;
using Parts = std::vector<std::pair<std::string, std::string>>;  // of an address, by libpq's names

std::vector<std::string> Split(std::string_view list) {
  std::vector<std::string> items;
  for (size_t from = 0; from <= list.size();) {
    const size_t comma = std::min(list.find(',', from), list.size());
    items.emplace_back(list.substr(from, comma - from));
    from = comma + 1;
  }
  return items;
}

constexpr std::string_view kPooling = "pooling=";

// Where that word stands in the query of an address, with its value; empty when it does not.
std::string_view PoolingIn(std::string_view url) {
  for (size_t from = url.find('?'); from != std::string_view::npos; from = url.find('&', from)) {
    const std::string_view word = url.substr(++from);
    if (word.starts_with(kPooling)) return word.substr(0, word.find('&'));
  }
  return {};
}

// As libpq takes it, which knows no such word.
std::string Bare(std::string url) {
  const std::string_view word = PoolingIn(url);
  if (!word.empty()) url.erase(static_cast<size_t>(word.data() - url.data()), word.size() + 1);
  if (url.ends_with('?') || url.ends_with('&')) url.pop_back();
  return url;
}

// What libpq says of an address it cannot read repeats it, password and all.
Parts Read(const std::string& url) {
  char* unread = nullptr;
  PQconninfoOption* options = PQconninfoParse(Bare(url).c_str(), &unread);
  PQfreemem(unread);
  if (options == nullptr) throw std::runtime_error("the address of the PostgreSQL database cannot be read: postgres://USER@HOST:PORT/NAME");
  Parts parts;
  for (const PQconninfoOption* option = options; option->keyword != nullptr; ++option) {
    if (option->val != nullptr) parts.emplace_back(option->keyword, option->val);
  }
  PQconninfoFree(options);
  return parts;
}

// The address of each host by itself.
std::vector<Parts> EachHost(const Parts& all) {
  size_t hosts = 1;
  for (const auto& [name, value] : all) {
    if (name == "host" || name == "hostaddr") hosts = std::max(hosts, Split(value).size());
  }
  std::vector<Parts> each(hosts);
  for (const auto& [name, value] : all) {
    const bool is_list = name == "host" || name == "hostaddr" || name == "port";
    const auto items = is_list ? Split(value) : std::vector<std::string>{};
    for (size_t i = 0; i < hosts; ++i) {
      if (!is_list) each[i].emplace_back(name, value);
      else if (items.size() == 1) each[i].emplace_back(name, items[0]);  // one port for all
      else if (i < items.size() && !items[i].empty()) each[i].emplace_back(name, items[i]);
    }
  }
  return each;
}

constexpr int64_t kLook = 100;  // ms; how often a wait looks whether it is in vain

bool IsGivenUp(const PostgresOptions& options) { return options.is_given_up && *options.is_given_up; }

// Null with the reason in `why` when it is not to be had until then.
pg_conn* Try(const Parts& parts, const PostgresOptions& options, Clock::time_point until, std::string& why) {
  std::vector<const char*> names;
  std::vector<const char*> values;
  for (const auto& [name, value] : parts) {
    names.push_back(name.c_str());
    values.push_back(value.c_str());
  }
  names.push_back(nullptr);
  values.push_back(nullptr);
  pg_conn* connection = PQconnectStartParams(names.data(), values.data(), 0);
  const auto failed = [&](std::string reason) {
    reason.erase(reason.find_last_not_of(" \n") + 1);
    if (!why.empty()) why += "; ";
    why += reason;
    PQfinish(connection);
    return nullptr;
  };
  if (connection == nullptr || PQstatus(connection) == CONNECTION_BAD) return failed(PQerrorMessage(connection));
  for (auto state = PGRES_POLLING_WRITING; state != PGRES_POLLING_OK; state = PQconnectPoll(connection)) {
    if (state == PGRES_POLLING_FAILED) return failed(PQerrorMessage(connection));
    pollfd waiting{PQsocket(connection), static_cast<int16_t>(state == PGRES_POLLING_READING ? POLLIN : POLLOUT), 0};
    for (int ready = 0; ready == 0;) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
      if (left <= 0 || IsGivenUp(options)) return failed("no answer while connecting");
      ready = ::poll(&waiting, 1, static_cast<int>(std::min<int64_t>(left, kLook)));
    }
  }
  return connection;
}

}  // namespace

bool IsPooled(std::string_view url) {
  const std::string_view word = PoolingIn(url);
  if (word.empty()) return false;
  const std::string_view value = word.substr(kPooling.size());
  if (value != "transaction" && value != "session") throw std::runtime_error("pooling= of the address of the PostgreSQL database is transaction or session");
  return value == "transaction";
}

std::string ServerName(const std::string& url) {
  std::string host;
  std::string port;
  for (const auto& [name, value] : Read(url)) {
    if (name == "host" || (name == "hostaddr" && host.empty())) host = value;
    if (name == "port") port = value;
  }
  return host + (port.empty() ? "" : ":" + port);
}

pg_conn* Connect(const PostgresOptions& options, Clock::time_point deadline) {
  const auto hosts = EachHost(Read(options.url));
  std::string why;
  const size_t first = options.last_good->load();
  for (size_t tried = 0; tried < hosts.size(); ++tried) {
    const size_t host = (first + tried) % hosts.size();
    const auto left = deadline - Clock::now();
    // An equal share of what is left for each that is left.
    if (pg_conn* connection = Try(hosts[host], options, Clock::now() + left / static_cast<int>(hosts.size() - tried), why)) {
      options.last_good->store(host);
      return connection;
    }
  }
  throw Unreachable(why);
}

}  // namespace huiyin::db
