import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const source = join(import.meta.dirname, "../src");
const names = readdirSync(source, { recursive: true, encoding: "utf8" });
const read = (pattern: RegExp) =>
  names
    .filter(
      (name) => pattern.test(name) && !/\.test\.ts$|schema\.d\.ts$/.test(name),
    )
    .map((name) => ({ name, text: readFileSync(join(source, name), "utf8") }));

const code = read(/\.(ts|svelte)$/);
const styles = read(/\.css$/);

/** The files in which a pattern occurs, but for those that may. */
const having = (files: typeof code, pattern: RegExp, ...allowed: string[]) =>
  files
    .filter(({ name, text }) => !allowed.includes(name) && pattern.test(text))
    .map(({ name }) => name);

test("only lib/api.ts talks to the server", () => {
  expect(
    having(code, /\bfetch\(|XMLHttpRequest|sendBeacon/, "lib/api.ts"),
  ).toEqual([]);
});

test("the content policy holds: no inline style, no raw markup, no evaluated text", () => {
  expect(
    having(code, /<[^>]*\sstyle=|\{@html|\beval\(|new Function\(/),
  ).toEqual([]);
});

test("nothing comes from another host", () => {
  expect(
    having(
      [...code, ...styles],
      /https?:\/\/(?!127\.0\.0\.1)|url\((?!["']?\.)/,
    ),
  ).toEqual([]);
});

test("what a device keeps is kept in few places", () => {
  const places = [
    "lib/preferences.ts",
    "resident/ask/draft.svelte.ts",
    "field/keeping/store.ts",
  ];
  expect(
    having(
      code,
      /(local|session)Storage|indexedDB|"dexie"|document\.cookie/,
      ...places,
    ),
  ).toEqual([]);
});

test("sizes are in rem, so that large print scales them", () => {
  // A single pixel hides what only screen readers meet; an edge-to-edge band is no size.
  const sizes = styles.map(({ name, text }) => ({
    name,
    text: text.replace(/\b1px\b|\b100v(max|w|h)\b/g, ""),
  }));
  expect(having(sizes, /\d(px|pt)\b/)).toEqual([]);
});

test("a component is the default export of its file, nothing else is one", () => {
  expect(having(read(/\.ts$/), /^export default/m)).toEqual([]);
});

test("files stay short enough to read in one go", () => {
  const long = code.filter(({ text }) => text.split("\n").length > 250);
  expect(long.map(({ name }) => name)).toEqual([]);
});
