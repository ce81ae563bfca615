-- Of alarms due at one instant the one set first acts first, not the one whose random id is lower.
-- Those set before this keep the order they had.
ALTER TABLE alarms ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;
DROP INDEX alarms_at;
CREATE INDEX alarms_at ON alarms (county, at, turn, id);
CREATE INDEX alarms_turn ON alarms (county, turn);
