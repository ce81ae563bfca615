"""What the crash tests share: a made-up county, the real program serving it, and clients."""
import http.client, json, os, pathlib, random, re, signal, struct, subprocess, sys, time, zlib


def fail(what):
    sys.exit('FAILED: ' + str(what))


def check(condition, what):
    if not condition:
        fail(what)


def uuid7(dice):
    ms = int(time.time() * 1000)
    value = (ms << 80) | (7 << 76) | (dice.getrandbits(12) << 64) | (2 << 62) | dice.getrandbits(62)
    text = f'{value:032x}'
    return '-'.join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def picture(dice):
    """A PNG nobody has seen before, of 24 by 24 coloured squares."""
    squares = [bytes(dice.randrange(256) for _ in range(3)) for _ in range(9)]
    rows = b''.join(b'\0' + b''.join(squares[y // 8 * 3 + x // 8] for x in range(24)) for y in range(24))

    def chunk(kind, data):
        return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))

    head = struct.pack('>IIBBBBB', 24, 24, 8, 2, 0, 0, 0)
    return b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', head) + chunk(b'IDAT', zlib.compress(rows)) + chunk(b'IEND', b'')


class Gone(Exception):
    """The server went away in the middle: nobody knows what became of the request."""


class Server:
    def __init__(self, program, data, *more, log=subprocess.DEVNULL, environment=None):
        self.data = data
        began = time.monotonic()
        self.process = subprocess.Popen([program, 'serve', '--data', data, '--listen', '127.0.0.1:0', *more],
                                        stdout=subprocess.PIPE, stderr=log, text=True,
                                        env={**os.environ, **(environment or {})})
        line = self.process.stdout.readline()
        self.started_in = time.monotonic() - began
        found = re.search(r':(\d+)\s*$', line)
        if not found:
            self.process.kill()
            self.process.wait()
            fail(f'the server did not start: {line!r}')
        self.port = int(found.group(1))

    was_killed = False

    def kill(self):
        self.was_killed = True
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        check(self.process.wait(timeout=30) == 0, 'the server stops when it is asked to')


class Client:
    """One session on one connection, opened again when it breaks."""

    def __init__(self, server, token=None):
        self.server, self.token = server, token
        self.connection = None

    def __call__(self, method, path, body=None, content='application/json', **headers):
        sent = {name.replace('_', '-'): value for name, value in headers.items()}
        if body is not None:
            sent['Content-Type'] = content
            if not isinstance(body, bytes):
                body = json.dumps(body).encode()
        if self.token:
            sent['Authorization'] = 'Bearer ' + self.token
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection('127.0.0.1', self.server.port, timeout=30)
            self.connection.request(method, path, body, sent)
            reply = self.connection.getresponse()
            text = reply.read()
            if 'json' not in (reply.getheader('Content-Type') or ''):
                return reply.status, text
            return reply.status, json.loads(text) if text else None
        except (OSError, http.client.HTTPException, json.JSONDecodeError) as error:
            self.connection = None
            raise Gone(repr(error)) from error


def make(program, data, households):
    subprocess.run([program, 'demo', '--dir', data, '--households', str(households)], check=True, stdout=subprocess.DEVNULL)
    return json.loads(pathlib.Path(data, 'accounts.json').read_text())


def sign_in(server, officer):
    status, reply = Client(server)('POST', '/api/v1/sessions', {'login': officer['login'], 'password': officer['password']})
    check(status == 201, f"sign-in of {officer['login']}: {status} {reply}")
    return Client(server, reply['token'])


def prove(program, data):
    """The folder, while nobody serves it: the database, every reference, the chain, the files against
    their hashes, counters and rows against events. Returns the chain's line."""
    for command in (['check', '--data', data], ['counters', 'verify', '--data', data]):
        done = subprocess.run([program, *command], capture_output=True, text=True)
        check(done.returncode == 0, f'{command[0]}: {done.stdout}{done.stderr}')
    done = subprocess.run([program, 'audit', 'verify', '--data', data], capture_output=True, text=True)
    check(done.returncode == 0, done.stdout + done.stderr)
    return done.stdout.strip()
