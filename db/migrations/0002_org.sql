-- Areas, units, officers and the roles they hold; sessions and the directories of what a
-- person types to be recognised (login, card number), which are the only tables not
-- sharded by county, since the county is what they answer.

CREATE TABLE areas (
  county INTEGER NOT NULL,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  level TEXT NOT NULL CHECK (level IN ('province', 'prefecture', 'county', 'township', 'village', 'group')),
  parent_code TEXT NOT NULL,
  households INTEGER NOT NULL DEFAULT 0,
  is_active INTEGER NOT NULL DEFAULT 1,
  revision INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (county, code)
) STRICT, WITHOUT ROWID;
CREATE INDEX areas_parent ON areas (county, parent_code, code);

CREATE TABLE units (
  county INTEGER NOT NULL,
  id BLOB NOT NULL,
  name TEXT NOT NULL,
  area_code TEXT NOT NULL,
  parent_id BLOB,
  kind TEXT NOT NULL DEFAULT 'other',
  phone TEXT NOT NULL DEFAULT '',
  address TEXT NOT NULL DEFAULT '',
  is_active INTEGER NOT NULL DEFAULT 1,
  revision INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (county, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX units_name ON units (county, area_code, name);

CREATE TABLE officers (
  county INTEGER NOT NULL,
  id BLOB NOT NULL,
  unit_id BLOB NOT NULL,
  login TEXT NOT NULL,
  name TEXT NOT NULL,
  post TEXT NOT NULL DEFAULT '',
  post_rank TEXT NOT NULL DEFAULT 'staff',
  phone TEXT NOT NULL DEFAULT '',
  languages TEXT NOT NULL DEFAULT '["zh"]',
  password_hash TEXT NOT NULL DEFAULT '',
  must_change_password INTEGER NOT NULL DEFAULT 0,
  is_active INTEGER NOT NULL DEFAULT 1,
  revision INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (county, id),
  FOREIGN KEY (county, unit_id) REFERENCES units (county, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX officers_unit ON officers (county, unit_id, name);

CREATE TABLE roles (
  county INTEGER NOT NULL,
  id BLOB NOT NULL,
  officer_id BLOB NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('liaison', 'clerk', 'handler', 'supervisor', 'leader', 'auditor', 'administrator')),
  unit_id BLOB NOT NULL,
  area_code TEXT NOT NULL,
  PRIMARY KEY (county, id),
  FOREIGN KEY (county, officer_id) REFERENCES officers (county, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX roles_officer ON roles (county, officer_id, role, unit_id, area_code);
CREATE INDEX roles_role ON roles (county, role, area_code);

CREATE TABLE logins (
  login TEXT PRIMARY KEY,
  county INTEGER NOT NULL,
  officer_id BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
  county INTEGER NOT NULL,
  token_hash BLOB NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('officer', 'resident')),
  subject_id BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  peer TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (county, token_hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_subject ON sessions (county, subject_id);
