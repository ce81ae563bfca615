-- Where a matter stands in the index of words: eight places a second of its arrival, so that
-- the largest is the latest. Absent: not indexed yet.
ALTER TABLE matters ADD COLUMN text_number INTEGER;
CREATE UNIQUE INDEX matters_text_number ON matters (county, text_number) WHERE text_number IS NOT NULL;
CREATE INDEX matters_without_words ON matters (county, id) WHERE text_number IS NULL;

-- Open matters as the walls show them: of the county's wall and each township's, by the
-- area right below and by the owning unit (the other is empty). How many are late depends on
-- the hour, so they stay parted by the instant they are due; 0: the resident's word is
-- waited for. Kept in the transaction that changes the matter, proven every night.
CREATE TABLE open_counts (
  county INTEGER NOT NULL,
  wall_area TEXT NOT NULL,
  child_area TEXT NOT NULL,
  unit_id BLOB NOT NULL,
  due_at INTEGER NOT NULL,
  is_reopened INTEGER NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY (county, wall_area, child_area, unit_id, due_at, is_reopened)
) STRICT, WITHOUT ROWID;

-- What each piece of night work did last, and what it found that should not be.
CREATE TABLE night_runs (
  county INTEGER NOT NULL,
  name TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL,
  is_odd INTEGER NOT NULL,
  data TEXT NOT NULL,
  PRIMARY KEY (county, name)
) STRICT, WITHOUT ROWID;

-- A table of personal data that somebody asked for and a second officer answers for.
CREATE TABLE exports (
  county INTEGER NOT NULL,
  id BLOB NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('households', 'matters')),
  area_code TEXT NOT NULL,
  reason TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'approved', 'refused')),
  requested_by BLOB NOT NULL,
  requested_at INTEGER NOT NULL,
  decided_by BLOB,
  decided_at INTEGER,
  note TEXT NOT NULL DEFAULT '',
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (county, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX exports_requested ON exports (county, requested_at, id);

-- Whom a complaint is about in the resident's own words, where there is no record to point at.
ALTER TABLE matters ADD COLUMN about_text TEXT NOT NULL DEFAULT '';
-- When the words of a matter were erased because its time was over.
ALTER TABLE matters ADD COLUMN erased_at INTEGER;
