#!/usr/bin/env python3
"""docs/asvs.md: every line of ASVS 5.0 levels 1 and 2 stands in it once, with its level and a
state, and every file and test it names is there."""
import pathlib, re, sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
bad = []

levels = {}
for line in (ROOT / 'data/asvs/levels.txt').read_text().splitlines():
    if line.startswith('#'):
        continue
    section, *groups = line.split()
    for group in groups:
        level, numbers = group.split(':')
        levels.update({f'{section}.{number}': level for number in numbers.split(',')})

tests = set()
for path in [*ROOT.glob('src/**/*test.cpp'), *ROOT.glob('tests/**/*.cpp')]:
    tests.update(f'{suite}.{name}' for suite, name in re.findall(r'^TEST(?:_F|_P)?\((\w+), (\w+)\)', path.read_text(), re.M))

seen = {}
for number, line in enumerate((ROOT / 'docs/asvs.md').read_text().splitlines(), 1):
    match = re.match(r'\| (V[\d.]+) \| (\d) \| ([^|]+) \| ([^|]+) \|$', line)
    if not match:
        if line.startswith('| V'):
            bad.append(f'docs/asvs.md:{number}: not a line of four parts')
        continue
    name, level, _, state = match.groups()
    if name in seen:
        bad.append(f'{name} stands twice')
    seen[name] = level
    if levels.get(name) != level:
        bad.append(f'{name}: level {level}, the standard says {levels.get(name)}')
    if not re.match(r'met\b|not met\b.*\bbecause\b|does not apply\b.*\bbecause\b', state):
        bad.append(f'{name}: says neither how it is met nor why not')
    if state.startswith('met') and ':' not in state and '`' not in state:
        bad.append(f'{name}: names nothing that meets it')
    for named in re.findall(r'`([^`]+)`', state):
        if re.fullmatch(r'[A-Z]\w+\.[A-Z]\w+', named) and named not in tests:
            bad.append(f'{name}: there is no test {named}')
        if re.match(r'(src|tests|web|docs|tools|bin|api|data)/', named) and not (ROOT / named).exists():
            bad.append(f'{name}: there is no {named}')
bad += [f'{name} is missing' for name in levels if name not in seen]
print(f'check_asvs: {len(seen)} of {len(levels)} lines')
if bad:
    print('\n'.join(bad))
    sys.exit(1)
