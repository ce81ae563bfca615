#!/usr/bin/env python3
"""Rooms and doors: who may include whom, where a catch may stand, one library a file."""
import pathlib, re, sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
# Lower may not include higher.
LAYERS = ['core', 'db', 'http', 'platform', 'modules', 'demo', 'app', 'bench']
# In the order in which modules may lean on one another.
MODULES = ['terms', 'org', 'identity', 'audit', 'households', 'attachments', 'pairings', 'visits', 'outbox', 'matters',
           'portal', 'notices', 'reports', 'open311', 'imports', 'exports', 'sync', 'upkeep']
# The bench runs the raw engine beside the door to it, to know what the door costs.
ONLY_IN = {'<sqlite3.h>': {'src/db/sqlite.cpp', 'src/db/sqlite_mapping.h', 'src/bench/raw_sqlite.cpp'},
           '<libpq-fe.h>': {'src/db/postgres_connect.cpp', 'src/db/postgres_wire.cpp', 'src/bench/raw_postgres.cpp'}, '<sodium.h>': {'src/core/crypto.cpp', 'src/core/random.cpp'},
           '<boost/beast': {'src/http/reader.h'}, '<boost/asio': {'src/http/connection.h'}, '<regex>': set(),
           '<openssl/': {'src/core/envelope.cpp', 'src/http/tls.cpp', 'src/modules/outbox/wire.cpp', 'src/modules/identity/totp.cpp'},
           '<qrencode.h>': {'src/modules/identity/totp.cpp'},
           '<iostream>': set()}
# What is sealed with the field key must be known to its rotation: a new place here means a new
# column in src/app/reseal.cpp.
SEALS = {'src/core/crypto.h', 'src/core/crypto.cpp', 'src/app/reseal.cpp', 'src/modules/households/actions_people.cpp', 'src/modules/households/merge.cpp',
         'src/modules/matters/identities.cpp', 'src/modules/identity/routes_second_step.cpp', 'src/modules/sync/routes.cpp',
         'src/modules/sync/devices.cpp', 'src/modules/sync/quarantine.cpp'}
bad, files = [], 0
for path in sorted(ROOT.glob('src/**/*')):
    if path.suffix not in ('.h', '.cpp'):
        continue
    files += 1
    where = path.relative_to(ROOT)
    layer = where.parts[1]
    text = path.read_text()
    is_test = path.name.endswith('_test.cpp') or path.name.endswith('testing.h')
    for include in re.findall(r'^#include\s+(\S+)', text, re.M):
        for library, allowed in ONLY_IN.items():
            if include.startswith(library) and str(where) not in allowed and not is_test:
                bad.append(f'{where}: {include} belongs elsewhere')
        target = include.strip('"').split('/')
        if include.startswith('"') and target[0] in LAYERS and not is_test:
            if LAYERS.index(target[0]) > LAYERS.index(layer):
                bad.append(f'{where}: {layer} may not include {include}')
            if layer == 'modules' and target[0] == 'modules' and target[1] != where.parts[2]:
                mine, theirs = where.parts[2], target[1]
                if mine in MODULES and theirs in MODULES and MODULES.index(theirs) > MODULES.index(mine):
                    bad.append(f'{where}: {mine} may not lean on {theirs}')
    if re.search(r'(?<![\w:.])Seal\((?!\))(?!db::Tx|tx,|County|county)', text) and str(where) not in SEALS and not is_test:
        bad.append(f'{where}: what Seal makes must be known to src/app/reseal.cpp')
    if re.search(r'\bco_await\b', re.sub(r'//.*', '', text)):
        bad.append(f'{where}: coroutines are miscompiled by this compiler; use callbacks')
print(f'check_house: {files} files')
if bad:
    print('\n'.join(bad))
    sys.exit(1)
