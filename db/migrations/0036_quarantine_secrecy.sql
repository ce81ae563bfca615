-- What a phone sent of a complaint about an officer or a unit, or of somebody whose name is kept apart,
-- is for auditors here too. `matter_id`: which matter it makes, so that what belongs to it is kept from the same people.
ALTER TABLE quarantine ADD COLUMN is_protected INTEGER NOT NULL DEFAULT 0;
ALTER TABLE quarantine ADD COLUMN about_officer_id BLOB;
ALTER TABLE quarantine ADD COLUMN about_unit_id BLOB;
ALTER TABLE quarantine ADD COLUMN matter_id BLOB;
CREATE INDEX quarantine_matter ON quarantine (county, matter_id) WHERE matter_id IS NOT NULL;
