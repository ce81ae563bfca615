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

// What a route's answer rests on. Who asks and what they may is always looked up as it is now.
enum class Reads {
  kFresh,   // what is committed: whatever somebody looks at after changing it
  kMayLag,  // figures of whole areas, for which a replica some seconds behind will do; the
            // answer says as of when (header Huiyin-As-Of)
};

// A request within a batch, and what became of it.
struct Part {
  http::Request request;
  std::string record;  // parts about one record wait for one another; empty: about none
};
struct Done {
  http::Response response;
  bool is_tried = false;  // false: an earlier part of the same record failed, or the batch had ended
};

struct Route {
  std::string_view method;
  std::string_view pattern;  // "/api/v1/households/{id}": {name} is one segment
  Session session = Session::kOfficer;
  std::optional<Action> action = {};  // officers: some role must have it; else 403 at once
  std::function<http::Response(Context&)> handle;
  // A slow step (a password hash, an image) done before the transaction, on threads kept
  // for it; what it returns is `Context::prepared`.
  std::function<std::any(const Services&, const http::Request&, const json::object* body)> prepare = {};
  // The same for a step that depends on who asks.
  std::function<std::any(const Services&, const http::Request&, County, const Actor&)> prepare_as = {};
  bool reads_only = false;  // a POST that only searches
  Reads reads = Reads::kFresh;
  // Of a route that may lag, and of a batch: what its access rests on beyond who asks, looked up as it
  // is now. Throws as `handle` would.
  std::function<void(Context&)> admit = {};
  // Nobody is signed in: throws what tells more than 401, where there is such a thing.
  std::function<void(Context&)> stranger = {};
  // The answer is sent packed to whoever takes it so. Only where nobody who could see how long it is
  // can have a text of theirs put beside what they may not read (http/pack.h).
  bool is_packed = false;
  // What everybody of the county may see and forms ask from: packed, and left out where the asker has it
  // (http/known.h). Nothing in it tells of a household.
  bool is_reference = false;
  bool raw_body = false;    // the body is not JSON
  // The reply holds a secret shown once: it is not kept for a retry by Idempotency-Key.
  bool has_secret_reply = false;
  // Shows who read what: every read answered before this request is in what it shows.
  bool shows_reads = false;
  // May come days after it was done, in a batch (modules/sync).
  bool may_wait = false;
  // A batch: `split` makes requests of the body, to routes that may wait; each is done by itself, in
  // order, as whoever sent the batch, until one is answered 401, 429 or 503. Then `handle` runs, with
  // `prepared` a std::vector<Done>, one a part. Reads a snapshot; throws what is wrong with the batch itself.
  std::function<std::vector<Part>(Context&)> split = {};
  // Acts that may come while a first password must still be changed.
  bool before_password_change = false;
  // Acts that may come while a second step of signing in must still be set up.
  bool before_second_step = false;
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
// What a piece of night work came to.
struct NightResult {
  bool is_odd = false;  // something was not as it should be: it is logged and shown
  json::object data;    // what was found or done
};
// What would hold the writer too long for a tick. Runs once a night on a thread of its own,
// reads snapshots and writes in pieces: `write` runs a job in a write transaction of the
// county with the system as actor.
struct NightWork {
  const Services& services;
  County county;
  Zone zone;
  Instant now;
  std::function<void(const std::function<void(Context&)>&)> write;
};
struct Night {
  std::string_view name;
  std::function<NightResult(const NightWork&)> run;
};

// A kind of record that is kept for a time only (settings: retention). Erasing takes what it
// says; that it was there, and that it was erased, stays.
struct Retained {
  std::string_view kind;
  // At most `limit` records whose time was over at `before`; reads a snapshot.
  std::function<std::vector<Uuid>(db::Tx&, County, Instant before, int limit)> find;
  // Erases one, with its entry in the audit log.
  std::function<void(Context&, const Uuid&)> erase;
};

struct Module {
  std::string_view name;
  std::vector<Route> routes;
  std::vector<Tick> ticks = {};
  std::vector<Due> due = {};
  std::vector<Night> nights = {};
  std::vector<Retained> retained = {};
};

}  // namespace huiyin
