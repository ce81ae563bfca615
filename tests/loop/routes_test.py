#!/usr/bin/env python3
"""The routing table is changed while people work: counties and databases come and go, an address changes under load, and
a table with a fault in it changes nothing. Whoever's county stays where it is notices nothing.

  routes_test.py HUIYIN
"""
import os, pathlib, shutil, signal, sys, tempfile, threading, time

from engine import Postgres, Server, need_postgres, program, until

need_postgres()
huiyin = sys.argv[1]
run = program(huiyin)
folder = pathlib.Path(tempfile.mkdtemp(prefix='huiyin-routes-'))
os.chmod(folder, 0o755)


engine = Postgres(folder, 'engine')
try:
    engine.make()
    engine.start()
    engine.sql('CREATE DATABASE huiyin')
    url = f'postgres:///huiyin?host={engine.dir}&user=huiyin'
    told = {}
    for place, county, *more in (('west', '990101'), ('west', '990102'), ('east', '990201', '--database', url), ('south', '990301')):
        run('county', 'create', '--data', folder / place, '--code', county, '--name', county, *more)
        told[county] = run('user', 'add', '--data', folder / place, '--county', county, '--login', 'clerk' + county, '--name', '受理员', '--role', 'clerk')
    routes = folder / 'routes'
    reloads = 0

    def change(text, fails=False):
        global reloads
        routes.write_text(text)
        reloads += 1
        server.process.send_signal(signal.SIGHUP)
        name = 'huiyin_reload_failed_total' if fails else 'huiyin_reloaded_total'
        until(lambda: f'{name} {1 if fails else reloads - failed}\n' in server.call('GET', '/metrics', Huiyin_County='990101')[1], 10)

    failed = 0
    # One folder at first: whoever names no county means its own.
    routes.write_text('990101 west\n')
    server = Server(huiyin, folder / 'log', '--routes', routes)
    assert server.call('GET', '/api/v1/areas')[0] == 200
    assert server.call('GET', '/api/v1/areas', Huiyin_County='990102')[0] == 421, 'its database has it, the table does not'
    west = server.sign_in('clerk990101', told['990101'])

    done = threading.Event()
    wrong, taken = [], {'990101': [], '990201': []}

    def work(county, token, may_be_refused):
        n = 0
        while not done.is_set():
            n += 1
            for attempt in range(200):
                status, said = server.call('POST', '/api/v1/matters', {'channel': 'counter', 'kind': 'help', 'text': f'第{n}件'},
                                           Authorization=token, Idempotency_Key=f'{county}-{n}')
                if status == 201:
                    taken[county].append(said['id'])
                    break
                if status != 503 or not may_be_refused:
                    wrong.append((county, status, said))
                    break
                time.sleep(0.05)

    workers = [threading.Thread(target=work, args=('990101', west, False), daemon=True)]
    workers[0].start()
    change('990101 west\n990102 west guye.test\n990201 east\n')
    until(lambda: server.call('GET', '/api/v1/areas', Huiyin_County='990201')[0] == 200, 20)
    assert server.call('GET', '/api/v1/areas', Huiyin_County='990102')[0] == 200
    assert server.call('GET', '/api/v1/areas', Host='guye.test')[0] == 200
    east = server.sign_in('clerk990201', told['990201'], Huiyin_County='990201')
    workers.append(threading.Thread(target=work, args=('990201', east, True), daemon=True))
    workers[1].start()

    # A fault in it: it says where, and nothing changes.
    change('990101 west\n99 east\n', fails=True)
    failed = 1
    assert 'line 2: 99 is not a county' in (folder / 'log').read_text()
    for county in ('990101', '990102', '990201'):
        assert server.call('GET', '/api/v1/areas', Huiyin_County=county)[0] == 200

    # Another address of the same folder, in the middle of work: what is under way is answered from where it was.
    (folder / 'east' / 'database').write_text(url + '&application_name=elsewhere\n')
    count = "SELECT count(*) FROM pg_stat_activity WHERE datname = 'huiyin' AND application_name "
    before = len(taken['990201'])
    change('990101 west\n990102 west\n990201 east\n990301 south\n')
    until(lambda: int(engine.sql(count + "= 'elsewhere'")) > 0 and int(engine.sql(count + "= ''")) == 0, 20)
    until(lambda: len(taken['990201']) > before + 5, 20)
    until(lambda: server.call('GET', '/api/v1/areas', Huiyin_County='990301')[0] == 200, 20)
    assert server.call('GET', '/api/v1/areas', Host='guye.test')[1]['code'] == 'county_needed', 'the name is not in it any more'

    # A folder that is not there is opened once it is.
    change('990101 west\n990201 east\n990301 south\n990401 north\n')
    assert server.call('GET', '/api/v1/areas', Huiyin_County='990401')[0] == 503
    assert server.call('GET', '/api/v1/areas', Huiyin_County='990102')[0] == 421

    # Whoever is taken out is told so, also with a session; its folder is free for another server.
    done.set()
    for worker in workers:
        worker.join()
    change('990101 west\n')
    status, problem = server.call('GET', '/api/v1/matters', Authorization=east)
    assert (status, problem['code']) == (421, 'unknown_county'), problem
    until(lambda: (folder / 'log').read_text().count('database_closed') == 4, 20)
    other = Server(huiyin, folder / 'log', '--data', folder / 'east')
    assert other.call('GET', '/api/v1/matters', Authorization=east)[0] == 200
    other.stop()
    assert not wrong, wrong[:3]
    server.stop()
    assert len(taken['990101']) > 20 and len(taken['990201']) > 5, {county: len(ids) for county, ids in taken.items()}
    assert int(engine.sql('SELECT count(*) FROM matters', 'huiyin')) == len(set(taken['990201'])) == len(taken['990201'])
    for place in ('west', 'east', 'south'):
        assert 'the chain is whole' in run('audit', 'verify', '--data', folder / place)
    print(f"{reloads} changes of the table under load: {len(taken['990101'])} matters of a county that stays, none refused; "
          f"{len(taken['990201'])} of one whose address changed, each once")
finally:
    engine.end()
    shutil.rmtree(folder)
