#!/usr/bin/env python3
"""TLS as an operator meets it: wrong files refused before serving, a certificate changed under
connections that go on, the address behind a proxy that is trusted and one that is not.

  tls_test.py HUIYIN
"""
import argparse, http.client, json, pathlib, re, shutil, signal, socket, ssl, subprocess, tempfile, time

parser = argparse.ArgumentParser()
parser.add_argument('huiyin')
args = parser.parse_args()
checks = 0


def check(condition, what):
    global checks
    checks += 1
    if not condition:
        raise SystemExit('FAILED: ' + str(what))


def certificate(folder, name, days=30):
    """A chain of one and its key, made by the machine's own openssl."""
    chain, key = folder / f'{name}.pem', folder / f'{name}.key'
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=' + name,
                    '-addext', 'subjectAltName=IP:127.0.0.1', '-days', str(days), '-keyout', str(key), '-out', str(chain)],
                   check=True, stderr=subprocess.DEVNULL)
    key.chmod(0o600)
    return chain, key


def connect(port, trusted):
    """One connection that goes on; who the server said it is."""
    context = ssl.create_default_context(cafile=str(trusted))
    connection = http.client.HTTPSConnection('127.0.0.1', port, timeout=20, context=context)
    connection.connect()
    names = dict(part[0] for part in connection.sock.getpeercert()['subject'])
    return connection, names['commonName']


def ask(connection, method, path, body=None, **headers):
    sent = {name.replace('_', '-'): value for name, value in headers.items()}
    if body is not None:
        sent['Content-Type'] = 'application/json'
    connection.request(method, path, json.dumps(body).encode() if body is not None else None, sent)
    reply = connection.getresponse()
    return reply, reply.read().decode()


def metric(connection, name):
    _, text = ask(connection, 'GET', '/metrics')
    return float(re.search(rf'^{name} (\S+)$', text, re.M).group(1))


def until(what, holds):
    for _ in range(100):
        if holds():
            return check(True, what)
        time.sleep(0.1)
    check(False, what)


def serve(data, *options):
    log = open(data.parent / 'log', 'a')
    server = subprocess.Popen([args.huiyin, 'serve', '--data', str(data), '--listen', '127.0.0.1:0', *map(str, options)],
                              stdout=subprocess.PIPE, stderr=log, text=True)
    return server, int(re.search(r':(\d+)\s*$', server.stdout.readline()).group(1))


def refused(data, *options):
    """What it says when it does not begin to serve."""
    tried = subprocess.run([args.huiyin, 'serve', '--data', str(data), '--listen', '127.0.0.1:0', *map(str, options)],
                           capture_output=True, text=True, timeout=30)
    check(tried.returncode != 0, options)
    return tried.stderr


def wrong_files(folder, data):
    chain, key = certificate(folder, 'good')
    other_chain, other_key = certificate(folder, 'other')
    check('--tls-key' in refused(data, '--tls-certificate', chain), 'a certificate without its key')
    check('--tls-certificate' in refused(data, '--tls-key', key), 'a key without its certificate')
    check('no such file' in refused(data, '--tls-certificate', folder / 'none', '--tls-key', key), 'no file')
    check('not the key of the certificate' in refused(data, '--tls-certificate', chain, '--tls-key', other_key), 'another key')
    other_key.chmod(0o644)
    check('chmod 640' in refused(data, '--tls-certificate', other_chain, '--tls-key', other_key), 'a key for everybody')
    check('--trusted-proxy' in refused(data, '--trusted-proxy', '10.0.0.0/33'), 'a range that is none')


def rotation(folder, data, accounts):
    chain, key = certificate(folder, 'first')
    server, port = serve(data, '--tls-certificate', chain, '--tls-key', key)
    try:
        before, name = connect(port, chain)
        check(name == 'first', name)
        reply, _ = ask(before, 'GET', '/healthz')
        check(reply.status == 200 and reply.getheader('Strict-Transport-Security') == 'max-age=31536000; includeSubDomains', reply.headers)
        officer = accounts['officers'][0]
        login = {'login': officer['login'], 'password': officer['password']}
        reply, _ = ask(before, 'POST', '/api/v1/sessions', login, X_Huiyin='web')
        cookie = reply.getheader('Set-Cookie')
        check(reply.status == 201 and '; Secure' in cookie and cookie.startswith('__Host-'), cookie)
        reply, _ = ask(before, 'GET', '/api/v1/sessions/current', Cookie=cookie.split(';')[0])
        check(reply.status == 200, 'the cookie opens the session')
        reply, _ = ask(before, 'GET', '/api/v1/sessions/current', Cookie=cookie.split(';')[0].replace('__Host-', ''))
        check(reply.status == 401, 'a cookie that another host could have set does not')
        ends = metric(before, 'huiyin_certificate_expires_seconds')
        check(abs(ends - time.time() - 30 * 86400) < 86400, ends)

        with socket.create_connection(('127.0.0.1', port), timeout=10) as plain:
            plain.sendall(b'GET / HTTP/1.1\r\nHost: a\r\n\r\n')
            check(b'400 Bad Request' in plain.recv(4096), 'who speaks plainly is told')

        # A new pair: it is served, and the open connection goes on.
        new_chain, new_key = certificate(folder, 'second', days=60)
        shutil.copy(new_chain, chain)
        shutil.copy(new_key, key)
        server.send_signal(signal.SIGHUP)
        until('the new certificate is served', lambda: metric(before, 'huiyin_certificate_expires_seconds') > ends + 86400)
        after, name = connect(port, new_chain)
        check(name == 'second', name)
        check(ask(after, 'GET', '/healthz')[0].status == 200 and ask(before, 'GET', '/healthz')[0].status == 200, 'both go on')

        # A pair that cannot be used: the one in use stays, and it is said.
        chain.write_text('rubbish')
        server.send_signal(signal.SIGHUP)
        until('the failure is counted', lambda: metric(before, 'huiyin_reload_failed_total') == 1)
        still, name = connect(port, new_chain)
        check(name == 'second' and ask(still, 'GET', '/healthz')[0].status == 200, name)
        check('reload_failed' in (folder / 'log').read_text(), 'the failure is in the log')
    finally:
        server.send_signal(signal.SIGTERM)
        check(server.wait(timeout=30) == 0, 'the server stopped cleanly')


def proxies(data):
    """Wrong tries lock the address they come from: whose word counts for that address?"""
    def tries(port, client):
        connection = http.client.HTTPConnection('127.0.0.1', port, timeout=20)
        codes = []
        for i in range(42):
            reply, _ = ask(connection, 'POST', '/api/v1/sessions', {'login': f'nobody{client}{i}', 'password': 'x'}, X_Forwarded_For=client)
            codes.append(reply.status)
        return codes

    for trusted, locked_together in (([], True), (['--trusted-proxy', '127.0.0.1'], False)):
        server, port = serve(data, *trusted)
        try:
            mine = '192.0.2.7' if trusted else '192.0.2.9'
            check(tries(port, mine)[-1] == 429, 'forty wrong tries lock an address')
            connection = http.client.HTTPConnection('127.0.0.1', port, timeout=20)
            body = {'login': 'nobody', 'password': 'x'}
            reply, _ = ask(connection, 'POST', '/api/v1/sessions', body, X_Forwarded_For='192.0.2.8')
            check(reply.status == (429 if locked_together else 401), (trusted, reply.status))
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=30)


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix='huiyin-tls-'))
    try:
        data = folder / 'county'
        subprocess.run([args.huiyin, 'demo', '--dir', str(data), '--households', '50'], check=True, stdout=subprocess.DEVNULL)
        accounts = json.loads((data / 'accounts.json').read_text())
        wrong_files(folder, data)
        rotation(folder, data, accounts)
        proxies(data)
        print(f'{checks} checks')
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == '__main__':
    main()
