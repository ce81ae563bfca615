#!/usr/bin/env python3
"""Several counties in several databases behind one server: each request reaches its county's database, a
PostgreSQL that hangs (its processes are stopped) stops its own counties and no others, at the start and in
the middle of work, and comes back by itself.

  installation_test.py HUIYIN POSTGRES    POSTGRES is bin/postgres: this test has a PostgreSQL of its own
"""
import concurrent.futures, http.client, json, os, pathlib, re, shutil, signal, subprocess, sys, tempfile, time

huiyin, postgres = sys.argv[1:3]
if not pathlib.Path('/usr/lib/postgresql/15/bin/initdb').exists():
    print('skipped: PostgreSQL 15 is not installed')
    sys.exit(77)
folder = pathlib.Path(tempfile.mkdtemp(prefix='huiyin-installation-'))


def run(*words, status=0):
    done = subprocess.run([huiyin, *words], text=True, capture_output=True)
    assert done.returncode == status, (words, done.returncode, done.stdout, done.stderr)
    return done.stdout + done.stderr


class Postgres:
    """Its own server, whose processes can be stopped and let go on."""

    def __init__(self):
        self.shell = subprocess.Popen([postgres, 'sh', '-c', 'echo "$HUIYIN_POSTGRES"; exec sleep 3600'],
                                      stdout=subprocess.PIPE, text=True, start_new_session=True)
        self.url = self.shell.stdout.readline().strip()
        self.dir = re.search(r'host=([^&]+)', self.url).group(1)
        self.main = int(pathlib.Path(self.dir, 'data', 'postmaster.pid').read_text().split()[0])

    def tell(self, number):
        children = subprocess.run(['pgrep', '-P', str(self.main)], text=True, capture_output=True).stdout.split()
        for pid in [self.main, *map(int, children)]:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                pass

    def end(self):
        self.tell(signal.SIGCONT)
        subprocess.run(['pkill', '-P', str(self.shell.pid), 'sleep'])
        self.shell.wait(30)


class Server:
    def __init__(self, *words):
        self.process = subprocess.Popen([huiyin, 'serve', *words, '--listen', '127.0.0.1:0'], stdout=subprocess.PIPE,
                                        stderr=open(folder / 'log', 'a'), text=True)
        self.port = int(re.search(r':(\d+)\s*$', self.process.stdout.readline()).group(1))

    def call(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=60)
        sent = {'Content-Type': 'application/json', **{name.replace('_', '-'): value for name, value in headers.items()}}
        connection.request(method, path, json.dumps(body) if body is not None else None, sent)
        reply = connection.getresponse()
        text = reply.read()
        is_json = 'json' in (reply.getheader('Content-Type') or '')
        return reply.status, json.loads(text) if is_json else text.decode(), reply

    def stop(self):
        self.process.terminate()
        assert self.process.wait(60) == 0


def until(what, seconds):
    deadline = time.time() + seconds
    while not what():
        assert time.time() < deadline, 'it did not come about'
        time.sleep(0.2)


def matter(text):
    return {'channel': 'counter', 'kind': 'help', 'text': text}


def clerk(place, county):
    told = run('user', 'add', '--data', str(folder / place), '--county', county, '--login', 'clerk' + county, '--name', '受理员', '--role', 'clerk')
    return {'login': 'clerk' + county, 'password': re.search(r'password: (\S+)', told).group(1)}


east = Postgres()
try:
    # Two counties in one file, one on PostgreSQL.
    run('county', 'create', '--data', str(folder / 'west'), '--code', '990101', '--name', '永安县')
    run('county', 'create', '--data', str(folder / 'west'), '--code', '990102', '--name', '古叶县')
    assert 'already' in run('county', 'create', '--data', str(folder / 'west'), '--code', '990102', '--name', '古叶县', status=1)
    run('county', 'create', '--data', str(folder / 'east'), '--database', east.url, '--code', '990201', '--name', '东川县')
    clerks = {county: clerk(place, county) for place, county in (('west', '990101'), ('west', '990102'), ('east', '990201'))}

    routes = folder / 'routes'
    routes.write_text('990101 west\n990102\n')
    assert 'line 2: there is no data folder after 990102' in run('serve', '--routes', str(routes), status=1)
    routes.write_text('# county folder host\n990101 west\n990102 west guye.test\n990201 east\n')
    assert '--routes' in run('serve', '--routes', str(routes), '--data', str(folder / 'west'), status=2)

    # A database that hangs at the start holds up nobody else.
    east.tell(signal.SIGSTOP)
    server = Server('--routes', str(routes))

    def sign_in(county, **headers):
        session = server.call('POST', '/api/v1/sessions', clerks[county], **headers)
        assert session[0] == 201, session
        token = 'Bearer ' + session[1]['token']
        changed = server.call('POST', '/api/v1/sessions/current/password',
                              {'old': clerks[county]['password'], 'new': 'Kuaidian-' + county}, Authorization=token)
        assert changed[0] in (200, 204), changed
        clerks[county]['password'] = 'Kuaidian-' + county
        again = server.call('POST', '/api/v1/sessions', clerks[county], **headers)
        assert again[0] == 201, again
        return 'Bearer ' + again[1]['token']

    until(lambda: server.call('GET', '/api/v1/areas', Huiyin_County='990101')[0] == 200, 20)
    status, problem, reply = server.call('GET', '/api/v1/areas', Huiyin_County='990201')
    assert status == 503 and int(reply.getheader('Retry-After')) > 0, (status, problem)
    counties = {item['county']: item for item in server.call('GET', '/api/v1/counties')[1]['items']}
    assert [counties[c]['is_available'] for c in ('990101', '990102', '990201')] == [True, True, False], counties
    assert counties['990102']['name'] == '古叶县'
    assert server.call('GET', '/readyz')[1] == 'west ready\neast unavailable\n'
    west = sign_in('990101', Huiyin_County='990101')
    east.tell(signal.SIGCONT)
    until(lambda: server.call('GET', '/api/v1/areas', Huiyin_County='990201')[0] == 200, 40)

    # Whose county: the header, the host, an id; none and a wrong one are said.
    for county, headers in (('990101', {'Huiyin_County': '990101'}), ('990102', {'Host': 'guye.test:8080'}),
                            ('990201', {'Host': '990201.example.org'}), ('990102', {'Huiyin_County': '990102', 'Host': '990201.example.org'})):
        status, areas, _ = server.call('GET', '/api/v1/areas', **headers)
        assert status == 200 and [area['code'] for area in areas['items']] == [county], (headers, areas)
    assert server.call('GET', '/api/v1/areas')[1]['code'] == 'county_needed'
    assert server.call('GET', '/api/v1/areas', Huiyin_County='990301')[:1] == (421,)
    assert server.call('GET', '/api/v1/areas', Huiyin_County='永安'.encode())[1]['code'] == 'county_malformed'
    tokens = {'990101': west, '990102': sign_in('990102', Host='guye.test'), '990201': sign_in('990201', Huiyin_County='990201')}
    made = {}
    for county, token in tokens.items():
        status, made[county], _ = server.call('POST', '/api/v1/matters', matter('渡口的渡船停了'), Authorization=token)
        assert status == 201 and made[county]['id'].startswith(county), made
    # A matter is found by whoever is of its county, and its receipt at its county's address only.
    for county, token in tokens.items():
        for other in tokens:
            status = server.call('GET', '/api/v1/matters/' + made[other]['id'], Authorization=token)[0]
            assert status == (200 if county == other else 404), (county, other, status)
    receipt = '/api/v1/receipts/' + made['990201']['receipt']
    assert server.call('GET', receipt, Huiyin_County='990201')[0] == 200
    assert server.call('GET', receipt, Huiyin_County='990101')[0] == 404
    # A session says nothing to another county.
    assert server.call('GET', '/api/v1/matters', Authorization=tokens['990101'], Huiyin_County='990201')[0] == 401
    assert server.call('GET', '/api/v1/matters', Authorization=tokens['990101'], Huiyin_County='990102')[0] == 401

    # The figures of all of them side by side; one that is away later stands there as it was seen now.
    report = run('report', '--routes', str(routes))
    assert '990201          1  东川县\n' in report and 'together        3  3 of 3 counties' in report, report
    assert run('report', '--routes', str(routes), '--month', '2026-13', status=2)

    # The database hangs in the middle of work, with a crowd at its door.
    def west_time():
        start = time.monotonic()
        status = server.call('GET', '/api/v1/matters/' + made['990101']['id'], Authorization=tokens['990101'])[0]
        assert status == 200, status
        return time.monotonic() - start

    def p99(times):
        return sorted(times)[int(len(times) * 0.99) - 1]

    calm = p99([west_time() for _ in range(200)])
    east.tell(signal.SIGSTOP)
    asked = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(64) as crowd:
        ask = lambda n: server.call('GET' if n % 2 else 'POST', '/api/v1/matters/' + made['990201']['id'] if n % 2 else '/api/v1/matters',
                                    None if n % 2 else matter(f'挂起时的第{n}件'), Authorization=tokens['990201'], Idempotency_Key=f'stopped-{n}')[0]
        waiting = [crowd.submit(ask, n) for n in range(300)]
        times = []
        while not all(future.done() for future in waiting):
            times.append(west_time())
            status, _, _ = server.call('POST', '/api/v1/matters', matter('照常'), Authorization=tokens['990102'])
            assert status == 201, status
        refused = [future.result() for future in waiting]
    hung = time.monotonic() - asked
    assert set(refused) == {503}, set(refused)
    # Nobody waits longer than three statements take to be given up, one after another.
    assert hung < 45, hung
    assert len(times) > 50 and p99(times) < max(0.25, 20 * calm), (len(times), calm, p99(times))
    assert 'huiyin_database_up{database="east"} 0' in server.call('GET', '/metrics')[1]
    assert 'huiyin_database_up{database="west"} 1' in server.call('GET', '/metrics')[1]
    report = run('report', '--routes', str(routes))
    assert '990201          1  东川县  (as of ' in report and '3 of 3 counties' in report, report
    start = time.monotonic()
    assert server.call('GET', '/api/v1/areas', Huiyin_County='990201')[0] == 503
    assert time.monotonic() - start < 11, 'it is known to hang'

    # It goes on: what was refused is sent again with its key and is there once.
    east.tell(signal.SIGCONT)
    until(lambda: server.call('GET', '/api/v1/areas', Huiyin_County='990201')[0] == 200, 40)
    for n in range(0, 300, 2):
        until(lambda: ask(n) == 201, 20)
    status, found, _ = server.call('GET', '/api/v1/matters?limit=200&mine=true', Authorization=tokens['990201'])
    server.stop()
    count = subprocess.run(['psql', '-qAt', east.url, '-c', "SELECT count(*), count(DISTINCT text) FROM matters WHERE text LIKE '挂起时的第%'"],
                           check=True, text=True, capture_output=True).stdout.strip()
    assert count == '150|150', count
    for place in ('west', 'east'):
        told = run('audit', 'verify', '--data', str(folder / place))
        assert told.count('the chain is whole') == (2 if place == 'west' else 1), told
    print(f'3 counties, 2 databases; one hung {hung:.1f} s with 300 requests: p99 of its neighbour {p99(times) * 1000:.1f} ms '
          f'(calm {calm * 1000:.1f} ms), 150 acts once each')
finally:
    east.end()
    shutil.rmtree(folder)
