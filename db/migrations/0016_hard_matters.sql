-- Hard matters: a named lead official, steps with days of their own, what was said at
-- meetings; joint meetings with an agenda made of what is stuck; walls that count all of it.

-- Under whose lead a matter is: leader, measures, day, responsible person. One row a matter;
-- what it said before is in the matter's events.
CREATE TABLE leads (
  county INTEGER NOT NULL,
  matter_id BLOB NOT NULL,
  id BLOB NOT NULL,
  leader_id BLOB NOT NULL,
  measures TEXT NOT NULL,
  until_on INTEGER NOT NULL,
  responsible_id BLOB NOT NULL,
  set_by BLOB NOT NULL,
  set_at INTEGER NOT NULL,
  was_late INTEGER NOT NULL DEFAULT 0,
  ended_at INTEGER,
  revision INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (county, matter_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX leads_leader ON leads (county, leader_id, until_on, matter_id) WHERE ended_at IS NULL;

-- What somebody is to have done by a day: set by the lead official, or agreed at a meeting.
CREATE TABLE steps (
  county INTEGER NOT NULL,
  matter_id BLOB NOT NULL,
  id BLOB NOT NULL,
  text TEXT NOT NULL,
  officer_id BLOB NOT NULL,
  due_on INTEGER NOT NULL,
  meeting_id BLOB,
  made_by BLOB NOT NULL,
  made_at INTEGER NOT NULL,
  was_late INTEGER NOT NULL DEFAULT 0,
  ended_at INTEGER,
  ending TEXT NOT NULL DEFAULT '' CHECK (ending IN ('', 'done', 'dropped', 'over')),
  ended_by BLOB,
  note TEXT NOT NULL DEFAULT '',
  content_hash BLOB NOT NULL,
  PRIMARY KEY (county, matter_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX steps_officer ON steps (county, officer_id, due_on, id) WHERE ended_at IS NULL;

-- Meetings on one matter: who came, what was said and agreed.
CREATE TABLE matter_meetings (
  county INTEGER NOT NULL,
  matter_id BLOB NOT NULL,
  id BLOB NOT NULL,
  at INTEGER NOT NULL,
  place TEXT NOT NULL,
  officers TEXT NOT NULL,
  representatives TEXT NOT NULL,
  said TEXT NOT NULL,
  agreed TEXT NOT NULL,
  recorded_by BLOB NOT NULL,
  recorded_at INTEGER NOT NULL,
  content_hash BLOB NOT NULL,
  PRIMARY KEY (county, matter_id, id)
) STRICT, WITHOUT ROWID;

-- Meetings of units about what is stuck in an area.
CREATE TABLE joint_meetings (
  county INTEGER NOT NULL,
  id BLOB NOT NULL,
  area_code TEXT NOT NULL,
  at INTEGER NOT NULL,
  place TEXT NOT NULL,
  title TEXT NOT NULL,
  chair_id BLOB NOT NULL,
  unit_id BLOB NOT NULL,
  units TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('planned', 'held', 'cancelled')),
  words TEXT NOT NULL DEFAULT '',
  made_by BLOB NOT NULL,
  made_at INTEGER NOT NULL,
  ended_at INTEGER,
  revision INTEGER NOT NULL DEFAULT 1,
  content_hash BLOB NOT NULL,
  PRIMARY KEY (county, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX joint_meetings_area ON joint_meetings (county, area_code, at, id);
CREATE INDEX joint_meetings_chair ON joint_meetings (county, chair_id, at, id) WHERE state = 'planned';

-- One matter of an agenda: why it is on it, or why it was taken off, and what was decided.
CREATE TABLE agenda_items (
  county INTEGER NOT NULL,
  meeting_id BLOB NOT NULL,
  matter_id BLOB NOT NULL,
  position INTEGER NOT NULL,
  why TEXT NOT NULL,
  added_by BLOB,
  added_reason TEXT NOT NULL DEFAULT '',
  removed_by BLOB,
  removed_at INTEGER,
  removed_reason TEXT NOT NULL DEFAULT '',
  decision TEXT NOT NULL DEFAULT '' CHECK (decision IN ('', 'assign', 'lead', 'order', 'text')),
  decision_text TEXT NOT NULL DEFAULT '',
  decided_by BLOB,
  decided_at INTEGER,
  PRIMARY KEY (county, meeting_id, matter_id)
) STRICT, WITHOUT ROWID;

-- An alarm is now also of a step or of a lead official's day.
CREATE TABLE alarms_anew (
  county INTEGER NOT NULL,
  id BLOB NOT NULL,
  subject TEXT NOT NULL,
  matter_id BLOB,
  deed TEXT NOT NULL,
  at INTEGER NOT NULL,
  failures INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (county, id)
) STRICT, WITHOUT ROWID;
INSERT INTO alarms_anew (county, id, subject, matter_id, deed, at, failures)
  SELECT county, id, subject, matter_id, deed, at, failures FROM alarms;
DROP TABLE alarms;
ALTER TABLE alarms_anew RENAME TO alarms;
CREATE INDEX alarms_at ON alarms (county, at, id);
CREATE INDEX alarms_matter ON alarms (county, matter_id) WHERE matter_id IS NOT NULL;

-- What makes a matter stuck: orders nobody answered and returns nobody decided since it was
-- last answered. `stuck` is the rule's word on it: 0 no, 1 yes, 2 as soon as it is late.
ALTER TABLE matters ADD COLUMN orders_missed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE matters ADD COLUMN decisions_missed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE matters ADD COLUMN stuck INTEGER NOT NULL DEFAULT 0;
UPDATE matters SET orders_missed = 1 WHERE is_open = 1 AND EXISTS (
  SELECT 1 FROM orders o WHERE o.county = matters.county AND o.matter_id = matters.id AND o.was_late = 1);
UPDATE matters SET stuck = 2 WHERE is_open = 1 AND orders_missed > 0;
UPDATE matters SET stuck = 1 WHERE is_open = 1 AND (bounces >= 2 OR reopened >= 2);
DROP INDEX matters_open_area;
CREATE INDEX matters_open_area ON matters (county, area_code, due_at, owner_unit_id, state, reopened, bounces, stuck, is_open, is_protected) WHERE is_open = 1 AND is_protected = 0;
CREATE INDEX matters_stuck ON matters (county, area_code, due_at, id) WHERE is_open = 1 AND stuck > 0;

-- The counters of the walls anew: the figures of one instant stand side by side, and what was
-- due before `open_folds.before_at` in one row (due_at 1), so that a wall reads only the days
-- that still tell late from soon. They are made again by the first tick.
DROP TABLE open_counts;
CREATE TABLE open_counts (
  county INTEGER NOT NULL,
  wall_area TEXT NOT NULL,
  child_area TEXT NOT NULL,
  unit_id BLOB NOT NULL,
  due_at INTEGER NOT NULL,
  value INTEGER NOT NULL,
  reopened INTEGER NOT NULL,
  bounced INTEGER NOT NULL,
  bounced_twice INTEGER NOT NULL,
  stuck INTEGER NOT NULL,
  stuck_if_late INTEGER NOT NULL,
  PRIMARY KEY (county, wall_area, child_area, unit_id, due_at)
) STRICT, WITHOUT ROWID;
CREATE TABLE open_folds (
  county INTEGER PRIMARY KEY,
  before_at INTEGER NOT NULL
) STRICT;
