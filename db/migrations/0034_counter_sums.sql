-- The month's counters once more, by township (by the county for what lies in none): what is asked
-- of a township, a county or wider is then a few rows and not every village's and every unit's.
-- Written with `counters`, in the same transaction; proven every night.
CREATE TABLE counter_sums (
  county INTEGER NOT NULL,
  name TEXT NOT NULL,
  month INTEGER NOT NULL,
  area_code TEXT NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY (county, name, month, area_code)
) STRICT, WITHOUT ROWID;
INSERT INTO counter_sums (county, name, month, area_code, value)
  SELECT county, name, month, substr(area_code, 1, 9), SUM(value) FROM counters
   GROUP BY county, name, month, substr(area_code, 1, 9);
