// SPDX-License-Identifier: EUPL-1.2
// What a handler is given: the one transaction, who asks, what time it is, and the ways to
// write down what was done or read. Handlers reach for nothing else.
#pragma once

#include <any>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/crypto.h"
#include "core/id.h"
#include "core/json.h"
#include "core/problem.h"
#include "core/random.h"
#include "core/time.h"
#include "db/database.h"
#include "db/replicas.h"
#include "http/request.h"
#include "platform/access.h"
#include "platform/actor.h"

namespace huiyin {

// Where "now" comes from.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant Now() = 0;
};
Clock& SystemClock();

// What the whole program shares; lives as long as the server.
struct Services {
  db::Database& database;
  Clock& clock;
  Random& random;
  std::filesystem::path files;     // where attachments are kept
  std::filesystem::path reads;     // the journal of reads (read_log.h)
  Sha256Hash field_key{};          // encrypts identity numbers
  County default_county;           // the county of requests that name none
  Zone zone;                       // the county's
  bool cookies_need_https = false; // whether the session cookie is marked Secure
  db::Replicas* replicas = nullptr;  // asked instead of the database by routes that may lag; absent: none
};

// An entry of the audit log about to be written.
struct AuditEntry {
  std::string act;
  std::string resource;
  std::optional<Uuid> resource_id;
  std::optional<HouseholdId> household;
  std::string purpose;
  std::string reason;
  std::optional<Sha256Hash> content_hash;
};

struct Context {
  db::Tx& tx;
  const Services& services;
  const http::Request& request;
  County county;
  Zone zone;
  Instant now;
  Actor actor;
  std::map<std::string, std::string, std::less<>> params;  // from the path
  const json::object* body = nullptr;                      // a JSON body, parsed
  std::any prepared;                   // what the route's slow step made
  std::vector<AuditEntry> reads = {};  // written down before the reply leaves
  std::optional<Instant> as_of = {};   // what `tx` shows, when that is a replica's

  // The instant up to which the answer knows what was done.
  Instant AsOf() const { return as_of.value_or(now); }
  Date Today() const { return LocalDate(now, zone); }
  Random& random() const { return services.random; }
  template <class IdType>
  IdType NewId() const {
    return IdType(NewUuid(now, services.random));
  }

  // The id in the path; 404 when it is malformed or of another county.
  template <class IdType>
  IdType PathId(std::string_view name = "id") const {
    return IdType(PathUuid(name));
  }
  std::string_view Param(std::string_view name) const;
  // Query parameters. Blank counts as absent; too long is 422.
  std::optional<std::string> Query(std::string_view name, size_t max_chars = 200) const;
  std::optional<Uuid> QueryId(std::string_view name) const;   // 422 when it is not an id
  std::optional<Date> QueryDay(std::string_view name) const;  // 422
  bool QueryFlag(std::string_view name) const;                // "true" or "1"
  int QueryLimit(int otherwise = 50, int max = 200) const;
  // The body's fields; an empty body is an empty object, another type is 415.
  Fields Input() const;
  // The revision of If-Match: 428 without it, 400 when it is not a number or "*".
  int64_t IfMatch() const;

  // Writes an event on the record and its audit entry. Returns the event's id.
  EventId Record(std::string_view act, std::string_view resource, const Uuid& id,
                 const json::object& data = {}, std::optional<HouseholdId> household = {});
  // An audit entry without an event: sign-ins, refusals worth keeping.
  void Audit(AuditEntry entry);
  // A read of personal data, written down before the reply leaves.
  void NoteRead(AuditEntry entry) { reads.push_back(std::move(entry)); }
  // Adds to a counter of the current month.
  void Count(std::string_view counter, std::string_view area, const UnitId& unit, int64_t by = 1);

  JsonWriter Writer() const { return JsonWriter(county); }

 private:
  Uuid PathUuid(std::string_view name) const;
};

// Replies.
http::Response JsonReply(int status, JsonWriter& writer, std::optional<int64_t> revision = {});
http::Response NoContent();
http::Response ProblemReply(const Problem& problem, std::string_view request_id);

// {items, next_cursor}: `cursor` is what the next request must say; absent at the end.
std::string EncodeCursor(std::string_view plain);
// Throws 422 on a cursor we did not make.
std::string DecodeCursor(std::string_view cursor);

}  // namespace huiyin
