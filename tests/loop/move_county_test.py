#!/usr/bin/env python3
"""A county goes from a file where it has a neighbour to a PostgreSQL where it has another, and back, killed again and again on
the way: it is in one place or the other, whole; what is encrypted opens with the key of where it is; neighbours notice nothing.

  move_county_test.py HUIYIN
"""
import json, os, pathlib, random, shutil, signal, sqlite3, subprocess, sys, tempfile, time, urllib.parse

sys.path.append(str(pathlib.Path(__file__).parent.parent / 'crash'))
from county import picture
from engine import Postgres, Server, need_postgres, program

need_postgres()
huiyin = sys.argv[1]
run = program(huiyin)
folder = pathlib.Path(tempfile.mkdtemp(prefix='huiyin-county-'))
os.chmod(folder, 0o755)
west, east = folder / 'west', folder / 'east'


def rows():
    """How many rows of the county each table of the file has."""
    with sqlite3.connect(f'file:{west}/huiyin.db?mode=ro', uri=True) as database:
        tables = [name for name, in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%county INTEGER%'")]
        return {table: database.execute(f'SELECT COUNT(*) FROM {table} WHERE county = {county}').fetchone()[0] for table in tables}


def whole(place):
    assert 'BAD' not in run('check', '--data', place)
    assert 'chain is whole' in run('audit', 'verify', '--data', place)
    run('key', 'verify', '--data', place)


def found(server, token, word):
    status, reply = server.call('GET', '/api/v1/matters?q=' + urllib.parse.quote(word), Authorization=token)
    assert status == 200, reply
    return len(reply['items'])


engine = Postgres(folder, 'engine')
try:
    engine.make()
    engine.start()
    engine.sql('CREATE DATABASE huiyin')
    run('demo', '--dir', west, '--households', 60)
    with sqlite3.connect(west / 'huiyin.db') as database:
        county = database.execute('SELECT county FROM counties').fetchone()[0]
    neighbour = str(county + 1)
    run('county', 'create', '--data', west, '--code', neighbour, '--name', '古叶县')
    told = run('user', 'add', '--data', west, '--county', neighbour, '--login', 'neighbour', '--name', '受理员', '--role', 'clerk')
    run('county', 'create', '--data', east, '--database', f'postgres:///huiyin?host={engine.dir}&user=huiyin', '--code', '990201', '--name', '东川县')
    officer = next(o for o in json.loads((west / 'accounts.json').read_text())['officers'] if o['role'] == 'clerk')

    server = Server(huiyin, folder / 'log', '--data', west)
    status, session = server.call('POST', '/api/v1/sessions', {'login': officer['login'], 'password': officer['password']})
    assert status == 201, session
    token = 'Bearer ' + session['token']
    for _ in range(3):
        status, matter = server.call('POST', '/api/v1/matters', {'channel': 'counter', 'kind': 'help', 'text': '渡口的渡船停了'}, Authorization=token)
        assert status == 201, matter
    status, shot = server.call('POST', f"/api/v1/attachments?matter_id={matter['id']}", picture(random.Random(7)), Authorization=token, Content_Type='image/png')
    assert status == 201, shot
    status, shown = server.call('GET', f"/api/v1/attachments/{shot['id']}", Authorization=token)
    assert status == 200 and len(shown) > 100
    other = server.sign_in('neighbour', told, Huiyin_County=neighbour)
    assert server.call('POST', '/api/v1/matters', {'channel': 'counter', 'kind': 'help', 'text': '渡口'}, Authorization=other)[0] == 201
    move = ('move', '--data', west, '--county', county, '--into', east)
    assert 'in use' in run(*move, status=1)
    # Killed: what was read last is in the journal beside the database.
    assert server.call('GET', '/api/v1/matters?mine=true', Authorization=token)[0] == 200
    server.process.send_signal(signal.SIGKILL)
    server.process.wait()

    # What is wrong is said, and nothing is changed.
    before = rows()
    assert before['matters'] > 10 and before['residents'] > 50 and before['attachments'] > 0, before
    assert 'six digits' in run('move', '--data', west, '--county', '99', '--into', east, status=2)
    assert 'without --to' in run(*move, '--to', 'file', status=2)
    assert '--into is needed' in run('move', '--data', west, '--county', county, status=2)
    assert 'is in that database' in run('move', '--data', west, '--county', county, '--into', west, status=2)
    assert 'there is no county 990999' in run('move', '--data', west, '--county', '990999', '--into', east, status=1)
    taken = folder / 'taken'
    run('county', 'create', '--data', taken, '--code', '990301', '--name', '北山县')
    run('user', 'add', '--data', taken, '--login', officer['login'], '--name', '受理员', '--role', 'clerk')
    assert officer['login'] in run('move', '--data', west, '--county', county, '--into', taken, status=1)
    assert not list(west.glob('leaving.*')) and not list(taken.glob('arriving.*'))

    # Killed on the way, again and again: the same command finishes it. The first one before it wrote a row.
    shutil.copytree(west, folder / 'copy')
    (west / f'leaving.{county}').write_text(f'{east}\n')
    assert 'finish that first' in run('move', '--data', west, '--county', county, '--into', taken, status=1)
    kills, delay = 0, 0.15
    while True:
        process = subprocess.Popen([huiyin, *map(str, move)], stdout=subprocess.PIPE, text=True)
        try:
            out = process.communicate(timeout=delay)[0]
            assert process.returncode == 0, out
            break
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            kills += 1
            delay += 0.35
        if list(west.glob('leaving.*')):
            assert 'was interrupted: run huiyin move --county again' in run('audit', 'verify', '--data', west, status=1)
    assert kills > 0 and 'is no longer in' in out, (kills, out)
    assert not any(rows().values()), {table: n for table, n in rows().items() if n}
    assert not list(west.glob('leaving.*')) and not list(east.glob('arriving.*'))
    whole(east)
    whole(west)
    # Killed when all was there, and nothing taken out yet: here a copy of the folder as it was.
    (folder / 'copy' / f'leaving.{county}').write_text(f'{east}\n')
    told = run('move', '--data', folder / 'copy', '--county', county, '--into', east)
    assert 'is no longer in' in told and 'rows' not in told, told
    whole(folder / 'copy')

    # It goes on there, sessions and all; its neighbours are where they were.
    routes = folder / 'routes'
    routes.write_text(f'{county} east\n{neighbour} west\n990201 east\n')
    server = Server(huiyin, folder / 'log', '--routes', routes)
    deadline = time.monotonic() + 20
    while server.call('GET', '/readyz')[1] != 'east ready\nwest ready\n':
        assert time.monotonic() < deadline
        time.sleep(0.1)
    while found(server, token, '渡船') < 3:  # put back into the index by itself
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert found(server, other, '渡口') == 1
    assert server.call('GET', f"/api/v1/attachments/{shot['id']}", Authorization=token) == (200, shown)
    assert server.call('POST', '/api/v1/matters', {'channel': 'counter', 'kind': 'help', 'text': '渡口的渡船又停了'}, Authorization=token)[0] == 201
    server.stop()

    run('move', '--data', east, '--county', county, '--into', west)
    whole(west)
    whole(east)
    after = rows()
    worked_off = ('alarms', 'audit_pending', 'likenesses', 'sessions', 'uncompared')  # by the server in between
    less = {table: (n, after[table]) for table, n in before.items() if after[table] < n and table not in worked_off}
    assert not less, less
    assert after['matters'] == before['matters'] + 1
    server = Server(huiyin, folder / 'log', '--data', west)
    deadline = time.monotonic() + 20
    while found(server, token, '渡船') < 4:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    server.stop()
    print(f'{sum(before.values())} rows of a county there and back, killed {kills} times on the way: whole, once, and its neighbours as they were')
finally:
    engine.end()
    shutil.rmtree(folder)
