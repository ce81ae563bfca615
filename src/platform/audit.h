// SPDX-License-Identifier: EUPL-1.2
// The audit log of a county: append-only, each entry carrying the hash of the one before
// it. Acts append to a waiting table in their own transaction, and reads to a journal beside
// the database (read_log.h), so that neither queues behind the chain; the sealer moves what
// waits into the chain in batches within a second.
// The last hash of each local day is published (audit_heads), so that an outsider who
// wrote it down can tell later whether anything before it was changed.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "platform/context.h"

namespace huiyin::audit {

void Append(Context& ctx, const AuditEntry& entry);

// The same entry as a record of the journal of reads (read_log.h), added to `out`.
void AppendRecord(std::string& out, const AuditEntry& entry, const Actor& actor, std::string_view peer,
                  Instant now, Random& random);
// Moves at most `limit` of the records, in their order, into the chain; returns the bytes of
// those moved. Stops at what is not a whole record: 0 when there is none at the front.
size_t SealRecords(db::Tx& tx, County county, Zone zone, std::string_view records, int limit);

// Moves at most `limit` waiting entries of the county into its chain; returns how many.
int Seal(db::Tx& tx, County county, Zone zone, int limit);

struct Verification {
  int64_t entries = 0;
  bool whole = true;
  int64_t first_break = 0;  // its sequence number, when not whole
  std::string reason;       // "hash", "previous_hash", "sequence" or "head"
  std::string head;         // hex of the last hash
};
// Walks the whole chain of the county and its published heads. `progress` hears of every
// hundred thousand entries.
Verification Verify(db::Tx& tx, County county, const std::function<void(int64_t)>& progress = {});

struct ReadOfHousehold {
  int64_t seq = 0;
  Instant at;
  std::optional<Uuid> officer;
  std::optional<Uuid> unit;
  std::string purpose;
  std::string reason;
  std::string act;
  std::string resource;
};
// Who read the household's record, newest first, below the sequence number `before`. What
// waits is not among them: routes that show it have it sealed first (Route::shows_reads).
std::vector<ReadOfHousehold> ReadsOf(db::Tx& tx, County county, const HouseholdId& household, int64_t before,
                                     int limit);

}  // namespace huiyin::audit
