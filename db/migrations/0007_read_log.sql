-- How far the journal of reads (src/platform/read_log.h) has been moved into the chain: of
-- file `number`, so many bytes; of those before it, everything. Written in the transaction
-- that moves them, so that no entry comes twice and none is left out.
CREATE TABLE read_logs (
  county INTEGER PRIMARY KEY,
  number INTEGER NOT NULL,
  moved_bytes INTEGER NOT NULL
) STRICT;
