import type { Change } from "../../lib/problem";
import type { Value, Values } from "../../parts/question";
import type { Line } from "./lines";

type Fields = Record<string, unknown>;

/** A field somebody else changed in the meantime. */
export interface Clash {
  line: Line;
  /** What was typed here; undefined where this field was left alone. */
  mine: Value | undefined;
  theirs: unknown;
  by: string | undefined;
  at: string | undefined;
}

/** An edit: what is to be so now, on which revision, and what the same fields held when seen. */
export interface Edit {
  revision: number;
  body: Record<string, unknown>;
  base: Record<string, unknown>;
}

/** Of each field to be changed, what it held; null where it held nothing. */
export function baseOf(
  body: Record<string, unknown>,
  fields: Record<string, unknown>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => {
      const held = fields[name];
      return name === "custom"
        ? [name, baseOf(value as Fields, (held ?? {}) as Fields)]
        : [name, held ?? null];
    }),
  );
}

const same = (a: Value | undefined, b: Value | undefined) =>
  JSON.stringify(a) === JSON.stringify(b);

/** The lines whose value was changed in the form. */
export function changedLines(lines: Line[], before: Values, after: Values) {
  const changed = new Map<Line, Value>();
  for (const line of lines) {
    const value = after[line.name];
    if (line.question && value !== undefined && !same(before[line.name], value))
      changed.set(line, value);
  }
  return changed;
}

/** The body of the update; the county's own fields go under `custom`. */
export function patchOf(changed: Map<Line, Value>) {
  const body: Record<string, unknown> = {};
  const custom: Record<string, unknown> = {};
  for (const [line, value] of changed) {
    const own = /^custom\.(.+)$/.exec(line.name)?.[1];
    if (own) custom[own] = line.sent(value);
    else body[line.name] = line.sent(value);
  }
  return Object.keys(custom).length > 0 ? { ...body, custom } : body;
}

/** What changed elsewhere, beside what was typed here. */
export function clashesOf(
  section: string,
  lines: Line[],
  before: Values,
  after: Values,
  changes: Change[],
): Clash[] {
  const typed = changedLines(lines, before, after);
  const others = changes.flatMap(({ field, value, by, at }): Clash[] => {
    const name = field.replace(new RegExp(`^(sections\\.)?${section}\\.`), "");
    const line = lines.find((one) => one.name === name);
    if (!line) return [];
    return [{ line, mine: typed.get(line), theirs: value, by, at }];
  });
  const listed = new Set(others.map(({ line }) => line));
  const alone = [...typed].filter(([line]) => !listed.has(line));
  return [
    ...others,
    ...alone.map(([line, mine]) => ({
      ...{ line, mine, theirs: undefined, by: undefined, at: undefined },
    })),
  ];
}
