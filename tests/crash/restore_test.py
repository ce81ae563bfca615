#!/usr/bin/env python3
"""The restore drill: a county is backed up while everybody works, restored on an empty machine
with one command, and compared with the county record by record and byte by byte. A backup that
is damaged, cut short, foreign or given the wrong key is refused, and nothing is written over.

  restore_test.py HUIYIN [--households 200]
"""
import argparse, os, pathlib, random, shutil, subprocess, sys, tempfile, time

sys.path.insert(0, os.path.dirname(__file__))
from county import Server, check, make, prove
from restored import files, records
from work import Crowd, Ledger, Life, settle, told

parser = argparse.ArgumentParser()
parser.add_argument('huiyin')
parser.add_argument('--households', type=int, default=200)
parser.add_argument('--seed', type=int, default=int(time.time()))
args = parser.parse_args()
dice = random.Random(args.seed)


def huiyin(*words, good=True):
    done = subprocess.run([args.huiyin, *map(str, words)], capture_output=True, text=True)
    if good:
        check(done.returncode == 0, f'{words}: {done.stdout}{done.stderr}')
    else:
        check(done.returncode in (1, 2), f'{words} should have been refused: {done.stdout}')
    return done.stdout + done.stderr


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix='huiyin-restore-'))
    server = None
    try:
        data, key = str(folder / 'county'), folder / 'county/huiyin.key'
        accounts = make(args.huiyin, data, args.households)
        ledger = Ledger()

        # While everybody works.
        server = Server(args.huiyin, data)
        crowd = Crowd(Life(server, accounts, ledger), dice)
        time.sleep(1)
        with ledger.lock:
            before = [receipt for _, receipt in ledger.matters.values() if receipt]
        said = huiyin('backup', '--data', data, folder / 'busy.tar')
        crowd.stopping.set()
        crowd.join()
        server.stop()
        huiyin('restore', folder / 'busy.tar', '--data', folder / 'busy', '--key', key)
        prove(args.huiyin, str(folder / 'busy'))
        server = Server(args.huiyin, str(folder / 'busy'))
        life = Life(server, accounts, Ledger())
        check(len(before) > 10, 'enough was done before the backup')
        for receipt in before:
            check(life.clerk('GET', '/api/v1/receipts/' + receipt)[0] == 200, f'{receipt} was acknowledged before the backup and is not in it')
        server.stop()

        # At rest, every record.
        huiyin('backup', '--data', data, folder / 'rest.tar')
        began = time.monotonic()
        huiyin('restore', folder / 'rest.tar', '--data', folder / 'new/machine', '--key', key)
        took = time.monotonic() - began
        (here, rows), (there, _) = records(data), records(folder / 'new/machine')
        check(here == there, f'tables differ: {[name for name in here if here[name] != there.get(name)]}')
        pictures = files(data)
        check(pictures and pictures == files(folder / 'new/machine'), 'the pictures are the same')
        check(key.read_bytes() == (folder / 'new/machine/huiyin.key').read_bytes(), 'the key is the same')
        check((folder / 'new/machine').stat().st_mode & 0o077 == 0, 'the folder is its owner\'s alone')
        check((folder / 'rest.tar').stat().st_mode & 0o077 == 0, 'the backup is its owner\'s alone')
        server = Server(args.huiyin, str(folder / 'new/machine'))
        life = Life(server, accounts, ledger)
        settle(life)
        server.stop()
        prove(args.huiyin, str(folder / 'new/machine'))
        check('whole' in huiyin('backup', 'verify', folder / 'rest.tar'), 'the backup is whole')
        check(subprocess.run(['tar', 'tf', folder / 'rest.tar'], capture_output=True).returncode == 0, 'any tar lists it')

        # What is not to be trusted.
        whole = (folder / 'rest.tar').read_bytes()
        target = folder / 'never'
        refused = 0

        def refuse(bytes_, *words):
            nonlocal refused
            (folder / 'bad.tar').write_bytes(bytes_)
            said = huiyin('restore', folder / 'bad.tar', '--data', target, '--key', key, good=False)
            check(any(word in said for word in words), f'{words} expected: {said}')
            check(not target.exists() and not pathlib.Path(f'{target}.restoring').exists(), 'nothing is left behind')
            refused += 1

        for _ in range(25):
            at = dice.randrange(len(whole))
            # What stands between files, or in fields of a head that nobody reads, is no one's record.
            changed = bytearray(whole)
            changed[at] ^= 1 << dice.randrange(8)
            (folder / 'bad.tar').write_bytes(changed)
            done = subprocess.run([args.huiyin, 'restore', folder / 'bad.tar', '--data', target, '--key', key], capture_output=True, text=True)
            if done.returncode == 0:
                check(records(target)[0] == here and files(target) == pictures, f'byte {at} changed a record and was not noticed')
                shutil.rmtree(target)
            else:
                check('damaged' in done.stderr or 'no backup' in done.stderr, done.stderr)
                check(not target.exists(), 'nothing is left behind')
                refused += 1
        for cut in (0, 100, 512, 1024, len(whole) // 2, len(whole) - 1024 - 512):
            refuse(whole[:cut], 'damaged', 'no backup')
        refuse(b'PK\x03\x04' + os.urandom(4096), 'no backup')
        subprocess.run(['tar', 'cf', folder / 'foreign.tar', '-C', data, 'accounts.json'], check=True)
        refuse((folder / 'foreign.tar').read_bytes(), 'no backup')
        refuse(whole[:1024] + (folder / 'foreign.tar').read_bytes(), 'damaged')
        check('--key' in huiyin('restore', folder / 'rest.tar', '--data', target, good=False), 'a key is asked for')
        (folder / 'other.key').write_bytes(os.urandom(32))
        check('not the key' in huiyin('restore', folder / 'rest.tar', '--data', target, '--key', folder / 'other.key', good=False), 'another key is refused')
        check('not empty' in huiyin('restore', folder / 'rest.tar', '--data', data, '--key', key, good=False), 'nothing is written over')
        check('there already' in huiyin('backup', '--data', data, folder / 'rest.tar', good=False), 'no backup is written over')
        check((folder / 'rest.tar').read_bytes() == whole and records(data)[0] == here, 'all is as it was')
        huiyin('backup', '--data', data, folder / 'with.tar', '--with-key')
        huiyin('restore', folder / 'with.tar', '--data', folder / 'alone')
        print(f'{rows} rows of {len(here)} tables and {len(pictures)} files are the same after a restore of {len(whole) / 1e6:.1f} MB in {took:.2f} s; '
              f'{len(before)} acts acknowledged before a backup under load are in it; {refused} bad backups refused; {said.strip().splitlines()[0]}')
    finally:
        if server and server.process.poll() is None:
            server.kill()
        shutil.rmtree(folder, ignore_errors=True)


main()
