import { describe, expect, it } from "vitest";
import type { Entry } from "../../matters/intake/entries";
import { holdsOn, namedFor } from "./named";

const entry = (
  unit_name: string,
  category: string | undefined,
  area_code: string | undefined,
  more: Partial<Entry> = {},
) =>
  ({
    unit_name,
    category,
    area_code,
    from: "2026-01-01",
    made_at: "2026-01-01T00:00:00Z",
    ...more,
  }) as Entry;

describe("whose a matter is by the list on the phone", () => {
  const list = [
    entry("any", undefined, undefined),
    entry("water", "water", undefined),
    entry("water of the town", "water", "990101100"),
    entry("drinking", "water.drinking", undefined),
    entry("later", "road", undefined, { from: "2026-06-01" }),
    entry("over", "road", "990101100", { until: "2026-02-01" }),
    entry("old", "school", undefined),
    entry("new", "school", undefined, { made_at: "2026-02-02T00:00:00Z" }),
  ];
  const on = "2026-03-11";
  it.each([
    ["water.drinking", "990101100201", "drinking"],
    ["water.irrigation", "990101100201", "water of the town"],
    ["water.irrigation", "990101200", "water"],
    ["waterway", "990101100", "any"],
    ["road", "990101100201", "any"],
    ["school", "990101", "new"],
  ])("%s in %s is %s", (category, area, unit) => {
    expect(namedFor(list, category, area, on)?.unit_name).toBe(unit);
  });
  it("is nobody's where the list is silent", () => {
    expect(namedFor([], "water", "990101", on)).toBeUndefined();
  });
  it("holds from a day until the day it ends", () => {
    const one = entry("x", undefined, undefined, { until: "2026-02-01" });
    expect(
      ["2025-12-31", "2026-01-01", "2026-01-31", "2026-02-01"].map((day) =>
        holdsOn(one, day),
      ),
    ).toEqual([false, true, true, false]);
  });
});
