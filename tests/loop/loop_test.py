#!/usr/bin/env python3
"""The doorstep loop as an outside client sees it: the real program, a demo county made for
the occasion, HTTP, and nothing but the contract.

  loop_test.py HUIYIN [--households 400]
"""
import argparse, http.client, json, pathlib, re, shutil, signal, subprocess, sys, tempfile, time

parser = argparse.ArgumentParser()
parser.add_argument('huiyin')
parser.add_argument('--households', type=int, default=400)
args = parser.parse_args()
checks = 0


def check(condition, what):
    global checks
    checks += 1
    if not condition:
        raise SystemExit('FAILED: ' + str(what))


class Client:
    """One session: officer, resident or nobody."""

    def __init__(self, port, token=None):
        self.connection = http.client.HTTPConnection('127.0.0.1', port, timeout=30)
        self.token = token

    def __call__(self, method, path, body=None, **headers):
        sent = {name.replace('_', '-'): value for name, value in headers.items()}
        if body is not None:
            sent['Content-Type'] = 'application/json'
        if self.token:
            sent['Authorization'] = 'Bearer ' + self.token
        self.connection.request(method, path, json.dumps(body).encode() if body is not None else None, sent)
        reply = self.connection.getresponse()
        text = reply.read()
        answer = json.loads(text) if text and 'json' in (reply.getheader('Content-Type') or '') else None
        return reply.status, answer


def main():
    folder = tempfile.mkdtemp(prefix='huiyin-loop-')
    server = None
    try:
        data = folder + '/county'
        subprocess.run([args.huiyin, 'demo', '--dir', data, '--households', str(args.households)], check=True,
                       stdout=subprocess.DEVNULL)
        accounts = json.loads(pathlib.Path(data, 'accounts.json').read_text())
        server = subprocess.Popen([args.huiyin, 'serve', '--data', data, '--listen', '127.0.0.1:0'],
                                  stdout=subprocess.PIPE, text=True)
        port = int(re.search(r':(\d+)\s*$', server.stdout.readline()).group(1))
        server.send_signal(signal.SIGHUP)  # nothing to read anew here: it goes on all the same
        story(port, accounts)
        server.send_signal(signal.SIGTERM)
        check(server.wait(timeout=30) == 0, 'the server stopped cleanly')
        verified = subprocess.run([args.huiyin, 'audit', 'verify', '--data', data], capture_output=True, text=True)
        check(verified.returncode == 0, verified.stdout)
        print(f'{checks} checks; {verified.stdout.strip()}')
    finally:
        if server and server.poll() is None:
            server.kill()
        shutil.rmtree(folder, ignore_errors=True)


def story(port, accounts):
    nobody = Client(port)
    roles = {}
    for officer in accounts['officers']:
        roles.setdefault(officer['role'], officer)
    check(set(roles) == {'liaison', 'clerk', 'handler', 'supervisor', 'leader', 'auditor', 'administrator'}, roles.keys())

    def sign_in(officer):
        status, session = nobody('POST', '/api/v1/sessions', {'login': officer['login'], 'password': officer['password']})
        check(status == 201 and session['officer']['name'] == officer['name'], session)
        return Client(port, session['token'])

    by_login = {officer['login']: officer for officer in accounts['officers']}
    card = next(c for c in accounts['residents'] if c['officer_login'] in by_login)
    liaison = sign_in(by_login[card['officer_login']])
    status, session = nobody('POST', '/api/v1/resident_sessions', {'card_number': card['card_number'], 'pin': card['pin']})
    check(status == 201, session)
    resident = Client(port, session['token'])
    household = card['household_id']

    # The officer's own households, and the record of one.
    status, mine = liaison('GET', '/api/v1/households?mine=true&limit=200')
    check(status == 200 and household in [h['id'] for h in mine['items']], 'the card is of a paired household')
    check({'id', 'register_number', 'head_name', 'area_code'} <= set(mine['items'][0]), mine['items'][0])
    check(liaison('GET', f'/api/v1/households/{household}')[0] == 422, 'a read without a purpose is refused')
    status, record = liaison('GET', f'/api/v1/households/{household}?purpose=visit')
    check(status == 200, record)
    check(set(record['sections']) == {'residence', 'population', 'housing', 'land', 'livestock', 'income', 'expenditure',
                                      'difficulties', 'plans', 'measures'}, record['sections'].keys())
    check(record['residents'] and record['pairing'] and record['revision'] >= 1, record.keys())

    # An edit, and the same edit from an older revision.
    revision = record['revision']
    status, edited = liaison('PATCH', f'/api/v1/households/{household}/sections/housing', {'rooms': 5}, If_Match=f'"{revision}"')
    check(status == 200, edited)
    status, stale = liaison('PATCH', f'/api/v1/households/{household}/sections/housing', {'rooms': 6}, If_Match=f'"{revision}"')
    check(status == 412 and stale['changes'], stale)
    status, refused = liaison('PATCH', f'/api/v1/households/{household}/sections/housing', {'religion': 'x'}, If_Match=f'"{revision + 1}"')
    check(status == 422, refused)

    # A visit with a promise, and a matter out of it; both sent twice.
    now = time.strftime('%Y-%m-%dT%H:%M:%S.000Z', time.gmtime())
    visit = {'id': '01900000-0000-7000-8000-00000000a001', 'household_id': household, 'at': now, 'met': 'head',
             'diary': '今天上门，水管还在漏，答应周五前请人来看。', 'promises': [{'text': '周五前请人来看水管', 'due': '2099-01-01'}]}
    status, first = liaison('POST', '/api/v1/visits', visit)
    check(status == 201, first)
    check(liaison('POST', '/api/v1/visits', visit)[0] == 201, 'the same visit again is the same visit')
    matter = {'id': '01900000-0000-7000-8000-00000000b001', 'channel': 'visit', 'kind': 'help', 'text': '门口水管漏水三天了，请修。',
              'asks': [{'text': '修好水管'}, {'text': '减免多走的水费'}], 'household_id': household, 'visit_id': first['id']}
    status, taken = liaison('POST', '/api/v1/matters', matter)
    check(status == 201 and taken['state'] == 'received' and taken['receipt'], taken)
    check(taken['clock']['due_at'] and taken['clock']['working'] and taken['clock']['rule'] and taken['clock']['article'], taken['clock'])
    status, again = liaison('POST', '/api/v1/matters', matter)
    check(status == 201 and again['receipt'] == taken['receipt'], again)
    status, other = liaison('POST', '/api/v1/matters', dict(matter, text='别的事'))
    check(status == 409, other)

    # Assigned, returned, assigned to the right unit, accepted, answered.
    handler = sign_in(roles['handler'])
    unit = roles['handler']['unit_id']
    status, assigned = liaison('POST', f"/api/v1/matters/{taken['id']}/assignment", {'unit_id': unit})
    check(status == 201, assigned)
    check(nobody('GET', '/api/v1/receipts/' + taken['receipt'])[1]['due_at'] == taken['clock']['due_at'], 'the clock runs on')
    status, accepted = handler('POST', f"/api/v1/matters/{taken['id']}/acceptance", {})
    check(status == 201 and accepted['state'] == 'assigned', accepted)
    status, queue = handler('GET', '/api/v1/matters?queue=unit&limit=200')
    check(status == 200 and queue['items'], queue)
    asks = accepted.get('asks') or handler('GET', f"/api/v1/matters/{taken['id']}/asks")[1]['items']
    answer = {'text': '已派人修好。', 'asks': [{'id': asks[0]['id'], 'outcome': 'done', 'text': '今天修好'},
                                          {'id': asks[1]['id'], 'outcome': 'refused', 'text': '不能减免'}]}
    status, incomplete = handler('POST', f"/api/v1/matters/{taken['id']}/answer", answer)
    check(status == 422, 'a refusal without rule and appeal is refused: %s' % incomplete)
    answer['asks'][1].update(rule='供水价格管理办法', appeal='可在30日内向县政府申请复查')
    status, answered = handler('POST', f"/api/v1/matters/{taken['id']}/answer", answer)
    check(status == 201 and answered['state'] == 'answered', answered)

    # The receipt without an account; the household's own view.
    status, seen = nobody('GET', '/api/v1/receipts/' + taken['receipt'].lower().replace('-', ''))
    check(status == 200 and seen['state'] == 'answered' and seen['held_by'] and seen['answer'], seen)
    check(nobody('GET', '/api/v1/receipts/0000-0000-1')[0] in (404, 422), 'a made-up receipt opens nothing')
    status, own = resident('GET', '/api/v1/me/household')
    check(status == 200, own)
    status, matters = resident('GET', '/api/v1/me/matters')
    check(status == 200 and taken['id'] in [m['id'] for m in matters['items']], matters)
    status, reads = resident('GET', '/api/v1/me/reads')
    check(status == 200 and reads['items'] and {'at', 'officer_name', 'unit_name', 'purpose'} <= set(reads['items'][0]), reads)
    check(any(r['purpose'] == 'visit' for r in reads['items']), reads)

    # Not solved: it comes back. Answered again, solved.
    status, judged = resident('POST', f"/api/v1/me/matters/{taken['id']}/judgement", {'solved': False, 'text': '还在漏'})
    check(status == 201, judged)
    status, again = nobody('GET', '/api/v1/receipts/' + taken['receipt'])
    check(again['state'] == 'assigned', again)
    status, answered = handler('POST', f"/api/v1/matters/{taken['id']}/answer", answer)
    check(status == 201, answered)
    status, judged = resident('POST', f"/api/v1/me/matters/{taken['id']}/judgement", {'solved': True, 'rating': 5})
    check(status == 201, judged)
    check(nobody('GET', '/api/v1/receipts/' + taken['receipt'])[1]['state'] == 'settled', 'settled')

    # A complaint about an officer does not exist for the officer and the unit.
    accused = by_login[card['officer_login']]
    me = liaison('GET', '/api/v1/sessions/current')[1]['officer']
    status, complaint = resident('POST', '/api/v1/me/matters', {'kind': 'complaint', 'text': '这位干部态度不好。', 'about_officer_id': me['id']})
    check(status == 201, complaint)
    check(liaison('GET', '/api/v1/matters/' + complaint['id'])[0] == 404, 'hidden from the accused')
    status, listed = liaison('GET', '/api/v1/matters?queue=unit&limit=200')
    check(complaint['id'] not in [m['id'] for m in listed['items']], 'hidden from lists')
    status, record = liaison('GET', f'/api/v1/households/{household}?purpose=visit')
    check(complaint['id'] not in json.dumps(record), 'hidden from the record')
    for role in ('clerk', 'handler', 'supervisor', 'leader', 'administrator'):
        officer = roles[role]
        check(sign_in(officer)('GET', '/api/v1/matters/' + complaint['id'])[0] in (403, 404), role + ' does not see it')
    auditor = sign_in(roles['auditor'])
    check(auditor('GET', '/api/v1/matters/' + complaint['id'])[0] == 200, 'the auditor sees it')
    check(auditor('GET', '/api/v1/audit/verification')[1]['ok'] is True, 'the chain is whole')
    check(accused['login'] == card['officer_login'], 'the accused is the paired officer')

    # Without an account and without a name.
    status, anonymous = nobody('POST', '/api/v1/matters', {'channel': 'web', 'kind': 'suggestion', 'text': '村口晚上太黑，建议装灯。', 'anonymous': True})
    check(status == 201 and anonymous['receipt'], anonymous)
    check(nobody('POST', '/api/v1/matters', {'channel': 'web', 'kind': 'suggestion'})[0] == 422, 'text is needed')
    check(nobody('POST', '/api/v1/matters', {'channel': 'counter', 'kind': 'help', 'text': 'x'})[0] in (401, 403, 422), 'other channels need an officer')


main()
