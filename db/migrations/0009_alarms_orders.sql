-- What the machine does by itself, and the orders it or a supervisor gives.

-- The next thing to do on a running clock or an open order: one row each, and none for what
-- has ended.
CREATE TABLE alarms (
  county INTEGER NOT NULL,
  id BLOB NOT NULL,
  subject TEXT NOT NULL CHECK (subject IN ('clock', 'order')),
  matter_id BLOB,
  deed TEXT NOT NULL,
  at INTEGER NOT NULL,
  failures INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (county, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX alarms_at ON alarms (county, at, id);
CREATE INDEX alarms_matter ON alarms (county, matter_id) WHERE matter_id IS NOT NULL;

-- An instruction on a matter, or on a unit when `matter_id` is absent. Given by the machine
-- when `by_officer_id` is absent.
CREATE TABLE orders (
  county INTEGER NOT NULL,
  id BLOB NOT NULL,
  matter_id BLOB,
  is_protected INTEGER NOT NULL DEFAULT 0,
  area_code TEXT NOT NULL,
  to_unit_id BLOB NOT NULL,
  by_unit_id BLOB NOT NULL,
  by_officer_id BLOB,
  level INTEGER NOT NULL,
  text TEXT NOT NULL,
  rule_key TEXT NOT NULL,
  article TEXT NOT NULL,
  working TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  was_late INTEGER NOT NULL DEFAULT 0,
  answered_at INTEGER,
  answered_by BLOB,
  answer TEXT NOT NULL DEFAULT '',
  ended_at INTEGER,
  ending TEXT NOT NULL DEFAULT '' CHECK (ending IN ('', 'accepted', 'overtaken')),
  decided_by BLOB,
  note TEXT NOT NULL DEFAULT '',
  revision INTEGER NOT NULL DEFAULT 1,
  content_hash BLOB NOT NULL,
  PRIMARY KEY (county, id)
) STRICT;
CREATE INDEX orders_to ON orders (county, to_unit_id, due_at, id) WHERE ended_at IS NULL;
CREATE INDEX orders_by ON orders (county, by_unit_id, due_at, id) WHERE ended_at IS NULL;
CREATE INDEX orders_area ON orders (county, area_code, due_at, id) WHERE ended_at IS NULL AND is_protected = 0;
CREATE INDEX orders_matter ON orders (county, matter_id, made_at) WHERE matter_id IS NOT NULL;

-- Clocks that ran before this table was there.
INSERT INTO alarms (county, id, subject, matter_id, deed, at)
  SELECT county, id, 'clock', matter_id,
         CASE WHEN step IN ('answer', 'review', 'final_review') THEN 'late'
              WHEN step = 'accept' THEN 'late_acceptance'
              WHEN step = 'decide_return' THEN 'pass_up'
              ELSE 'silence' END,
         due_at + 1
    FROM clocks
   WHERE ended_at IS NULL AND step IN ('answer', 'review', 'final_review', 'accept', 'decide_return', 'judge', 'ask_final_review');
