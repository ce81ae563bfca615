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
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (county, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX households_register_number ON households (county, register_number);
CREATE INDEX households_area ON households (county, area_code, id);

-- `doc` holds the section's fields as JSON; absent row is an empty section.
CREATE TABLE household_sections (
  county INTEGER NOT NULL,
  household_id BLOB NOT NULL,
  name TEXT NOT NULL,
  doc TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (county, household_id, name),
  FOREIGN KEY (county, household_id) REFERENCES households (county, id)
) STRICT, WITHOUT ROWID;

-- Each change of a section: what it was and what it became, by whom, from which visit.
-- Both documents are emptied when consent is withdrawn; the row stays.
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
  visit_id BLOB,
  PRIMARY KEY (county, household_id, revision, name)
) STRICT, WITHOUT ROWID;

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
  note TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL DEFAULT 'living' CHECK (state IN ('living', 'moved', 'dead')),
  left_on INTEGER,
  revision INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (county, id),
  FOREIGN KEY (county, household_id) REFERENCES households (county, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX residents_household ON residents (county, household_id, birth_date);
CREATE INDEX residents_id_number ON residents (county, id_number_hash) WHERE id_number_hash IS NOT NULL;
CREATE INDEX residents_name ON residents (county, name, birth_date);

-- Fields a county added to a section. Names of a protected category never get here.
CREATE TABLE custom_fields (
  county INTEGER NOT NULL,
  id BLOB NOT NULL,
  section TEXT NOT NULL,
  name TEXT NOT NULL,
  label_zh TEXT NOT NULL,
  label_en TEXT NOT NULL DEFAULT '',
  type TEXT NOT NULL CHECK (type IN ('text', 'number', 'flag', 'date')),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (county, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX custom_fields_name ON custom_fields (county, section, name);

CREATE TABLE consents (
  county INTEGER NOT NULL,
  household_id BLOB NOT NULL,
  section TEXT NOT NULL,
  purpose TEXT NOT NULL,
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
