#!/usr/bin/env python3
"""Word gets out exactly once: the server is killed (SIGKILL) again and again while it hands
messages to a slow gateway; in the end the gateway, which drops doubles by their id as a real
one does, holds each acknowledged matter's message once, and no message says what it is about.

  outbox_test.py HUIYIN [--matters 120] [--kills 4]
"""
import argparse, http.client, json, pathlib, re, shutil, signal, subprocess, sys, tempfile, time

parser = argparse.ArgumentParser()
parser.add_argument('huiyin')
parser.add_argument('--matters', type=int, default=120)
parser.add_argument('--kills', type=int, default=4)
args = parser.parse_args()
running = []


def start(pattern, *words):
    process = subprocess.Popen([args.huiyin, *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    running.append(process)
    line = process.stdout.readline()
    found = re.search(pattern, line)
    if not found:
        sys.exit(f'it did not start: {line!r}')
    return process, int(found.group(1))


def call(port, method, path, body=None, token=None, **headers):
    connection = http.client.HTTPConnection('127.0.0.1', port, timeout=30)
    if body is not None:
        headers['Content-Type'] = 'application/json'
    if token:
        headers['Authorization'] = 'Bearer ' + token
    connection.request(method, path, json.dumps(body).encode() if body is not None else None, headers)
    reply = connection.getresponse()
    text = reply.read()
    return reply.status, json.loads(text) if text else None


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix='huiyin-outbox-'))
    try:
        data = folder / 'county'
        subprocess.run([args.huiyin, 'demo', '--dir', data, '--households', '60'], check=True, stdout=subprocess.DEVNULL)
        accounts = json.loads((data / 'accounts.json').read_text())
        _, gateway = start(r':(\d+)/sms', 'fake-gateway', '--listen', '127.0.0.1:0', '--delay', '15')
        serve = ('serve', '--data', str(data), '--listen', '127.0.0.1:0', '--sms-gateway', f'http://127.0.0.1:{gateway}/sms')
        server, port = start(r':(\d+)\s*$', *serve)

        def sign_in(role):
            officer = next(o for o in accounts['officers'] if o['role'] == role)
            status, reply = call(port, 'POST', '/api/v1/sessions', {'login': officer['login'], 'password': officer['password']})
            if status != 201:
                sys.exit(f'sign-in of {role} failed: {status} {reply}')
            return reply['token']

        # The test runs at any hour: this county has no quiet ones.
        status, _ = call(port, 'PATCH', '/api/v1/settings', {'quiet_from': '00:00', 'quiet_until': '00:00'},
                         sign_in('administrator'), **{'If-Match': '"1"'})
        if status != 200:
            sys.exit(f'settings: {status}')
        clerk = sign_in('clerk')
        receipts = set()
        for number in range(args.matters):
            status, reply = call(port, 'POST', '/api/v1/matters', {
                'text': 'the well of our lane is dry',
                'contact': {'phone': f'139{number:08}', 'how': 'message'}}, clerk)
            if status != 201:
                sys.exit(f'matter {number}: {status} {reply}')
            receipts.add(reply['receipt'])

        def taken():
            return call(gateway, 'GET', '/messages')[1]['items']

        for _ in range(args.kills):
            before = len(taken())
            deadline = time.time() + 20
            while len(taken()) < before + args.matters // (args.kills + 2) and time.time() < deadline:
                time.sleep(0.005)
            server.send_signal(signal.SIGKILL)
            server.wait()
            server, port = start(r':(\d+)\s*$', *serve)
        deadline = time.time() + 60
        while len(taken()) < args.matters and time.time() < deadline:
            time.sleep(0.05)
        time.sleep(2)  # what would come twice would come now
        messages = taken()
        told = [m for m in messages if any(receipt in m['text'] for receipt in receipts)]
        if len(told) != len(messages) or len(messages) != args.matters:
            sys.exit(f'FAILED: {args.matters} matters, {len(messages)} messages, {len(told)} of them with a receipt')
        missing = [receipt for receipt in receipts if not any(receipt in m['text'] for m in messages)]
        if missing:
            sys.exit(f'FAILED: nobody was told of {missing[:3]}')
        if any('well' in m['text'] for m in messages):
            sys.exit('FAILED: an SMS says what the matter is about')
        again = sum(m['times'] > 1 for m in messages)
        print(f'{len(messages)} messages, each once; {again} were sent again under the same id after {args.kills} kills')
    finally:
        for process in running:
            if process.poll() is None:
                process.kill()
                process.wait()
        shutil.rmtree(folder, ignore_errors=True)


main()
