import { describe, expect, it } from "vitest";
import { type Kept, nextBatch, type Standing } from "./operation";

function act(
  id: string,
  record: string,
  standing: Standing = "here",
  more: Partial<Kept["operation"]> = {},
): Kept {
  return {
    standing,
    operation: {
      id,
      record,
      at: "2026-03-11T01:00:00Z",
      method: "POST",
      path: "/api/v1/visits",
      body: {},
      ...more,
    },
  };
}
const refs = (kept: Kept[]) =>
  kept.map(({ operation: { id, record }, standing }) => ({
    id,
    record,
    standing,
  }));
const next = (kept: Kept[], held?: Set<string>, most?: number) =>
  nextBatch(refs(kept), held, most).map(({ id }) => id);

describe("what goes next", () => {
  it("goes in the order of doing, a batch at a time", () => {
    const kept = [act("1", "a"), act("2", "b"), act("3", "a")];
    expect(next(kept)).toEqual(["1", "2", "3"]);
    expect(next(kept, undefined, 2)).toEqual(["1", "2"]);
  });
  it("leaves out what was received, and what follows an act that waits for a decision", () => {
    const kept = [
      act("1", "a", "received"),
      act("2", "b", "aside"),
      act("3", "b"),
      act("4", "a"),
      act("5", "c", "merged"),
      act("6", "d"),
    ];
    expect(next(kept)).toEqual(["4", "6"]);
    expect(next(kept, new Set(["d"]))).toEqual(["4"]);
  });
});
