import { beforeAll, expect, test, vi } from "vitest";
import { loadWords } from "../../lib/words.svelte";
import { lineOf } from "./changes";

beforeAll(() => {
  vi.stubGlobal("document", { documentElement: {} });
  return loadWords({
    "zh-CN": () => import("../../words/desk.zh-CN.json"),
    en: () => import("../../words/desk.en.json"),
  });
});

test("a change is a sentence, and never the name of a field or an id", () => {
  expect(
    lineOf({ field: "until", before: "2026-12-12", after: "2026-12-07" }),
  ).toBe("时限：2026年12月12日 → 2026年12月7日");
  expect(
    lineOf({ field: "measures", before: ["一"], after: ["一", "二"] }),
  ).toBe("措施：一 → 一；二");
  expect(lineOf({ field: "kind", after: "help" })).toBe("类型：求助");
  expect(lineOf({ field: "household_id", after: "990101-018c" })).toBe(
    "改了住户",
  );
  expect(lineOf({ field: "contact", after: null })).toBe("改了联系方式");
});
