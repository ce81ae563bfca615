#!/usr/bin/env python3
"""Makes a county the way a program of another day made it, for schemas_test.py to migrate: checks that
commit out beside the tree, builds its program, makes a small demo county, lets people work in it through that
program's API, and packs the folder into tests/data/schemas/SCHEMA-COMMIT.tar.xz.

  make.py COMMIT...        [--programs DIR]   take DIR/huiyin-COMMIT instead of building it
  make.py --postgres COMMIT                   under bin/postgres: a dump of the same county there
"""
import argparse, http.client, json, os, pathlib, re, shutil, signal, sqlite3, subprocess, tarfile, tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
OUT = ROOT / 'tests/data/schemas'
parser = argparse.ArgumentParser()
parser.add_argument('commits', nargs='+')
parser.add_argument('--programs', type=pathlib.Path)
parser.add_argument('--postgres', action='store_true')
args = parser.parse_args()


def build(commit, folder):
    tree = folder / 'tree'
    subprocess.run(['git', '-C', ROOT, 'worktree', 'add', '--detach', tree, commit], check=True)
    (tree / 'third_party/node_modules').symlink_to((ROOT / 'third_party/node_modules').resolve())
    subprocess.run(['cmake', '-S', tree, '-B', tree / 'build', '-G', 'Ninja', '-DCMAKE_BUILD_TYPE=Release'], check=True)
    subprocess.run(['ninja', '-C', tree / 'build', 'huiyin'], check=True)
    return tree / 'build/huiyin'


def work(program, data, schema):
    """What the demo of that day may not have: a matter at the counter, and one that keeps its name apart."""
    accounts = json.loads((data / 'accounts.json').read_text())
    server = subprocess.Popen([program, 'serve', '--data', data, '--listen', '127.0.0.1:0'], stdout=subprocess.PIPE, text=True)
    port = int(re.search(r':(\d+)\s*$', server.stdout.readline()).group(1))

    def call(method, path, body=None, token=None):
        connection = http.client.HTTPConnection('127.0.0.1', port, timeout=30)
        headers = {'Content-Type': 'application/json', **({'Authorization': 'Bearer ' + token} if token else {})}
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        reply = connection.getresponse()
        return reply.status, json.loads(reply.read())

    card = accounts['residents'][0]
    status, session = call('POST', '/api/v1/resident_sessions', {'card_number': card['card_number'], 'pin': card['pin']})
    assert status == 201, session
    apart = []
    for is_confidential in (False, True):
        body = {'kind': 'help', 'text': '村口路灯不亮' if not is_confidential else '不愿说出名字的一件事', 'confidential': is_confidential}
        status, matter = call('POST', '/api/v1/me/matters', body, session['token'])
        assert status == 201, matter
        if is_confidential and schema >= 15:
            apart.append(matter['receipt'])
    clerk = next(officer for officer in accounts['officers'] if officer['role'] == 'clerk')
    status, session = call('POST', '/api/v1/sessions', {'login': clerk['login'], 'password': clerk['password']})
    assert status == 201, session
    status, matter = call('POST', '/api/v1/matters', {'channel': 'counter', 'kind': 'help', 'text': '井水变浑'}, session['token'])
    assert status == 201, matter
    accounts['apart'] = {'card': card, 'receipts': apart}
    accounts['receipts'] = [matter['receipt']]
    (data / 'accounts.json').write_text(json.dumps(accounts, ensure_ascii=False))
    server.send_signal(signal.SIGTERM)
    assert server.wait(30) == 0


for commit in args.commits:
    folder = pathlib.Path(tempfile.mkdtemp(prefix='huiyin-schema-'))
    try:
        program = args.programs / f'huiyin-{commit}' if args.programs else build(commit, folder)
        data = folder / 'county'
        subprocess.run([program, 'demo', '--dir', data, '--households', '50'], check=True, stdout=subprocess.DEVNULL)
        schema = sqlite3.connect(data / 'huiyin.db').execute('SELECT MAX(number) FROM schema_migrations').fetchone()[0]
        work(program, data, schema)
        name = f'{schema:02d}-{commit[:7]}'
        if args.postgres:
            database = f'schema_{os.getpid()}'
            server = os.environ['HUIYIN_POSTGRES']
            url = server.replace('/postgres?', f'/{database}?', 1)
            subprocess.run(['psql', '-qAt', server, '-c', f'CREATE DATABASE {database}'], check=True)
            subprocess.run([program, 'move', '--data', data, '--to', url], check=True, stdout=subprocess.DEVNULL)
            (data / 'county.sql').write_text(subprocess.run(['pg_dump', '--no-owner', '--no-comments', url], check=True, capture_output=True, text=True).stdout)
            name += '-postgres'
        else:
            sqlite3.connect(data / 'huiyin.db', isolation_level=None).execute('VACUUM')
        with tarfile.open(OUT / f'{name}.tar.xz', 'w:xz', preset=9) as tar:
            for file in sorted(data.rglob('*')):
                if file.is_file() and not file.name.endswith(('-wal', '-shm')) and file.name not in ('lock', 'spare', 'database') and '.before-move' not in file.name:
                    info = tar.gettarinfo(file, str(file.relative_to(data)))
                    info.uid = info.gid = 0
                    info.uname = info.gname = ''
                    with file.open('rb') as bytes_:
                        tar.addfile(info, bytes_)
        print(name, (OUT / f'{name}.tar.xz').stat().st_size)
    finally:
        if (folder / 'tree').exists():
            subprocess.run(['git', '-C', ROOT, 'worktree', 'remove', '--force', folder / 'tree'])
        shutil.rmtree(folder, ignore_errors=True)
