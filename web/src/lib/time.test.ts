import { expect, test } from "vitest";
import {
  addDays,
  dateOf,
  daysBetween,
  daysLeft,
  joinDate,
  noteServerTime,
  now,
  showDate,
  showInstant,
  splitDate,
} from "./time";

test("an instant belongs to the county's day, not to the reader's", () => {
  expect(dateOf("2026-11-20T16:30:00.000Z")).toBe("2026-11-21");
});

test("days left are counted in county days", () => {
  const at = new Date("2026-11-21T15:59:00.000Z");
  expect(daysLeft("2026-11-21T15:59:59.000Z", at)).toBe(0);
  expect(daysLeft("2026-11-24T10:00:00.000Z", at)).toBe(3);
  expect(daysLeft("2026-11-20T10:00:00.000Z", at)).toBe(-1);
});

test("dates are shown in the language of the page", () => {
  expect(showDate("2026-11-21", "zh-CN")).toBe("2026年11月21日");
  expect(showDate("2026-11-21", "en")).toBe("November 21, 2026");
  expect(showInstant("2026-11-21T08:05:00.000Z", "zh-CN")).toBe(
    "2026年11月21日 16:05",
  );
});

test("days pass over the end of a month and a leap day", () => {
  expect(addDays("2024-02-28", 1)).toBe("2024-02-29");
  expect(daysBetween("2026-12-30", "2027-01-02")).toBe(3);
});

test.each([
  ["2026", "2", "29"],
  ["2026", "13", "1"],
  ["26", "1", "1"],
  ["2026", "", "1"],
  ["2026", "1", "x"],
])("%s-%s-%s is not a day", (year, month, day) => {
  expect(joinDate({ year, month, day })).toBeUndefined();
});

test("three fields make a date and come apart again", () => {
  expect(joinDate({ year: " 2024", month: "2", day: "29" })).toBe("2024-02-29");
  expect(splitDate("2024-02-09")).toEqual({
    year: "2024",
    month: "2",
    day: "9",
  });
});

test("a device whose clock is wrong follows the server", () => {
  const ahead = new Date(Date.now() + 3 * 86_400_000);
  noteServerTime(ahead.toUTCString());
  expect(Math.abs(now().getTime() - ahead.getTime())).toBeLessThan(5_000);
});
