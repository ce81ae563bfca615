-- People see their own open sessions and end them: when each was last used (kept to the minute)
-- and what kind of browser opened it ("edge/windows", nothing finer). An officer may have a
-- second step at signing in: a secret shared with the officer's telephone, encrypted, and codes
-- for the day it is lost, each hashed like a password and used once.
ALTER TABLE sessions ADD COLUMN last_used_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN device TEXT NOT NULL DEFAULT '';
-- It ends when it was not used for so long; 0: only when its time is over.
ALTER TABLE sessions ADD COLUMN idle_ms INTEGER NOT NULL DEFAULT 0;
-- The county wants a second step of this officer, who has none yet: until it is set up the
-- session opens nothing else.
ALTER TABLE sessions ADD COLUMN needs_second_step INTEGER NOT NULL DEFAULT 0;

-- `confirmed_at` is absent while it is being set up. `last_step` is the half-minute of the last
-- code taken, so that no code is taken twice.
CREATE TABLE second_steps (
  county INTEGER NOT NULL,
  officer_id BLOB NOT NULL,
  secret_sealed BLOB NOT NULL,
  begun_at INTEGER NOT NULL,
  confirmed_at INTEGER,
  last_step INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (county, officer_id)
) STRICT;

CREATE TABLE recovery_codes (
  county INTEGER NOT NULL,
  officer_id BLOB NOT NULL,
  number INTEGER NOT NULL,
  code_hash TEXT NOT NULL,
  used_at INTEGER,
  PRIMARY KEY (county, officer_id, number)
) STRICT;
