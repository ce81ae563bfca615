import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PhoneKeeper } from "./keeper";
import type { HouseholdRecord } from "./operation";
import { Pictures, shotsOf } from "./pictures";
import type { Brought, Page } from "./rounds";
import { Store } from "./store";
import { makeLock } from "./vault";

const shot = (id: string, day = 1) => ({
  id,
  created_at: `2026-03-${String(day).padStart(2, "0")}T01:00:00Z`,
});
const record = (id: string, own: string[], ofVisit: string[] = []) =>
  ({
    id,
    head_name: "张大山",
    sections: {},
    residents: [],
    attachments: own.map((one) => shot(one)),
    visits: [{ id: "v", attachments: ofVisit.map((one) => shot(one, 2)) }],
  }) as unknown as HouseholdRecord;

let store: Store;
let keeper: PhoneKeeper;
let pictures: Pictures;

beforeEach(async () => {
  store = new Store(`phone-${crypto.randomUUID()}`);
  const { key } = await makeLock(crypto.getRandomValues(new Uint8Array(32)));
  keeper = new PhoneKeeper(store, "officer", key);
  pictures = new Pictures(store, "officer", key);
});
afterEach(() => store.delete());

let count = 0;
const take = (...items: Brought[]) =>
  keeper.take({
    items,
    next_cursor: `c${++count}`,
    has_more: false,
    households: 1,
    set_aside: 0,
    at: "2026-03-12T01:00:00Z",
  } satisfies Page);
const came = (one: HouseholdRecord): Brought => ({
  household_id: one.id,
  record: one,
});
const jpeg = (text: string) => new Blob([text], { type: "image/jpeg" });
async function here(household: string) {
  const opened = await Promise.all(
    (await pictures.rowsOf(household)).map(async (row) => [
      row.id,
      await (await pictures.open(row))?.text(),
    ]),
  );
  return Object.fromEntries(opened) as Record<string, string | undefined>;
}

describe("pictures of the office", () => {
  it("are the latest of the record and of its visits", () => {
    const many = Array.from({ length: 12 }, (_, n) => shot(`p${n}`, n + 1));
    const shots = shotsOf({
      ...record("h", []),
      attachments: many,
    } as unknown as HouseholdRecord);
    expect(shots.map(({ id }) => id)).toEqual([
      "p11",
      "p10",
      "p9",
      "p8",
      "p7",
      "p6",
      "p5",
      "p4",
    ]);
    expect(shotsOf(record("h", ["a"], ["b"])).map(({ id }) => id)).toEqual([
      "b",
      "a",
    ]);
  });

  it("are wanted when a record comes, and fetched once", async () => {
    await take(came(record("h", ["a"], ["b"])));
    expect(await here("h")).toEqual({ a: undefined, b: undefined });
    for (let id; (id = await pictures.next());)
      await pictures.keep(id, jpeg(`picture ${id}`));
    expect(await here("h")).toEqual({ a: "picture a", b: "picture b" });
    await take(came(record("h", ["a", "c"])));
    expect(await here("h")).toEqual({ a: "picture a", c: undefined });
    expect(await pictures.next()).toBe("c");
  });

  it("are unreadable on the disk", async () => {
    await take(came(record("h", ["a"])));
    await pictures.keep("a", jpeg("a face"));
    const [row] = await store.pictures.toArray();
    const bytes = new Uint8Array(row?.sealed?.bytes as ArrayBuffer);
    expect(bytes.length).toBeGreaterThan(6);
    expect(new TextDecoder().decode(bytes)).not.toContain("a face");
  });

  it("go with their household, and are not kept for one that went meanwhile", async () => {
    await take(came(record("h", ["a"])), came(record("g", ["b"])));
    await pictures.keep("a", jpeg("x"));
    await take({ household_id: "h", removed: true });
    await pictures.keep("a", jpeg("x"));
    expect(await here("h")).toEqual({});
    expect(await pictures.next()).toBe("b");
    await keeper.forget();
    expect(await pictures.next()).toBeUndefined();
    expect(await store.pictures.count()).toBe(0);
  });

  it("follow their record when households are merged", async () => {
    await take(came(record("h", ["a"])), came(record("g", ["b"])));
    await pictures.keep("a", jpeg("x"));
    await take(came(record("g", ["a", "b"])));
    await take({ household_id: "h", removed: true });
    expect(await here("h")).toEqual({});
    expect(Object.keys(await here("g")).sort()).toEqual(["a", "b"]);
  });

  it("that the office does not give are not asked for again and again", async () => {
    await take(came(record("h", ["a"])));
    await pictures.leave("a");
    expect(await pictures.next()).toBeUndefined();
  });
});
