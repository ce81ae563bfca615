-- Counties that were made while 0005 and 0009 still changed are brought to what those say now. Marks
-- by which a household finds the matter that keeps its name apart were raw bytes in a text column,
-- and `alarms` had a column more: both need the step of this number in src/db/migration_steps.cpp.
CREATE INDEX IF NOT EXISTS matters_open_household ON matters (county, household_id, is_open, is_protected, due_at)
  WHERE is_open = 1 AND household_id IS NOT NULL;
