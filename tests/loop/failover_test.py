#!/usr/bin/env python3
"""The primary is lost in the middle of work. Two servers on one PostgreSQL with a synchronous standby: the
primary's processes are killed (or stopped, as when its machine hangs), the standby is promoted, and both servers go on there by
themselves. What was acknowledged is there once; what was refused or lost is sent again with its key, and is there once.

  failover_test.py HUIYIN [--hung] [--seconds 12]
"""
import argparse, http.client, json, os, pathlib, re, shutil, signal, subprocess, sys, tempfile, threading, time

parser = argparse.ArgumentParser()
parser.add_argument('huiyin')
parser.add_argument('--hung', action='store_true', help='the primary is stopped, not killed')
parser.add_argument('--seconds', type=int, default=12, help='of work after the loss')
args = parser.parse_args()
bin = pathlib.Path('/usr/lib/postgresql/15/bin')
if not (bin / 'initdb').exists():
    print('skipped: PostgreSQL 15 is not installed')
    sys.exit(77)
folder = pathlib.Path(tempfile.mkdtemp(prefix='huiyin-failover-'))
os.chmod(folder, 0o755)
as_user = []
if os.getuid() == 0:  # the engine refuses to run as root
    as_user = ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups', 'env', '-C', '/tmp']


def do(*words, check=True):
    done = subprocess.run([*as_user, *map(str, words)], text=True, capture_output=True)
    assert not check or done.returncode == 0, (words, done.stdout, done.stderr)
    return done.stdout


class Postgres:
    def __init__(self, name):
        self.dir = folder / name
        self.dir.mkdir(mode=0o755)
        if as_user:
            shutil.chown(self.dir, 'postgres')
        self.data = self.dir / 'data'

    def start(self, *settings):
        options = f"-c listen_addresses='' -c unix_socket_directories='{self.dir}' -c fsync=off " + ' '.join(f'-c {s}' for s in settings)
        do(bin / 'pg_ctl', '-D', self.data, '-w', '-l', self.dir / 'log', '-o', options, 'start')

    def sql(self, statement, database='postgres'):
        return do('psql', '-qAt', '-h', self.dir, '-U', 'huiyin', '-d', database, '-c', statement).strip()

    def tell(self, number):
        main = int((self.data / 'postmaster.pid').read_text().split()[0])
        children = subprocess.run(['pgrep', '-P', str(main)], text=True, capture_output=True).stdout.split()
        for pid in [main, *map(int, children)]:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                pass

    def end(self):
        if self.data.exists():
            if (self.data / 'postmaster.pid').exists():
                self.tell(signal.SIGCONT)
            do(bin / 'pg_ctl', '-D', self.data, '-m', 'immediate', 'stop', check=False)


def run(*words):
    done = subprocess.run([args.huiyin, *words], text=True, capture_output=True)
    assert done.returncode == 0, (words, done.stdout, done.stderr)
    return done.stdout


class Server:
    def __init__(self, data):
        self.process = subprocess.Popen([args.huiyin, 'serve', '--data', str(data), '--listen', '127.0.0.1:0'],
                                        stdout=subprocess.PIPE, stderr=open(folder / 'log', 'a'), text=True)
        self.port = int(re.search(r':(\d+)\s*$', self.process.stdout.readline()).group(1))

    def call(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=60)
        sent = {'Content-Type': 'application/json', **{name.replace('_', '-'): value for name, value in headers.items()}}
        connection.request(method, path, json.dumps(body) if body is not None else None, sent)
        reply = connection.getresponse()
        text = reply.read()
        return reply.status, json.loads(text) if text else None

    def stop(self):
        self.process.terminate()
        assert self.process.wait(60) == 0


first, second = Postgres('first'), Postgres('second')
try:
    do(bin / 'initdb', '-D', first.data, '-U', 'huiyin', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '-N')
    # Only what the standby has too is acknowledged; whoever takes over waits for nobody.
    first.start('synchronous_standby_names=*')
    do(bin / 'pg_basebackup', '-h', first.dir, '-U', 'huiyin', '-D', second.data, '-R', '-X', 'stream', '-c', 'fast')
    second.start()
    first.sql('CREATE DATABASE huiyin')
    url = f'postgres:///huiyin?host={first.dir},{second.dir}&user=huiyin&target_session_attrs=read-write'
    one = folder / 'one'
    run('county', 'create', '--data', str(one), '--database', url, '--code', '990101', '--name', '永安县')
    told = run('user', 'add', '--data', str(one), '--login', 'clerk', '--name', '受理员', '--role', 'clerk')
    two = folder / 'two'
    two.mkdir()
    for shared in ('database', 'huiyin.key'):
        shutil.copy2(one / shared, two / shared)
    (two / 'files').symlink_to(one / 'files')
    servers = [Server(one), Server(two)]
    password = re.search(r'password: (\S+)', told).group(1)
    token = servers[0].call('POST', '/api/v1/sessions', {'login': 'clerk', 'password': password})[1]['token']
    status, _ = servers[0].call('POST', '/api/v1/sessions/current/password', {'old': password, 'new': 'Kuaidian-2026'}, Authorization='Bearer ' + token)
    assert status == 204, status
    status, session = servers[0].call('POST', '/api/v1/sessions', {'login': 'clerk', 'password': 'Kuaidian-2026'})
    assert status == 201, session
    token = 'Bearer ' + session['token']

    done = threading.Event()
    lock = threading.Lock()
    acknowledged, refusals, times = {}, {}, []

    def work(worker):
        n = 0
        while not done.is_set():
            n += 1
            text, key = f'第{worker}人的第{n}件', f'{worker}-{n}'
            for attempt in range(600):
                status, reply = servers[(worker + attempt) % 2].call(
                    'POST', '/api/v1/matters', {'channel': 'counter', 'kind': 'help', 'text': text}, Authorization=token, Idempotency_Key=key)
                with lock:
                    if status == 201:
                        acknowledged[text] = reply['id']
                        times.append(time.monotonic())
                        break
                    refusals[status] = refusals.get(status, 0) + 1
                time.sleep(0.1)
            else:
                raise SystemExit('FAILED: ' + text + ' was never taken')

    workers = [threading.Thread(target=work, args=(number,), daemon=True) for number in range(8)]
    for worker in workers:
        worker.start()
    time.sleep(3)
    before = len(acknowledged)
    lost = time.monotonic()
    first.tell(signal.SIGSTOP if args.hung else signal.SIGKILL)
    time.sleep(1)
    do(bin / 'pg_ctl', '-D', second.data, '-w', 'promote')
    promoted = time.monotonic()
    while not any(at > promoted for at in times):
        assert time.monotonic() - promoted < 60, (refusals, 'nothing is taken after the standby took over')
        time.sleep(0.1)
    time.sleep(args.seconds / 2)

    # The primary refuses to write, as one that is being put aside: 503, and then again.
    second.sql('ALTER SYSTEM SET default_transaction_read_only = on')
    second.sql('SELECT pg_reload_conf()')
    time.sleep(1.5)
    second.sql('ALTER SYSTEM RESET default_transaction_read_only')
    second.sql('SELECT pg_reload_conf()')
    writable = time.monotonic()
    while not any(at > writable for at in times):
        assert time.monotonic() - writable < 30, (refusals, 'nothing is taken after it may be written again')
        time.sleep(0.1)
    time.sleep(args.seconds / 2)
    done.set()
    for worker in workers:
        worker.join()
    for server in servers:
        server.stop()
    assert set(refusals) <= {503}, refusals
    assert before > 20 and len(acknowledged) > before + 20, (before, len(acknowledged))
    kept = dict(line.split('|') for line in second.sql("SELECT text, count(*) FROM matters GROUP BY text", 'huiyin').splitlines())
    assert set(kept) == set(acknowledged), (len(kept), len(acknowledged), list(set(acknowledged) - set(kept))[:5])
    assert set(kept.values()) == {'1'}, [text for text, n in kept.items() if n != '1']
    assert 'the chain is whole' in run('audit', 'verify', '--data', str(one))
    assert 'BAD' not in run('check', '--data', str(one))
    print(f"the primary {'hung' if args.hung else 'was killed'}: {len(acknowledged)} matters acknowledged ({before} before), each there once; "
          f"nothing taken for {min(at for at in times if at > promoted) - lost:.1f} s, of which 1 s until the standby was promoted; "
          f"{refusals.get(503, 0)} answers of 503")
finally:
    for postgres in (first, second):
        postgres.end()
    shutil.rmtree(folder)
