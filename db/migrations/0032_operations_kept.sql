-- What phones sent and somebody decided is kept for a time (settings: retention, `operations`): found
-- by when it was decided.
CREATE INDEX set_aside_closed ON set_aside (county, closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX quarantine_closed ON quarantine (county, closed_at) WHERE closed_at IS NOT NULL;
