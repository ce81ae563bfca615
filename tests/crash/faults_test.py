#!/usr/bin/env python3
"""A disk that goes: full, read-only, torn writes, flushes that fail, files that may not grow. While
it is gone the server answers acts with 503 `storage_unavailable` and still shows records; when
it is there again the server goes on by itself; and nothing acknowledged is lost, not even when
the server is killed in the middle of it. Then a clock that jumps back and forth.

  faults_test.py HUIYIN HUIYIN_FAULTY [--long] [--seed N]
"""
import argparse, os, pathlib, random, resource, shutil, subprocess, sys, tempfile, time

sys.path.insert(0, os.path.dirname(__file__))
from county import Client, Server, check, fail, make, prove, sign_in
from work import Crowd, Ledger, Life, settle, told

parser = argparse.ArgumentParser()
parser.add_argument('huiyin')
parser.add_argument('faulty')
parser.add_argument('--long', action='store_true')
parser.add_argument('--seed', type=int, default=int(time.time()))
args = parser.parse_args()
dice = random.Random(args.seed)


class Lines(list):
    """Said at once: who breaks off a long run keeps what is known by then."""

    def append(self, line):
        print(line, flush=True)


lines = Lines()


class Storm:
    """One county in which the disk goes and comes back, as often as it is asked to."""

    def __init__(self, name, program, data, accounts, environment=None):
        self.name, self.program, self.data, self.accounts, self.environment = name, program, data, accounts, environment
        self.ledger, self.kills, self.slowest = Ledger(), 0, 0.0
        self.log = open(data + '.log', 'ab')
        self.server, self.patient = None, False
        self.start()

    def start(self):
        self.server = Server(self.program, self.data, log=self.log, environment=self.environment)
        self.life = Life(self.server, self.accounts, self.ledger, tolerant=True)
        settle(self.life)

    def shows(self):
        """What needs no room is shown all the time."""
        receipt = self.known_receipt()
        check(Client(self.server)('GET', '/healthz')[0] == 200, 'the server lives')
        check(Client(self.server)('GET', '/api/v1/receipts/' + receipt)[0] == 200, 'a receipt is shown')
        # Who reads is written down first: where files may not grow, the next file has room again.
        for _ in range(20):
            status, home = self.life.liaison('GET', f'/api/v1/households/{self.life.homes[4]}?purpose=visit')
            if status != 503 or not self.patient:
                break
            time.sleep(0.1)
        check(status == 200, f'a household is shown: {status} {home}')

    def known_receipt(self):
        if not hasattr(self, 'receipt'):
            status, reply = self.life.clerk('POST', '/api/v1/matters', {'channel': 'counter', 'kind': 'help', 'text': 'x'})
            check(status == 201, reply)
            self.receipt = reply['receipt']
        return self.receipt

    def pass_through(self, begin, end, kill, always):
        """Everybody works, the disk goes, it comes back or the server dies, and everything is looked at."""
        self.known_receipt()
        crowd = Crowd(self.life, dice)
        time.sleep(dice.uniform(0.1, 0.3))
        refused = self.ledger.counts['refused']
        begin()
        time.sleep(dice.uniform(0.2, 0.6))
        if always:
            check(self.server.process.poll() is None, 'the server lives')
            check(self.ledger.counts['refused'] > refused, 'while the disk is gone, acts are refused')
            self.shows()
        if kill:
            self.server.kill()
            crowd.join()
            end()
            self.kills += 1
            prove(args.huiyin, self.copy())
            self.start()
            return
        crowd.stopping.set()
        end()
        began = time.monotonic()
        while self.life.clerk('POST', '/api/v1/matters', {'channel': 'counter', 'kind': 'help', 'text': 'y'})[0] != 201:
            check(time.monotonic() - began < 10, 'the server goes on by itself')
            time.sleep(0.02)
        self.slowest = max(self.slowest, time.monotonic() - began)
        crowd.join()
        settle(self.life)

    def copy(self):
        copy = self.data + '.copy'
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.data, copy)
        return copy

    def finish(self):
        settle(self.life)
        self.server.stop()
        self.log.close()
        chain = prove(args.huiyin, self.data)
        lines.append(f'{self.name}: {self.kills} kills, on again after {self.slowest * 1000:.0f} ms at most; {told(self.ledger)}; {chain}')


def broken_storage(folder, accounts, county):
    """SQLite's own files fail in each way, always or now and then."""
    faults = pathlib.Path(folder, 'faults')
    ways = [(kind, where, one_in) for kind in ('full', 'write', 'torn', 'sync', 'readonly')
            for where in ('wal', 'db', 'any') for one_in in (1, 3, 25)]
    if not args.long:
        ways = [('full', 'any', 1), ('sync', 'any', 1), ('torn', 'wal', 3), ('write', 'db', 1), ('readonly', 'any', 1)]
    storm = Storm('writes and flushes that fail', args.faulty, county, accounts, {'HUIYIN_FAULTS': str(faults)})
    for kind, where, one_in in ways:
        for kill in (False, True):
            def begin():
                faults.with_suffix('.new').write_text(f'{kind} {where} {one_in}\n')
                os.replace(faults.with_suffix('.new'), faults)
            try:
                storm.pass_through(begin, lambda: faults.unlink(), kill, one_in == 1 and where != 'db')
            except SystemExit:
                print(f'with {kind} {where} {one_in}, {"killed" if kill else "not killed"}', file=sys.stderr)
                raise
    storm.finish()


def files_that_may_not_grow(accounts, county):
    """A quota: no file of the server may grow (RLIMIT_FSIZE), its journals and pictures among them."""
    storm = Storm('files that may not grow', args.huiyin, county, accounts)
    storm.patient = True
    for kill in ([False, True] * 4 if args.long else [False, True]):
        pid = lambda: storm.server.process.pid
        _, hard = resource.prlimit(pid(), resource.RLIMIT_FSIZE)
        storm.pass_through(lambda: resource.prlimit(pid(), resource.RLIMIT_FSIZE, (65536, hard)),
                           lambda: kill or resource.prlimit(pid(), resource.RLIMIT_FSIZE, (hard, hard)), kill, True)
    storm.finish()


def full_disk(folder, accounts, source):
    """A real file system without a byte left, which wants root to be made."""
    disk = os.path.join(folder, 'disk')
    os.mkdir(disk)
    # Room for the county and its log at their longest; only the ballast shall fill it.
    size = 'size=512m' if args.long else 'size=96m'
    made = subprocess.run(['mount', '-t', 'tmpfs', '-o', size, 'tmpfs', disk], capture_output=True)
    if made.returncode != 0:
        lines.append('full disk: SKIPPED, no file system can be made here (wants root)')
        return
    try:
        county = os.path.join(disk, 'county')
        shutil.copytree(source, county)
        ballast = os.path.join(disk, 'ballast')

        def fill():
            with open(ballast, 'wb', buffering=0) as file:
                block = b'\0' * 65536
                while block:
                    try:
                        file.write(block)
                    except OSError:
                        block = block[:len(block) // 2]

        storm = Storm('full disk', args.huiyin, county, accounts)
        storm.copy = lambda: shutil.copytree(county, os.path.join(folder, 'copy'), dirs_exist_ok=False)
        for kill in ([False, True] * 4 if args.long else [False, True]):
            shutil.rmtree(os.path.join(folder, 'copy'), ignore_errors=True)
            storm.pass_through(fill, lambda: os.unlink(ballast), kill, True)
        storm.finish()
        subprocess.run(['mount', '-o', 'remount,ro', disk], check=True)
        refused = subprocess.run([args.huiyin, 'serve', '--data', county, '--listen', '127.0.0.1:0'], capture_output=True, text=True, timeout=20)
        check(refused.returncode == 1 and 'huiyin serve:' in refused.stderr, f'a read-only folder is not served: {refused}')
        lines.append('read-only folder: not served: ' + refused.stderr.strip().splitlines()[-1].replace(county, 'DIR'))
    finally:
        subprocess.run(['umount', '-l', disk], check=True)


def jumping_clock(folder, accounts, county):
    """The machine's clock is set hours and years off while people work."""
    clock = pathlib.Path(folder, 'time')
    clock.write_text('2026-03-08T10:00\n')
    server = Server(args.huiyin, county, '--training-clock', str(clock))
    ledger = Ledger()
    try:
        for moment in ('2026-03-08T09:00', '2026-03-20T10:00', '2026-03-08T10:00', '2027-01-01T00:00', '2025-06-01T03:00', '2026-03-09T10:00'):
            clock.write_text(moment + '\n')
            time.sleep(1.2)
            life = Life(server, accounts, ledger, at=moment[:10] + "T00:00:00.000Z" if moment[11:] >= "09" else "2025-01-01T00:00:00.000Z")
            crowd = Crowd(life, dice)
            time.sleep(0.4 if not args.long else 3)
            crowd.stopping.set()
            crowd.join()
            settle(life)
        server.stop()
    finally:
        if server.process.poll() is None:
            server.kill()
    lines.append(f'a clock that jumps: {told(ledger)}; {prove(args.huiyin, county)}')


def main():
    folder = tempfile.mkdtemp(prefix='huiyin-faults-')
    try:
        began = time.monotonic()
        source = os.path.join(folder, 'source')
        accounts = make(args.huiyin, source, 120)
        counties = [shutil.copytree(source, os.path.join(folder, name)) for name in ('storm', 'quota', 'clock')]
        broken_storage(folder, accounts, counties[0])
        files_that_may_not_grow(accounts, counties[1])
        full_disk(folder, accounts, source)
        jumping_clock(folder, accounts, counties[2])
        print(f'{time.monotonic() - began:.0f} s (seed {args.seed})')
    except BaseException:
        print(f'seed {args.seed}; what was left is in {folder}', file=sys.stderr)
        folder = None
        raise
    finally:
        if folder:
            shutil.rmtree(folder, ignore_errors=True)


main()
