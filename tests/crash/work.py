"""The people of a county at work, what they know of it, and how it is looked at afterwards."""
import collections, contextlib, random, threading, time

from county import Client, Gone, Server, check, picture, sign_in, uuid7


class Refused(Exception):
    """503: the storage is not there just now, and the server says so."""


class Ledger:
    """What the clients know: acts by kind, acknowledged or not."""

    def __init__(self):
        self.lock = threading.Lock()
        self.matters = {}    # id -> (body, receipt or None)
        self.visits = {}     # id -> (body, acknowledged)
        self.pictures = {}   # key -> (bytes, household, id or None)
        self.rooms = {}      # household -> (revision, rooms, rooms that may be there instead, one revision on)
        self.steps = {}      # matter -> [step reached, step that may be reached]
        self.counts = collections.Counter()


class Life:
    """The server between two kills, and the people who work with it."""

    def __init__(self, server, accounts, ledger, tolerant=False, at=None):
        self.at = at  # when the visits were, where the server's time is not ours
        self.server, self.ledger, self.tolerant = server, ledger, tolerant
        by_role = {}
        for officer in accounts['officers']:
            by_role.setdefault(officer['role'], officer)
        by_login = {officer['login']: officer for officer in accounts['officers']}
        self.card = next(card for card in accounts['residents'] if card['officer_login'] in by_login)
        self.handler_officer = by_role['handler']
        self.clerk = sign_in(server, by_role['clerk'])
        self.liaison = sign_in(server, by_login[self.card['officer_login']])
        self.handler = sign_in(server, self.handler_officer)
        status, session = Client(server)('POST', '/api/v1/resident_sessions',
                                         {'card_number': self.card['card_number'], 'pin': self.card['pin']})
        check(status == 201, session)
        self.resident = Client(server, session['token'])
        status, mine = self.liaison('GET', '/api/v1/households?mine=true&limit=50')
        check(status == 200 and mine['items'], mine)
        self.homes = [home['id'] for home in mine['items']]

    def again(self, client):
        return Client(self.server, client.token)


def say(client, want, method, path, *rest, **headers):
    status, reply = client(method, path, *rest, **headers)
    if status == 503:
        check(reply['code'] in ('storage_unavailable', 'busy'), f'a refusal says why: {reply}')
        raise Refused(reply['code'])
    check(status in want, f'{method} {path}: {status} {reply}')
    return status, reply


def new_matter(life, dice, client, _):
    identity = uuid7(dice)
    body = {'id': identity, 'channel': 'counter', 'kind': 'help', 'text': f'村口水管漏水 {identity}'}
    with life.ledger.lock:
        life.ledger.matters[identity] = (body, None)
    _, reply = say(client, (201,), 'POST', '/api/v1/matters', body)
    with life.ledger.lock:
        life.ledger.matters[identity] = (body, reply['receipt'])


def new_visit(life, dice, client, _):
    identity = uuid7(dice)
    body = {'id': identity, 'household_id': dice.choice(life.homes), 'met': 'head', 'diary': f'上门看望 {identity}',
            'at': life.at or time.strftime('%Y-%m-%dT%H:%M:%S.000Z', time.gmtime(time.time() - 60)), 'promises': [{'text': '再来', 'due': '2099-01-01'}]}
    with life.ledger.lock:
        life.ledger.visits[identity] = (body, False)
    say(client, (201,), 'POST', '/api/v1/visits', body)
    with life.ledger.lock:
        life.ledger.visits[identity] = (body, True)


def new_picture(life, dice, client, _):
    key, bytes_, home = uuid7(dice), picture(dice), dice.choice(life.homes)
    with life.ledger.lock:
        life.ledger.pictures[key] = (bytes_, home, None)
    status, reply = say(client, (201, 409), 'POST', f'/api/v1/attachments?household_id={home}', bytes_, 'image/png', Idempotency_Key=key)
    with life.ledger.lock:
        if status == 409:
            check(reply['code'] == 'attachments.too_many', reply)
            del life.ledger.pictures[key]
        else:
            life.ledger.pictures[key] = (bytes_, home, reply['id'])
    if status == 409:
        time.sleep(0.05)


def housing(home, record, known):
    """What stands in the record, which must be what was acknowledged or one act that was not. An act
    whose flush failed was refused and yet may be in the log: a crash brings it back, whole."""
    found = (record['revision'], record['sections']['housing'].get('rooms'))
    if known is None or found == known[:2]:
        return (*found, known[2] if known else frozenset())
    check(found[0] == known[0] + 1 and found[1] in known[2], f'household {home} is {found}; acknowledged {known[:2]}, perhaps {set(known[2])}')
    return (*found, frozenset())


def edit(life, dice, client, home):
    """One editor a household, so that the revision after each act is known."""
    with life.ledger.lock:
        known = life.ledger.rooms.get(home)
    if known is None or known[2]:
        _, record = say(client, (200,), 'GET', f'/api/v1/households/{home}?purpose=visit')
        known = housing(home, record, known)
    rooms = dice.choice([number for number in range(1, 90) if number != known[1]])
    with life.ledger.lock:
        life.ledger.rooms[home] = (known[0], known[1], known[2] | {rooms})
    _, reply = say(client, (200,), 'PATCH', f'/api/v1/households/{home}/sections/housing', {'rooms': rooms}, If_Match=f'"{known[0]}"')
    check(reply['revision'] == known[0] + 1, f"an edit is one revision: {reply['revision']}")
    with life.ledger.lock:
        life.ledger.rooms[home] = (known[0] + 1, rooms, frozenset())
        life.ledger.counts['edits'] += 1


STEPS = ('none', 'received', 'assigned', 'accepted', 'answered', 'reopened', 'answered again', 'settled')
STATES = ('none', 'received', 'assigned', 'assigned', 'answered', 'assigned', 'answered', 'settled')


def whole_life(life, dice, _, __):
    """A matter from the resident's word to the judgement, step after step by three people."""
    resident, liaison, handler = (life.again(who) for who in (life.resident, life.liaison, life.handler))
    identity = uuid7(dice)

    def step(number, client, path, body):
        with life.ledger.lock:
            life.ledger.steps[identity] = [number - 1, number]
        _, reply = say(client, (201,), 'POST', path, body)
        with life.ledger.lock:
            life.ledger.steps[identity] = [number, number]
            life.ledger.counts['steps'] += 1
        return reply

    taken = step(1, liaison, '/api/v1/matters', {'id': identity, 'channel': 'visit', 'kind': 'help', 'text': f'门口路灯坏了 {identity}',
                                                 'asks': [{'text': '修好路灯'}], 'household_id': life.card['household_id']})
    path = f"/api/v1/matters/{taken['id']}"
    step(2, liaison, path + '/assignment', {'unit_id': life.handler_officer['unit_id']})
    accepted = step(3, handler, path + '/acceptance', {})
    asks = accepted.get('asks') or say(handler, (200,), 'GET', path + '/asks')[1]['items']
    answer = {'text': '已修好。', 'asks': [{'id': asks[0]['id'], 'outcome': 'done', 'text': '今天修好'}]}
    step(4, handler, path + '/answer', answer)
    mine = f"/api/v1/me/matters/{taken['id']}/judgement"
    step(5, resident, mine, {'solved': False, 'text': '还是不亮'})
    step(6, handler, path + '/answer', answer)
    step(7, resident, mine, {'solved': True, 'rating': 4})


class Crowd:
    """Everybody works until the server goes away or they are told to stop."""

    def __init__(self, life, dice):
        self.wrong, self.stopping = [], threading.Event()
        jobs = [(new_matter, life.clerk, None)] * 4 + [(new_visit, life.liaison, None)] * 2 + [(new_picture, life.liaison, None)]
        jobs += [(whole_life, life.liaison, None)] * 2 + [(edit, life.liaison, home) for home in life.homes[:3]]
        self.going = threading.Event()
        self.going.set()
        self.acting = [threading.Lock() for _ in jobs]  # held by each while it acts
        self.threads = [threading.Thread(target=self.run, args=(life, random.Random(dice.random()), *job, acting)) for job, acting in zip(jobs, self.acting)]
        for thread in self.threads:
            thread.start()

    def run(self, life, dice, act, who, what, acting):
        client = life.again(who)
        while not self.stopping.is_set():
            try:
                self.going.wait()
                with acting:
                    act(life, dice, client, what)
            except Gone as gone:
                if life.tolerant and not life.server.was_killed:
                    self.wrong.append(SystemExit(f'FAILED: the server hung up: {gone}'))
                return
            except Refused:
                if not life.tolerant:
                    self.wrong.append(SystemExit('FAILED: the storage was there, and the server said it was not'))
                    return
                with life.ledger.lock:
                    life.ledger.counts['refused'] += 1
                time.sleep(0.005)
            except BaseException as error:  # the main thread says it
                self.wrong.append(error)
                return

    @contextlib.contextmanager
    def holding_still(self):
        """No act is under way meanwhile."""
        self.going.clear()
        with contextlib.ExitStack() as held:
            for acting in self.acting:
                held.enter_context(acting)
            yield
        self.going.set()

    def join(self):
        for thread in self.threads:
            thread.join()
        if self.wrong:
            raise self.wrong[0]


def settle(life):
    """Looks at every act since the last time, and sends again what nobody knows about."""
    ledger, clerk, liaison = life.ledger, life.clerk, life.liaison
    for identity, (body, receipt) in ledger.matters.items():
        if receipt:
            check(clerk('GET', '/api/v1/receipts/' + receipt)[0] == 200, f'the acknowledged matter {identity} is gone')
            ledger.counts['matters'] += 1
            continue
        status, first = clerk('POST', '/api/v1/matters', body)
        check(status == 201, f'matter {identity} again: {status} {first}')
        status, second = clerk('POST', '/api/v1/matters', body)
        check(status == 201 and second['receipt'] == first['receipt'], f'matter {identity} was doubled')
        ledger.counts['sent again'] += 1
    seen = collections.defaultdict(list)
    for home in {body['household_id'] for body, _ in ledger.visits.values()}:
        cursor = ''
        while cursor is not None:
            status, page = liaison('GET', f'/api/v1/visits?household_id={home}&limit=200' + (f'&cursor={cursor}' if cursor else ''))
            check(status == 200, page)
            seen[home] += [visit['id'][-36:] for visit in page['items']]
            cursor = page['next_cursor']
    for identity, (body, acknowledged) in ledger.visits.items():
        times = seen[body['household_id']].count(identity)
        check(times == 1 if acknowledged else times <= 1, f'visit {identity} is there {times} times')
        ledger.counts['visits' if acknowledged else 'sent again'] += 1
        if not acknowledged:
            status, reply = liaison('POST', '/api/v1/visits', body)
            check(status == 201, f'visit {identity} again: {status} {reply}')
    for key, (bytes_, home, identity) in ledger.pictures.items():
        status, reply = liaison('POST', f'/api/v1/attachments?household_id={home}', bytes_, 'image/png', Idempotency_Key=key)
        if status == 409 and identity is None and reply['code'] == 'attachments.too_many':
            continue
        check(status == 201, f'picture again: {status} {reply}')
        check(identity is None or reply['id'] == identity, 'an acknowledged picture is there, once')
        status, shown = liaison('GET', f"/api/v1/attachments/{reply['id']}")
        check(status == 200 and len(shown) == reply['bytes'], f'the picture is shown: {status}')
        ledger.counts['pictures' if identity else 'sent again'] += 1
    for home, known in ledger.rooms.items():
        status, record = liaison('GET', f'/api/v1/households/{home}?purpose=visit')
        check(status == 200, record)
        housing(home, record, known)
    for identity, (reached, perhaps) in ledger.steps.items():
        if reached == 0:
            continue
        status, matter = liaison('GET', f'/api/v1/matters/{identity}')
        check(status == 200, f'the acknowledged matter {identity}: {status} {matter}')
        check(matter['state'] in (STATES[reached], STATES[perhaps]),
              f"matter {identity} is {matter['state']}; reached {STEPS[reached]}, perhaps {STEPS[perhaps]}")
    for kept in (ledger.matters, ledger.visits, ledger.pictures, ledger.rooms, ledger.steps):
        kept.clear()


def told(ledger):
    return ', '.join(f'{count} {what}' for what, count in sorted(ledger.counts.items()))
