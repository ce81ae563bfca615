import { describe, expect, it } from "vitest";
import type { HouseholdRecord, Kept, Operation, Standing } from "./operation";
import { shown } from "./shown";

const self = { id: "o", name: "王芳", unit_name: "清水镇" };
const record = {
  id: "h",
  sections: { housing: { rooms: 3, note: "旧" } },
  residents: [{ id: "r1", name: "张大山", note: "" }],
  visits: [{ id: "v0" }],
  matters: [],
  revision: 4,
} as unknown as HouseholdRecord;

let count = 0;
function act(
  method: Operation["method"],
  path: string,
  body: Record<string, unknown>,
  standing: Standing = "here",
  about = "h",
): Kept {
  return {
    standing,
    operation: {
      id: `op${++count}`,
      record: about,
      at: "2026-03-11T01:00:00Z",
      method,
      path,
      body,
    },
  };
}

describe("what the phone shows", () => {
  it("is the record with every act done here", () => {
    const now = shown(
      record,
      [
        act("PATCH", "/api/v1/households/h/sections/housing", {
          rooms: 4,
          base: { rooms: 3 },
          visit_id: "v1",
        }),
        act("PATCH", "/api/v1/residents/r1", { note: "搬去女儿家", base: {} }),
        act(
          "POST",
          "/api/v1/households/h/residents",
          { id: "r2", name: "张小明" },
          "received",
        ),
        act("POST", "/api/v1/visits", {
          id: "v1",
          met: "head",
          diary: "都好",
          words: "屋顶还漏",
          promises: [{ text: "再来", due: "2026-03-20" }],
        }),
        act("POST", "/api/v1/visits/v0/addenda", { text: "已报修" }),
        act("POST", "/api/v1/visits/v0/words", { text: "谢谢" }),
        act("POST", "/api/v1/matters", {
          id: "m1",
          receipt: "RT2G-ZSKY-Y",
          text: "路灯坏了",
        }),
      ],
      self,
    );
    expect(now.sections.housing).toEqual({ rooms: 4, note: "旧" });
    expect(now.residents.map(({ name, note }) => [name, note])).toEqual([
      ["张大山", "搬去女儿家"],
      ["张小明", undefined],
    ]);
    expect(now.visits?.map(({ id }) => id)).toEqual(["v1", "v0"]);
    expect(now.visits?.[0]?.officer_name).toBe("王芳");
    expect(now.visits?.[0]?.promises[0]?.text).toBe("再来");
    expect(now.visits?.[0]?.words).toMatchObject([
      { text: "屋顶还漏", by: "王芳" },
    ]);
    expect(now.visits?.[1]).toMatchObject({
      addenda: [{ text: "已报修", by: "王芳" }],
      words: [{ text: "谢谢", by: "王芳" }],
    });
    expect(now.matters?.[0]).toMatchObject({
      receipt: "RT2G-ZSKY-Y",
      title: "路灯坏了",
      state: "received",
    });
    expect(now.here).toContain("v1");
    // What was fetched stays as it was fetched.
    expect(
      (record.sections as { housing: { rooms: number } }).housing.rooms,
    ).toBe(3);
  });
  it("leaves out what waits for a decision, what is merged, and what is about others", () => {
    const edit = { rooms: 9 };
    const path = "/api/v1/households/h/sections/housing";
    const now = shown(
      record,
      [
        act("PATCH", path, edit, "aside"),
        act("PATCH", path, edit, "merged"),
        act("PATCH", path, edit, "here", "other"),
      ],
      self,
    );
    expect(now.sections.housing).toEqual({ rooms: 3, note: "旧" });
    expect(now.here).toEqual([]);
  });
  it("changes the county's own fields one by one", () => {
    const custom = { roof: "tile", well: true };
    const own = {
      ...record,
      sections: { housing: { rooms: 3, custom } },
    } as unknown as HouseholdRecord;
    const edit = act("PATCH", "/api/v1/households/h/sections/housing", {
      custom: { roof: "tin" },
      base: { custom: { roof: "tile" } },
    });
    expect(shown(own, [edit], self).sections.housing).toEqual({
      rooms: 3,
      custom: { roof: "tin", well: true },
    });
  });
  it("shows consent as it was given and taken back", () => {
    const path = "/api/v1/households/h/consents/income";
    const asked = {
      ...record,
      sections: { income: { year: 2025 } },
      section_states: { income: { consent: "given" } },
    } as unknown as HouseholdRecord;
    const taken = shown(asked, [act("DELETE", path, {})], self);
    expect(taken.section_states?.["income"]?.consent).toBe("withdrawn");
    expect(taken.sections.income).toEqual({});
    const again = [
      act("DELETE", path, {}),
      act("PUT", path, { how: "spoken" }),
    ];
    expect(shown(asked, again, self).section_states?.["income"]?.consent).toBe(
      "given",
    );
  });
  it("shows the family after what happened", () => {
    const family = {
      ...record,
      head_id: "r1",
      residents: [
        { id: "r1", name: "张大山", relation: "head", state: "present" },
        { id: "r2", name: "李秀英", relation: "spouse", state: "present" },
        { id: "r3", name: "张小明", relation: "child", state: "present" },
      ],
    } as unknown as HouseholdRecord;
    const path = "/api/v1/households/h/life_events";
    const born = { id: "r4", name: "张新", relation: "grandchild" };
    const after = shown(
      family,
      [
        act("POST", path, {
          kind: "birth",
          date: "2026-03-01",
          resident: born,
        }),
        act("POST", path, {
          kind: "death",
          date: "2026-03-02",
          resident_id: "r1",
          new_head_id: "r2",
          relations: [{ resident_id: "r3", relation: "child" }],
        }),
        act("POST", path, {
          kind: "move_out",
          date: "2026-03-03",
          members: ["r3"],
        }),
      ],
      self,
    );
    expect(
      after.residents.map(({ name, relation, state }) => [
        name,
        relation,
        state,
      ]),
    ).toEqual([
      ["张大山", "head", "dead"],
      ["李秀英", "head", "present"],
      ["张小明", "child", "moved_out"],
      ["张新", "grandchild", "present"],
    ]);
    expect(after.head_name).toBe("李秀英");
  });
});
