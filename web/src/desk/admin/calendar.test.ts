import { expect, test } from "vitest";
import { daysOf, linesOf } from "./calendar";

test("a calendar is written a day a line and read back", () => {
  const days = [
    { date: "2027-01-01", name: "New Year" },
    { date: "2027-02-06", name: "Spring" },
  ];
  expect(linesOf(days)).toBe("2027-01-01 New Year\n2027-02-06 Spring");
  expect(daysOf(linesOf(days))).toEqual(days);
  expect(daysOf(" \n2027-05-01, May Day\n")).toEqual([
    { date: "2027-05-01", name: "May Day" },
  ]);
});
