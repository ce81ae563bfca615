import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

type Catalogue = Record<string, string>;

const source = join(import.meta.dirname, "../src");
const read = (name: string) =>
  JSON.parse(readFileSync(join(source, "words", name), "utf8")) as Catalogue;

const shared = { zh: read("zh-CN.json"), en: read("en.json") };
const desk = { zh: read("desk.zh-CN.json"), en: read("desk.en.json") };
const field = { zh: read("field.zh-CN.json"), en: read("field.en.json") };

const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter(
  (name) => /\.(svelte|ts)$/.test(name) && !/\.test\.ts$|\.d\.ts$/.test(name),
);
const texts = new Map(
  files.map((name) => [name, readFileSync(join(source, name), "utf8")]),
);

/** What the residents' entry reaches by its imports, now or later. */
function reached(name: string, seen = new Set<string>()): Set<string> {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const [, from = ""] of (texts.get(name) ?? "").matchAll(
    /(?:from\s+|import\()"(\.[^"]+)"/g,
  )) {
    const path = join(name, "..", from);
    const file = [path, `${path}.ts`].find((one) => texts.has(one));
    if (file) reached(file, seen);
  }
  return seen;
}
const everything = [...texts.values()].join("\n");

/** Families whose keys are put together from a code of the contract, by `term` and its like. */
const families = new Set(["problem", "field"]);
for (const [, family] of everything.matchAll(/\bterm\(\s*"([\w.]+)"/g))
  families.add(family ?? "");
for (const [, family] of everything.matchAll(/words:family ([\w.]+)/g))
  families.add(family ?? "");
const isOfFamily = (key: string) =>
  [...families].some((family) => key.startsWith(`${family}.`));

const slots = (sentence: string) =>
  [
    ...new Set([...sentence.matchAll(/\{(\w+)/g)].map(([, name]) => name)),
  ].sort();

describe.each([
  ["shared", shared],
  ["desk", desk],
  ["field", field],
])("the %s words", (_name, { zh, en }) => {
  test("say the same things in both languages", () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort());
  });

  test("have the same values to fill in", () => {
    for (const key of Object.keys(zh)) {
      expect([key, slots(en[key] ?? "")]).toEqual([key, slots(zh[key] ?? "")]);
    }
  });

  test("are all used", () => {
    const unused = Object.keys(zh).filter(
      (key) => !isOfFamily(key) && !everything.includes(`"${key}"`),
    );
    expect(unused).toEqual([]);
  });

  test("have no empty sentence", () => {
    for (const words of [zh, en]) {
      expect(
        Object.keys(words).filter((key) => words[key]?.trim() === ""),
      ).toEqual([]);
    }
  });
});

test("no word is said twice", () => {
  const keys = [shared, desk, field].flatMap(({ zh }) => Object.keys(zh));
  expect(keys.filter((key, place) => keys.indexOf(key) !== place)).toEqual([]);
});

test.each([
  ["residents'", "main.ts", { ...desk.zh, ...field.zh }],
  ["the desk's", "desk/main.ts", field.zh],
])("%s pages use no word they do not load", (_whose, entry, words) => {
  const pages = reached(entry);
  expect(pages.size).toBeGreaterThan(20);
  for (const name of pages) {
    const text = texts.get(name) ?? "";
    const wrong = Object.keys(words).filter((key) => text.includes(`"${key}"`));
    expect([name, wrong]).toEqual([name, []]);
  }
});

test("no sentence stands in a page itself", () => {
  for (const [name, text] of texts) {
    if (name === "ui/Preferences.svelte") continue; // a language is named in itself
    const shown = text.replace(
      /<!--[\s\S]*?-->|\/\*[\s\S]*?\*\/|\/\/.*$/gm,
      "",
    );
    expect([name, /\p{Script=Han}/u.exec(shown)?.[0]]).toEqual([
      name,
      undefined,
    ]);
  }
});
