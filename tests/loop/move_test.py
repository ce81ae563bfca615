#!/usr/bin/env python3
"""A county goes from its file to PostgreSQL and back with the real program: every table the same,
the chain whole, the server working there, two servers at once, and PostgreSQL killed underneath.

  move_test.py HUIYIN       under bin/postgres; elsewhere it says that it was skipped
"""
import http.client, json, os, pathlib, re, shutil, subprocess, sys, tempfile, time, urllib.parse, uuid

huiyin = sys.argv[1]
server = os.environ.get('HUIYIN_POSTGRES')
if not server:
    print('skipped: no PostgreSQL here, bin/postgres runs this')
    sys.exit(77)
folder = pathlib.Path(tempfile.mkdtemp(prefix='huiyin-move-'))
second = folder / 'second'
name = f'move_{os.getpid()}'
url = server.replace('/postgres?', f'/{name}?', 1)


def psql(statement, database=server):
    return subprocess.run(['psql', '-qAt', database, '-c', statement], check=True, text=True, capture_output=True).stdout.strip()


def run(*words, status=0):
    done = subprocess.run([huiyin, *words], text=True, capture_output=True)
    assert done.returncode == status, (words, done.returncode, done.stdout, done.stderr)
    return done.stdout + done.stderr


class Server:
    def __init__(self, data=None):
        self.process = subprocess.Popen([huiyin, 'serve', '--data', data or folder, '--listen', '127.0.0.1:0'],
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.port = int(re.search(r':(\d+)\s*$', self.process.stdout.readline()).group(1))
        self.token = None

    def call(self, method, path, body=None, key=None):
        connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=30)
        headers = {'Content-Type': 'application/json'}
        if self.token:
            headers['Authorization'] = 'Bearer ' + self.token
        if key:
            headers['Idempotency-Key'] = key
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        reply = connection.getresponse()
        text = reply.read()
        return reply.status, json.loads(text) if text else None

    def sign_in(self, officer):
        status, reply = self.call('POST', '/api/v1/sessions', {'login': officer['login'], 'password': officer['password']})
        assert status == 201, reply
        self.token = reply['token']
        return self

    def stop(self):
        self.process.terminate()
        assert self.process.wait(30) == 0


def matter(text):
    return {'channel': 'counter', 'kind': 'help', 'text': text}


def found(server, word):
    status, reply = server.call('GET', '/api/v1/matters?q=' + urllib.parse.quote(word))
    assert status == 200, reply
    return len(reply['items'])


try:
    psql(f'CREATE DATABASE {name}')
    run('demo', '--dir', str(folder), '--households', '200')
    clerk = next(o for o in json.loads((folder / 'accounts.json').read_text())['officers'] if o['role'] == 'clerk')

    # A folder that is served is neither moved nor served again: what is acknowledged would be lost.
    alone = Server().sign_in(clerk)
    assert 'in use' in run('move', '--data', str(folder), '--to', url, status=1)
    assert 'in use' in run('serve', '--data', str(folder), '--listen', '127.0.0.1:0', status=1)
    assert (folder / 'huiyin.db').exists()
    alone.stop()
    assert 'wants postgres' in run('move', '--data', str(folder), '--to', 'mysql://x', status=2)
    told = run('move', '--data', str(folder), '--to', url)
    assert 'whole' in told and 'are on PostgreSQL' in told, told
    assert (folder / 'database').stat().st_mode & 0o77 == 0, 'the address may hold a password'
    assert (folder / 'huiyin.db.before-move').exists() and not (folder / 'huiyin.db').exists()

    # Another server has a folder of its own for its journal of reads; key, files and records are shared.
    one = Server().sign_in(clerk)
    second.mkdir()
    for shared in ('database', 'huiyin.key'):
        shutil.copy2(folder / shared, second / shared)
    (second / 'files').symlink_to(folder / 'files')
    other = Server(second).sign_in(clerk)
    ids = []
    for n in range(20):  # two servers on one database, turn by turn
        status, reply = (one, other)[n % 2].call('POST', '/api/v1/matters', matter(f'渡口的渡船停了{n}'))
        assert status == 201, reply
        ids.append(reply['id'])
    for n, each in enumerate(ids):
        reply = (other, one)[n % 2].call('GET', f'/api/v1/matters/{each}')
        assert reply[0] == 200, reply
    deadline = time.time() + 20
    while found(one, '渡船') < 20 and time.time() < deadline:
        time.sleep(0.2)
    assert found(other, '渡船') == 20
    # The same key at both servers is one matter.
    key = str(uuid.uuid4())
    first = one.call('POST', '/api/v1/matters', matter('只要一件'), key)
    again = other.call('POST', '/api/v1/matters', matter('只要一件'), key)
    assert first[0] == again[0] == 201 and first[1]['id'] == again[1]['id']

    # Every session with the database is cut in the middle of work. Nothing acknowledged is
    # lost, and what was answered 503 is sent again with its key and is there once.
    taken = 0
    for n in range(30):
        if n % 10 == 5:
            psql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        key = str(uuid.uuid4())
        for _ in range(40):
            status, reply = (one, other)[n % 2].call('POST', '/api/v1/matters', matter(f'断线时的第{n}件'), key)
            if status == 201:
                break
            assert status == 503, (status, reply)
            time.sleep(0.25)
        assert status == 201, reply
        taken += 1
    # A backup of what is on PostgreSQL is a county in a file, like any other.
    run('backup', '--data', str(folder), '--with-key', str(folder / 'copy.huiyin'))
    run('restore', str(folder / 'copy.huiyin'), '--data', str(folder / 'restored'))
    assert 'BAD' not in run('check', '--data', str(folder / 'restored'))
    restored = Server(folder / 'restored').sign_in(clerk)
    deadline = time.time() + 20
    while found(restored, '渡船') < 20 and time.time() < deadline:
        time.sleep(0.2)
    assert found(restored, '渡船') == 20
    restored.stop()
    one.stop()
    other.stop()
    assert taken == int(psql("SELECT count(*) FROM matters WHERE text LIKE '断线时的第%'", url))
    assert 'the chain is whole' in run('audit', 'verify', '--data', str(folder))

    told = run('move', '--data', str(folder), '--to', 'file')
    assert 'whole' in told and not (folder / 'database').exists(), told
    assert 'BAD' not in run('check', '--data', str(folder))
    last = Server().sign_in(clerk)
    assert last.call('GET', f'/api/v1/matters/{ids[0]}')[0] == 200
    last.stop()
    print('moved there and back; two servers, 51 matters, three cuts: nothing lost, nothing twice')
finally:
    shutil.rmtree(folder)
