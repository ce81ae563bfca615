-- An import of households enters what their people are found by after many of them: how far that
-- came, and how many steps were committed, so that whoever goes on knows where it stands.
ALTER TABLE imports ADD COLUMN rows_findable INTEGER NOT NULL DEFAULT 0;
ALTER TABLE imports ADD COLUMN steps INTEGER NOT NULL DEFAULT 0;
UPDATE imports SET rows_findable = rows_done;
