"""PostgreSQL servers of a test's own, whose processes can be stopped, killed and followed by standbys, and the program before them."""
import http.client, json, os, pathlib, re, shutil, signal, subprocess, sys, time

bin = pathlib.Path('/usr/lib/postgresql/15/bin')
as_user = []
if os.getuid() == 0:  # the engine refuses to run as root
    as_user = ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups', 'env', '-C', '/tmp']


def need_postgres():
    if not (bin / 'initdb').exists():
        print('skipped: PostgreSQL 15 is not installed')
        sys.exit(77)


def do(*words, check=True):
    done = subprocess.run([*as_user, *map(str, words)], text=True, capture_output=True)
    assert not check or done.returncode == 0, (words, done.stdout, done.stderr)
    return done.stdout


def program(huiyin):
    """Runs its commands: what one says, when it ends as it should."""
    def run(*words, status=0):
        done = subprocess.run([huiyin, *map(str, words)], text=True, capture_output=True)
        assert done.returncode == status, (words, done.returncode, done.stdout, done.stderr)
        return done.stdout + done.stderr
    return run


def until(what, seconds, log=None):
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, 'it did not come about: ' + (log.read_text()[-1500:] if log else '')
        time.sleep(0.1)


class Postgres:
    def __init__(self, folder, name):
        self.dir = folder / name
        self.dir.mkdir(mode=0o755)
        if as_user:
            shutil.chown(self.dir, 'postgres')
        self.data = self.dir / 'data'

    def make(self):
        do(bin / 'initdb', '-D', self.data, '-U', 'huiyin', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '-N')

    def follow(self, primary):
        do(bin / 'pg_basebackup', '-h', primary.dir, '-U', 'huiyin', '-D', self.data, '-R', '-X', 'stream', '-c', 'fast')

    def start(self, *settings):
        options = f"-c listen_addresses='' -c unix_socket_directories='{self.dir}' -c fsync=off " + ' '.join(f'-c {s}' for s in settings)
        do(bin / 'pg_ctl', '-D', self.data, '-w', '-l', self.dir / 'log', '-o', options, 'start')

    def promote(self):
        do(bin / 'pg_ctl', '-D', self.data, '-w', 'promote')

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


class Server:
    def __init__(self, huiyin, log, *words):
        self.process = subprocess.Popen([huiyin, 'serve', *map(str, words), '--listen', '127.0.0.1:0'],
                                        stdout=subprocess.PIPE, stderr=open(log, 'a'), text=True)
        self.port = int(re.search(r':(\d+)\s*$', self.process.stdout.readline()).group(1))

    def ask(self, method, path, body=None, **headers):
        """Status, what it says (JSON read, a picture as it is, else text), and the headers."""
        connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=60)
        sent = {'Content-Type': 'application/json', **{name.replace('_', '-'): value for name, value in headers.items()}}
        connection.request(method, path, body if body is None or isinstance(body, bytes) else json.dumps(body), sent)
        reply = connection.getresponse()
        said, kind = reply.read(), reply.getheader('Content-Type') or ''
        if not kind.startswith('image/'):
            said = json.loads(said) if said and 'json' in kind else said.decode()
        return reply.status, said, reply.headers

    def call(self, *words, **headers):
        return self.ask(*words, **headers)[:2]

    def sign_in(self, login, told, **headers):
        """With the first password that `user add` has told, which is changed for a lasting one. What Authorization says."""
        first, lasting = re.search(r'password: (\S+)', told).group(1), 'Kuaidian-2026'
        status, session = self.call('POST', '/api/v1/sessions', {'login': login, 'password': first}, **headers)
        assert status == 201, session
        status, said = self.call('POST', '/api/v1/sessions/current/password', {'old': first, 'new': lasting},
                                 Authorization='Bearer ' + session['token'], **headers)
        assert status == 204, said
        status, session = self.call('POST', '/api/v1/sessions', {'login': login, 'password': lasting}, **headers)
        assert status == 201, session
        return 'Bearer ' + session['token']

    def stop(self):
        self.process.terminate()
        assert self.process.wait(60) == 0
