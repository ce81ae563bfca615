#!/usr/bin/env python3
"""The primary is lost in the middle of work. Two servers on one PostgreSQL with a synchronous standby: the
primary's processes are killed (or stopped, as when its machine hangs), the standby is promoted, and both servers go on there by
themselves. What was acknowledged is there once; what was refused or lost is sent again with its key, and is there once.

  failover_test.py HUIYIN [--hung] [--seconds 12]
"""
import argparse, os, pathlib, shutil, signal, tempfile, threading, time

from engine import Postgres, Server, need_postgres, program

parser = argparse.ArgumentParser()
parser.add_argument('huiyin')
parser.add_argument('--hung', action='store_true', help='the primary is stopped, not killed')
parser.add_argument('--seconds', type=int, default=12, help='of work after the loss')
args = parser.parse_args()
need_postgres()
folder = pathlib.Path(tempfile.mkdtemp(prefix='huiyin-failover-'))
os.chmod(folder, 0o755)
run = program(args.huiyin)


first, second = Postgres(folder, 'first'), Postgres(folder, 'second')
try:
    first.make()
    # Only what the standby has too is acknowledged; whoever takes over waits for nobody.
    first.start('synchronous_standby_names=*')
    second.follow(first)
    second.start()
    first.sql('CREATE DATABASE huiyin')
    url = f'postgres:///huiyin?host={first.dir},{second.dir}&user=huiyin&target_session_attrs=read-write'
    one = folder / 'one'
    run('county', 'create', '--data', str(one), '--database', url, '--code', '990101', '--name', '永安县')
    told = run('user', 'add', '--data', str(one), '--login', 'clerk', '--name', '受理员', '--role', 'clerk')
    two = folder / 'two'
    two.mkdir()
    for shared in ('database', 'huiyin.key'):
        shutil.copy2(one / shared, two / shared)
    (two / 'files').symlink_to(one / 'files')
    servers = [Server(args.huiyin, folder / 'log', '--data', data) for data in (one, two)]
    token = servers[0].sign_in('clerk', told)

    done = threading.Event()
    lock = threading.Lock()
    acknowledged, refusals, times = {}, {}, []

    def work(worker):
        n = 0
        while not done.is_set():
            n += 1
            text, key = f'第{worker}人的第{n}件', f'{worker}-{n}'
            for attempt in range(600):
                status, reply = servers[(worker + attempt) % 2].call(
                    'POST', '/api/v1/matters', {'channel': 'counter', 'kind': 'help', 'text': text}, Authorization=token, Idempotency_Key=key)
                with lock:
                    if status == 201:
                        acknowledged[text] = reply['id']
                        times.append(time.monotonic())
                        break
                    refusals[status] = refusals.get(status, 0) + 1
                time.sleep(0.1)
            else:
                raise SystemExit('FAILED: ' + text + ' was never taken')

    workers = [threading.Thread(target=work, args=(number,), daemon=True) for number in range(8)]
    for worker in workers:
        worker.start()
    time.sleep(3)
    before = len(acknowledged)
    lost = time.monotonic()
    first.tell(signal.SIGSTOP if args.hung else signal.SIGKILL)
    time.sleep(1)
    second.promote()
    promoted = time.monotonic()
    while not any(at > promoted for at in times):
        assert time.monotonic() - promoted < 60, (refusals, 'nothing is taken after the standby took over')
        time.sleep(0.1)
    time.sleep(args.seconds / 2)

    # The primary refuses to write, as one that is being put aside: 503, and then again.
    second.sql('ALTER SYSTEM SET default_transaction_read_only = on')
    second.sql('SELECT pg_reload_conf()')
    time.sleep(1.5)
    second.sql('ALTER SYSTEM RESET default_transaction_read_only')
    second.sql('SELECT pg_reload_conf()')
    writable = time.monotonic()
    while not any(at > writable for at in times):
        assert time.monotonic() - writable < 30, (refusals, 'nothing is taken after it may be written again')
        time.sleep(0.1)
    time.sleep(args.seconds / 2)
    done.set()
    for worker in workers:
        worker.join()
    for server in servers:
        server.stop()
    assert set(refusals) <= {503}, refusals
    assert before > 20 and len(acknowledged) > before + 20, (before, len(acknowledged))
    kept = dict(line.split('|') for line in second.sql("SELECT text, count(*) FROM matters GROUP BY text", 'huiyin').splitlines())
    assert set(kept) == set(acknowledged), (len(kept), len(acknowledged), list(set(acknowledged) - set(kept))[:5])
    assert set(kept.values()) == {'1'}, [text for text, n in kept.items() if n != '1']
    assert 'the chain is whole' in run('audit', 'verify', '--data', str(one))
    assert 'BAD' not in run('check', '--data', str(one))
    print(f"the primary {'hung' if args.hung else 'was killed'}: {len(acknowledged)} matters acknowledged ({before} before), each there once; "
          f"nothing taken for {min(at for at in times if at > promoted) - lost:.1f} s, of which 1 s until the standby was promoted; "
          f"{refusals.get(503, 0)} answers of 503")
finally:
    for postgres in (first, second):
        postgres.end()
    shutil.rmtree(folder)
