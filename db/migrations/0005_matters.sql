-- What residents ask for: the matter, its asks, its clocks, who held it when, its answers;
-- the rules and calendars its terms are counted by; the directory of receipts.

-- The county's own categories, and its changes to the shipped ones.
CREATE TABLE categories (
  county INTEGER NOT NULL,
  code TEXT NOT NULL,
  parent_code TEXT NOT NULL DEFAULT '',
  zh TEXT NOT NULL,
  en TEXT NOT NULL,
  position INTEGER NOT NULL DEFAULT 0,
  unit_id BLOB,
  rule TEXT NOT NULL DEFAULT '',
  is_active INTEGER NOT NULL DEFAULT 1,
  revision INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (county, code)
) STRICT, WITHOUT ROWID;

-- A rule of the county's own, in force from a local date until a later version of the same
-- key. The shipped rules are in the program; a row here stands before a shipped version.
CREATE TABLE term_rules (
  county INTEGER NOT NULL,
  key TEXT NOT NULL,
  version_from INTEGER NOT NULL,
  step TEXT NOT NULL,
  doc TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (county, key, version_from)
) STRICT, WITHOUT ROWID;

-- A year's holidays and make-up workdays as announced; a later edition replaces an earlier.
CREATE TABLE calendar_years (
  county INTEGER NOT NULL,
  year INTEGER NOT NULL,
  edition INTEGER NOT NULL,
  days TEXT NOT NULL,
  source TEXT NOT NULL DEFAULT '',
  loaded_at INTEGER NOT NULL,
  PRIMARY KEY (county, year, edition)
) STRICT, WITHOUT ROWID;

-- Changes with every rule and calendar the county adds, so that what was read of them once
-- is known to hold still. Absent: only what is shipped holds.
CREATE TABLE term_editions (
  county INTEGER PRIMARY KEY,
  edition BLOB NOT NULL
) STRICT;

CREATE TABLE matters (
  county INTEGER NOT NULL,
  id BLOB NOT NULL,
  receipt TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('received', 'assigned', 'answered', 'settled', 'review', 'final_review', 'concluded', 'merged', 'withdrawn')),
  is_open INTEGER NOT NULL,
  channel TEXT NOT NULL,
  kind TEXT NOT NULL,
  category TEXT NOT NULL DEFAULT '',
  text TEXT NOT NULL,
  household_id BLOB,
  resident_id BLOB,
  area_code TEXT NOT NULL,
  visit_id BLOB,
  contact TEXT NOT NULL DEFAULT '',
  is_anonymous INTEGER NOT NULL DEFAULT 0,
  is_protected INTEGER NOT NULL DEFAULT 0,
  about_officer_id BLOB,
  about_unit_id BLOB,
  subject TEXT NOT NULL DEFAULT '',
  first_unit_id BLOB NOT NULL,
  first_officer_id BLOB,
  owner_unit_id BLOB NOT NULL,
  owner_officer_id BLOB,
  pending_unit_id BLOB,
  sender_unit_id BLOB,
  received_at INTEGER NOT NULL,
  registered_at INTEGER NOT NULL,
  due_at INTEGER,
  answered_at INTEGER,
  judge_due_at INTEGER,
  closed_at INTEGER,
  moves INTEGER NOT NULL DEFAULT 0,
  bounces INTEGER NOT NULL DEFAULT 0,
  reopened INTEGER NOT NULL DEFAULT 0,
  was_late INTEGER NOT NULL DEFAULT 0,
  solved INTEGER,
  rating INTEGER,
  judgement_text TEXT NOT NULL DEFAULT '',
  merged_into BLOB,
  external_number TEXT NOT NULL DEFAULT '',
  events INTEGER NOT NULL DEFAULT 0,
  revision INTEGER NOT NULL DEFAULT 1,
  content_hash BLOB NOT NULL,
  PRIMARY KEY (county, id)
) STRICT;
CREATE INDEX matters_owner_unit ON matters (county, owner_unit_id, due_at, id) WHERE is_open = 1;
CREATE INDEX matters_pending_unit ON matters (county, pending_unit_id, due_at, id) WHERE pending_unit_id IS NOT NULL;
CREATE INDEX matters_owner_officer ON matters (county, owner_officer_id, due_at, id) WHERE is_open = 1 AND owner_officer_id IS NOT NULL;
CREATE INDEX matters_first_officer ON matters (county, first_officer_id, due_at, id) WHERE is_open = 1 AND first_officer_id IS NOT NULL;
-- Holds all that the wall shows, so that it reads this index alone.
CREATE INDEX matters_open_area ON matters (county, area_code, due_at, owner_unit_id, state, reopened, is_open, is_protected) WHERE is_open = 1 AND is_protected = 0;
CREATE INDEX matters_household ON matters (county, household_id, received_at, id) WHERE household_id IS NOT NULL;
-- Counts a household's open matters without a look at them.
CREATE INDEX matters_open_household ON matters (county, household_id, is_open, is_protected, due_at) WHERE is_open = 1 AND household_id IS NOT NULL;
CREATE INDEX matters_received ON matters (county, received_at, id);
CREATE INDEX matters_unit ON matters (county, owner_unit_id, received_at, id);
CREATE INDEX matters_area ON matters (county, area_code, received_at);
CREATE INDEX matters_protected ON matters (county, received_at, id) WHERE is_protected = 1;
CREATE INDEX matters_judge_due ON matters (county, judge_due_at) WHERE judge_due_at IS NOT NULL;
CREATE INDEX matters_visit ON matters (county, visit_id) WHERE visit_id IS NOT NULL;
CREATE INDEX matters_merged_into ON matters (county, merged_into) WHERE merged_into IS NOT NULL;
CREATE UNIQUE INDEX matters_external ON matters (county, external_number) WHERE external_number <> '';

CREATE TABLE receipts (
  receipt TEXT PRIMARY KEY,
  county INTEGER NOT NULL,
  matter_id BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE asks (
  county INTEGER NOT NULL,
  matter_id BLOB NOT NULL,
  id BLOB NOT NULL,
  position INTEGER NOT NULL,
  text TEXT NOT NULL,
  unit_id BLOB,
  outcome TEXT CHECK (outcome IN ('done', 'partly', 'explained', 'refused', 'redirected', 'withdrawn')),
  answer TEXT NOT NULL DEFAULT '',
  rule TEXT NOT NULL DEFAULT '',
  appeal TEXT NOT NULL DEFAULT '',
  redirected_to TEXT NOT NULL DEFAULT '',
  answered_at INTEGER,
  PRIMARY KEY (county, matter_id, id),
  FOREIGN KEY (county, matter_id) REFERENCES matters (county, id)
) STRICT, WITHOUT ROWID;

-- A term running on a matter. `working` is how its due date was found, kept as told.
CREATE TABLE clocks (
  county INTEGER NOT NULL,
  matter_id BLOB NOT NULL,
  id BLOB NOT NULL,
  step TEXT NOT NULL,
  rule_key TEXT NOT NULL,
  rule_version_from INTEGER NOT NULL,
  article TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  extended_by TEXT NOT NULL DEFAULT '',
  extended_days INTEGER NOT NULL DEFAULT 0,
  working TEXT NOT NULL,
  ended_at INTEGER,
  PRIMARY KEY (county, matter_id, id)
) STRICT;

-- Which unit held the matter from when until when: the time at each unit.
CREATE TABLE holds (
  county INTEGER NOT NULL,
  matter_id BLOB NOT NULL,
  id BLOB NOT NULL,
  unit_id BLOB NOT NULL,
  from_at INTEGER NOT NULL,
  until_at INTEGER,
  PRIMARY KEY (county, matter_id, id)
) STRICT, WITHOUT ROWID;

-- Units that handle part of a matter beside its owner.
CREATE TABLE co_handlers (
  county INTEGER NOT NULL,
  matter_id BLOB NOT NULL,
  unit_id BLOB NOT NULL,
  since_at INTEGER NOT NULL,
  ended_at INTEGER,
  PRIMARY KEY (county, matter_id, unit_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX co_handlers_unit ON co_handlers (county, unit_id) WHERE ended_at IS NULL;

CREATE TABLE answers (
  county INTEGER NOT NULL,
  matter_id BLOB NOT NULL,
  id BLOB NOT NULL,
  at INTEGER NOT NULL,
  unit_id BLOB NOT NULL,
  officer_id BLOB NOT NULL,
  text TEXT NOT NULL,
  asks TEXT NOT NULL,
  PRIMARY KEY (county, matter_id, id)
) STRICT;

-- A request that waits for somebody's decision: a return, an extension.
CREATE TABLE requests (
  county INTEGER NOT NULL,
  matter_id BLOB NOT NULL,
  id BLOB NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('return', 'extension')),
  asked_by_unit_id BLOB NOT NULL,
  asked_by_officer_id BLOB,
  decided_by_unit_id BLOB NOT NULL,
  reason TEXT NOT NULL,
  data TEXT NOT NULL DEFAULT '{}',
  asked_at INTEGER NOT NULL,
  due_at INTEGER,
  decided_at INTEGER,
  is_granted INTEGER,
  note TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (county, matter_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX requests_open ON requests (county, decided_by_unit_id, due_at) WHERE decided_at IS NULL;
