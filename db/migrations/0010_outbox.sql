-- What is told to people, written in the transaction of the act that causes it. `channel` says
-- how it goes: the web inbox, or out by sms, email, letter or a task for the window. Rows with a
-- `next_at` wait for the sender; it is also moved ahead while one is being sent, so that a row
-- claimed by a process that died comes due again under the same id. `address` is emptied when the
-- message has gone; `shown` is what delivery states may show of it.
CREATE TABLE messages (
  county INTEGER NOT NULL,
  id BLOB NOT NULL,
  kind TEXT NOT NULL,
  channel TEXT NOT NULL CHECK (channel IN ('inbox', 'sms', 'email', 'letter', 'window')),
  state TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'failed')),
  created_at INTEGER NOT NULL,
  next_at INTEGER,
  tries INTEGER NOT NULL DEFAULT 0,
  sent_at INTEGER,
  read_at INTEGER,
  is_read INTEGER NOT NULL DEFAULT 0,
  officer_id BLOB,
  household_id BLOB,
  unit_id BLOB,
  matter_id BLOB,
  is_protected INTEGER NOT NULL DEFAULT 0,
  language TEXT NOT NULL DEFAULT '',
  data TEXT NOT NULL DEFAULT '{}',
  title TEXT NOT NULL DEFAULT '',
  body TEXT NOT NULL DEFAULT '',
  address TEXT NOT NULL DEFAULT '',
  shown TEXT NOT NULL DEFAULT '',
  problem TEXT NOT NULL DEFAULT '',
  once_key TEXT NOT NULL DEFAULT '',
  recipient TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (county, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX messages_once ON messages (county, once_key, recipient, channel) WHERE once_key <> '';
CREATE INDEX messages_due ON messages (county, next_at) WHERE next_at IS NOT NULL;
CREATE INDEX messages_officer ON messages (county, officer_id, is_read, id) WHERE officer_id IS NOT NULL;
CREATE INDEX messages_household ON messages (county, household_id, is_read, id) WHERE household_id IS NOT NULL AND channel = 'inbox';
CREATE INDEX messages_matter ON messages (county, matter_id, id) WHERE matter_id IS NOT NULL;
CREATE INDEX messages_unit ON messages (county, unit_id, state, id) WHERE unit_id IS NOT NULL;

-- What was told to whom, for good: a cause that happens again after a crash tells nobody twice.
CREATE TABLE message_claims (
  county INTEGER NOT NULL,
  once_key TEXT NOT NULL,
  audience TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (county, once_key, audience)
) STRICT, WITHOUT ROWID;

-- Who holds a role in a unit.
CREATE INDEX roles_unit ON roles (county, unit_id, role);
