import { expect, test } from "vitest";
import { kindOf, linesOf, sectionOf } from "./told";

const operation = (path: string, body: object = {}) => ({
  id: "x",
  method: "POST" as const,
  path,
  body: body as never,
});

test("an act is known by what it is sent to", () => {
  const known = {
    "/api/v1/visits": "visit",
    "/api/v1/visits/990101-1?reason=x": "visit_changed",
    "/api/v1/visits/990101-1/words": "words",
    "/api/v1/visits/990101-1/addenda": "addendum",
    "/api/v1/matters": "matter",
    "/api/v1/matters/990101-1/judgement": "judgement",
    "/api/v1/households/990101-1/sections/housing": "section",
    "/api/v1/households/990101-1/life_events": "life_event",
    "/api/v1/residents/990101-1": "resident",
    "/api/v1/promises/990101-1/fulfilment": "promise_kept",
    "/api/v1/visit_plans/990101-1/reply": "plan",
    "/api/v1/attachments?household_id=990101-1": "photograph",
    "/api/v1/somewhere": "other",
  };
  for (const [path, kind] of Object.entries(known))
    expect([path, kindOf(operation(path))]).toEqual([path, kind]);
  expect(sectionOf(operation("/api/v1/households/1/sections/housing"))).toBe(
    "housing",
  );
});

test("its content is told without keys, whatever it holds", () => {
  const body = {
    id: "990101-1",
    household_id: "990101-2",
    diary: "all well",
    base: { rooms: 3 },
    visit_id: null,
    promises: [{ id: "990101-3", text: "a lamp", due_on: "2026-04-01" }],
    is_urgent: false,
    empty: "",
    met: "head",
    at: "2026-11-22T15:07:47.831Z",
  };
  expect(linesOf(operation("/api/v1/visits", body))).toEqual([
    { name: "diary", value: "all well" },
    { name: "promises", value: "a lamp, 2026-04-01" },
    { name: "is_urgent", value: "value.no" },
    { name: "met", value: "head" },
    { name: "at", value: expect.stringMatching(/2026.*23:07/) as string },
  ]);
  expect(linesOf(operation("/api/v1/visits"))).toEqual([]);
  const event = "/api/v1/households/990101-1/life_events";
  const kind = { kind: "death", members: ["990101-4"] };
  expect(linesOf(operation(event, kind))).toEqual([
    { name: "kind", value: "death" },
  ]);
});
