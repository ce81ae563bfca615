#!/usr/bin/env python3
"""Counties as programs of other days left them (tests/data/schemas), taken over by this one: migrated with every
row, every reference, the chain and the projections as they must be, and served. And a county that a newer
program left, which is refused.

  schemas_test.py HUIYIN [--postgres]   with --postgres under bin/postgres: the dumps made there
"""
import argparse, http.client, json, os, pathlib, re, shutil, sqlite3, subprocess, sys, tarfile, tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
parser = argparse.ArgumentParser()
parser.add_argument('huiyin')
parser.add_argument('--postgres', action='store_true')
args = parser.parse_args()
postgres = os.environ.get('HUIYIN_POSTGRES')
if args.postgres and not postgres:
    print('skipped: no PostgreSQL here, bin/postgres runs this')
    sys.exit(77)

# Tables that a migration itself fills.
FILLED = {'schema_migrations', 'alarms', 'turns', 'open_counts', 'month_counts', 'counters', 'counter_sums'}


def run(*words, status=0):
    done = subprocess.run([args.huiyin, *map(str, words)], text=True, capture_output=True)
    assert done.returncode == status, (words, done.returncode, done.stdout, done.stderr)
    return done.stdout + done.stderr


def psql(url, *words):
    return subprocess.run(['psql', '-qAt', '-v', 'ON_ERROR_STOP=1', url, *words], check=True, text=True, capture_output=True).stdout.strip()


class File:
    def __init__(self, data):
        self.path = data / 'huiyin.db'

    def rows(self, statement):
        database = sqlite3.connect(self.path)
        try:
            return database.execute(statement).fetchall()
        finally:
            database.close()

    def tables(self):
        return [name for (name,) in self.rows("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'word_index%'")]


class Postgres:
    def __init__(self, data, name):
        psql(postgres, '-c', f'CREATE DATABASE {name}')
        self.url = postgres.replace('/postgres?', f'/{name}?', 1)
        psql(self.url, '-f', str(data / 'county.sql'))
        (data / 'database').write_text(self.url + '\n')
        (data / 'huiyin.db').unlink(missing_ok=True)

    def rows(self, statement):
        text = psql(self.url, '-F', '\t', '-c', statement)
        return [tuple(line.split('\t')) for line in text.splitlines()]

    def tables(self):
        return [name for (name,) in self.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'word_index%'")]


def counts(database):
    return {table: int(database.rows(f'SELECT COUNT(*) FROM {table}')[0][0]) for table in database.tables()}


def served(data):
    accounts = json.loads((data / 'accounts.json').read_text())
    server = subprocess.Popen([args.huiyin, 'serve', '--data', data, '--listen', '127.0.0.1:0'], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        line = server.stdout.readline()
        assert line, server.stderr.read()
        port = int(re.search(r':(\d+)\s*$', line).group(1))

        def call(method, path, body=None, token=None, want=200):
            connection = http.client.HTTPConnection('127.0.0.1', port, timeout=60)
            headers = {'Content-Type': 'application/json', **({'Authorization': 'Bearer ' + token} if token else {})}
            connection.request(method, path, json.dumps(body) if body is not None else None, headers)
            reply = connection.getresponse()
            text = reply.read()
            assert reply.status == want, (method, path, reply.status, text)
            return json.loads(text)

        by_role = {}
        for officer in accounts['officers']:
            by_role.setdefault(officer['role'], officer)
        tokens = {role: call('POST', '/api/v1/sessions', {'login': who['login'], 'password': who['password']}, want=201)['token']
                  for role, who in by_role.items()}
        for role, token in tokens.items():
            call('GET', '/api/v1/me' if False else '/api/v1/matters?limit=20', token=token, want=200)
        card = accounts['apart']['card']
        liaison = next(who for who in accounts['officers'] if who['login'] == card['officer_login'])
        token = call('POST', '/api/v1/sessions', {'login': liaison['login'], 'password': liaison['password']}, want=201)['token']
        homes = call('GET', '/api/v1/households?mine=true', token=token)['items']
        assert homes
        for home in homes[:3]:
            record = call('GET', f"/api/v1/households/{home['id']}?purpose=visit", token=token)
            assert record['sections'], record
        matters = call('GET', '/api/v1/matters?limit=50', token=tokens['supervisor'])['items']
        assert matters
        for matter in matters[:10]:
            call('GET', f"/api/v1/matters/{matter['id']}", token=tokens['supervisor'])
        for receipt in accounts['receipts']:
            assert call('GET', f'/api/v1/receipts/{receipt}')['receipt'] == receipt
        # Whoever keeps a name apart finds the matter under their own.
        resident = call('POST', '/api/v1/resident_sessions', {'card_number': card['card_number'], 'pin': card['pin']}, want=201)['token']
        mine = [matter['receipt'] for matter in call('GET', '/api/v1/me/matters', token=resident)['items']]
        for receipt in accounts['apart']['receipts']:
            assert receipt in mine, f'the household no longer finds {receipt}, which it keeps apart: {mine}'
        made = call('POST', '/api/v1/matters', {'channel': 'counter', 'kind': 'help', 'text': '新程序收下的第一件事'}, tokens['clerk'], 201)
        assert call('GET', f"/api/v1/receipts/{made['receipt']}")['receipt'] == made['receipt']
        server.terminate()
        assert server.wait(30) == 0
    finally:
        if server.poll() is None:
            server.kill()
            server.wait()
    return len(accounts['apart']['receipts'])


def taken_over(archive, data, number):
    with tarfile.open(archive) as tar:
        tar.extractall(data, filter='data') if hasattr(tarfile, 'data_filter') else tar.extractall(data)
    (data / 'huiyin.key').chmod(0o600)
    database = Postgres(data, f'schemas_{os.getpid()}_{number}') if args.postgres else File(data)
    before = counts(database)
    assert before['matters'] > 10 and before['households'] >= 25 and before['audit_entries'] > 20, before
    # Migrates, and looks at every page, reference, file and link of the chain.
    said = run('check', '--data', data)
    assert 'BAD' not in said, said
    after = counts(database)
    lost = {table: (rows, after.get(table)) for table, rows in before.items() if table not in FILLED and after.get(table) != rows}
    assert not lost, f'rows before and after: {lost}'
    run('counters', 'verify', '--data', data)
    assert 'whole' in run('audit', 'verify', '--data', data)
    apart = served(data)
    run('counters', 'verify', '--data', data)
    run('check', '--data', data)
    print(f"{archive.name}: {sum(before.values())} rows of {len(before)} tables kept, {len(after) - len(before)} tables more, {apart} names kept apart found")
    return database


def newer_is_refused(data, database):
    """The county that a newer program left is named as such, and not touched."""
    if args.postgres:
        psql(database.url, '-c', "INSERT INTO schema_migrations VALUES (9999, '9999_later', 1)")
    else:
        connection = sqlite3.connect(data / 'huiyin.db')
        connection.execute("INSERT INTO schema_migrations VALUES (9999, '9999_later', 1)")
        connection.commit()
        connection.close()
    before = counts(database)
    for words in (('serve', '--listen', '127.0.0.1:0'), ('check',), ('backup', str(data / 'never.tar')), ('audit', 'verify'), ('counters', 'verify')):
        said = run(*words, '--data', data, status=1)
        assert 'schema 9999' in said and 'newer program' in said, (words, said)
    assert not (data / 'never.tar').exists() and counts(database) == before


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix='huiyin-schemas-'))
    databases = []
    try:
        archives = sorted(each for each in (ROOT / 'tests/data/schemas').glob('*.tar.xz') if each.name.endswith('-postgres.tar.xz') == args.postgres)
        assert archives, 'there is nothing to migrate'
        for number, archive in enumerate(archives):
            data = folder / archive.name.split('.')[0]
            databases.append(taken_over(archive, data, number))
        newer_is_refused(data, databases[-1])
        print('a county of schema 9999 is refused and left as it is')
    finally:
        for database in databases:
            if args.postgres:
                psql(postgres, '-c', f"DROP DATABASE {database.url.split('/')[3].split('?')[0]} WITH (FORCE)")
        shutil.rmtree(folder, ignore_errors=True)


main()
