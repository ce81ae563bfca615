#!/usr/bin/env python3
"""Counts every case of data/terms/cases.csv a second time, from the announcements alone and the plainest way
there is, a day at a time: the program (src/modules/terms/cases_test.cpp) and this must come to the same day.
Every version of every shipped rule has a case in each year it held, 2016 to 2026.
  check_terms.py --write   makes the table anew after a rule changed; read the difference before it is committed"""
import csv, datetime, pathlib, sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
DAY = datetime.timedelta(days=1)
YEARS = range(2016, 2027)
HEAD = ['rule', 'version_from', 'occasion', 'start', 'due']

announced = {}
for path in (ROOT / 'data/calendar').glob('*.csv'):
    for row in csv.DictReader(path.open()):
        announced[datetime.date.fromisoformat(row['date'])] = (row['kind'], row['name_zh'])
rules = list(csv.DictReader((ROOT / 'data/terms/rules.csv').open()))


def works(day):
    if day in announced:
        return announced[day][0] == 'workday'
    return day.weekday() < 5


def next_working(day):
    while not works(day):
        day += DAY
    return day


def last_working(day):
    while not works(day):
        day -= DAY
    return day


def counted(rule, start):
    """The local day (or hour) the term ends; of a reminder, the day before the due day `start`."""
    amount, unit = int(rule['amount']), rule['unit']
    if unit == 'hour':
        return start + datetime.timedelta(hours=amount)
    if unit == 'calendar_day':
        return next_working(start + amount * DAY)
    step = -DAY if rule['step'] == 'remind' else DAY
    day = start
    for _ in range(amount):
        day += step
        while not works(day):
            day += step
    return day


def first(year, name):
    return min(day for day, (kind, what) in announced.items() if day.year == year and kind == 'holiday' and name in what)


def occasions(year, rule):
    """The days of a year around which terms go wrong."""
    yield 'spring festival', last_working(first(year, '春节') - DAY)
    yield 'national day', last_working(min(datetime.date(year, 10, 1), first(year, '国庆')) - DAY)
    made_up = sorted(day for day, (kind, _) in announced.items() if day.year == year and kind == 'workday')
    yield 'made up', made_up[len(rule['key']) % len(made_up)] - DAY
    yield 'year end', last_working(datetime.date(year, 12, 31))
    if year % 4 == 0 and rule['unit'] == 'calendar_day':
        yield 'leap day', datetime.date(year, 2, 29) - int(rule['amount']) * DAY


def version_at(rule, day):
    return max(r['version_from'] for r in rules if r['key'] == rule['key'] and r['version_from'] <= day.isoformat())


def cases():
    for at, rule in enumerate(rules):
        for year in YEARS:
            every = list(occasions(year, rule))
            # Two of a year's occasions a rule, others for the next: all of them come up for each in turn. Of the
            # year a version began in, those that came after.
            chosen = {every[(at + year) % 4], every[(at + year + 2) % 4], *every[4:]}
            if any(start.isoformat() < rule['version_from'] for _, start in chosen):
                chosen = set(every)
            for occasion, start in sorted(chosen, key=lambda one: one[1]):
                if start.isoformat() < rule['version_from'] or version_at(rule, start) != rule['version_from']:
                    continue
                # Beyond the last announced year nothing can be checked.
                when = start if rule['unit'] != 'hour' else datetime.datetime.combine(start, datetime.time(23, 30))
                due = counted(rule, when)
                if (due if isinstance(due, datetime.date) else due.date()).year not in YEARS:
                    continue
                text = '%Y-%m-%dT%H:%M' if rule['unit'] == 'hour' else '%Y-%m-%d'
                yield [rule['key'], rule['version_from'], occasion, when.strftime(text), due.strftime(text)]


table = ROOT / 'data/terms/cases.csv'
if '--write' in sys.argv:
    with table.open('w', newline='') as out:
        csv.writer(out, lineterminator='\n').writerows([HEAD, *cases()])
made = [HEAD, *cases()]
kept = list(csv.reader(table.open()))
print(f'check_terms: {len(kept) - 1} cases of {len(rules)} rules')
bad = [f'cases.csv: {" ".join(row)} is not what is counted here' for row in kept if row not in made]
bad += [f'cases.csv: {" ".join(row)} is missing' for row in made if row not in kept]
if bad:
    print('\n'.join(bad[:20]))
    sys.exit(1)
