import { expect, test } from "vitest";
import type { Kept, Standing } from "../keeping/operation";
import { judgedHere, mayJudge } from "./judging";

const answered = {
  state: "answered",
  owner: { unit_name: "县水务局" },
} as Parameters<typeof mayJudge>[0];
const self = { id: "m", unit_name: "清水镇服务站" };
const judged = (standing: Standing): Kept => ({
  standing,
  operation: {
    id: "o",
    record: "h",
    at: "2026-03-11T01:00:00Z",
    method: "POST",
    path: "/api/v1/matters/m/judgement",
    body: { solved: true },
  },
});

test("what another office answered may be judged for the household, once", () => {
  expect(mayJudge(answered, [], self)).toBe("yes");
  expect(mayJudge({ ...answered, state: "settled" }, [], self)).toBe("no");
  expect(mayJudge({ ...answered, state: "assigned" }, [], self)).toBe("no");
  expect(mayJudge(answered, [judged("here")], self)).toBe("no");
  expect(mayJudge(answered, [judged("here")], { ...self, id: "n" })).toBe(
    "yes",
  );
});

test("nobody writes down a judgement of their own office", () => {
  const own = { ...self, unit_name: "县水务局" };
  expect(mayJudge(answered, [], own)).toBe("own_work");
});

test("a judgement kept here is known until the office has it in the record", () => {
  expect(judgedHere([judged("received")], "m")).toBeDefined();
  expect(judgedHere([judged("merged")], "m")).toBeUndefined();
  expect(judgedHere([], "m")).toBeUndefined();
});
