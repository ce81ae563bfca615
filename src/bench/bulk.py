#!/usr/bin/env python3
"""Whole registers: households from CSV and from XLSX, and out again, by the real program from the command line; the
limit is the raw engine writing the same rows into the same tables with the same indexes, or reading what is exported.
Writes its figures as huiyin-bench does (`huiyin-bench table` prints them), whole or not at all.

  bulk.py HUIYIN --name registers --households 300000 --scratch DIR --out build/bench/parts/registers.json
"""
import argparse, csv, json, os, pathlib, random, resource, shutil, sqlite3, subprocess, sys, time, zipfile
from xml.sax.saxutils import escape

parser = argparse.ArgumentParser()
parser.add_argument('huiyin')
parser.add_argument('--households', type=int, default=300_000)
parser.add_argument('--scratch', type=pathlib.Path, required=True)
parser.add_argument('--name', default='registers')
parser.add_argument('--out', type=pathlib.Path, required=True)
args = parser.parse_args()
began = time.monotonic()
COUNTY = '990199'
PEOPLE = 3  # a household
SURNAMES = '赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜'
GIVEN = '伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂英华玉红梅建国文辉力永健世广志义兴良海山仁波宁贵福生龙元全国胜学祥才发武新利清飞彬富顺'


def say(what):
    print(f'{time.monotonic() - began:6.1f} s  {args.name}: {what}', file=sys.stderr, flush=True)


def run(*words):
    """Seconds passed, processor seconds."""
    say(' '.join(map(str, words[:2])))
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run([args.huiyin, *map(str, words)], text=True, capture_output=True)
    seconds = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        sys.exit(f'{" ".join(map(str, words))}: {done.stdout}{done.stderr}'[-2000:])
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def register(villages):
    chance = random.Random(7)
    yield ['register_number', 'area_code', 'name', 'relation', 'address', 'sex', 'birth_date', 'phone']
    for number in range(args.households):
        village = villages[number % len(villages)]
        surname = chance.choice(SURNAMES)
        for person, relation in enumerate(('户主', '配偶', '子女')):
            yield [f'{COUNTY}{number:08}', village, surname + ''.join(chance.choices(GIVEN, k=chance.choice((1, 2)))), relation,
                   f'{number % 90 + 1}组{number % 400 + 1}号', '男' if (number + person) % 2 else '女',
                   f'{1940 + chance.randrange(70)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}', f'139{chance.randrange(10 ** 8):08}']


def write_xlsx(file, rows):
    with zipfile.ZipFile(file, 'w', zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        book.writestr('[Content_Types].xml', '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
                      '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                      '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
                      '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>')
        kind = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
        relations = '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
        book.writestr('_rels/.rels', relations.format(f'<Relationship Id="r1" Type="{kind}/officeDocument" Target="xl/workbook.xml"/>'))
        book.writestr('xl/_rels/workbook.xml.rels', relations.format(f'<Relationship Id="r1" Type="{kind}/worksheet" Target="worksheets/sheet1.xml"/>'))
        book.writestr('xl/workbook.xml', '<?xml version="1.0" encoding="UTF-8"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
                      f'xmlns:r="{kind}"><sheets><sheet name="1" sheetId="1" r:id="r1"/></sheets></workbook>')
        with book.open('xl/worksheets/sheet1.xml', 'w', force_zip64=True) as sheet:
            sheet.write(b'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>')
            for row in rows:
                cells = ''.join(f'<c t="inlineStr"><is><t>{escape(cell)}</t></is></c>' for cell in row)
                sheet.write(f'<row>{cells}</row>'.encode())
            sheet.write(b'</sheetData></worksheet>')


def begin(name):
    folder = args.scratch / name
    run('county', 'create', '--data', folder, '--code', COUNTY, '--name', '测试县')
    run('areas', 'import', '--data', folder, '--county', COUNTY, '--from', args.scratch / 'areas.csv')
    return folder


def raw_seconds(empty, full):
    """The same rows, copied by the engine alone into the same tables under the same indexes; on disk at the end."""
    target = args.scratch / 'raw.db'
    shutil.copy(empty / 'huiyin.db', target)
    database = sqlite3.connect(target, isolation_level=None)
    database.execute('PRAGMA journal_mode=WAL')
    database.execute('PRAGMA synchronous=FULL')
    database.execute('PRAGMA cache_size=-65536')
    database.execute("ATTACH ? AS source", (str(full / 'huiyin.db'),))
    rows, start, cpu = 0, time.monotonic(), time.process_time()
    for (table,) in database.execute("SELECT name FROM main.sqlite_master WHERE type = 'table' AND sql LIKE '%STRICT%'").fetchall():
        columns = {row[1] for row in database.execute(f'PRAGMA source.table_info({table})')}
        if 'county' not in columns or table in ('areas', 'units', 'counties'):
            continue
        database.execute('BEGIN')
        database.execute(f'DELETE FROM main.{table}')
        rows += database.execute(f'INSERT INTO main.{table} SELECT * FROM source.{table}').rowcount
        database.execute('COMMIT')
    database.close()
    return rows, time.monotonic() - start, time.process_time() - cpu


def raw_export(full):
    """What an export reads, row by row from the engine; nothing is written."""
    database = sqlite3.connect(f'file:{full / "huiyin.db"}?mode=ro', uri=True)
    start, cpu, rows = time.monotonic(), time.process_time(), 0
    for _ in database.execute('SELECT h.*, r.* FROM residents r JOIN households h ON h.county = r.county AND h.id = r.household_id'):
        rows += 1
    assert rows == args.households * PEOPLE, rows
    return time.monotonic() - start, time.process_time() - cpu


figures = []


def tell(name, value, unit, limit, limit_is, bound, seconds, cpu):
    ratio = value / limit if limit else 0
    figures.append({'county': args.name, 'name': name, 'value': round(value, 1), 'unit': unit, 'limit': round(limit, 1), 'limit_is': limit_is,
                    'ratio': round(ratio, 3), 'p50_ms': None, 'p99_ms': None, 'cpu_us': round(cpu * 1e6 / people, 2), 'errors': 0,
                    'goal': f'>= {bound:.2f}' if bound else '', 'met': bound == 0 or ratio >= round(bound, 2)})
    say(f'{name}: {seconds:.1f} s, of them {cpu:.1f} s of processor time')


shutil.rmtree(args.scratch, ignore_errors=True)
args.scratch.mkdir(parents=True)
try:
    villages = [f'{COUNTY}{town:03}{village:03}' for town in range(101, 121) for village in range(201, 216)]
    towns = sorted({village[:9] for village in villages})
    with open(args.scratch / 'areas.csv', 'w', newline='') as file:
        table = csv.writer(file)
        table.writerow(['code', 'name'])
        table.writerows([[COUNTY, '测试县']] + [[town, f'第{town[6:]}镇'] for town in towns] + [[village, f'第{village[9:]}村'] for village in villages])
    with open(args.scratch / 'register.csv', 'w', newline='', encoding='utf-8') as file:
        csv.writer(file).writerows(register(villages))
    write_xlsx(args.scratch / 'register.xlsx', register(villages))
    people = args.households * PEOPLE
    empty = begin('empty')
    filled = begin('csv')
    csv_seconds, csv_cpu = run('households', 'import', args.scratch / 'register.csv', '--data', filled)
    count = sqlite3.connect(f'file:{filled / "huiyin.db"}?mode=ro', uri=True).execute('SELECT COUNT(*) FROM residents').fetchone()[0]
    assert count == people, count
    rows, seconds, cpu = raw_seconds(empty, filled)
    limit_is = f'the raw engine copying the same {rows} rows of its tables'
    tell('import_csv', people / csv_seconds, 'people/s', people / seconds, limit_is, 1 / 3, csv_seconds, csv_cpu)
    sheet = begin('xlsx')
    xlsx_seconds, xlsx_cpu = run('households', 'import', args.scratch / 'register.xlsx', '--data', sheet)
    tell('import_xlsx', people / xlsx_seconds, 'people/s', people / seconds, limit_is, 1 / 3, xlsx_seconds, xlsx_cpu)
    for login in ('first', 'second'):
        run('user', 'add', '--data', filled, '--login', login, '--name', '管理员', '--role', 'administrator')
    out_seconds, out_cpu = run('households', 'export', '--data', filled, '--out', args.scratch / 'out.csv', '--reason', '测量',
                               '--requested-by', 'first', '--approved-by', 'second')
    with open(args.scratch / 'out.csv', encoding='utf-8-sig') as file:
        assert sum(1 for _ in csv.reader(file)) == people + 1
    read_seconds, _ = raw_export(filled)
    tell('export_csv', people / out_seconds, 'people/s', people / read_seconds, "the raw engine reading the same people and households", 0,
         out_seconds, out_cpu)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    writing = args.out.with_name(args.out.name + '.writing')
    writing.write_text(json.dumps({'parts': [{'name': args.name, 'seconds': round(time.monotonic() - began, 1)}], 'figures': figures},
                                  ensure_ascii=False))
    os.replace(writing, args.out)
finally:
    shutil.rmtree(args.scratch, ignore_errors=True)
