#!/usr/bin/env python3
"""Nothing lost: officers and residents work at once and the server is killed (SIGKILL) in the
middle of it, again and again. After each kill a copy of the folder is taken apart (database,
references, chain, files against hashes, rows against events), the server starts on the folder
itself, and every act is looked at: what was acknowledged is there once, what was not is there
whole or not at all, and sending it again does not double it.

  crash_test.py HUIYIN [--rounds 5] [--seed N] [--households 200]
"""
import argparse, os, random, shutil, sys, tempfile, time

sys.path.insert(0, os.path.dirname(__file__))
from county import Server, check, make, prove
from work import Crowd, Ledger, Life, settle, told

parser = argparse.ArgumentParser()
parser.add_argument('huiyin')
parser.add_argument('--rounds', type=int, default=5)
parser.add_argument('--seed', type=int, default=int(time.time()))
parser.add_argument('--households', type=int, default=200)
args = parser.parse_args()


def main():
    dice = random.Random(args.seed)
    folder = tempfile.mkdtemp(prefix='huiyin-crash-')
    data, copy = os.path.join(folder, 'county'), os.path.join(folder, 'copy')
    server, ledger = None, Ledger()
    began = time.monotonic()
    try:
        accounts = make(args.huiyin, data, args.households)
        slowest = 0.0
        for _ in range(args.rounds):
            server = Server(args.huiyin, data)
            slowest = max(slowest, server.started_in)
            life = Life(server, accounts, ledger)
            settle(life)
            crowd = Crowd(life, dice)
            time.sleep(dice.uniform(0.05, 0.9))
            server.kill()
            crowd.join()
            # What the kill left is taken apart in a copy: the folder itself is recovered by the server.
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(data, copy)
            prove(args.huiyin, copy)
        server = Server(args.huiyin, data)
        settle(Life(server, accounts, ledger))
        server.stop()
        chain = prove(args.huiyin, data)
        check(all(ledger.counts[what] > 0 for what in ('matters', 'visits', 'pictures', 'edits', 'steps')), f'too little was done: {told(ledger)}')
        print(f'{args.rounds} kills in {time.monotonic() - began:.0f} s (seed {args.seed}), slowest start {slowest * 1000:.0f} ms; '
              f'looked at: {told(ledger)}; {chain}')
    except SystemExit:
        print(f'seed {args.seed}; what was left is in {folder}', file=sys.stderr)
        folder = None
        raise
    finally:
        if server and server.process.poll() is None:
            server.kill()
        if folder:
            shutil.rmtree(folder, ignore_errors=True)


main()
