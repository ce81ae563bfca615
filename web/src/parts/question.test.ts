import { expect, test } from "vitest";
import { begin, bodyOf, problemsOf, type Question } from "./question";

const questions: Question[] = [
  { name: "reason", label: "", kind: "long" },
  { name: "days", label: "", kind: "number", optional: true },
  { name: "on", label: "", kind: "date", when: ({ later }) => later === true },
];

test("a form begins empty and names what is missing", () => {
  const values = begin(questions);
  expect(problemsOf(questions, values)).toEqual([
    { field: "reason", code: "required" },
  ]);
});

test("a question that is not asked is neither wrong nor sent", () => {
  const values = { ...begin(questions), reason: "x", on: "?" };
  expect(problemsOf(questions, values)).toEqual([]);
  expect(bodyOf(questions, values)).toEqual({ reason: "x" });
});

test("numbers and dates are read", () => {
  const values = { reason: "x", days: "3", on: "?", later: true };
  expect(problemsOf(questions, values)).toEqual([
    { field: "on", code: "not_a_date" },
  ]);
  expect(bodyOf(questions, { ...values, on: "2026-11-21" })).toEqual({
    reason: "x",
    days: 3,
    on: "2026-11-21",
  });
});
