-- Who asked, where they wanted their name kept apart from what they asked: the matter's row
-- then has no household, resident, visit or contact. `sealed` is JSON under the field key;
-- `household_mark` is a keyed hash, so that a household finds its own and nobody else can.
ALTER TABLE matters ADD COLUMN is_confidential INTEGER NOT NULL DEFAULT 0;
CREATE TABLE identities (
  county INTEGER NOT NULL,
  matter_id BLOB NOT NULL,
  sealed BLOB NOT NULL,
  household_mark TEXT,
  has_contact INTEGER NOT NULL,
  PRIMARY KEY (county, matter_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX identities_household ON identities (county, household_mark, matter_id) WHERE household_mark IS NOT NULL;
ALTER TABLE messages ADD COLUMN is_confidential INTEGER NOT NULL DEFAULT 0;

-- Questions the office has for whoever asked, and what they say to them. `written_by` when an
-- officer wrote the answer down.
CREATE TABLE relays (
  county INTEGER NOT NULL,
  matter_id BLOB NOT NULL,
  id BLOB NOT NULL,
  question TEXT NOT NULL,
  asked_by BLOB NOT NULL,
  asked_by_unit_id BLOB NOT NULL,
  asked_at INTEGER NOT NULL,
  answer TEXT NOT NULL DEFAULT '',
  way TEXT NOT NULL DEFAULT '' CHECK (way IN ('', 'web', 'receipt', 'window')),
  answered_at INTEGER,
  written_by BLOB,
  PRIMARY KEY (county, matter_id, id)
) STRICT, WITHOUT ROWID;

-- An officer asks to be shown who asked; another decides; it ends by itself at `until_at`;
-- at `mask_at` the scheduler says so.
CREATE TABLE unmaskings (
  county INTEGER NOT NULL,
  id BLOB NOT NULL,
  matter_id BLOB NOT NULL,
  asked_by BLOB NOT NULL,
  asked_by_unit_id BLOB NOT NULL,
  ground TEXT NOT NULL,
  reason TEXT NOT NULL,
  asked_at INTEGER NOT NULL,
  decided_by BLOB,
  decided_at INTEGER,
  is_granted INTEGER,
  note TEXT NOT NULL DEFAULT '',
  rule_key TEXT NOT NULL DEFAULT '',
  article TEXT NOT NULL DEFAULT '',
  until_at INTEGER,
  ended_at INTEGER,
  mask_at INTEGER,
  content_hash BLOB NOT NULL,
  PRIMARY KEY (county, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX unmaskings_matter ON unmaskings (county, matter_id, asked_at);
CREATE INDEX unmaskings_waiting ON unmaskings (county, asked_at, id) WHERE decided_at IS NULL;
CREATE INDEX unmaskings_open ON unmaskings (county, mask_at, id) WHERE mask_at IS NOT NULL;

-- Every look at an identity, for the household to read.
CREATE TABLE identity_looks (
  county INTEGER NOT NULL,
  matter_id BLOB NOT NULL,
  id BLOB NOT NULL,
  at INTEGER NOT NULL,
  officer_id BLOB NOT NULL,
  unit_id BLOB NOT NULL,
  reason TEXT NOT NULL,
  unmasking_id BLOB,
  PRIMARY KEY (county, matter_id, id)
) STRICT, WITHOUT ROWID;

-- Harm to a child or violence at home, passed on to who must know of it. It says what
-- happened, and marks nobody.
CREATE TABLE harm_reports (
  county INTEGER NOT NULL,
  id BLOB NOT NULL,
  matter_id BLOB NOT NULL,
  ground TEXT NOT NULL CHECK (ground IN ('child', 'home')),
  rule_key TEXT NOT NULL,
  article TEXT NOT NULL,
  area_code TEXT NOT NULL,
  to_unit_id BLOB NOT NULL,
  text TEXT NOT NULL,
  names_who INTEGER NOT NULL,
  is_told INTEGER NOT NULL,
  not_told_reason TEXT NOT NULL DEFAULT '',
  made_by BLOB NOT NULL,
  made_by_unit_id BLOB NOT NULL,
  made_at INTEGER NOT NULL,
  due_at INTEGER,
  taken_by BLOB,
  taken_at INTEGER,
  content_hash BLOB NOT NULL,
  PRIMARY KEY (county, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX harm_reports_matter ON harm_reports (county, matter_id, made_at);
CREATE INDEX harm_reports_unit ON harm_reports (county, to_unit_id, id);
CREATE INDEX harm_reports_area ON harm_reports (county, area_code, id);
