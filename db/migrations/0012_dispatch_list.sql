-- Who handles what, where: the dispatch list, what was offered when, what came back, and the
-- changes that follow from it. Nothing of the list is overwritten.

-- An entry holds from `from_on` up to, not including, `until_on`. An empty category is any, an
-- empty area the whole county.
CREATE TABLE dispatch_entries (
  county INTEGER NOT NULL,
  id BLOB NOT NULL,
  category TEXT NOT NULL,
  area_code TEXT NOT NULL,
  unit_id BLOB NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  from_on INTEGER NOT NULL,
  until_on INTEGER,
  made_at INTEGER NOT NULL,
  made_by BLOB NOT NULL,
  replaced_by BLOB,
  revision INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (county, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX dispatch_entries_place ON dispatch_entries (county, category, area_code, id);

-- The last offer of a matter: on its day the list is read when the unit wants to return it.
CREATE TABLE dispatch_offers (
  county INTEGER NOT NULL,
  matter_id BLOB NOT NULL,
  unit_id BLOB NOT NULL,
  offered_on INTEGER NOT NULL,
  PRIMARY KEY (county, matter_id)
) STRICT, WITHOUT ROWID;

-- Agreed returns and passings up, written with the act; never of a protected matter. `to_unit_id`
-- is where it turned out to belong: who took it, or answered it. `place` is a township, or empty.
CREATE TABLE dispatch_returns (
  county INTEGER NOT NULL,
  matter_id BLOB NOT NULL,
  id BLOB NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('return', 'passing_up')),
  category TEXT NOT NULL,
  place TEXT NOT NULL,
  from_unit_id BLOB NOT NULL,
  to_unit_id BLOB,
  at INTEGER NOT NULL,
  PRIMARY KEY (county, matter_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX dispatch_returns_pattern ON dispatch_returns (county, from_unit_id, to_unit_id, category, place, at)
  WHERE to_unit_id IS NOT NULL;

-- Proposed changes of the list: by a pattern of returns, or by hand.
CREATE TABLE dispatch_proposals (
  county INTEGER NOT NULL,
  id BLOB NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('pattern', 'by_hand')),
  category TEXT NOT NULL,
  area_code TEXT NOT NULL,
  from_unit_id BLOB NOT NULL,
  to_unit_id BLOB NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  made_at INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'taken', 'declined')),
  decided_at INTEGER,
  note TEXT NOT NULL DEFAULT '',
  entry_id BLOB,
  revision INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (county, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX dispatch_proposals_state ON dispatch_proposals (county, state, made_at, id);
CREATE INDEX dispatch_proposals_pattern ON dispatch_proposals (county, from_unit_id, to_unit_id, category, area_code);

-- The lowest level that may settle a matter of the category: NULL as shipped, empty as the
-- category above says.
ALTER TABLE categories ADD COLUMN settled_from TEXT
  CHECK (settled_from IN ('', 'group', 'village', 'township', 'county', 'prefecture'));
