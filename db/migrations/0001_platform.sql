-- What every module leans on: the county, what happened (events), who did or read what
-- (audit), retries (idempotency), and the pieces of text that people are found by.
-- Written in SQLite's STRICT types; the PostgreSQL driver reads INTEGER as BIGINT and BLOB
-- as BYTEA and leaves STRICT and WITHOUT ROWID out. Small rows are kept in their key's own
-- tree (WITHOUT ROWID); rows that can grow beyond some hundred bytes are not, since a quarter
-- of a page is all that such a tree keeps of one, and the rest takes a page of its own.

CREATE TABLE counties (
  county INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  name_en TEXT NOT NULL DEFAULT '',
  zone_minutes INTEGER NOT NULL DEFAULT 480,
  settings TEXT NOT NULL DEFAULT '{}',
  created_at INTEGER NOT NULL
) STRICT;

-- One thing that happened to a record, kept for good. Clustered by the record, so that its
-- story is read in one sweep. `data` is emptied when content is erased; the row stays.
CREATE TABLE events (
  county INTEGER NOT NULL,
  resource_id BLOB NOT NULL,
  id BLOB NOT NULL,
  resource TEXT NOT NULL,
  act TEXT NOT NULL,
  at INTEGER NOT NULL,
  actor_kind TEXT NOT NULL CHECK (actor_kind IN ('officer', 'resident', 'public', 'system')),
  actor_id BLOB,
  unit_id BLOB,
  data TEXT NOT NULL DEFAULT '{}',
  PRIMARY KEY (county, resource_id, id)
) STRICT, WITHOUT ROWID;

-- Audit entries wait here, written in the act's own transaction, until the sealer moves
-- them into the chain in batches.
CREATE TABLE audit_pending (
  county INTEGER NOT NULL,
  id BLOB NOT NULL,
  at INTEGER NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id BLOB,
  unit_id BLOB,
  act TEXT NOT NULL,
  resource TEXT NOT NULL,
  resource_id BLOB,
  household_id BLOB,
  purpose TEXT,
  reason TEXT,
  peer TEXT,
  content_hash BLOB,
  PRIMARY KEY (county, id)
) STRICT, WITHOUT ROWID;

-- The chain: append-only, each entry carrying the hash of the one before it.
CREATE TABLE audit_entries (
  county INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  id BLOB NOT NULL,
  at INTEGER NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id BLOB,
  unit_id BLOB,
  act TEXT NOT NULL,
  resource TEXT NOT NULL,
  resource_id BLOB,
  household_id BLOB,
  purpose TEXT,
  reason TEXT,
  peer TEXT,
  content_hash BLOB,
  previous_hash BLOB NOT NULL,
  hash BLOB NOT NULL,
  PRIMARY KEY (county, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_entries_household ON audit_entries (county, household_id, seq) WHERE household_id IS NOT NULL;

-- The last entry of each local day, published so that outsiders can check the chain.
CREATE TABLE audit_heads (
  county INTEGER NOT NULL,
  day INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  hash BLOB NOT NULL,
  PRIMARY KEY (county, day)
) STRICT, WITHOUT ROWID;

-- What was answered to a create, so that a retry gets the same answer.
CREATE TABLE idempotency_keys (
  county INTEGER NOT NULL,
  actor TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  request_hash BLOB NOT NULL,
  status INTEGER NOT NULL,
  body TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (county, actor, idempotency_key)
) STRICT;
CREATE INDEX idempotency_keys_at ON idempotency_keys (county, at);

-- One and two character pieces of names and addresses. The area stands inside the key, so
-- that a search within a reach touches only what it may show.
CREATE TABLE search_terms (
  county INTEGER NOT NULL,
  term TEXT NOT NULL,
  area_code TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('resident', 'household')),
  id BLOB NOT NULL,
  PRIMARY KEY (county, term, area_code, kind, id)
) STRICT, WITHOUT ROWID;

-- Figures that dashboards show, kept in the transaction of the act they count.
CREATE TABLE counters (
  county INTEGER NOT NULL,
  name TEXT NOT NULL,
  month INTEGER NOT NULL,
  area_code TEXT NOT NULL,
  unit_id BLOB NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY (county, name, month, area_code, unit_id)
) STRICT, WITHOUT ROWID;

-- What a county must keep secret in itself: wrong tries by card, login and address.
CREATE TABLE attempts (
  county INTEGER NOT NULL,
  subject TEXT NOT NULL,
  failures INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  locked_until INTEGER NOT NULL,
  PRIMARY KEY (county, subject)
) STRICT, WITHOUT ROWID;
