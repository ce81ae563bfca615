import { expect, test } from "vitest";
import { instantOf, isTime } from "./clock";

test("a time of day is one or two figures, a colon and two", () => {
  expect(isTime("9:30")).toBe(true);
  expect(isTime("09：05")).toBe(true);
  expect(isTime("24:00")).toBe(false);
  expect(isTime("9")).toBe(false);
});

test("a local day and time is one instant wherever the browser is", () => {
  expect(instantOf("2026-03-11", "9:05")).toBe("2026-03-11T01:05:00.000Z");
});
