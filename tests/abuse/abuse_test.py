#!/usr/bin/env python3
"""People who mean it ill, against the real program: slow clients, a crowd of idle connections,
giant heads and bodies, deep JSON, bombs in an XLSX, guessing of passwords, PINs and receipts,
and asking who exists by the answer or by its time. The server stays up for everybody else, and
says what it refused without saying whom.

  abuse_test.py HUIYIN [--connections 2000] [--households 60]
"""
import argparse, http.client, io, json, os, pathlib, re, resource, shutil, socket, statistics, subprocess, sys, tempfile, time, zipfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '../crash'))
from county import Client, Server, check, make, sign_in

parser = argparse.ArgumentParser()
parser.add_argument('huiyin')
parser.add_argument('--connections', type=int, default=2000)
parser.add_argument('--households', type=int, default=60)
args = parser.parse_args()
lines = []
LIMITS = ['--head-seconds', '2', '--body-seconds', '2', '--idle-seconds', '30', '--max-connections', str(args.connections)]


def connect(server):
    return socket.create_connection(('127.0.0.1', server.port), timeout=15)


def raw(server, bytes_, wait=15):
    """Sends the bytes as they are; what comes back until the server hangs up or falls silent."""
    with connect(server) as link:
        link.settimeout(wait)
        got = b''
        try:
            link.sendall(bytes_)
        except OSError:
            pass  # it hung up before the end: what it said may still come
        try:
            while piece := link.recv(65536):
                got += piece
        except OSError:
            pass
        return got


def refuses(server, what, bytes_, status, code):
    got = raw(server, bytes_)
    check(got.startswith(b'HTTP/1.1 %d ' % status) and code.encode() in got, f'{what}: {got[:300]}')


def serves(server):
    began = time.monotonic()
    check(Client(server)('GET', '/healthz')[0] == 200, 'everybody else is served')
    return time.monotonic() - began


def memory(server):
    text = pathlib.Path(f'/proc/{server.process.pid}/status').read_text()
    return int(re.search(r'RssAnon:\s+(\d+)', text).group(1)) / 1024


def giants(server):
    head = b'GET / HTTP/1.1\r\nHost: a\r\n'
    refuses(server, 'a giant head', head + b'X: ' + b'a' * 100_000 + b'\r\n\r\n', 431, 'header_too_large')
    refuses(server, 'many headers', head + b''.join(b'X%d: a\r\n' % i for i in range(120)) + b'\r\n', 431, 'too_many_headers')
    refuses(server, 'a giant target', b'GET /' + b'a' * 100_000 + b' HTTP/1.1\r\nHost: a\r\n\r\n', 431, 'header_too_large')
    post = b'POST /api/v1/matters HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n'
    refuses(server, 'a giant body by its word', post + b'Content-Length: 99999999999\r\n\r\n', 413, 'body_too_large')
    refuses(server, 'a giant body in chunks', post + b'Transfer-Encoding: chunked\r\n\r\n' + (b'100000\r\n' + b'a' * 0x100000 + b'\r\n') * 4, 413, 'body_too_large')
    refuses(server, 'two lengths', post + b'Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}', 400, 'malformed')
    refuses(server, 'an unknown coding', post + b'Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n', 400, 'unknown_coding')
    nobody = Client(server)
    for what, text in {'deep JSON': '[' * 100_000 + ']' * 100_000, 'deep objects': '{"a":' * 50_000 + '1' + '}' * 50_000,
                       'broken JSON': '{"text": ', 'broken text': '{"text":"\ud800"}'}.items():
        status, reply = nobody('POST', '/api/v1/matters', text.encode('utf-8', 'surrogatepass'))
        check(status == 400 and reply['code'] == 'malformed_json', f'{what}: {status} {reply}')
    lines.append('giant heads, targets and bodies, deep and broken JSON: each refused by its own code')


def slow_ones(server):
    """A byte now and then holds a place for the time of a head, and no longer; an idle crowd costs little."""
    began = time.monotonic()
    slow = [connect(server) for _ in range(100)]
    for link in slow[:50]:
        link.sendall(b'GET / HTTP/1.1\r\nHost: a\r\n')
    for link in slow[50:]:
        link.sendall(b'POST /api/v1/matters HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{')
    for letter in b'X-Slow: aaaaaaa':
        time.sleep(0.3)
        for link in slow:
            try:
                link.send(bytes([letter]))
            except OSError:
                pass
    for link in slow:
        try:
            got = b''
            while piece := link.recv(4096):
                got += piece
        except OSError:
            got = got or b'reset'
        check(got == b'reset' or b'too_slow' in got, f'a slow client is told: {got[:200]}')
        link.close()
    took = time.monotonic() - began
    check(took < 15, f'slow clients are gone after {took:.1f} s')
    slowest = serves(server)
    lines.append(f'100 slow clients: gone after {took:.1f} s, everybody else served in {slowest * 1000:.0f} ms')


def idle_crowd(server):
    before = memory(server)
    crowd, refused = [], 0
    for _ in range(args.connections + 50):
        link = connect(server)
        crowd.append(link)
        if len(crowd) % 100 == 0 and len(crowd) < args.connections - 50:
            serves(server)
    time.sleep(0.5)
    for link in crowd[-40:]:
        link.settimeout(2)
        try:
            refused += b'too_many_connections' in link.recv(4096)
        except OSError:
            pass
    after = memory(server)
    check(refused >= 40, f'those beyond the limit are told: {refused}')
    check(after - before < 60, f'{len(crowd)} idle connections cost {after - before:.0f} MB')
    for link in crowd:
        link.close()
    time.sleep(0.5)
    serves(server)
    lines.append(f'{args.connections} idle connections: {after - before:.1f} MB; {refused} of 40 looked at beyond the limit told so')


def bombs(server, administrator):
    book = '<workbook xmlns:r="x"><sheets><sheet name="a" sheetId="1" r:id="rId7"/></sheets></workbook>'
    links = '<Relationships><Relationship Id="rId7" Target="worksheets/sheet1.xml"/></Relationships>'
    begin = '<worksheet><sheetData>'

    def xlsx(sheet, strings=None):
        out = io.BytesIO()
        with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as archive:
            archive.writestr('xl/workbook.xml', book)
            archive.writestr('xl/_rels/workbook.xml.rels', links)
            archive.writestr('xl/worksheets/sheet1.xml', sheet)
            if strings:
                archive.writestr('xl/sharedStrings.xml', strings)
        return out.getvalue()

    entities = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">' + ''.join(f'<!ENTITY {chr(98 + i)} "{("&" + chr(97 + i) + ";") * 10}">' for i in range(9)) + ']>'
    files = {'a sheet of blanks': xlsx(begin + ' ' * 300_000_000), 'strings without end': xlsx(begin, '<sst>' + '<si><t>a</t></si>' * 8_000_000),
             'entities of entities': xlsx(entities + begin + '<row><c t="str"><v>&j;</v></c></row></sheetData></worksheet>'),
             'a row without end': xlsx(begin + '<row>' + '<c><v>1</v></c>' * 3_000_000)}
    before, told = memory(server), []
    for what, file in files.items():
        began = time.monotonic()
        status, reply = administrator('POST', '/api/v1/imports?kind=households', file, 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
        check(status in (201, 202, 413, 415, 422), f'{what}: {status} {reply}')
        check(status in (413, 415, 422) or json.dumps(reply).find('"errors": []') < 0, f'{what} was taken: {reply}')
        code = reply.get('code') if status >= 400 else (reply.get('errors') or [{}])[0].get('code')
        check(time.monotonic() - began < 20, f'{what} took {time.monotonic() - began:.0f} s')
        told.append(f'{what} ({len(file) // 1024} KiB): {code}')
    check(memory(server) - before < 400, 'bombs do not unfold into memory')
    serves(server)
    lines.append('bombs: ' + '; '.join(told))


def guessing(server, accounts):
    nobody = Client(server)
    officer, card = accounts['officers'][0], accounts['residents'][0]

    def tries(path, body, most):
        for number in range(most):
            status, reply = nobody('POST', path, body(number))
            if status == 429:
                return number
            check(status in (401, 422), f'a guess: {status} {reply}')
        sys.exit(f'FAILED: {most} guesses at {path} and no end')

    wrong_login = tries('/api/v1/sessions', lambda n: {'login': officer['login'], 'password': f'guess {n}'}, 20)
    status, reply = nobody('POST', '/api/v1/sessions', {'login': officer['login'], 'password': officer['password']})
    check(status == 429, 'while it is locked, the right password opens nothing either')
    wrong_pin = tries('/api/v1/resident_sessions', lambda n: {'card_number': card['card_number'], 'pin': f'{n:06}'}, 20)
    # One guess at each of many: the address is slowed down.
    many = tries('/api/v1/sessions', lambda n: {'login': f'nobody{n}', 'password': 'x'}, 80)
    alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
    receipts = None
    for number in range(2000):
        status, _ = nobody('GET', f'/api/v1/receipts/7777-{number // 32:03}7-{alphabet[number % 32]}')
        check(status in (404, 422, 429), f'a receipt guessed: {status}')
        if status == 429:
            receipts = number
            break
    check(receipts is not None, 'receipts can be guessed without end')
    lines.append(f'guessing: a login locks after {wrong_login} wrong passwords, a card after {wrong_pin} PINs, an address after '
                 f'{many} logins more or {receipts} receipts')


def enumeration(program, data, accounts):
    """Who exists is not told by words nor by time."""
    server = Server(program, data)
    nobody = Client(server)
    liaison = sign_in(server, next(o for o in accounts['officers'] if o['role'] == 'liaison'))
    known, unknown, replies = [], [], set()
    logins = [officer['login'] for officer in accounts['officers'][1:13]]
    for number, login in enumerate(logins):
        for times, who in ((known, login), (unknown, f'{login}x{number}')):
            began = time.monotonic()
            status, reply = nobody('POST', '/api/v1/sessions', {'login': who, 'password': 'wrong'})
            times.append(time.monotonic() - began)
            reply.pop('request_id', None)
            replies.add((status, json.dumps(reply, sort_keys=True)))
    check(len(replies) == 1 and list(replies)[0][0] == 401, f'the answer tells who exists: {replies}')
    apart = statistics.median(known) / statistics.median(unknown)
    check(0.5 < apart < 2, f'the time tells who exists: {apart:.2f}')
    replies = set()
    others = next(o for o in accounts['residents'])['household_id']
    for identity in ('990101-0192f3a4-7c1e-7abc-8def-0123456789ab', '110101-' + others[7:], 'nonsense', '990101-0192f3a4-7c1e-7abc-8def-0123456789a'):
        status, reply = liaison('GET', f'/api/v1/matters/{identity}')
        reply.pop('request_id', None)
        replies.add((status, json.dumps(reply, sort_keys=True)))
    check(replies == {(404, list(replies)[0][1])}, f'what is not there and what is not yours answer alike: {replies}')
    server.stop()
    lines.append(f'enumeration: one answer for who exists and who does not, in {apart:.2f} times the time; one for matters that are not there')


def main():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if hard < args.connections + 500:
        args.connections = hard - 500
        LIMITS[-1] = str(args.connections)
    folder = pathlib.Path(tempfile.mkdtemp(prefix='huiyin-abuse-'))
    server = None
    try:
        data = str(folder / 'county')
        accounts = make(args.huiyin, data, args.households)
        quiet = shutil.copytree(data, str(folder / 'quiet'))
        with open(folder / 'log', 'w+') as log:
            server = Server(args.huiyin, data, *LIMITS, log=log)
            administrator = sign_in(server, next(o for o in accounts['officers'] if o['role'] == 'administrator'))
            giants(server)
            slow_ones(server)
            idle_crowd(server)
            bombs(server, administrator)
            guessing(server, accounts)
            _, metrics = Client(server)('GET', '/metrics')
            counted = dict(re.findall(r'huiyin_refused_total\{code="([^"]+)"\} ([1-9]\d*)', metrics.decode()))
            for code in ('http.header_too_large', 'http.body_too_large', 'http.too_slow', 'http.too_many_connections', 'http.malformed'):
                check(code in counted, f'{code} is counted: {counted}')
            server.stop()
            log.seek(0)
            text = log.read()
            check('http.too_slow' in text and 'refused' in text, 'the log says what was refused')
            check('127.0.0.1' not in re.sub(r'http://127\.0\.0\.1:\d+', '', text), 'the log does not say whom')
            for officer in accounts['officers']:
                check(officer['login'] not in text and officer['name'] not in text, 'the log names nobody')
            for resident in accounts['residents']:
                check(resident['card_number'] not in text, 'the log has no card')
        enumeration(args.huiyin, quiet, accounts)
        print('\n'.join(lines))
    finally:
        if server and server.process.poll() is None:
            server.kill()
        shutil.rmtree(folder, ignore_errors=True)


main()
