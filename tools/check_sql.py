#!/usr/bin/env python3
"""SQL is written once, for both engines: only the common subset, and only in its place."""
import pathlib, re, sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
STATEMENT = re.compile(r'db::Sql\s+k\w+\s*\{\s*"([^"]+)",\s*(?:R"sql\((.*?)\)sql"|"((?:[^"\\]|\\.)*)")\s*\}', re.S)
BANNED = [
    (r'::(?!\w*\()', 'a cast with ::'), (r'\bnow\s*\(', 'now()'), (r'\bINTERVAL\b', 'INTERVAL'),
    (r'\bILIKE\b', 'ILIKE'), (r'=\s*ANY\b', '= ANY'), (r'@>', '@>'), (r'\bFOR UPDATE\b', 'FOR UPDATE'),
    (r'\bLATERAL\b', 'LATERAL'), (r'\bDISTINCT ON\b', 'DISTINCT ON'), (r'\bgroup_concat\b', 'group_concat'),
    (r'\bstring_agg\b', 'string_agg'), (r'\biif\s*\(', 'iif'), (r'\binstr\s*\(', 'instr'),
    (r'\bIFNULL\s*\(', 'IFNULL'), (r'\bINSERT OR\b', 'INSERT OR'), (r'\bREPLACE INTO\b', 'REPLACE INTO'),
    (r'\browid\b', 'rowid'), (r'\bGLOB\b', 'GLOB'), (r'\bLIMIT\s+\$?\w+\s*,', 'LIMIT a, b'),
    (r'\bMAX\s*\([^()]*,', 'max(a, b)'), (r'\bMIN\s*\([^()]*,', 'min(a, b)'), (r'\?\d', '?1 parameters'),
    (r'\(\$\d+ IS NULL OR', 'a parameter before what tells its type: write ($n compared OR $n IS NULL)'),
    (r'\bstrftime\b', 'strftime'), (r'\bjulianday\b', 'julianday'), (r'\bprintf\s*\(', 'printf'),
]
bad, names = [], {}
for path in sorted((ROOT / 'src').rglob('*.cpp')):
    text = path.read_text()
    where = path.relative_to(ROOT)
    if path.name.endswith('_test.cpp'):
        continue
    for match in STATEMENT.finditer(text):
        name, sql = match.group(1), match.group(2) or match.group(3)
        if name in names and names[name] != where:
            bad.append(f'{where}: the statement name {name} is also in {names[name]}')
        names[name] = where
        for pattern, what in BANNED:
            if re.search(pattern, sql, re.I):
                bad.append(f'{where}: {name} uses {what}, which one of the engines does not take')
print(f'check_sql: {len(names)} statements')
if bad:
    print('\n'.join(bad))
    sys.exit(1)
