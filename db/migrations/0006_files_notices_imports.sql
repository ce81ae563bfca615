-- Pictures and papers by their content, the open notice board, and files being imported.

CREATE TABLE attachments (
  county INTEGER NOT NULL,
  id BLOB NOT NULL,
  sha256 BLOB NOT NULL,
  media_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  width INTEGER NOT NULL DEFAULT 0,
  height INTEGER NOT NULL DEFAULT 0,
  name TEXT NOT NULL DEFAULT '',
  section TEXT NOT NULL DEFAULT '',
  household_id BLOB,
  visit_id BLOB,
  matter_id BLOB,
  created_at INTEGER NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id BLOB,
  PRIMARY KEY (county, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX attachments_household ON attachments (county, household_id) WHERE household_id IS NOT NULL;
CREATE INDEX attachments_visit ON attachments (county, visit_id) WHERE visit_id IS NOT NULL;
CREATE INDEX attachments_matter ON attachments (county, matter_id) WHERE matter_id IS NOT NULL;

CREATE TABLE notices (
  county INTEGER NOT NULL,
  id BLOB NOT NULL,
  area_code TEXT NOT NULL,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  body TEXT NOT NULL DEFAULT '',
  published_at INTEGER NOT NULL,
  PRIMARY KEY (county, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX notices_area ON notices (county, area_code, published_at);

-- A file that was checked, and how far it has been applied. The file itself lies beside the
-- database until it is applied or left alone for a week. `summary` is [new, changed, same].
CREATE TABLE imports (
  county INTEGER NOT NULL,
  id BLOB NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('checking', 'refused', 'ready', 'applying', 'applied', 'failed')),
  file_name TEXT NOT NULL DEFAULT '',
  file_hash BLOB NOT NULL,
  rows_total INTEGER NOT NULL DEFAULT 0,
  rows_done INTEGER NOT NULL DEFAULT 0,
  errors TEXT NOT NULL DEFAULT '[]',
  errors_count INTEGER NOT NULL DEFAULT 0,
  summary TEXT NOT NULL DEFAULT '[0,0,0]',
  created_by BLOB,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  applied_at INTEGER,
  PRIMARY KEY (county, id)
) STRICT;
CREATE INDEX imports_state ON imports (county, state, id);
