#!/usr/bin/env python3
"""What the log says of a day's work: an object a line, each request by its id, and nothing about anybody. Every
name, number, text, address, card, receipt and secret of the county, and what this run says itself, is looked for.

  log_test.py HUIYIN
"""
import http.client, json, os, pathlib, re, socket, sqlite3, subprocess, sys, tempfile, time, urllib.parse

huiyin = sys.argv[1]
folder = tempfile.TemporaryDirectory(prefix='huiyin-log-')
data = pathlib.Path(folder.name, 'county')
subprocess.run([huiyin, 'demo', '--dir', data, '--households', '60'], check=True, stdout=subprocess.DEVNULL)
accounts = json.loads((data / 'accounts.json').read_text())
told = pathlib.Path(folder.name, 'told')
listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
listener.bind(str(told))
listener.settimeout(30)

log = open(pathlib.Path(folder.name, 'log'), 'w+')
server = subprocess.Popen([huiyin, 'serve', '--data', data, '--listen', '127.0.0.1:0', '--log-form', 'json', '--log-requests'],
                          stdout=subprocess.PIPE, stderr=log, text=True, env={**os.environ, 'NOTIFY_SOCKET': str(told), 'WATCHDOG_USEC': '600000'})
try:
    port = int(re.search(r':(\d+)\s*$', server.stdout.readline()).group(1))
    assert listener.recv(99) == b'READY=1'
    assert listener.recv(99) == b'WATCHDOG=1', 'the service says that it lives'
    ids, secrets = set(), set()

    def call(method, path, body=None, token=None, raw=None):
        connection = http.client.HTTPConnection('127.0.0.1', port, timeout=30)
        headers = {'Content-Type': 'application/json', **({'Authorization': 'Bearer ' + token} if token else {})}
        connection.request(method, path, raw if raw is not None else json.dumps(body) if body is not None else None, headers)
        reply = connection.getresponse()
        text = reply.read()
        ids.add(reply.getheader('X-Request-Id'))
        if reply.status >= 400:
            problem = json.loads(text)
            assert problem['request_id'] == reply.getheader('X-Request-Id'), problem
        return reply.status, json.loads(text) if 'json' in (reply.getheader('Content-Type') or '') else text

    by_role = {}
    for officer in accounts['officers']:
        by_role.setdefault(officer['role'], officer)
    tokens = {}
    for role, officer in by_role.items():
        status, reply = call('POST', '/api/v1/sessions', {'login': officer['login'], 'password': officer['password']})
        assert status == 201, reply
        tokens[role] = reply['token']
        call('POST', '/api/v1/sessions', {'login': officer['login'], 'password': 'falsch-geraten'})
    card = accounts['residents'][0]
    status, session = call('POST', '/api/v1/resident_sessions', {'card_number': card['card_number'], 'pin': card['pin']})
    assert status == 201, session
    call('POST', '/api/v1/resident_sessions', {'card_number': card['card_number'], 'pin': '000111'})
    secrets |= {*tokens.values(), session['token'], card['card_number'], card['pin'], 'falsch-geraten', '000111'}

    said = ('吴桂花家的井水变浑', '13987654321', '532901198001011234', '吴桂花')
    secrets |= set(said)
    liaison = next(who for who in accounts['officers'] if who['login'] == card['officer_login'])
    mine = call('POST', '/api/v1/sessions', {'login': liaison['login'], 'password': liaison['password']})[1]['token']
    home = card['household_id']
    status, taken = call('POST', '/api/v1/matters', {'channel': 'counter', 'kind': 'help', 'text': said[0],
                                                     'contact': {'name': said[3], 'phone': said[1]}}, tokens['clerk'])
    assert status == 201, taken
    secrets.add(taken['receipt'])
    walk = [('GET', '/api/v1/receipts/' + taken['receipt'], None, None), ('GET', f'/api/v1/households/{home}?purpose=visit', None, mine),
            ('GET', '/api/v1/households?q=' + urllib.parse.quote(said[3]), None, mine), ('GET', '/api/v1/residents?q=' + urllib.parse.quote('王'), None, tokens['clerk']),
            ('GET', '/api/v1/me/household', None, session['token']), ('GET', '/api/v1/me/matters', None, session['token']),
            ('POST', '/api/v1/me/matters', {'kind': 'help', 'text': said[0]}, session['token']),
            ('GET', '/api/v1/matters?q=' + urllib.parse.quote(said[0]), None, tokens['supervisor']),
            ('GET', f'/api/v1/matters/{taken["id"]}', None, tokens['clerk']), ('PATCH', f'/api/v1/households/{home}/sections/contact', {'phone': said[1]}, mine),
            ('POST', '/api/v1/matters', {'channel': said[0], 'kind': said[2], 'text': 5}, tokens['clerk']),
            ('POST', '/api/v1/residents', {'name': said[3], 'identity_number': said[2]}, mine), ('GET', '/api/v1/' + urllib.parse.quote(said[3]), None, mine),
            ('GET', '/' + urllib.parse.quote(said[0]), None, None), ('GET', '/api/v1/officers/' + by_role['clerk']['login'], None, tokens['administrator'])]
    for method, path, body, token in walk:
        call(method, path, body, token)
    call('POST', '/api/v1/matters', token=tokens['clerk'], raw=('{"text": "' + said[0] + '", ').encode())
    for role, token in tokens.items():
        for path in ('/api/v1/matters', '/api/v1/units', '/api/v1/officers', '/api/v1/inbox', '/api/v1/settings', '/api/v1/upkeep', '/api/v1/audit'):
            call('GET', path, None, token)
    # The figures count what was done.
    status, text = call('GET', '/metrics')
    text = text.decode()
    count = {kind: int(re.search(rf'huiyin_request_seconds_count{{kind="{kind}"}} (\d+)', text).group(1)) for kind in ('read', 'write')}
    replies = sum(int(number) for number in re.findall(r'huiyin_replies_total\{class="\dxx"\} (\d+)', text))
    assert count['read'] > 40 and count['write'] > 15 and replies == sum(count.values()), (count, replies)
    assert re.search(r'^huiyin_under_way 1$', text, re.M), 'only this request is under way'
    server.terminate()
    while listener.recv(99) != b'STOPPING=1':
        pass
    assert server.wait(30) == 0
finally:
    if server.poll() is None:
        server.kill()
        server.wait()

log.seek(0)
lines = [json.loads(line) for line in log]
assert all({'at', 'level', 'event'} <= line.keys() for line in lines)
requests = [line for line in lines if line['event'] == 'request']
missing = ids - {line['request_id'] for line in requests} - {None}
assert len(missing) <= 2, f'a line for every request but pages: {missing}'
assert {'/api/v1/receipts/*', '/api/v1/households/*', '/api/v1/*'} <= {line['path'] for line in requests}
database = sqlite3.connect(data / 'huiyin.db')
for table, columns in (('residents', 'name'), ('officers', 'name, login'), ('households', 'code'), ('matters', 'text, receipt')):
    known = {row[1] for row in database.execute(f'PRAGMA table_info({table})')}
    for column in columns.split(', '):
        if column in known:
            secrets |= {str(value) for (value,) in database.execute(f'SELECT DISTINCT {column} FROM {table}') if value and len(str(value)) > 1}
for account in accounts['officers']:
    secrets |= {account['login'], account['password'], account['name']}
log.seek(0)
whole = log.read()
found = {secret for secret in secrets if secret in whole}
assert not found, f'the log says {found}'
assert '127.0.0.1' not in whole, 'the log says who is where'
print(f'{len(lines)} lines, {len(requests)} of them requests, none of {len(secrets)} names, numbers, texts and secrets')
