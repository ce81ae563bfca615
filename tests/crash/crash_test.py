#!/usr/bin/env python3
"""Nothing lost: officers and residents work at once and the server is killed (SIGKILL) in the
middle of it, again and again. After each kill a copy of the folder is taken apart (database,
references, chain, files against hashes, rows against events), the server starts on the folder
itself, and every act is looked at: what was acknowledged is there once, what was not is there
whole or not at all, and sending it again does not double it.

  crash_test.py HUIYIN [--rounds 5] [--seed N] [--households 200]
"""
import argparse, collections, os, random, shutil, sys, tempfile, time

sys.path.insert(0, os.path.dirname(__file__))
from county import Server, check, make, prove
from work import Crowd, Ledger, Life, settle, told

parser = argparse.ArgumentParser()
parser.add_argument('huiyin')
parser.add_argument('--rounds', type=int, default=5)
parser.add_argument('--seed', type=int, default=int(time.time()))
parser.add_argument('--households', type=int, default=200)
args = parser.parse_args()


# Each kill is followed by a look at everything that was ever acknowledged: a county that grows for ever would be
# looked at more than worked in.
ROUNDS_OF_A_COUNTY = 25


def live(seed, rounds):
    """One county, killed and looked at so many times. What was done, how slow the slowest start was, and the chain."""
    dice = random.Random(seed)
    folder = tempfile.mkdtemp(prefix='huiyin-crash-')
    data, copy = os.path.join(folder, 'county'), os.path.join(folder, 'copy')
    server, ledger = None, Ledger()
    try:
        accounts = make(args.huiyin, data, args.households)
        slowest = 0.0
        for _ in range(rounds):
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
        return ledger, slowest, prove(args.huiyin, data)
    except SystemExit:
        print(f'seed {seed}; what was left is in {folder}', file=sys.stderr)
        folder = None
        raise
    finally:
        if server and server.process.poll() is None:
            server.kill()
        if folder:
            shutil.rmtree(folder, ignore_errors=True)


def main():
    began, done, acts = time.monotonic(), 0, collections.Counter()
    for number in range(-(-args.rounds // ROUNDS_OF_A_COUNTY)):
        rounds = min(ROUNDS_OF_A_COUNTY, args.rounds - done)
        ledger, slowest, chain = live(args.seed + number, rounds)
        done += rounds
        acts.update(ledger.counts)
        print(f'{done} of {args.rounds} kills in {time.monotonic() - began:.0f} s (seed {args.seed + number}), slowest start '
              f'{slowest * 1000:.0f} ms; looked at: {told(ledger)}; {chain}', flush=True)
    check(all(acts[what] > 0 for what in ('matters', 'visits', 'pictures', 'edits', 'steps')), f'too little was done: {dict(acts)}')


main()
