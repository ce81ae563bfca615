-- Answers that a second officer agrees to, templates of answers, calls to those who are asked by
-- telephone how it went, figures of what residents say, and what follows a conclusion.

-- Who agreed to the answer, where its rule asks for a second officer; the pictures that go with it.
ALTER TABLE answers ADD COLUMN approved_by BLOB;
ALTER TABLE answers ADD COLUMN pictures TEXT NOT NULL DEFAULT '[]';
-- What the answering office has no power over, and who has.
ALTER TABLE asks ADD COLUMN is_beyond INTEGER NOT NULL DEFAULT 0;
ALTER TABLE asks ADD COLUMN who_can TEXT NOT NULL DEFAULT '';

-- An answer as somebody wrote it that waits for another officer. At most one of a matter waits or
-- was sent back; what was written before it is kept as replaced. `input` is the whole as written.
CREATE TABLE answer_drafts (
  county INTEGER NOT NULL,
  matter_id BLOB NOT NULL,
  id BLOB NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'sent_back', 'approved', 'replaced')),
  unit_id BLOB NOT NULL,
  drafted_by BLOB NOT NULL,
  drafted_at INTEGER NOT NULL,
  input TEXT NOT NULL,
  decided_by BLOB,
  decided_at INTEGER,
  note TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (county, matter_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX answer_drafts_waiting ON answer_drafts (county, matter_id) WHERE state = 'waiting';

-- Sentences an office may begin an answer with.
CREATE TABLE answer_templates (
  county INTEGER NOT NULL,
  id BLOB NOT NULL,
  category TEXT NOT NULL DEFAULT '',
  outcome TEXT NOT NULL DEFAULT '',
  language TEXT NOT NULL,
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  is_active INTEGER NOT NULL DEFAULT 1,
  revision INTEGER NOT NULL DEFAULT 1,
  content_hash BLOB NOT NULL,
  PRIMARY KEY (county, id)
) STRICT, WITHOUT ROWID;

-- Somebody is to be asked by telephone how it went: one row an answer.
CREATE TABLE callbacks (
  county INTEGER NOT NULL,
  id BLOB NOT NULL,
  matter_id BLOB NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'judged', 'declined', 'not_reached', 'over')),
  made_at INTEGER NOT NULL,
  next_at INTEGER NOT NULL,
  until_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  ended_at INTEGER,
  PRIMARY KEY (county, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX callbacks_waiting ON callbacks (county, next_at, id) WHERE state = 'waiting';
CREATE INDEX callbacks_matter ON callbacks (county, matter_id);

-- Each try to reach them.
CREATE TABLE call_attempts (
  county INTEGER NOT NULL,
  callback_id BLOB NOT NULL,
  id BLOB NOT NULL,
  at INTEGER NOT NULL,
  officer_id BLOB NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('not_reached', 'call_again', 'declined')),
  again_at INTEGER,
  PRIMARY KEY (county, callback_id, id)
) STRICT, WITHOUT ROWID;

-- What residents said of a unit's answers in a month, as first said; never of a complaint about
-- somebody. `subject`: the unit's own work, or what is beyond its power.
CREATE TABLE judgement_counts (
  county INTEGER NOT NULL,
  unit_id BLOB NOT NULL,
  month INTEGER NOT NULL,
  category TEXT NOT NULL,
  subject TEXT NOT NULL CHECK (subject IN ('work', 'beyond')),
  judged INTEGER NOT NULL DEFAULT 0,
  solved INTEGER NOT NULL DEFAULT 0,
  rated INTEGER NOT NULL DEFAULT 0,
  rated_sum INTEGER NOT NULL DEFAULT 0,
  treated INTEGER NOT NULL DEFAULT 0,
  treated_sum INTEGER NOT NULL DEFAULT 0,
  silent INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (county, unit_id, month, category, subject)
) STRICT, WITHOUT ROWID;

-- A new matter that says it is about new facts after another was concluded.
CREATE TABLE follow_ups (
  county INTEGER NOT NULL,
  matter_id BLOB NOT NULL,
  follows_id BLOB NOT NULL,
  PRIMARY KEY (county, matter_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX follow_ups_of ON follow_ups (county, follows_id);
