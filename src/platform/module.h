// SPDX-License-Identifier: EUPL-1.2
// What a module brings: its routes, and what it does when time passes.
#pragma once

#include <any>
#include <functional>
#include <string_view>
#include <vector>

#include "platform/context.h"

namespace huiyin {

// Whose session a route takes.
enum class Session { kNone, kOfficer, kResident, kEither, kOptional };

struct Route {
  std::string_view method;
  std::string_view pattern;  // "/api/v1/households/{id}": {name} is one segment
  Session session = Session::kOfficer;
  std::optional<Action> action = {};  // officers: some role must have it; else 403 at once
  std::function<http::Response(Context&)> handle;
  // A slow step (a password hash, an image) done before the transaction, on threads kept
  // for it; what it returns is `Context::prepared`.
  std::function<std::any(const Services&, const http::Request&, const json::object* body)> prepare = {};
  bool reads_only = false;  // a POST that only searches
  bool raw_body = false;    // the body is not JSON
  // The reply holds a secret shown once: it is not kept for a retry by Idempotency-Key.
  bool has_secret_reply = false;
  // Shows who read what: every read answered before this request is in what it shows.
  bool shows_reads = false;
  // Acts that may come while a first password must still be changed.
  bool before_password_change = false;
};

// Runs once a second or so, in a write transaction of one county.
using Tick = std::function<void(Context&)>;

// Work with a time of its own. `act` does at most `limit` of what is due in one write
// transaction and returns how many; it is called again while it returns `limit`. When one
// cannot be done, `postpone` puts that one off, so that it does not hold up the others.
struct Due {
  std::function<int(Context&, int limit)> act;
  std::function<void(Context&)> postpone;
};

struct Module {
  std::string_view name;
  std::vector<Route> routes;
  std::vector<Tick> ticks = {};
  std::vector<Due> due = {};
};

}  // namespace huiyin
