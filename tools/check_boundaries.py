#!/usr/bin/env python3
"""Nobody is listed by how often they ask: no statement counts matters by person and orders or
filters by the count, no reply or parameter of the API could carry such a list, and what groups
matters (figures, causes, likely duplicates) neither takes nor tells who asked."""
import pathlib, re, sys

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
WHO = r'(?:household_id|resident_id|contact|first_words_by)'
COUNTED = re.compile(rf'GROUP\s+BY[^;]*?\b{WHO}\b[^;]*?(?:HAVING\s+COUNT|ORDER\s+BY\s+(?:COUNT|\d))', re.I | re.S)
# A literal, or several that the compiler joins with macros between them.
LITERALS = re.compile(r'db::Sql\s+k\w+\s*\{(.*?)\};', re.S)
NAMES = re.compile(r'^\s*(?:- name: |)(\w*(?:asks_often|times_asked|frequent|repeat_petition|matters_count|complaints_count)\w*):?', re.M)
SORTING = re.compile(r'name: (sort|order_by|sort_by)\b')
# Parameters that would order or group a list by something, and those that name who asks.
ORDERING = re.compile(r'^(sort|order|order_by|sort_by|group|group_by|by|top|most|rank)$')
ASKER = re.compile(r'^(household_id|resident_id|household|resident|contact|receipt|head_name|resident_name|register_number|member_ids?|phone)$')
# Where matters are grouped. A pair of likely duplicates shows receipts to be told apart by.
GROUPED = {'/api/v1/wall': set(), '/api/v1/causes': set(), '/api/v1/indicators': set(),
           '/api/v1/matters/duplicates': {'receipt'}}
GROUPING = re.compile(r'GROUP\s+BY(.*?)(?:HAVING|ORDER|LIMIT|$)', re.I | re.S)
# Counts that are each one household's own, shown beside it and in no order of theirs.
OF_ONE_HOUSEHOLD = {'matters.open_of_households'}


def faults_of_source(text):
    return [sql.strip()[:60] for sql in LITERALS.findall(text)
            if re.search(r'\bmatters\b', sql) and COUNTED.search(sql)]


def grouped_by_asker(text):
    """Statements over matters or members that group by who asked, beyond those known to be one household's own."""
    found = []
    for sql in LITERALS.findall(text):
        name = re.match(r'\s*"([^"]+)"', sql)
        groups = GROUPING.search(sql)
        if groups and re.search(r'\b(?:matters|members)\b', sql) and re.search(rf'\b{WHO}\b', groups.group(1)) \
                and (not name or name.group(1) not in OF_ONE_HOUSEHOLD):
            found.append((name.group(1) if name else sql.strip()[:60]))
    return found


def members_of(contract, schema, seen=()):
    """Names of all members of a reply, however deep."""
    if not isinstance(schema, dict):
        return set()
    ref = schema.get('$ref')
    if ref:
        return set() if ref in seen else members_of(contract, at(contract, ref), (*seen, ref))
    names = set(schema.get('properties', {}))
    parts = list(schema.get('properties', {}).values())
    if isinstance(schema.get('items'), dict):
        parts.append(schema['items'])
    parts += [part for key in ('allOf', 'anyOf', 'oneOf') for part in schema.get(key, [])]
    return names.union(*(members_of(contract, part, seen) for part in parts))


def at(contract, ref):
    for step in ref.lstrip('#/').split('/'):
        contract = contract[step]
    return contract


def faults_of_operations(contract):
    """Every GET of the contract, walked."""
    found = []
    for path, methods in contract['paths'].items():
        get = methods.get('get')
        if not get:
            continue
        names = [at(contract, one['$ref'])['name'] if '$ref' in one else one['name'] for one in get.get('parameters', [])]
        found += [f'{path}: a parameter {name}: lists keep their own order' for name in names if ORDERING.match(name)]
        if path not in GROUPED:
            continue
        told = members_of(contract, get['responses']['200']['content']['application/json']['schema'])
        found += [f'{path}: matters are grouped there, and {name} says who asked'
                  for name in [*names, *sorted(told)] if ASKER.match(name) and name not in GROUPED[path]]
    missing = set(GROUPED) - set(contract['paths'])
    return found + [f'{path}: is not in the contract' for path in sorted(missing)]


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
    by_asker = 'constexpr db::Sql kX{"causes.by_asker", "SELECT household_id, COUNT(*) FROM matters GROUP BY household_id"};'
    assert grouped_by_asker(by_asker) and not grouped_by_asker(by_asker.replace('household_id', 'category'))
    reply = {'content': {'application/json': {'schema': {'properties': {'items': {'items': {'properties': {'head_name': {}}}}}}}}}
    paths = {path: {'get': {'responses': {'200': {'content': {'application/json': {'schema': {}}}}}}} for path in GROUPED}
    assert not faults_of_operations({'paths': paths})
    assert faults_of_operations({'paths': {**paths, '/x': {'get': {'parameters': [{'name': 'group_by'}]}}}})
    assert faults_of_operations({'paths': {**paths, '/api/v1/causes': {'get': {'responses': {'200': reply}}}}})


prove()
bad = [f'{path.relative_to(ROOT)}: people by how often they ask: {fault}'
       for path in sorted((ROOT / 'src').rglob('*.cpp')) for fault in faults_of_source(path.read_text())]
bad += [f'{path.relative_to(ROOT)}: matters are grouped by who asked: {fault}'
        for path in sorted((ROOT / 'src').rglob('*.cpp')) for fault in grouped_by_asker(path.read_text())]
CONTRACT = (ROOT / 'api' / 'openapi.yaml').read_text()
bad += [f'api/openapi.yaml: {fault}' for fault in faults_of_contract(CONTRACT) + faults_of_operations(yaml.safe_load(CONTRACT))]
print('check_boundaries: no list of people who ask often')
if bad:
    print('\n'.join(bad))
    sys.exit(1)
