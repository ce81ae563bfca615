import { expect, test } from "vitest";
import { fill } from "./fill";

test("puts values into a sentence", () => {
  expect(fill("由{unit}办理", { unit: "水务局" })).toBe("由水务局办理");
});

test("chooses the word by number", () => {
  expect(fill("{n} {n|day|days} left", { n: 1 })).toBe("1 day left");
  expect(fill("{n} {n|day|days} left", { n: 3 })).toBe("3 days left");
});

test("leaves a slot in sight when its value is missing", () => {
  expect(fill("by {when}", {})).toBe("by {when}");
});
