#!/usr/bin/env python3
"""The tour quotes real code: a block below <!-- from: FILE --> stands in that file, line for
line (a line of dots in the block skips any number of lines)."""
import pathlib, re, sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
bad, blocks = [], 0
for page in sorted((ROOT / 'docs').rglob('*.md')):
    for match in re.finditer(r'<!-- from: (\S+) -->\n```\w*\n(.*?)```', page.read_text(), re.S):
        blocks += 1
        source = ROOT / match.group(1)
        lines = [line.strip() for line in source.read_text().splitlines()] if source.exists() else []
        at = 0
        for line in (line.strip() for line in match.group(2).splitlines()):
            if line in ('...', ''):
                continue
            if line not in lines[at:]:
                bad.append(f'{page.relative_to(ROOT)}: not in {match.group(1)} any more: {line}')
                break
            at = lines.index(line, at) + 1
print(f'check_tour: {blocks} blocks')
if bad:
    print('\n'.join(bad))
    sys.exit(1)
