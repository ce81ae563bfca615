-- What phones that keep a caseload need. When each household last changed, in the county's own
-- order: writes take turns, so a number that can be seen is never followed by a lower one.
CREATE TABLE household_changes (
  county INTEGER NOT NULL,
  household_id BLOB NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (county, household_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX household_changes_number ON household_changes (county, number);

-- Acts done without a network that could not be taken as they were: what was sent and why it was
-- refused stay until a person decided. What was sent is sealed: it may hold anything of a record.
CREATE TABLE set_aside (
  county INTEGER NOT NULL,
  id BLOB NOT NULL,
  officer_id BLOB NOT NULL,
  record TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  claimed_at INTEGER,
  code TEXT NOT NULL,
  content_sealed BLOB NOT NULL,
  closed_at INTEGER,
  closed_by BLOB,
  closing TEXT CHECK (closing IN ('done', 'dropped')),
  PRIMARY KEY (county, id),
  FOREIGN KEY (county, officer_id) REFERENCES officers (county, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX set_aside_open ON set_aside (county, officer_id, id) WHERE closed_at IS NULL;
