#!/usr/bin/env python3
"""Reports come from a standby that follows the database, and from the database itself as soon as the standby is too far behind,
stopped, killed or no standby any more. While matters are taken all along, every figure is held against what had been
acknowledged: before the instant it says it is of, or before it was asked for. None is wrong, none is a 5xx, none is waited for long.

  replica_test.py HUIYIN
"""
import datetime, os, pathlib, re, shutil, signal, stat, sys, tempfile, threading, time

from engine import Postgres, Server, need_postgres, program, until

need_postgres()
huiyin = sys.argv[1]
run = program(huiyin)
folder = pathlib.Path(tempfile.mkdtemp(prefix='huiyin-replica-'))
os.chmod(folder, 0o755)
BOUND = 3  # seconds that figures may be old
SLOW = float(os.environ.get('HUIYIN_SLOW', 1))  # under sanitizers
PATIENCE = 3.5 + (SLOW - 1) / 3  # until it is known that a standby does not answer


first, second = Postgres(folder, 'first'), Postgres(folder, 'second')
try:
    first.make()
    first.start()
    second.follow(first)
    second.start()
    first.sql('CREATE DATABASE huiyin')
    one = folder / 'one'
    url = f'postgres:///huiyin?host={first.dir}&user=huiyin'
    replica = f'postgres://huiyin:geheim@/huiyin?host={second.dir}'
    run('county', 'create', '--data', one, '--database', url, '--code', '990101', '--name', '永安县')
    clerk = run('user', 'add', '--data', one, '--login', 'clerk', '--name', '受理员', '--role', 'clerk')
    leader = run('user', 'add', '--data', one, '--login', 'leader', '--name', '分管领导', '--role', 'leader')

    # What is wrong is said, without repeating an address.
    run('county', 'create', '--data', folder / 'file', '--code', '990102', '--name', '古叶县')
    assert 'the records are in a file' in run('serve', '--data', folder / 'file', '--replica', replica, status=2)
    assert '--replica wants postgres://' in run('serve', '--data', one, '--replica', 'huiyin:geheim@second', status=2)
    assert '--replica-lag-seconds' in run('serve', '--data', one, '--replica', replica, '--replica-lag-seconds', 'soon', status=2)

    server = Server(huiyin, folder / 'log', '--data', one, '--replica', replica, '--replica-lag-seconds', BOUND)
    assert stat.S_IMODE((one / 'replicas').stat().st_mode) == 0o600
    clerk, leader = server.sign_in('clerk', clerk), server.sign_in('leader', leader)

    done = threading.Event()
    acknowledged = []  # when
    failed = []

    def take():
        while not done.is_set():
            status, said = server.call('POST', '/api/v1/matters', {'channel': 'counter', 'kind': 'help', 'text': '渡口的渡船停了'}, Authorization=clerk)
            if status != 201:
                failed.append(said)
            acknowledged.append(time.time())
            time.sleep(0.03)

    def wall():
        """Asks, holds the answer against what was acknowledged, and says as of when it is (None: it is the database's) and how long it took."""
        began = time.time()
        status, said, headers = server.ask('GET', '/api/v1/wall', Authorization=leader)
        took = time.time() - began
        assert status == 200, (status, said)
        as_of = headers['Huiyin-As-Of']
        if as_of:
            assert said['at'] == as_of, said['at']
            as_of = datetime.datetime.fromisoformat(as_of.replace('Z', '+00:00')).timestamp()
            assert as_of <= time.time() and began - as_of < BOUND + 1.2 + (SLOW - 1) / 3, (began, as_of)
        least = sum(at < (as_of or began) for at in acknowledged.copy())
        assert least <= said['total']['open'] <= len(acknowledged) + 1, (least, said['total'], len(acknowledged), as_of)
        return as_of, took

    def figure(name):
        found = re.search(name + r'\{replica="[^"]*"\} (\S+)', server.call('GET', '/metrics')[1])
        return float(found.group(1))

    taker = threading.Thread(target=take, daemon=True)
    taker.start()
    until(lambda: wall()[0], 10)
    before = figure('huiyin_replica_reads_total')
    ages = []
    for _ in range(40):
        as_of, _ = wall()
        if as_of:
            ages.append(time.time() - as_of)
    assert len(ages) >= 38 and figure('huiyin_replica_reads_total') - before == len(ages), (len(ages), before)
    # What somebody has just done is read where it was done.
    assert server.ask('GET', '/api/v1/matters?mine=true', Authorization=clerk)[2]['Huiyin-As-Of'] is None
    assert figure('huiyin_replica_used') == 1 and figure('huiyin_replica_lag_seconds') < BOUND

    assert re.search('ok    the replica .* follows', run('check', '--data', one))

    # It follows no further: an old figure, which says so, and after the bound the database's.
    second.sql('SELECT pg_wal_replay_pause()')
    stood, old = time.time(), set()
    until(lambda: old.add(wall()[0]) or None in old, BOUND + 4)
    assert time.time() - stood > BOUND - 1.5 and len(old) > 1, (time.time() - stood, old)
    for _ in range(10):
        assert wall()[0] is None
    assert figure('huiyin_replica_used') == 0 and figure('huiyin_replica_lag_seconds') > BOUND
    second.sql('SELECT pg_wal_replay_resume()')
    until(lambda: wall()[0], 10)

    # A session that is ended is ended at once, however far behind the standby is.
    second.sql('SELECT pg_wal_replay_pause()')
    stood = time.time()
    status, session = server.call('POST', '/api/v1/sessions', {'login': 'leader', 'password': 'Kuaidian-2026'})
    ending = 'Bearer ' + session['token']
    status, _, headers = server.ask('GET', '/api/v1/wall', Authorization=ending)
    assert status == 200, 'a session the standby has never heard of'
    assert headers['Huiyin-As-Of'] or time.time() - stood > BOUND - 1
    assert server.call('DELETE', '/api/v1/sessions/current', Authorization=ending)[0] == 204
    assert server.call('GET', '/api/v1/wall', Authorization=ending)[0] == 401
    second.sql('SELECT pg_wal_replay_resume()')

    # It hangs, with readers at its door: nobody waits for long, and then nobody at all.
    until(lambda: wall()[0], 10)
    second.tell(signal.SIGSTOP)
    stopped = time.time()
    longest = 0
    while time.time() - stopped < 5:
        as_of, took = wall()
        longest = max(longest, took)
        assert took < PATIENCE, took
        assert as_of is None or time.time() - stopped < PATIENCE, 'it is known to hang'
    second.tell(signal.SIGCONT)
    until(lambda: wall()[0], 20)

    # It is killed, and is there again.
    second.tell(signal.SIGKILL)
    killed = time.time()
    while time.time() - killed < PATIENCE:
        as_of, took = wall()
        assert took < PATIENCE, took
    assert as_of is None
    (second.data / 'postmaster.pid').unlink(missing_ok=True)
    second.start()
    until(lambda: wall()[0], 20)

    # It takes over by mistake while the database is still there: what it shows is no longer the county's.
    second.promote()
    until(lambda: wall()[0] is None, 5)
    for _ in range(10):
        assert wall()[0] is None
    done.set()
    taker.join()
    assert not failed, failed[:3]
    metrics = server.call('GET', '/metrics')[1]
    server.stop()
    told = (folder / 'log').read_text()
    for why in ('it is too far behind', 'no answer in time', 'it follows no other server'):
        assert re.search(f'replica_left_out.*{why}', told), (why, told[-2000:])
    assert 'geheim' not in told + metrics and 'replica_in_use' in told
    assert 'look  the replica' in run('check', '--data', one)
    assert 'the chain is whole' in run('audit', 'verify', '--data', one)
    print(f'{len(acknowledged)} matters taken; figures from the standby {sum(ages) / len(ages):.1f} s old on average, at most {max(ages):.1f} s; '
          f'the longest wait while it hung {longest:.1f} s')
finally:
    for postgres in (first, second):
        postgres.end()
    shutil.rmtree(folder)
