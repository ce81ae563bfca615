#!/usr/bin/env python3
"""Acknowledged means on disk: the server is killed (SIGKILL) again and again in the middle
of a thousand writes and reads; afterwards every acknowledged matter is there exactly once,
what was not acknowledged can be sent again without doubling, every record that was shown is
in the audit chain exactly once, also in that of a backup made meanwhile, and both are whole.

  kill_test.py HUIYIN [--rounds 3] [--writes 350] [--households 300]
"""
import argparse, http.client, json, os, pathlib, random, re, shutil, signal, sqlite3, subprocess, sys, tempfile, threading, time

parser = argparse.ArgumentParser()
parser.add_argument('huiyin')
parser.add_argument('--rounds', type=int, default=3)
parser.add_argument('--writes', type=int, default=350)
parser.add_argument('--households', type=int, default=300)
parser.add_argument('--seed', type=int, default=1)
args = parser.parse_args()
dice = random.Random(args.seed)


def uuid7():
    ms = int(time.time() * 1000)
    value = (ms << 80) | (7 << 76) | (dice.getrandbits(12) << 64) | (2 << 62) | dice.getrandbits(62)
    text = f'{value:032x}'
    return '-'.join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


class Server:
    def __init__(self, data):
        self.process = subprocess.Popen([args.huiyin, 'serve', '--data', data, '--listen', '127.0.0.1:0'],
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        line = self.process.stdout.readline()
        found = re.search(r':(\d+)\s*$', line)
        if not found:
            sys.exit(f'the server did not start: {line!r}')
        self.port = int(found.group(1))

    def call(self, connection, method, path, body=None, token=None):
        headers = {'Content-Type': 'application/json'} if body is not None else {}
        if token:
            headers['Authorization'] = 'Bearer ' + token
        connection.request(method, path, json.dumps(body).encode() if body is not None else None, headers)
        reply = connection.getresponse()
        text = reply.read()
        return reply.status, json.loads(text) if text else None

    def connect(self):
        return http.client.HTTPConnection('127.0.0.1', self.port, timeout=30)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def sign_in(server, accounts, role):
    officer = next(o for o in accounts['officers'] if o['role'] == role)
    status, reply = server.call(server.connect(), 'POST', '/api/v1/sessions',
                                {'login': officer['login'], 'password': officer['password']})
    if status != 201:
        sys.exit(f'sign-in of {role} failed: {status} {reply}')
    return reply['token']


def check(condition, what):
    if not condition:
        sys.exit('FAILED: ' + what)


def reasons_in(data):
    """What the officers gave as their reason for reading, by how often the chain has it."""
    database = sqlite3.connect(f'file:{data}/huiyin.db?mode=ro', uri=True)
    rows = database.execute("SELECT reason, COUNT(*) FROM audit_entries WHERE act = 'household.read' AND reason LIKE 'kill-%' GROUP BY reason").fetchall()
    database.close()
    return dict(rows)


def check_reads(data, shown, asked):
    counts = reasons_in(data)
    missing = [reason for reason in shown if reason not in counts]
    check(not missing, f'{len(missing)} of {len(shown)} records were shown and the chain does not say so')
    check(all(count == 1 for count in counts.values()), 'a read is in the chain twice')
    check(set(counts) <= asked, 'the chain has reads that nobody asked for')


def stop(server, data):
    server.process.send_signal(signal.SIGTERM)
    server.process.wait(timeout=20)
    check(not list(pathlib.Path(data, 'reads').glob('*.torn')), 'the journal of reads was torn')
    verified = subprocess.run([args.huiyin, 'audit', 'verify', '--data', data], capture_output=True, text=True)
    check(verified.returncode == 0, verified.stdout)
    return verified.stdout.strip()


def main():
    folder = tempfile.mkdtemp(prefix='huiyin-kill-')
    data = os.path.join(folder, 'county')
    try:
        subprocess.run([args.huiyin, 'demo', '--dir', data, '--households', str(args.households)], check=True,
                       stdout=subprocess.DEVNULL)
        accounts = json.loads(pathlib.Path(data, 'accounts.json').read_text())
        acknowledged, unsure = {}, {}
        asked, shown, shown_before_backup = set(), set(), None
        backup = os.path.join(folder, 'backup')
        for round_number in range(args.rounds):
            server = Server(data)
            token = sign_in(server, accounts, 'clerk')
            reader = sign_in(server, accounts, 'liaison')
            status, page = server.call(server.connect(), 'GET', '/api/v1/households?mine=true', token=reader)
            check(status == 200 and page['items'], 'the liaison officer has no households')
            homes = [item['id'] for item in page['items']]
            lock = threading.Lock()
            left = [args.writes]

            def write():
                connection = server.connect()
                while True:
                    with lock:
                        if left[0] == 0:
                            return
                        left[0] -= 1
                        identity, number = uuid7(), args.writes - left[0]
                        body = {'id': identity, 'channel': 'counter', 'kind': 'help', 'text': f'第{round_number}轮第{number}件：村口水管漏水'}
                        unsure[identity] = body
                    try:
                        status, reply = server.call(connection, 'POST', '/api/v1/matters', body, token)
                    except (OSError, http.client.HTTPException, json.JSONDecodeError):
                        return
                    if status == 201:
                        with lock:
                            acknowledged[identity] = reply['receipt']
                            unsure.pop(identity, None)

            def read(number):
                connection = server.connect()
                for count in range(100000):
                    reason = f'kill-{round_number}-{number}-{count}'
                    with lock:
                        asked.add(reason)
                    try:
                        status, reply = server.call(connection, 'GET', f'/api/v1/households/{homes[count % len(homes)]}?purpose=other&reason={reason}', token=reader)
                    except (OSError, http.client.HTTPException, json.JSONDecodeError):
                        return
                    check(status == 200, f'reading: {status} {reply}')
                    with lock:
                        shown.add(reason)

            threads = [threading.Thread(target=write) for _ in range(16)]
            threads += [threading.Thread(target=read, args=(number,)) for number in range(4)]
            for thread in threads:
                thread.start()
            time.sleep(dice.uniform(0.05, 1.2))
            if round_number == args.rounds - 1:
                with lock:
                    shown_before_backup = set(shown)
                made = subprocess.run([args.huiyin, 'backup', '--data', data, backup], capture_output=True, text=True)
                check(made.returncode == 0, made.stderr)
            server.kill()
            for thread in threads:
                thread.join()

        server = Server(data)
        connection = server.connect()
        token = sign_in(server, accounts, 'clerk')
        for identity, receipt in acknowledged.items():
            status, reply = server.call(connection, 'GET', '/api/v1/receipts/' + receipt)
            check(status == 200, f'acknowledged {identity} is gone: {status} {reply}')
        # What was not acknowledged either happened whole or not at all; again is the same.
        for identity, body in list(unsure.items()):
            status, first = server.call(connection, 'POST', '/api/v1/matters', body, token)
            check(status == 201, f'sending {identity} again: {status} {first}')
            status, second = server.call(connection, 'POST', '/api/v1/matters', body, token)
            check(status == 201 and second['receipt'] == first['receipt'], f'{identity} was doubled: {second}')
        # A read that was answered is shown at once to whoever asks who read.
        reader = sign_in(server, accounts, 'liaison')
        for number in range(5):
            asked.add(f'kill-last-{number}')
            status, reply = server.call(connection, 'GET', f'/api/v1/households/{homes[0]}?purpose=other&reason=kill-last-{number}', token=reader)
            check(status == 200, f'reading: {status} {reply}')
            shown.add(f'kill-last-{number}')
            status, reads = server.call(connection, 'GET', f'/api/v1/households/{homes[0]}/reads?limit=1', token=reader)
            check(status == 200 and reads['items'][0].get('reason') == f'kill-last-{number}', f'the last read is not shown: {reads}')
        chain = stop(server, data)
        check_reads(data, shown, asked)
        # The backup is a county of its own: restored and served once, it has what was read before it was made.
        restored = os.path.join(folder, 'restored')
        made = subprocess.run([args.huiyin, 'restore', backup, '--data', restored, '--key', data + '/huiyin.key'], capture_output=True, text=True)
        check(made.returncode == 0, made.stderr)
        stop(Server(restored), restored)
        check_reads(restored, shown_before_backup, asked)
        check(len(acknowledged) > 0, 'nothing was acknowledged before the kills')
        check(len(shown) > 100, 'hardly anything was read before the kills')
        print(f'{args.rounds} kills, {len(acknowledged)} acknowledged and all there, {len(unsure)} sent again; '
              f'{len(shown)} records shown and each in the chain once, {len(shown_before_backup)} in the backup\'s; {chain}')
    finally:
        shutil.rmtree(folder, ignore_errors=True)


main()
