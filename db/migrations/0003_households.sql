-- The register: households, their ten sections with every earlier version, the people in
-- them, what they agreed to, and the card that opens their own record.

CREATE TABLE households (
  county INTEGER NOT NULL,
  id BLOB NOT NULL,
  register_number TEXT NOT NULL,
  area_code TEXT NOT NULL,
  address TEXT NOT NULL DEFAULT '',
  head_id BLOB,
  head_name TEXT NOT NULL DEFAULT '',
  phone TEXT NOT NULL DEFAULT '',
  people INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL DEFAULT 'living' CHECK (state IN ('living', 'moved', 'ended')),
  revision INTEGER NOT NULL DEFAULT 1,
  last_visit_at INTEGER,
  content_hash BLOB,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (county, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX households_register_number ON households (county, register_number);
CREATE INDEX households_area ON households (county, area_code, id);

-- `doc` holds the section's fields as JSON; absent row is an empty section. Address and
-- telephone of the residence are columns of the household. `updated_by` is the name as it
-- was then: the page of a household shows it without a look at who that is now.
CREATE TABLE household_sections (
  county INTEGER NOT NULL,
  household_id BLOB NOT NULL,
  name TEXT NOT NULL,
  doc TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by TEXT NOT NULL DEFAULT '',
  visit_id BLOB,
  PRIMARY KEY (county, household_id, name),
  FOREIGN KEY (county, household_id) REFERENCES households (county, id)
) STRICT, WITHOUT ROWID;

-- Each change of a section: what it was and what it became, by whom, from which visit.
-- Both documents are emptied when consent is withdrawn; the row stays and says so.
CREATE TABLE section_versions (
  county INTEGER NOT NULL,
  household_id BLOB NOT NULL,
  revision INTEGER NOT NULL,
  name TEXT NOT NULL,
  old_doc TEXT NOT NULL,
  new_doc TEXT NOT NULL,
  at INTEGER NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id BLOB,
  unit_id BLOB,
  visit_id BLOB,
  is_erased INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (county, household_id, revision, name)
) STRICT;

CREATE TABLE residents (
  county INTEGER NOT NULL,
  id BLOB NOT NULL,
  household_id BLOB NOT NULL,
  name TEXT NOT NULL,
  sex TEXT NOT NULL CHECK (sex IN ('female', 'male', 'unstated')),
  birth_date INTEGER,
  relation TEXT NOT NULL DEFAULT 'other',
  phone TEXT NOT NULL DEFAULT '',
  languages TEXT NOT NULL DEFAULT '[]',
  id_number_sealed BLOB,
  id_number_hash BLOB,
  is_away INTEGER NOT NULL DEFAULT 0,
  away_place TEXT NOT NULL DEFAULT '',
  is_left_behind INTEGER NOT NULL DEFAULT 0,
  is_orphan INTEGER NOT NULL DEFAULT 0,
  is_disabled INTEGER NOT NULL DEFAULT 0,
  is_alone INTEGER NOT NULL DEFAULT 0,
  needs_nursing INTEGER NOT NULL DEFAULT 0,
  note TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL DEFAULT 'living' CHECK (state IN ('living', 'moved', 'dead')),
  left_on INTEGER,
  revision INTEGER NOT NULL DEFAULT 1,
  content_hash BLOB,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (county, id),
  FOREIGN KEY (county, household_id) REFERENCES households (county, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX residents_household ON residents (county, household_id, birth_date);
CREATE INDEX residents_id_number ON residents (county, id_number_hash) WHERE id_number_hash IS NOT NULL;
CREATE INDEX residents_name ON residents (county, name, birth_date);

-- Births, deaths, marriages, moves, splits and new heads: acts with a date of their own,
-- kept as they were told.
CREATE TABLE life_events (
  county INTEGER NOT NULL,
  id BLOB NOT NULL,
  household_id BLOB NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('birth', 'death', 'marriage_in', 'move_in', 'move_out', 'split', 'new_head')),
  on_day INTEGER NOT NULL,
  resident_id BLOB,
  resident_name TEXT NOT NULL DEFAULT '',
  new_head_id BLOB,
  new_household_id BLOB,
  from_household_id BLOB,
  members TEXT NOT NULL DEFAULT '[]',
  to_area_code TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  visit_id BLOB,
  is_closing INTEGER NOT NULL DEFAULT 0,
  revision INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  officer_name TEXT NOT NULL DEFAULT '',
  content_hash BLOB,
  PRIMARY KEY (county, id),
  FOREIGN KEY (county, household_id) REFERENCES households (county, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX life_events_household ON life_events (county, household_id, recorded_at);

-- Fields a county added to a section; a removed one stays until its values are erased.
-- Names of a protected category never get here.
CREATE TABLE custom_fields (
  county INTEGER NOT NULL,
  id BLOB NOT NULL,
  section TEXT NOT NULL,
  name TEXT NOT NULL,
  label_zh TEXT NOT NULL,
  label_en TEXT NOT NULL DEFAULT '',
  type TEXT NOT NULL CHECK (type IN ('text', 'number', 'boolean', 'date', 'choice')),
  choices TEXT NOT NULL DEFAULT '[]',
  created_at INTEGER NOT NULL,
  removed_at INTEGER,
  erased_until BLOB,
  PRIMARY KEY (county, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX custom_fields_name ON custom_fields (county, section, name);

-- What a household agreed to, and the purpose as it was stated then.
CREATE TABLE consents (
  county INTEGER NOT NULL,
  household_id BLOB NOT NULL,
  section TEXT NOT NULL,
  purpose TEXT NOT NULL,
  purpose_en TEXT NOT NULL DEFAULT '',
  how TEXT NOT NULL DEFAULT 'spoken' CHECK (how IN ('spoken', 'written', 'online')),
  resident_name TEXT NOT NULL DEFAULT '',
  given_at INTEGER NOT NULL,
  withdrawn_at INTEGER,
  PRIMARY KEY (county, household_id, section)
) STRICT, WITHOUT ROWID;

-- A household's card. `first_code_hash` is set until the household has chosen a PIN.
CREATE TABLE household_cards (
  county INTEGER NOT NULL,
  household_id BLOB NOT NULL,
  card_number TEXT NOT NULL,
  first_code_hash TEXT,
  first_code_expires_at INTEGER,
  pin_hash TEXT,
  issued_at INTEGER NOT NULL,
  activated_at INTEGER,
  PRIMARY KEY (county, household_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE cards (
  card_number TEXT PRIMARY KEY,
  county INTEGER NOT NULL,
  household_id BLOB NOT NULL
) STRICT, WITHOUT ROWID;
