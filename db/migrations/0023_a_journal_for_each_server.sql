-- Several servers of one database each move a journal of reads of their own into its chain. How far
-- was kept by county alone (read_logs), so that one server took what another had moved for its own
-- doing and left its own reads out. From now on by journal too; '' is what was there before, of one
-- server. read_logs stays for a program of before, and is no longer written.
CREATE TABLE read_journals (
  county INTEGER NOT NULL,
  journal TEXT NOT NULL,
  number INTEGER NOT NULL,
  moved_bytes INTEGER NOT NULL,
  PRIMARY KEY (county, journal)
) STRICT, WITHOUT ROWID;
INSERT INTO read_journals (county, journal, number, moved_bytes) SELECT county, '', number, moved_bytes FROM read_logs;
