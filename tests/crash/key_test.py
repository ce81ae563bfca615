#!/usr/bin/env python3
"""A rotation of the field key, killed again and again: nothing is served in between, another run
finishes it, and every encrypted value opens with the new key; the old backup with the old one.

  key_test.py HUIYIN
"""
import argparse, os, pathlib, random, shutil, sqlite3, subprocess, tempfile, time

parser = argparse.ArgumentParser()
parser.add_argument('huiyin')
args = parser.parse_args()
checks = 0


def check(condition, what):
    global checks
    checks += 1
    if not condition:
        raise SystemExit('FAILED: ' + str(what))


def run(*words, **env):
    return subprocess.run([args.huiyin, *map(str, words)], capture_output=True, text=True, timeout=120, env={**os.environ, **env})


def people(file, area, count):
    """Households of one, each with an identity number of nobody."""
    weights, ends = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), '10X98765432'
    lines = ['户号,区域代码,姓名,与户主关系,性别,出生日期,身份证号']
    for i in range(count):
        digits = f'990101{1950 + i % 50}0101{i:03}'
        number = digits + ends[sum(int(d) * w for d, w in zip(digits, weights)) % 11]
        lines.append(f'K{i:05},{area},钥{i},户主,未说明,{1950 + i % 50}-01-01,{number}')
    file.write_text('\n'.join(lines) + '\n')


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix='huiyin-key-'))
    rng = random.Random(20260311)
    try:
        data, away = folder / 'county', folder / 'vault' / 'field.key'
        run('demo', '--dir', data, '--households', 300)
        with sqlite3.connect(f'file:{data}/huiyin.db?mode=ro', uri=True) as records:
            area = records.execute("SELECT code FROM areas WHERE level = 'group' LIMIT 1").fetchone()[0]
        people(folder / 'people.csv', area, 400)
        imported = run('households', 'import', folder / 'people.csv', '--data', data)
        check(imported.returncode == 0, imported)
        verified = run('key', 'verify', '--data', data)
        values = int(verified.stdout.split()[0])
        check(verified.returncode == 0 and values > 400, verified)
        old = (data / 'huiyin.key').read_bytes()
        check(run('backup', '--data', data, folder / 'before').returncode == 0, 'a backup')

        # The key goes apart from the data, and every command finds it.
        away.parent.mkdir()
        shutil.move(data / 'huiyin.key', away)
        gone = run('key', 'verify', '--data', data)
        check(gone.returncode != 0 and 'not here' in gone.stderr and not (data / 'huiyin.key').exists(), 'a missing key is not made anew')
        check(run('key', 'verify', '--data', data, HUIYIN_KEY=str(away)).returncode == 0, 'by the environment')
        wrong = folder / 'wrong.key'
        wrong.write_bytes(bytes(32))
        refused = run('key', 'verify', '--data', data, HUIYIN_KEY=str(wrong))
        check(refused.returncode != 0 and 'do not open' in refused.stderr, refused)
        check(run('key', 'verify', '--data', data, '--key', folder / 'none').returncode == 2, 'a file that is not there')
        check(run('key', 'verify', '--data', data, '--key', away).returncode == 0, 'by the option')
        check(run('key', 'verify', '--data', data).returncode == 0, 'kept for later')
        check(run('check', '--data', data).returncode == 0, 'check finds it')

        kills = 0
        for _ in range(6):
            rotation = subprocess.Popen([args.huiyin, 'key', 'rotate', '--data', str(data), '--batch', '1'], stdout=subprocess.DEVNULL)
            time.sleep(rng.uniform(0.02, 0.25))
            rotation.kill()
            if rotation.wait() == 0:
                break
            kills += 1
            if (away.parent / 'field.key.next').exists():
                served = run('serve', '--data', data, '--listen', '127.0.0.1:0')
                check(served.returncode != 0 and 'interrupted' in served.stderr, served)
        check(kills > 0, 'it was killed')
        finished = run('key', 'rotate', '--data', data)
        check(finished.returncode == 0, finished)
        check(run('key', 'verify', '--data', data).stdout.split()[0] == str(values), 'every value is there')
        check(away.read_bytes() != old and len(away.read_bytes()) == 32, 'another key')
        check(away.stat().st_mode & 0o077 == 0, 'its owner\'s alone')
        kept = sorted(away.parent.glob('field.key.until-*'))
        check(kept and kept[0].read_bytes() == old, 'the old one is kept')
        check(not (away.parent / 'field.key.next').exists(), 'nothing is left over')
        check(run('audit', 'verify', '--data', data).returncode == 0, 'the chain is whole')

        # A backup of before with its key, one of now with the new.
        check(run('restore', folder / 'before', '--data', folder / 'restored', '--key', kept[0]).returncode == 0, 'the backup of before')
        check(run('key', 'verify', '--data', folder / 'restored').returncode == 0, 'opens with the old key')
        check(run('backup', '--data', data, folder / 'after').returncode == 0, 'a backup of now')
        check(run('restore', folder / 'after', '--data', folder / 'again', '--key', kept[0]).returncode != 0, 'the old key is not its key')
        check(run('restore', folder / 'after', '--data', folder / 'again', '--key', away).returncode == 0, 'the new one is')
        print(f'{checks} checks, {values} values, {kills} kills')
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == '__main__':
    main()
