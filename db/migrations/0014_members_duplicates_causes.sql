-- One matter of several households: who joined it beside the one who brought it. Whoever
-- brought a matter has a row of the matter's own id here once they said or did something as
-- one of several; what is known of them stays with their matter.
CREATE TABLE members (
  county INTEGER NOT NULL,
  id BLOB NOT NULL,
  matter_id BLOB NOT NULL,
  receipt TEXT NOT NULL DEFAULT '',
  household_id BLOB,
  contact TEXT NOT NULL DEFAULT '',
  text TEXT NOT NULL DEFAULT '',
  joined_at INTEGER NOT NULL,
  joined_by BLOB,
  is_representative INTEGER NOT NULL DEFAULT 0,
  left_at INTEGER,
  solved INTEGER,
  rating INTEGER,
  judgement_text TEXT NOT NULL DEFAULT '',
  judged_at INTEGER,
  judged_round INTEGER NOT NULL DEFAULT 0,
  channel TEXT NOT NULL DEFAULT '',
  asked_by TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (county, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX members_matter ON members (county, matter_id, joined_at, id);
CREATE INDEX members_household ON members (county, household_id, joined_at, id) WHERE household_id IS NOT NULL;
CREATE UNIQUE INDEX members_receipt ON members (county, receipt) WHERE receipt <> '';

-- The number by which neighbours join a matter whose resident allows it; it opens nothing.
CREATE TABLE joining_numbers (
  county INTEGER NOT NULL,
  number TEXT NOT NULL,
  matter_id BLOB NOT NULL,
  opened_at INTEGER NOT NULL,
  closed_at INTEGER,
  PRIMARY KEY (county, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX joining_numbers_matter ON joining_numbers (county, matter_id);

-- Matters that nobody has yet held against their neighbours.
CREATE TABLE uncompared (
  county INTEGER NOT NULL,
  matter_id BLOB NOT NULL,
  PRIMARY KEY (county, matter_id)
) STRICT, WITHOUT ROWID;

-- Two open matters that are likely the same, the earlier first, until somebody decides.
CREATE TABLE likenesses (
  county INTEGER NOT NULL,
  id BLOB NOT NULL,
  first_id BLOB NOT NULL,
  second_id BLOB NOT NULL,
  area_code TEXT NOT NULL,
  percent INTEGER NOT NULL,
  found_at INTEGER NOT NULL,
  decided_at INTEGER,
  decided_by BLOB,
  note TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (county, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX likenesses_pair ON likenesses (county, first_id, second_id);
CREATE INDEX likenesses_open ON likenesses (county, found_at, id) WHERE decided_at IS NULL;

-- How many matters of one cause came from one place in a month, and what became of them.
CREATE TABLE causes (
  county INTEGER NOT NULL,
  month INTEGER NOT NULL,
  area_code TEXT NOT NULL,
  category TEXT NOT NULL,
  received INTEGER NOT NULL DEFAULT 0,
  open INTEGER NOT NULL DEFAULT 0,
  late INTEGER NOT NULL DEFAULT 0,
  reopened INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (county, month, area_code, category)
) STRICT, WITHOUT ROWID;
