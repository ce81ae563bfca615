#!/usr/bin/env python3
"""Nobody is listed by how often they ask: no statement counts matters by person and orders or
filters by the count, and no reply or parameter of the API could carry such a list."""
import pathlib, re, sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
WHO = r'(?:household_id|resident_id|contact|first_words_by)'
COUNTED = re.compile(rf'GROUP\s+BY[^;]*?\b{WHO}\b[^;]*?(?:HAVING\s+COUNT|ORDER\s+BY\s+(?:COUNT|\d))', re.I | re.S)
# A literal, or several that the compiler joins with macros between them.
LITERALS = re.compile(r'db::Sql\s+k\w+\s*\{(.*?)\};', re.S)
NAMES = re.compile(r'^\s*(?:- name: |)(\w*(?:asks_often|times_asked|frequent|repeat_petition|matters_count|complaints_count)\w*):?', re.M)
SORTING = re.compile(r'name: (sort|order_by|sort_by)\b')


def faults_of_source(text):
    return [sql.strip()[:60] for sql in LITERALS.findall(text)
            if re.search(r'\bmatters\b', sql) and COUNTED.search(sql)]


def faults_of_contract(text):
    return [f'a member {name}' for name in NAMES.findall(text)] + \
           [f'a parameter {name}: lists keep their own order' for name in SORTING.findall(text)]


def prove():
    """A check that cannot fail proves nothing."""
    ranked = ('constexpr db::Sql kX{"matters.often", "SELECT household_id, COUNT(*) FROM matters GROUP BY household_id '
              'ORDER BY COUNT(*) DESC"};')
    assert faults_of_source(ranked) and not faults_of_source(ranked.replace('ORDER BY COUNT(*) DESC', ''))
    assert faults_of_contract('        times_asked: {type: integer}') and faults_of_contract('        - name: sort\n')
    assert not faults_of_contract('        asks_count: {type: integer}')


prove()
bad = [f'{path.relative_to(ROOT)}: people by how often they ask: {fault}'
       for path in sorted((ROOT / 'src').rglob('*.cpp')) for fault in faults_of_source(path.read_text())]
bad += [f'api/openapi.yaml: {fault}' for fault in faults_of_contract((ROOT / 'api' / 'openapi.yaml').read_text())]
print('check_boundaries: no list of people who ask often')
if bad:
    print('\n'.join(bad))
    sys.exit(1)
