-- Phones that keep an officer's households: what each was given to lock what it keeps, and to send what
-- is unsent when nobody can sign in on it any more. One row for each officer on a phone.
CREATE TABLE devices (
  county INTEGER NOT NULL,
  id BLOB NOT NULL,
  device_id BLOB NOT NULL,
  officer_id BLOB NOT NULL,
  name TEXT NOT NULL,
  secret_sealed BLOB NOT NULL,
  made_at INTEGER NOT NULL,
  signed_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  ended_at INTEGER,
  ended_by BLOB,
  PRIMARY KEY (county, id),
  UNIQUE (county, device_id, officer_id),
  FOREIGN KEY (county, officer_id) REFERENCES officers (county, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX devices_of_officer ON devices (county, officer_id, id);

-- A session that was opened on a phone ends with it.
ALTER TABLE sessions ADD COLUMN device_id BLOB;

-- What such a phone sent without its officer: kept, sealed, until a supervisor decided.
CREATE TABLE quarantine (
  county INTEGER NOT NULL,
  id BLOB NOT NULL,
  officer_id BLOB NOT NULL,
  device_id BLOB,
  received_at INTEGER NOT NULL,
  claimed_at INTEGER,
  is_readable INTEGER NOT NULL,
  content_sealed BLOB NOT NULL,
  closed_at INTEGER,
  closed_by BLOB,
  closing TEXT CHECK (closing IN ('entered', 'dropped')),
  PRIMARY KEY (county, id),
  FOREIGN KEY (county, officer_id) REFERENCES officers (county, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX quarantine_open ON quarantine (county, id) WHERE closed_at IS NULL;
CREATE INDEX quarantine_of_device ON quarantine (county, device_id, received_at);
