-- Who visits whom, since when; what was planned, seen, said and promised at the door.

CREATE TABLE pairings (
  county INTEGER NOT NULL,
  id BLOB NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('household', 'orphan', 'disabled', 'elder')),
  household_id BLOB NOT NULL,
  resident_id BLOB,
  officer_id BLOB NOT NULL,
  from_on INTEGER NOT NULL,
  until_on INTEGER,
  end_reason TEXT,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (county, id),
  FOREIGN KEY (county, household_id) REFERENCES households (county, id),
  FOREIGN KEY (county, officer_id) REFERENCES officers (county, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX pairings_officer ON pairings (county, officer_id, until_on, household_id);
CREATE INDEX pairings_household ON pairings (county, household_id, until_on);
CREATE UNIQUE INDEX pairings_current ON pairings (county, household_id) WHERE until_on IS NULL AND kind = 'household';
CREATE INDEX pairings_rotation ON pairings (county, from_on, id) WHERE until_on IS NULL AND kind = 'household';

-- Households with a current pairing of their own, for every area above them: coverage
-- without counting. Kept in the transaction that makes or ends the pairing.
CREATE TABLE pairing_counts (
  county INTEGER NOT NULL,
  area_code TEXT NOT NULL,
  paired INTEGER NOT NULL,
  PRIMARY KEY (county, area_code)
) STRICT, WITHOUT ROWID;

CREATE TABLE pairing_proposals (
  county INTEGER NOT NULL,
  id BLOB NOT NULL,
  area_code TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('proposed', 'applied')),
  made_at INTEGER NOT NULL,
  made_by BLOB NOT NULL,
  applied_at INTEGER,
  data TEXT NOT NULL,
  PRIMARY KEY (county, id)
) STRICT;

CREATE TABLE visit_plans (
  county INTEGER NOT NULL,
  id BLOB NOT NULL,
  household_id BLOB NOT NULL,
  officer_id BLOB NOT NULL,
  planned_on INTEGER NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL DEFAULT 'planned' CHECK (state IN ('planned', 'done')),
  reply TEXT CHECK (reply IN ('agreed', 'declined', 'other_time')),
  reply_on INTEGER,
  reply_note TEXT NOT NULL DEFAULT '',
  replied_at INTEGER,
  visit_id BLOB,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (county, id),
  FOREIGN KEY (county, household_id) REFERENCES households (county, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX visit_plans_officer ON visit_plans (county, officer_id, planned_on);
CREATE INDEX visit_plans_household ON visit_plans (county, household_id, planned_on);

CREATE TABLE visits (
  county INTEGER NOT NULL,
  id BLOB NOT NULL,
  household_id BLOB NOT NULL,
  officer_id BLOB NOT NULL,
  unit_id BLOB NOT NULL,
  at INTEGER NOT NULL,
  met TEXT NOT NULL CHECK (met IN ('head', 'member', 'neighbour', 'nobody')),
  diary TEXT NOT NULL DEFAULT '',
  addenda TEXT NOT NULL DEFAULT '[]',
  words TEXT NOT NULL DEFAULT '[]',
  new_contact TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT '',
  plan_id BLOB,
  revision INTEGER NOT NULL DEFAULT 1,
  received_at INTEGER NOT NULL,
  content_hash BLOB NOT NULL,
  PRIMARY KEY (county, id),
  FOREIGN KEY (county, household_id) REFERENCES households (county, id)
) STRICT;
CREATE INDEX visits_household ON visits (county, household_id, at, id);
CREATE INDEX visits_officer ON visits (county, officer_id, at, id);

CREATE TABLE promises (
  county INTEGER NOT NULL,
  id BLOB NOT NULL,
  household_id BLOB NOT NULL,
  visit_id BLOB,
  officer_id BLOB NOT NULL,
  text TEXT NOT NULL,
  due_on INTEGER,
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'kept', 'dropped')),
  closed_at INTEGER,
  closing_text TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  PRIMARY KEY (county, id),
  FOREIGN KEY (county, household_id) REFERENCES households (county, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX promises_officer ON promises (county, officer_id, state, due_on);
CREATE INDEX promises_household ON promises (county, household_id, state, due_on);
CREATE INDEX promises_visit ON promises (county, visit_id) WHERE visit_id IS NOT NULL;
