import { describe, expect, it } from "vitest";
import type { Kept, Refusal } from "../keeping/operation";
import {
  anew,
  type Choice,
  decided,
  outcomeOf,
  ownWord,
  whoChanged,
  withReason,
} from "./decide";

const refused = (
  refusal: Refusal,
  body: Record<string, unknown> = {},
): Kept => ({
  standing: "aside",
  refusal,
  operation: {
    id: "1",
    record: "h",
    at: "2026-03-11T01:00:00Z",
    method: "PATCH",
    path: "/api/v1/households/h/sections/housing",
    if_match: 3,
    body,
  },
});
const disputed = refused(
  {
    code: "stale",
    revision: 7,
    conflicts: [
      { field: "rooms", seen: 2, now: 5, asked: 4 },
      { field: "custom.roof", seen: "tin", now: "tile", asked: "straw" },
    ],
    changes: [
      {
        field: "housing.rooms",
        value: 5,
        by: "李娜",
        at: "2026-03-10T01:00:00Z",
      },
    ],
  },
  {
    rooms: 4,
    note: "x",
    custom: { roof: "straw", well: 1 },
    base: { rooms: 2, note: "", custom: { roof: "tin", well: 0 } },
  },
);
const choose = (all: Record<string, Choice>) =>
  decided(disputed, new Map(Object.entries(all)));

describe("what a person decides of an edit", () => {
  it("is theirs unless said otherwise, and what nobody disputes stays asked", () => {
    const operation = choose({});
    expect(operation?.if_match).toBe(7);
    expect(operation?.id).toBe("1");
    expect(operation?.body).toEqual({
      note: "x",
      custom: { well: 1 },
      base: { note: "", custom: { well: 0 } },
    });
  });
  it("is mine, or something else, on what is there now", () => {
    const operation = choose({
      rooms: { keep: "mine" },
      "custom.roof": { keep: "other", value: "slate" },
    });
    expect(operation?.body).toEqual({
      rooms: 4,
      note: "x",
      custom: { roof: "slate", well: 1 },
      base: { rooms: 5, note: "", custom: { roof: "tile", well: 0 } },
    });
  });
  it("is nothing at all where all of it is left to the others", () => {
    const one = refused(
      {
        code: "stale",
        revision: 7,
        conflicts: [{ field: "rooms", seen: 2, now: 5, asked: 4 }],
      },
      { rooms: 4, visit_id: "v", base: { rooms: 2 } },
    );
    expect(decided(one, new Map())).toBeUndefined();
  });
});

describe("who changed it", () => {
  it("is found by the field within its section", () => {
    const [rooms, roof] = disputed.refusal?.conflicts ?? [];
    if (!rooms || !roof || !disputed.refusal) throw new Error();
    expect(whoChanged(rooms, disputed.refusal)).toEqual({
      by: "李娜",
      at: "2026-03-10T01:00:00Z",
    });
    expect(whoChanged(roof, disputed.refusal)).toEqual({});
  });
  it("is set beside the household's own word on the same field", () => {
    const [rooms, roof] = disputed.refusal?.conflicts ?? [];
    if (!rooms || !roof) throw new Error();
    const word = (title: string, state = "received") =>
      ({ category: "register.correction", title, state }) as never;
    const { operation } = disputed;
    const said = [word("housing.floor_m2"), word("housing.rooms")];
    expect(ownWord(rooms, operation, said)).toBe(said[1]);
    expect(ownWord(roof, operation, said)).toBeUndefined();
    expect(ownWord(roof, operation, [word("housing")])).toBeDefined();
    expect(
      ownWord(rooms, operation, [word("housing.rooms", "settled")]),
    ).toBeUndefined();
  });
});

describe("what became of an act", () => {
  it.each([
    [{ code: "households.closed" }, "closed"],
    [{ code: "residents.gone" }, "gone"],
    [{ code: "access.reason_needed" }, "not_mine"],
    [{ code: "not_found" }, "not_found"],
    [{ code: "life_events.head_needed" }, "head"],
    [
      {
        code: "invalid_input",
        errors: [{ field: "new_head_id", code: "not_a_member" }],
      },
      "gone",
    ],
    [{ code: "residents.possible_duplicate" }, "duplicate"],
    [{ code: "consents.not_given" }, "consent"],
    [
      { code: "invalid_input", errors: [{ field: "receipt", code: "taken" }] },
      "receipt",
    ],
    [
      {
        code: "invalid_input",
        errors: [{ field: "category", code: "unknown_category" }],
      },
      "rule",
    ],
    [
      { code: "invalid_input", errors: [{ field: "name", code: "required" }] },
      "wrong",
    ],
    [{ code: "visits.stale" }, "stale"],
    [{ code: "matters.already_settled" }, "matter_over"],
    [{ code: "matters.not_when_assigned" }, "matter_over"],
    [{ code: "sync.not_an_operation" }, "other"],
  ])("%j is %s", (refusal, outcome) => {
    expect(outcomeOf({ refusal: refusal as Refusal })).toBe(outcome);
  });
});

describe("a judgement that one's own office may not write down", () => {
  const path = "/api/v1/matters/m/judgement";
  it("is another thing than a household that is not one's own", () => {
    const refusal = { code: "access.forbidden" } as Refusal;
    expect(outcomeOf({ operation: { path }, refusal })).toBe("own_work");
    expect(outcomeOf({ operation: { path: "/api/v1/visits" }, refusal })).toBe(
      "not_allowed",
    );
  });
});

describe("doing it all the same", () => {
  it("gives the household a reason, where the request takes one", () => {
    const { operation } = disputed;
    expect(withReason(operation, "答应过的").path).toBe(
      `${operation.path}?reason=${encodeURIComponent("答应过的")}`,
    );
    const visit = { ...operation, path: "/api/v1/visits", body: { id: "v" } };
    expect(withReason(visit, "x").body).toEqual({ id: "v", reason: "x" });
  });
  it("says that it is somebody else", () => {
    const { operation } = disputed;
    expect(anew({ ...operation, body: { name: "甲" } }).body).toEqual({
      name: "甲",
      confirm_duplicate: true,
    });
    const birth = { kind: "birth", resident: { name: "乙" } };
    expect(anew({ ...operation, body: birth }).body).toEqual({
      kind: "birth",
      resident: { name: "乙", confirm_duplicate: true },
    });
  });
});
