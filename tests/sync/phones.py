#!/usr/bin/env python3
"""Phones that work for days without a network, and the office meanwhile: replies are lost, batches come twice and
late, phones and the server die in the middle, clocks are days off, households change hands, photographs arrive in
pieces, phones are signed out from afar, officers leave with work unsent and the schema is upgraded. In the end every phone shows what the
server has, every act is there once or was decided by a supervisor, every conflict was decided by a person, and the
audit chain verifies. The same seed does the same.

  phones.py HUIYIN [--steps 800] [--households 120] [--seed N]
"""
import argparse, base64, collections, copy, datetime, hashlib, json, os, pathlib, random, shutil, sqlite3, subprocess, sys, tempfile, time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..', 'crash'))
from county import Client, Gone, Server, check, make, picture, prove, sign_in, uuid7

parser = argparse.ArgumentParser()
parser.add_argument('huiyin')
parser.add_argument('--steps', type=int, default=800)
parser.add_argument('--households', type=int, default=120)
parser.add_argument('--seed', type=int, default=int(time.time()))
args = parser.parse_args()
dice = random.Random(args.seed)
told = collections.Counter()
# The newest of the schema, as far as it can be taken back with what is in it: what a program of before had.
BEFORE = '''
DROP INDEX quarantine_matter;
ALTER TABLE quarantine DROP COLUMN matter_id;
ALTER TABLE quarantine DROP COLUMN about_unit_id;
ALTER TABLE quarantine DROP COLUMN about_officer_id;
ALTER TABLE quarantine DROP COLUMN is_protected;
ALTER TABLE imports DROP COLUMN steps;
ALTER TABLE imports DROP COLUMN rows_findable;
DROP TABLE counter_sums;
DELETE FROM schema_migrations WHERE number >= 34;
'''
ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'


def times(a, b):
    product = 0
    while b:
        if b & 1:
            product ^= a
        a <<= 1
        if a & 32:
            a ^= 0b100101
        b >>= 1
    return product


def receipt():
    """As the server makes them: eight characters, and a check character that no slip of the pen leaves right."""
    values, check_value, weight = [dice.randrange(32) for _ in range(8)], 0, 2
    for value in values:
        check_value ^= times(weight, value)
        weight = times(weight, 2)
    text = ''.join(ALPHABET[value] for value in values)
    return f'{text[:4]}-{text[4:]}-{ALPHABET[check_value]}'


def stamp(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime('%Y-%m-%dT%H:%M:%S.000Z')


class Sealer:
    """Closes acts for the server by the browser's own cryptography."""

    def __init__(self):
        script = os.path.join(os.path.dirname(__file__), 'seal.mjs')
        self.node = subprocess.Popen(['node', script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __call__(self, operation, server_key):
        self.node.stdin.write(json.dumps({'server_key': server_key, 'plain': json.dumps(operation)}) + '\n')
        self.node.stdin.flush()
        return self.node.stdout.readline().strip()

    def stop(self):
        self.node.stdin.close()
        self.node.wait()


class Phone:
    """What it keeps is written down after each act: after a crash it goes on from there."""

    def __init__(self, name, world, officer):
        self.name, self.world, self.officer = name, world, officer
        self.skew = dice.choice([0, 0, 3600, -3 * 86400, 2 * 86400])
        self.late = []  # batches that the network delivers once more, some time
        self.disk = None
        self.empty()
        self.sign_in()

    def empty(self):
        """What was set aside is on the server too: its officer finds it there on the next phone."""
        aside = self.load()['aside'] if self.disk else {}
        self.save({'cursor': None, 'records': {}, 'outbox': [], 'aside': aside, 'pictures': {}, 'skew': None})
        self.device, self.registered = uuid7(dice), None

    def sign_in(self):
        self.token = sign_in(self.world.server, self.officer).token
        for _ in range(dice.choice([1, 1, 2])):  # a lost reply: the same again
            status, reply = Client(self.world.server, self.token)('POST', '/api/v1/sync/devices', {'id': self.device, 'name': self.name[:60]})
            check(status == 201, f'{self.name}: {status} {reply}')
            check(self.registered in (None, reply), 'the same officer on the same phone gets the same keys')
            self.registered = reply

    def load(self):
        return json.loads(self.disk)

    def save(self, kept):
        self.disk = json.dumps(kept)

    def call(self, *words, **headers):
        return Client(self.world.server, self.token)(*words, Huiyin_Device=self.device, **headers)

    # When it may not go on as its officer's.

    def is_over(self, status, reply):
        """It was signed out, or its officer left: what is unsent goes sealed, and the rest is forgotten."""
        if status not in (401, 403) or reply['code'] not in ('sync.device_ended', 'session.disabled'):
            return False
        told['told: ' + reply['code']] += 1
        self.send_sealed()
        words = {'login': self.officer['login'], 'password': self.officer['password']}
        if reply['code'] == 'session.disabled' or Client(self.world.server)('POST', '/api/v1/sessions', words)[0] == 401:
            # What had been set aside for its officer goes the same way, by itself.
            self.world.quarantined.update({identity: operation for identity, (operation, _) in self.load()['aside'].items()})
            self.world.phones.remove(self)
            return True
        self.empty()
        self.sign_in()
        while self.fetch():
            pass
        return True

    def send_sealed(self):
        kept = self.load()
        left = kept['outbox']
        pictures = kept['pictures']
        while left:
            batch, sent = left[:dice.choice([1, 5, 50])], []
            for operation in batch:
                plain = copy.deepcopy(operation)
                upload = plain.get('body', {}).pop('upload_id', None)
                if upload:
                    plain['body']['image'] = base64.urlsafe_b64encode(base64.b64decode(pictures[upload])).decode().rstrip('=')
                sealed = self.world.seal(plain, self.registered['server_key'])
                sent.append({'id': operation['id'], 'at': operation['at'], 'sealed': sealed})
            body = {'device_id': f"{self.world.county}-{self.device}", 'token': self.registered['token'], 'items': sent}
            status, reply = Client(self.world.server)('POST', '/api/v1/sync/sealed', body | {'token': 'wrong'})
            check(status == 401, f'a wrong token opens nothing: {status} {reply}')
            for _ in range(dice.choice([1, 1, 2])):
                status, reply = Client(self.world.server)('POST', '/api/v1/sync/sealed', body)
                check(status == 200, f'{self.name}: {status} {reply}')
            for operation, result in zip(batch, reply['results']):
                told['sealed: ' + result['state']] += 1
                if result['state'] == 'quarantined':
                    self.world.quarantined[operation['id']] = operation
            left = left[len(batch):]

    def skew_by(self, said):
        return round(time.time() + self.skew - datetime.datetime.fromisoformat(said.replace('Z', '+00:00')).timestamp())

    # What its officer does at the door.

    def act(self):
        kept = self.load()
        if not kept['records']:
            return
        home = dice.choice(sorted(kept['records']))
        record = kept['records'][home]
        clock = time.time() + self.skew
        # As the phone last learnt from the server how wrong its clock is.
        corrected = clock - (kept['skew'] if kept['skew'] is not None else 0)
        kind = dice.choice(['visit', 'visit', 'matter', 'edit', 'edit', 'person', 'photograph'])
        if record['state'] != 'open':
            return
        if kind == 'visit':
            identity = uuid7(dice)
            body = {'id': identity, 'household_id': home, 'met': 'head', 'diary': f'看望 {identity}', 'at': stamp(corrected - 60)}
            operation = {'method': 'POST', 'path': '/api/v1/visits', 'body': body}
            self.world.visits[identity] = home
        elif kind == 'matter':
            identity = uuid7(dice)
            body = {'id': identity, 'channel': 'visit', 'text': f'路灯坏了 {identity}', 'household_id': home, 'receipt': receipt()}
            operation = {'method': 'POST', 'path': '/api/v1/matters', 'body': body}
            self.world.matters[identity] = body['receipt']
        elif kind == 'edit':
            housing = record['sections']['housing']
            field = dice.choice(['note', 'rooms', 'floor_m2'])
            value = f'说明 {uuid7(dice)}' if field == 'note' else dice.randrange(1, 999)
            operation = {'method': 'PATCH', 'path': f'/api/v1/households/{home}/sections/housing', 'if_match': record['revision'],
                         'body': {field: value, 'base': {field: housing[field]} if field in housing else {}}}
            # On the phone it stands there at once.
            housing[field] = value
        elif kind == 'photograph':
            upload, photo = uuid7(dice), picture(dice)
            kept['pictures'][upload] = base64.b64encode(photo).decode()
            operation = {'method': 'POST', 'path': f'/api/v1/attachments?household_id={home}',
                         'body': {'upload_id': upload, 'sha256': hashlib.sha256(photo).hexdigest()}}
        else:
            person = dice.choice(record['residents'])
            value = f'备注 {uuid7(dice)}'
            operation = {'method': 'PATCH', 'path': f"/api/v1/residents/{person['id']}", 'if_match': person['revision'],
                         'body': {'note': value, 'base': {'note': person['note']} if person.get('note') else {}}}
            person['note'] = value
        operation |= {'id': uuid7(dice), 'record': home, 'at': stamp(clock)}
        if kind == 'edit' and field == 'note':
            self.world.notes[operation['id']] = value
        if kind == 'photograph':
            self.world.photographs[operation['id']] = home
        kept['outbox'].append(operation)
        self.save(kept)
        told[kind] += 1

    # What it does when there is a network.

    def send(self):
        kept = self.load()
        batch = kept['outbox'][:dice.choice([1, 3, 10, 50])]
        for at, operation in enumerate(batch):
            upload = operation.get('body', {}).get('upload_id')
            if upload and not self.upload(upload, base64.b64decode(kept['pictures'][upload])):
                batch = batch[:at]
                break
        if not batch:
            return
        fault = dice.choices(['none', 'lost reply', 'twice', 'crash', 'late'], [8, 2, 1, 1, 1])[0]
        if fault != 'none':
            told[fault] += 1
        if fault == 'late':
            self.late.append(copy.deepcopy(batch))
        for _ in range(2 if fault == 'twice' else 1):
            status, reply = self.call('POST', '/api/v1/sync/operations', {'operations': batch})
            if self.is_over(status, reply):
                return
            check(status == 200, f'{self.name}: {status} {reply}')
        if fault in ('lost reply', 'crash'):
            return
        done = {result['id'][-36:]: result for result in reply['results']}
        kept['skew'] = self.skew_by(reply['at'])
        left = []
        for operation in kept['outbox']:
            result = done.get(operation['id'])
            if result is None or result['state'] == 'later':
                left.append(operation)
            elif result['state'] == 'refused':
                kept['aside'][operation['id']] = [operation, result['problem']]
                told['set aside: ' + result['problem']['code']] += 1
            elif operation['path'].endswith('/matters') and 'reply' in result:
                check(result['reply']['receipt'] == operation['body']['receipt'], 'the receipt given at the door holds')
        kept['outbox'] = left
        self.save(kept)

    def upload(self, upload, photo):
        """In pieces, of which some are lost and some come twice; False when the network breaks off in between."""
        at = 0
        while at < len(photo):
            fault = dice.choices(['none', 'lost piece', 'piece twice', 'broke off'], [20, 2, 2, 1])[0]
            told[fault] += fault != 'none'
            if fault == 'broke off':
                return False
            piece = photo[at:at + dice.choice([40, 90, 300])]
            skipped = len(piece) if fault == 'lost piece' else 0
            for _ in range(2 if fault == 'piece twice' else 1):
                place = f'/api/v1/sync/uploads/{upload}?offset={at + skipped}'
                status, reply = self.call('PUT', place, photo[at + skipped:at + skipped + len(piece)] or b'x', content='application/octet-stream')
            if status in (401, 403):
                return True  # the act itself learns why
            check(status == 200 or (status == 409 and reply['code'] == 'sync.offset_ahead'), f'{self.name}: {status} {reply}')
            at = reply['received']
        return True

    def deliver_late(self):
        batch = self.late.pop(dice.randrange(len(self.late)))
        status, reply = self.call('POST', '/api/v1/sync/operations', {'operations': batch})
        if not self.is_over(status, reply):
            check(status == 200, f'{self.name}: {status} {reply}')

    def fetch(self):
        """A page of a round; a phone with unsent acts about a household keeps what it shows of it until they are sent."""
        kept = self.load()
        path = f'/api/v1/sync/changes?limit={dice.choice([3, 20, 100])}' + (f"&cursor={kept['cursor']}" if kept['cursor'] else '')
        status, page = self.call('GET', path)
        if self.is_over(status, page):
            return False
        check(status == 200, f'{self.name}: {status} {page}')
        if dice.random() < 0.1:
            told['lost page'] += 1
            return True
        for item in page['items']:
            if item.get('removed'):
                kept['records'].pop(item['household_id'], None)
            else:
                kept['records'][item['household_id']] = item['record']
                told['records for now, whole later'] += item.get('partial', False)
        kept['cursor'], kept['skew'] = page['next_cursor'], self.skew_by(page['at'])
        self.save(kept)
        return page['has_more']

    def decide(self):
        """The officer looks at what was set aside: keeps theirs, insists, says why they were there, or gives it up."""
        kept = self.load()
        for identity, (operation, problem) in list(kept['aside'].items()):
            del kept['aside'][identity]
            conflicts = {one['field']: one for one in problem.get('conflicts', [])}
            if conflicts:
                self.world.decided.update((identity, field) for field in conflicts)
            if conflicts and dice.random() < 0.5:
                told['insisted'] += 1
                operation['body']['base'] = {field: one['now'] for field, one in conflicts.items()}
                kept['outbox'].append(operation)
            elif problem['code'] == 'access.reason_needed' and operation['path'] == '/api/v1/visits':
                told['said why'] += 1
                operation['body']['reason'] = '当时还是我包的户'
                kept['outbox'].append(operation)
            else:
                told['gave up'] += 1
                status, reply = self.call('POST', f"/api/v1/sync/set_aside/{self.world.county}-{identity}/drop", {'reason': '按现在的为准'})
                if status == 401:  # signed out: next time
                    kept['aside'][identity] = [operation, problem]
                    continue
                check(status == 204 or reply['code'] == 'sync.closed_already', f'{status} {reply}')
                self.world.given_up[operation['body'].get('id', identity)] = operation
        self.save(kept)


class World:
    def __init__(self, folder):
        self.data = str(folder / 'county')
        self.accounts = make(args.huiyin, self.data, args.households)
        self.visits, self.matters, self.notes, self.photographs, self.given_up, self.decided = {}, {}, {}, {}, {}, set()
        self.quarantined, self.left = {}, []  # acts by their ids; officers by theirs
        self.seal = Sealer()
        self.server = Server(args.huiyin, self.data)
        liaisons = [officer for officer in self.accounts['officers'] if officer['role'] == 'liaison'][:10]
        self.phones = []
        for officer in liaisons:
            for which in ('first', 'second'):  # two phones of one officer: the same households, edited on both
                self.phones.append(Phone(f"{officer['login']}, {which} phone", self, officer))
        self.admin = sign_in(self.server, next(o for o in self.accounts['officers'] if o['role'] == 'administrator')).token
        self.desk = [sign_in(self.server, officer).token for officer in liaisons]
        self.supervisor = next(o for o in self.accounts['officers'] if o['role'] == 'supervisor')
        self.ids = []
        for officer in liaisons:
            _, reply = Client(self.server)('POST', '/api/v1/sessions', {'login': officer['login'], 'password': officer['password']})
            self.ids.append(reply['officer']['id'])
        _, mine = Client(self.server, self.desk[0])('GET', '/api/v1/households?mine=true&limit=1')
        self.county = mine['items'][0]['id'][:6]
        self.pictures_before = self.count('SELECT COUNT(*) FROM attachments')

    def count(self, sql):
        database = sqlite3.connect(f'file:{self.data}/huiyin.db?mode=ro', uri=True)
        try:
            return database.execute(sql).fetchone()[0]
        finally:
            database.close()

    def end_phone(self):
        """Somebody lost it, or so they say: signed out from afar, with work unsent."""
        phone = dice.choice(self.phones)
        status, reply = Client(self.server, self.admin)('DELETE', f'/api/v1/sync/devices/{self.county}-{phone.device}')
        check(status == 204, f'{status} {reply}')
        told['phones signed out from afar'] += 1

    def officer_leaves(self):
        """Their households get others, their account is closed, and their phones know nothing of it yet."""
        if len(self.ids) - len(self.left) <= 1:
            return
        admin = Client(self.server, self.admin)
        at = dice.choice([at for at, identity in enumerate(self.ids) if identity not in self.left])
        leaving, today = self.ids[at], self.today()
        others = [identity for identity in self.ids if identity not in (leaving, *self.left)]
        cursor = ''
        pairings = []
        while cursor is not None:
            status, page = admin('GET', f'/api/v1/pairings?officer_id={leaving}&limit=200' + (f'&cursor={cursor}' if cursor else ''))
            check(status == 200, page)
            pairings += [one for one in page['items'] if not one.get('until')]
            cursor = page.get('next_cursor')
        for pairing in pairings:
            status, reply = admin('POST', f"/api/v1/pairings/{pairing['id']}/end", {'until': today, 'reason': '离任'})
            check(status < 300, f'{status} {reply}')
            if pairing['kind'] == 'household':
                body = {'household_id': pairing['household_id'], 'officer_id': dice.choice(others), 'from': today}
                status, reply = admin('POST', '/api/v1/pairings', body)
                check(status == 201, f'{status} {reply}')
        status, reply = admin('POST', f'/api/v1/officers/{leaving}/deactivation', {'reason': '离任'})
        check(status == 201, f'{status} {reply}')
        self.left.append(leaving)
        self.desk[at] = None
        told['officers left'] += 1

    def decide_quarantine(self):
        """A supervisor looks at each act of those who could not send it any more."""
        client = sign_in(self.server, self.supervisor)
        for _ in range(100):
            items, cursor = [], ''
            while cursor is not None:
                status, page = client('GET', '/api/v1/sync/quarantine?limit=50' + (f'&cursor={cursor}' if cursor else ''))
                check(status == 200, page)
                items += page['items']
                cursor = page['next_cursor']
            there = collections.Counter(item['id'][-36:] for item in items)
            if set(there) >= set(self.quarantined):
                break
            time.sleep(0.2)  # what was set aside for those who left moves by itself
        check(set(there) == set(self.quarantined), f'in quarantine is what nobody could send: {set(there) ^ set(self.quarantined)}')
        check(all(count == 1 for count in there.values()), 'each act is in quarantine once')
        for item in items:
            identity, place = item['id'][-36:], f"/api/v1/sync/quarantine/{item['id']}/decision"
            check(item['readable'] and item['operation']['path'] == self.quarantined[identity]['path'], f'it says what was done: {item}')
            outcome = dice.choice([{'outcome': 'entered', 'reason': '替离任的人补录'}, {'outcome': 'dropped', 'reason': '核实过，没有这回事'}])
            status, reply = client('POST', place, outcome)
            if status != 200:
                outcome = {'outcome': 'entered', 'by_hand': True, 'reason': '另行登记'}
                status, reply = client('POST', place, outcome)
            check(status == 200, f'{status} {reply}')
            how = 'by hand' if outcome.get('by_hand') else outcome['outcome']
            told['quarantine: ' + how] += 1
            if how != 'entered':
                self.given_up[self.quarantined[identity].get('body', {}).get('id', identity)] = self.quarantined[identity]

    def kill(self):
        self.server.kill()
        self.server = Server(args.huiyin, self.data)
        told['server killed'] += 1

    def upgrade(self):
        """The program is renewed while phones are away: the county is of an older schema, and the new one brings it forward."""
        self.server.stop()
        newest = 'SELECT MAX(number) FROM schema_migrations'
        now = self.count(newest)
        database = sqlite3.connect(f'{self.data}/huiyin.db', isolation_level=None)
        database.executescript('BEGIN;' + BEFORE + 'COMMIT;')
        database.close()
        check(self.count(newest) < now, 'the schema is an older one')
        self.server = Server(args.huiyin, self.data)
        check(self.count(newest) == now, 'the program brought the schema forward')
        told['schema upgrades'] += 1

    def office(self):
        """Somebody edits at the desk, on the newest version."""
        desk = Client(self.server, dice.choice([token for token in self.desk if token]))
        status, mine = desk('GET', '/api/v1/households?mine=true&limit=50')
        check(status == 200, mine)
        if not mine['items']:
            return
        home = dice.choice(mine['items'])['id']
        status, record = desk('GET', f'/api/v1/households/{home}?purpose=visit')
        check(status == 200, record)
        if record['state'] != 'open':
            return
        field = dice.choice(['note', 'rooms', 'floor_m2'])
        value = f'办公室 {uuid7(dice)}' if field == 'note' else dice.randrange(1, 999)
        status, reply = desk('PATCH', f'/api/v1/households/{home}/sections/housing', {field: value}, If_Match=str(record['revision']))
        check(status == 200, reply)
        told['edits at the desk'] += 1

    def today(self):
        return datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).strftime('%Y-%m-%d')

    def hand_over(self):
        """A household gets another officer, while acts about it wait on a phone."""
        admin = Client(self.server, self.admin)
        phone = dice.choice(self.phones)
        homes = sorted(phone.load()['records'])
        if not homes:
            return
        home = dice.choice(homes)
        status, pairings = admin('GET', f'/api/v1/pairings?household_id={home}')
        check(status == 200, pairings)
        current = [one for one in pairings['items'] if one['kind'] == 'household' and not one.get('until')]
        if not current:
            return
        today = self.today()
        if not [identity for identity in self.ids if identity not in (current[0]['officer_id'], *self.left)]:
            return
        status, reply = admin('POST', f"/api/v1/pairings/{current[0]['id']}/end", {'until': today, 'reason': '轮换'})
        if status >= 300:
            return
        others = [identity for identity in self.ids if identity != current[0]['officer_id'] and identity not in self.left]
        status, reply = admin('POST', '/api/v1/pairings', {'household_id': home, 'officer_id': dice.choice(others), 'from': today})
        told['changed hands'] += status == 201


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix='huiyin-phones-'))
    world = None
    try:
        world = World(folder)
        for phone in world.phones:
            while phone.fetch():
                pass
        for step in range(args.steps):
            phone = dice.choice(world.phones)
            deed = dice.choices(['act', 'send', 'fetch', 'decide', 'office', 'hand over', 'kill', 'late', 'end phone', 'leave', 'upgrade'],
                                [50, 12, 10, 6, 10, 1, 0.4, 3, 0.8, 0.3, 0.2])[0]
            # Once at least, however short it is.
            deed = {args.steps // 3: 'end phone', args.steps // 2: 'leave', args.steps * 2 // 3: 'kill', args.steps * 3 // 4: 'upgrade'}.get(step, deed)
            if deed == 'act':
                for _ in range(dice.randrange(1, 6)):
                    phone.act()
            elif deed == 'send':
                phone.send()
            elif deed == 'fetch':
                phone.fetch()
            elif deed == 'decide':
                phone.decide()
            elif deed == 'office':
                world.office()
            elif deed == 'hand over':
                world.hand_over()
            elif deed == 'kill':
                world.kill()
            elif deed == 'end phone':
                world.end_phone()
            elif deed == 'leave':
                world.officer_leaves()
            elif deed == 'upgrade':
                world.upgrade()
            elif phone.late:
                phone.deliver_late()
        # Everybody comes home: everything is sent, decided, and fetched.
        for phone in list(world.phones):
            while phone.late and phone in world.phones:
                phone.deliver_late()
            phone.fetch()  # learns that it is over, where it is
            for _ in range(400):
                kept = phone.load()
                if phone not in world.phones or (not kept['outbox'] and not kept['aside']):
                    break
                phone.send()
                phone.decide()
            else:
                check(False, f'{phone.name} never came to an end: {phone.load()["outbox"][:2]}')
        world.decide_quarantine()
        for phone in world.phones:
            for _ in ('the round that was under way', 'a whole one'):
                while phone.fetch():
                    pass
        compare(world)
        world.server.stop()
        print(prove(args.huiyin, world.data))
        tell()
        print(f'seed {args.seed}: all agree')
    except BaseException:
        print(f'seed {args.seed}', file=sys.stderr)
        raise
    finally:
        if world and world.server.process.poll() is None:
            world.server.kill()
        if world:
            world.seal.stop()
        shutil.rmtree(folder, ignore_errors=True)


def tell():
    acts = {'visit', 'matter', 'edit', 'person', 'photograph', 'edits at the desk'}
    faults = {'lost reply', 'twice', 'crash', 'late', 'lost page', 'lost piece', 'piece twice', 'broke off', 'server killed', 'changed hands',
              'phones signed out from afar', 'officers left', 'schema upgrades'}
    for title, belongs in (('acts', lambda what: what in acts), ('faults', lambda what: what in faults),
                           ('outcomes', lambda what: what not in acts | faults)):
        print(title)
        for what, count in sorted(told.items()):
            if belongs(what) and count:
                print(f'{count:7} {what}')


def compare(world):
    for phone in world.phones:
        kept = phone.load()
        status, mine = phone.call('GET', '/api/v1/households?mine=true&limit=200')
        check(status == 200 and mine.get('next_cursor') is None, mine)
        check({home['id'] for home in mine['items']} == set(kept['records']), f'{phone.name} has its households and no others')
        for home, record in kept['records'].items():
            status, now = phone.call('GET', f'/api/v1/households/{home}?purpose=visit')
            check(status == 200, now)
            # Matters come along with what is read on a page of their own at the desk.
            for matter in record.get('matters', []):
                check(matter.pop('asks', None), f'{phone.name}, {home}: a matter is taken along with its points')
                matter.pop('clock', None), matter.pop('answers', None)
            differing = [key for key in now if now[key] != record.get(key)]
            check(not differing, f'{phone.name}, {home}: {differing}: ' + str([(now[key], record.get(key)) for key in differing])[:600])
        status, aside = phone.call('GET', '/api/v1/sync/set_aside')
        check(status == 200 and not aside['items'], f'{phone.name}: nothing waits for a decision: {aside}')
    # Every act once. What an officer may no longer see, the auditor of the county can.
    auditor = sign_in(world.server, world.supervisor)
    for identity, number in world.matters.items():
        if identity in world.given_up:
            continue
        status, reply = auditor('GET', '/api/v1/receipts/' + number)
        check(status == 200, f'the matter {identity} of receipt {number} is not there: {status} {reply}')
    database = sqlite3.connect(f'file:{world.data}/huiyin.db?mode=ro', uri=True)
    count = lambda table, identity: database.execute(f'SELECT COUNT(*) FROM {table} WHERE id = ?', (bytes.fromhex(identity.replace('-', '')),)).fetchone()[0]
    count_all = lambda sql: database.execute(sql).fetchone()[0]
    for identity in world.visits:
        there = count('visits', identity)
        check(there == (0 if identity in world.given_up else 1), f'the visit {identity} is there {there} times')
    for identity in world.matters:
        there = count('matters', identity)
        check(there == (0 if identity in world.given_up else 1), f'the matter {identity} is there {there} times')
    taken = sum(identity not in world.given_up for identity in world.photographs)
    there = count_all('SELECT COUNT(*) FROM attachments') - world.pictures_before
    check(there == taken, f'{there} photographs are there, {taken} were taken')
    # Who insisted or gave way is in the history: every value that was taken is kept.
    docs = ''.join(row[0] for row in database.execute('SELECT new_doc FROM section_versions'))
    for identity, value in world.notes.items():
        check((value in docs) == (identity not in world.given_up), f'{value}: history keeps what was taken and nothing else')
    told['conflicts decided by a person'] = len(world.decided)
    database.close()


main()
