-- Times in which the term of a clock stands still: what the law knows, such as a hearing.
CREATE TABLE pauses (
  county INTEGER NOT NULL,
  matter_id BLOB NOT NULL,
  id BLOB NOT NULL,
  clock_id BLOB NOT NULL,
  kind TEXT NOT NULL,
  from_at INTEGER NOT NULL,
  until_at INTEGER NOT NULL,
  reason TEXT NOT NULL,
  set_by BLOB NOT NULL,
  set_at INTEGER NOT NULL,
  ended_at INTEGER,
  PRIMARY KEY (county, matter_id, id)
) STRICT, WITHOUT ROWID;
