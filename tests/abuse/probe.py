#!/usr/bin/env python3
"""testssl.sh, wfuzz and sqlmap, as Debian has them, against a demo county made for the occasion
and served on this machine. What they find is printed; a fault of ours ends this with 1.

  probe.py HUIYIN [testssl] [wfuzz] [sqlmap]
"""
import argparse, http.client, json, pathlib, re, shutil, signal, subprocess, sys, tempfile, time

parser = argparse.ArgumentParser()
parser.add_argument('huiyin')
parser.add_argument('tools', nargs='*')
args = parser.parse_args()
WANTED = args.tools or ['testssl', 'wfuzz', 'sqlmap']
LISTS = pathlib.Path('/usr/share/wfuzz/wordlist')
# A certificate made here vouches for itself, and says nothing of where to ask about it.
OWN_CERTIFICATE = {'cert_chain_of_trust', 'cert_trust', 'cert_revocation', 'cert_crlDistributionPoints', 'cert_ocspURL', 'overall_grade',
                   'cert_caIssuers', 'grade_cap_reason_1', 'DNS_CAArecord', 'cert_notAfter', 'cert_extlifeSpan'}
faults = []


def fault(what):
    faults.append(what)
    print('FAULT:', what)


class Served:
    """The county, served until the end of a with."""

    def __init__(self, data, *options):
        self.process = subprocess.Popen([args.huiyin, 'serve', '--data', str(data), '--listen', '127.0.0.1:0', *map(str, options)],
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.port = int(re.search(r':(\d+)\s*$', self.process.stdout.readline()).group(1))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(timeout=60) != 0:
            fault('the server did not end well')

    def token(self, officer):
        connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=30)
        body = json.dumps({'login': officer['login'], 'password': officer['password']})
        connection.request('POST', '/api/v1/sessions', body, {'Content-Type': 'application/json'})
        return json.loads(connection.getresponse().read())['token']


def testssl(folder, data, _):
    chain, key, report = folder / 'chain.pem', folder / 'key.pem', folder / 'testssl.json'
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:3072', '-nodes', '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1',
                    '-days', '90', '-keyout', str(key), '-out', str(chain)], check=True, stderr=subprocess.DEVNULL)
    key.chmod(0o600)
    with Served(data, '--tls-certificate', chain, '--tls-key', key) as server:
        subprocess.run(['testssl', '--quiet', '--color', '0', '--warnings', 'batch', '--jsonfile', str(report), f'https://127.0.0.1:{server.port}/'],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=900)
    findings = json.loads(report.read_text())
    counts = {}
    for finding in findings:
        severity = finding['severity']
        counts[severity] = counts.get(severity, 0) + 1
        if severity in ('LOW', 'MEDIUM', 'HIGH', 'CRITICAL') and finding['id'] not in OWN_CERTIFICATE:
            line = f'testssl {severity}: {finding["id"]}: {finding["finding"]}'
            fault(line) if severity in ('HIGH', 'CRITICAL') else print(line)
    print('testssl:', ', '.join(f'{count} {severity}' for severity, count in sorted(counts.items())))
    offered = [f['id'] for f in findings if f['id'] in ('SSLv2', 'SSLv3', 'TLS1', 'TLS1_1', 'TLS1_2', 'TLS1_3') and f['finding'].startswith('offered')]
    print('testssl: offered', offered)
    if offered != ['TLS1_2', 'TLS1_3']:
        fault(f'testssl: protocols {offered}')


def wfuzz(folder, data, accounts):
    lists = [LISTS / 'Injections/All_attack.txt', LISTS / 'Injections/SQL.txt', LISTS / 'Injections/XSS.txt', LISTS / 'Injections/XML.txt',
             LISTS / 'Injections/bad_chars.txt', LISTS / 'vulns/dirTraversal-nix.txt']
    with Served(data) as server:
        bearer = 'Authorization: Bearer ' + server.token(accounts['officers'][0])
        base = f'http://127.0.0.1:{server.port}'
        places = [base + '/FUZZ', base + '/api/v1/areas?q=FUZZ', base + '/api/v1/households?q=FUZZ', base + '/api/v1/matters?queue=open&q=FUZZ',
                  base + '/api/v1/matters/FUZZ', base + '/api/v1/officers?q=FUZZ', base + '/open311/v2/requests.json?service_code=FUZZ']
        for place in places:
            counts, asked = {}, 0
            for words in lists:
                out = folder / 'wfuzz.json'
                out.unlink(missing_ok=True)
                subprocess.run(['wfuzz', '-w', str(words), '-H', bearer, '-t', '4', '-f', f'{out},json', place],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=600)
                for answer in json.loads(out.read_text() or '[]'):
                    asked += 1
                    counts[answer['code']] = counts.get(answer['code'], 0) + 1
                    if answer['code'] >= 500 and answer['code'] != 501:
                        fault(f'wfuzz: {answer["code"]} to {answer["payload"]!r} at {place}')
                    if place.endswith('/FUZZ') and 'dirTraversal' in words.name and answer['code'] == 200 and 'root:' in str(answer):
                        fault(f'wfuzz: {answer["payload"]!r} opened a file')
            print(f'wfuzz: {asked} requests at {place.removeprefix(base)}:', ', '.join(f'{n} x {code}' for code, n in sorted(counts.items())))
            # What refuses everything proves nothing.
            if not any(code < 300 or code == 404 for code in counts):
                fault(f'wfuzz was only refused at {place}')


def sqlmap(folder, data, accounts):
    with Served(data) as server:
        base = f'http://127.0.0.1:{server.port}/api/v1'
        bearer = 'Authorization: Bearer ' + server.token(accounts['officers'][0])
        places = [(base + '/areas?q=%E6%B8%85&level=village&parent=990101', None), (base + '/households?q=%E5%BC%A0&area=990101&limit=5', None),
                  (base + '/matters?queue=open&q=%E6%B0%B4&limit=5', None), (base + '/officers?q=%E7%8E%8B&limit=5', None),
                  (base + '/sessions', '{"login":"gov.1","password":"x"}')]
        for place, body in places:
            if body is None:
                connection = http.client.HTTPConnection('127.0.0.1', server.port, timeout=30)
                connection.request('GET', place.removeprefix(f'http://127.0.0.1:{server.port}'), headers={'Authorization': bearer.split(': ')[1]})
                if connection.getresponse().status != 200:
                    fault(f'sqlmap would only be refused at {place}')
            command = ['sqlmap', '-u', place, '--batch', '--disable-coloring', '--level', '2', '--risk', '1', '--threads', '2', '--technique', 'BEU',
                       '--dbms', 'SQLite', '--output-dir', str(folder / 'sqlmap'), '--flush-session', '--headers', bearer, '--ignore-code', '401,422,429']
            if body:
                command += ['--data', body, '--headers', 'Content-Type: application/json']
            ran = subprocess.run(command, capture_output=True, text=True, timeout=900, stdin=subprocess.DEVNULL)
            name = place.removeprefix(base).split('?')[0]
            if 'identified the following injection' in ran.stdout or re.search(r"parameter '.*' is vulnerable", ran.stdout):
                fault(f'sqlmap: {name}: {ran.stdout[-600:]}')
            elif 'do not appear to be injectable' in ran.stdout or 'does not seem to be injectable' in ran.stdout:
                tested = len(re.findall(r"(?:parameter '[^']+' does not seem to be injectable)", ran.stdout))
                print(f'sqlmap: {name}: {tested} parameters, none injectable')
            else:
                fault(f'sqlmap came to nothing at {name}: {ran.stdout[-300:]} {ran.stderr[-300:]}')


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix='huiyin-probe-'))
    try:
        data = folder / 'county'
        subprocess.run([args.huiyin, 'demo', '--dir', str(data), '--households', '300'], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        accounts = json.loads((data / 'accounts.json').read_text())
        for name in WANTED:
            began = time.monotonic()
            {'testssl': testssl, 'wfuzz': wfuzz, 'sqlmap': sqlmap}[name](folder, data, accounts)
            print(f'{name}: {time.monotonic() - began:.0f} s')
        verified = subprocess.run([args.huiyin, 'audit', 'verify', '--data', str(data)], capture_output=True, text=True)
        if verified.returncode != 0:
            fault('the audit chain: ' + verified.stdout)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(1 if faults else 0)


if __name__ == '__main__':
    main()
