import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Problem } from "../../lib/problem";
import { PhoneKeeper } from "./keeper";
import type { HouseholdRecord, Operation, Result } from "./operation";
import { type Brought, goRound, type Page, pause, type Server } from "./rounds";
import { Store } from "./store";
import { makeLock } from "./vault";

const record = (id: string, name = "张大山") =>
  ({
    id,
    head_name: name,
    area_name: "清水村",
    register_number: "510104-1",
    sections: {},
    residents: [{ name, state: "present" }],
  }) as unknown as HouseholdRecord;

const act = (id: string, about: string, diary = ""): Operation => ({
  id: id.padStart(36, "0"),
  record: about,
  at: "2026-03-11T01:00:00Z",
  method: "POST",
  path: "/api/v1/visits",
  body: { diary },
});
const short = (id: string) => id.replace(/^0+/, "");

const page = (
  items: Brought[],
  next_cursor: string,
  has_more = false,
): Page => ({
  items,
  next_cursor,
  has_more,
  households: 2,
  set_aside: 0,
  at: "2026-03-12T01:00:00Z",
});
const done = (operations: Operation[]) => ({
  results: operations.map(({ id }): Result => ({ id, state: "done" })),
});

let store: Store;
let keeper: PhoneKeeper;
let clock = 0;
const day = 86_400_000;

beforeEach(async () => {
  store = new Store(`phone-${crypto.randomUUID()}`);
  const { key } = await makeLock(crypto.getRandomValues(new Uint8Array(32)));
  clock = Date.UTC(2026, 2, 12);
  keeper = new PhoneKeeper(store, "officer", key, () => clock);
});
afterEach(() => store.delete());

const stand = async () =>
  (await keeper.acts()).map(
    ({ operation, standing }) => `${short(operation.id)} ${standing}`,
  );
const held = async (id: string) =>
  keeper.openRecord(await keeper.sealedRecord(id));
const names = async () =>
  (await keeper.rows(await store.indexes.get("officer"))).map(({ id }) => id);

const server = (more: Partial<Server> = {}): Server => ({
  send: (operations) => Promise.resolve(done(operations)),
  changes: () => Promise.resolve(page([], "end")),
  ...more,
});

describe("a round", () => {
  it("sends first, then fetches page by page", async () => {
    await keeper.add(act("1", "a"));
    await keeper.add(act("2", "b"));
    const asked: (string | undefined)[] = [];
    const told: string[] = [];
    const changes = (cursor: string | undefined) => {
      asked.push(cursor);
      const [a, b] = [record("a"), record("b")];
      return Promise.resolve(
        cursor
          ? page(
              [
                { household_id: "b", record: b },
                { household_id: "c", removed: true },
              ],
              "end",
            )
          : page([{ household_id: "a", record: a }], "on", true),
      );
    };
    await goRound(
      server({ changes }),
      keeper,
      ({ sent, toSend, fetched, toFetch }) =>
        told.push(`${sent}/${toSend} ${fetched}/${toFetch}`),
    );
    expect(asked).toEqual([undefined, "on"]);
    expect(await stand()).toEqual(["1 merged", "2 merged"]);
    expect(await names()).toEqual(["a", "b"]);
    expect((await held("b"))?.head_name).toBe("张大山");
    expect(await keeper.cursor()).toBe("end");
    expect((await store.indexes.get("officer"))?.as_of).toBe(
      "2026-03-12T01:00:00Z",
    );
    expect(told).toEqual(["0/2 0/0", "2/2 0/0", "2/2 1/2", "2/2 3/2"]);
  });

  it("has every household before what is older comes", async () => {
    const told: string[] = [];
    const [a, b] = [record("a"), record("b")];
    const first = [
      { household_id: "a", record: a, partial: true },
      { household_id: "b", record: b },
    ];
    const isPartial: (boolean | undefined)[] = [];
    const changes = async (cursor: string | undefined) => {
      if (!cursor) return page(first, "rest", true);
      for (const id of ["a", "b"]) isPartial.push((await held(id))?.partial);
      const whole = { ...a, head_name: "李四" };
      return page([{ household_id: "a", record: whole }], "end");
    };
    await goRound(
      server({ changes }),
      keeper,
      ({ fetched, toFetch, isUsable }) =>
        told.push(`${fetched}/${toFetch} ${isUsable}`),
    );
    expect(told).toEqual(["0/0 false", "0/2 true", "1/2 true"]);
    expect(isPartial).toEqual([true, undefined]);
    expect(await held("a")).toMatchObject({ head_name: "李四" });
    expect((await held("a"))?.partial).toBeUndefined();
  });

  it("loses nothing the officer does while it is under way", async () => {
    await keeper.add(act("1", "a"));
    const batches: string[][] = [];
    await goRound(
      {
        send: async (operations) => {
          batches.push(operations.map(({ id }) => short(id)));
          if (batches.length === 1) await keeper.add(act("2", "a"));
          return done(operations);
        },
        changes: async () => {
          await keeper.add(act("3", "b"));
          return page([{ household_id: "a", record: record("a") }], "end");
        },
      },
      keeper,
    );
    expect(batches).toEqual([["1"], ["2"]]);
    expect(await stand()).toEqual(["1 merged", "2 merged", "3 here"]);
  });

  it("loses nothing that is done in the middle of any of its writings", async () => {
    for (let n = 1; n <= 20; n++) await keeper.add(act(`${n}`, `${n % 3}`));
    const meanwhile: Promise<void>[] = [];
    const busy = setInterval(
      () => meanwhile.push(keeper.add(act(`9${meanwhile.length}`, "z"))),
      1,
    );
    const send = (operations: Operation[]) =>
      new Promise<{ results: Result[] }>((wake) =>
        setTimeout(() => wake(done(operations)), 5),
      );
    let asked = 0;
    const changes = () =>
      Promise.resolve(
        page(
          [{ household_id: "0", record: record("0") }],
          `${asked}`,
          ++asked < 5,
        ),
      );
    const slow = server({ send, changes });
    setTimeout(() => clearInterval(busy), 60);
    await goRound(slow, keeper);
    clearInterval(busy);
    await Promise.all(meanwhile);
    await goRound(slow, keeper);
    expect(meanwhile.length).toBeGreaterThan(0);
    expect(await keeper.acts()).toHaveLength(20 + meanwhile.length);
    expect((await stand()).every((one) => one.endsWith("merged"))).toBe(true);
  });

  it("goes on past what the server could not do, and asks that once", async () => {
    for (const [id, about] of [
      ["1", "a"],
      ["2", "b"],
      ["3", "a"],
    ] as const)
      await keeper.add(act(id, about));
    const batches: string[][] = [];
    const send = (operations: Operation[]) => {
      batches.push(operations.map(({ id }) => short(id)));
      const results = operations.map(({ id, record }): Result => ({
        id,
        state: record === "a" ? "later" : "done",
      }));
      return Promise.resolve({ results });
    };
    await goRound(server({ send }), keeper);
    expect(batches).toEqual([["1", "2", "3"]]);
    expect(await stand()).toEqual(["1 here", "2 merged", "3 here"]);
    expect(await keeper.cursor()).toBe("end");
  });

  it("sets aside what is refused with its reason, and holds up only its record", async () => {
    for (const [id, about] of [
      ["1", "a"],
      ["2", "a"],
      ["3", "b"],
    ] as const)
      await keeper.add(act(id, about));
    const send = (operations: Operation[]) =>
      Promise.resolve({
        results: operations.map(({ id, record }): Result =>
          record === "b"
            ? {
                id: `510104-${id}`,
                state: "done",
                reply: { receipt: "7K3M-9QXT-4" },
              }
            : short(id) === "1"
              ? {
                  id: `510104-${id}`,
                  state: "refused",
                  problem: { code: "visits.x" },
                }
              : { id: `510104-${id}`, state: "later" },
        ),
      });
    await goRound(server({ send }), keeper);
    const [first, , third] = await keeper.acts();
    expect(await stand()).toEqual(["1 aside", "2 here", "3 merged"]);
    expect(first?.refusal).toEqual({ code: "visits.x" });
    expect(third?.reply).toEqual({ receipt: "7K3M-9QXT-4" });
  });

  it("starts over with a county that was restored, and loses nothing done here", async () => {
    await keeper.take(
      page([{ household_id: "x", record: record("x") }], "old"),
    );
    await keeper.add(act("1", "x"));
    await goRound(
      {
        send: () => Promise.resolve({ results: [] }),
        changes: (cursor) =>
          cursor
            ? Promise.reject(new Problem(409, { code: "sync.start_over" }))
            : Promise.resolve(
                page([{ household_id: "a", record: record("a") }], "new"),
              ),
      },
      keeper,
    );
    expect(await names()).toEqual(["a"]);
    expect(await held("x")).toBeUndefined();
    expect(await stand()).toEqual(["1 here"]);
  });

  it("loses nothing when the network goes in the middle", async () => {
    await keeper.add(act("1", "a"));
    const send = () => Promise.reject(new Problem(0));
    await expect(goRound(server({ send }), keeper)).rejects.toThrow();
    expect(await stand()).toEqual(["1 here"]);
  });
});

describe("what is kept", () => {
  it("is corrected and taken back only while the server cannot have it", async () => {
    await keeper.add(act("1", "a"));
    expect(await keeper.correct(act("1", "a", "anders"))).toBe(true);
    const [sent] = await keeper.pick();
    expect(sent?.body).toEqual({ diary: "anders" });
    expect(await keeper.correct(act("1", "a", "zu spät"))).toBe(false);
    expect(await keeper.drop(act("1", "a").id)).toBe(false);
    await keeper.settle([{ id: act("1", "a").id, state: "later" }]);
    expect(await keeper.correct(act("1", "a", "wieder"))).toBe(true);
    expect(await keeper.drop(act("1", "a").id)).toBe(true);
    expect(await stand()).toEqual([]);
  });

  it("keeps a household that left until nothing of it is unsent", async () => {
    await keeper.take(page([{ household_id: "a", record: record("a") }], "1"));
    await keeper.add(act("1", "a"));
    await keeper.take(page([{ household_id: "a", removed: true }], "2"));
    expect(await held("a")).toBeDefined();
    expect(
      (await keeper.rows(await store.indexes.get("officer")))[0]?.leaving,
    ).toBe(true);
    await goRound(server(), keeper);
    expect(await held("a")).toBeUndefined();
    expect(await names()).toEqual([]);
  });

  it("shows what is merged for some days and no longer", async () => {
    await keeper.add(act("1", "a"));
    await goRound(server(), keeper);
    clock += 6 * day;
    await goRound(server(), keeper);
    expect(await stand()).toEqual(["1 merged"]);
    clock += 2 * day;
    await goRound(server(), keeper);
    expect(await stand()).toEqual([]);
  });

  it("is not read by whoever reads the database", async () => {
    await keeper.add(act("1", "a", "秘密"));
    await keeper.take(
      page([{ household_id: "a", record: record("a", "李四") }], "1"),
    );
    const rows = [
      ...(await store.acts.toArray()),
      ...(await store.records.toArray()),
      ...(await store.indexes.toArray()),
    ];
    const bytes = rows.flatMap((row) =>
      Object.values(row).map((value: unknown) =>
        typeof value === "object" && value && "bytes" in value
          ? new TextDecoder().decode(value.bytes as ArrayBuffer)
          : JSON.stringify(value),
      ),
    );
    expect(bytes.join(" ")).not.toMatch(/秘密|李四|清水村/);
    expect(bytes.join(" ")).toContain('"here"');
  });

  it("keeps two officers apart", async () => {
    const { key } = await makeLock(crypto.getRandomValues(new Uint8Array(32)));
    const other = new PhoneKeeper(store, "other", key);
    await keeper.add(act("1", "a"));
    await other.add(act("2", "a"));
    expect(
      (await other.acts()).map(({ operation }) => short(operation.id)),
    ).toEqual(["2"]);
    expect(await stand()).toEqual(["1 here"]);
  });
});

describe("waiting after a failure", () => {
  it("grows, with an end, and never all phones at once", () => {
    expect(pause(0, 0)).toBe(2_500);
    expect(pause(0, 1)).toBe(5_000);
    expect(pause(3, 1)).toBe(40_000);
    expect(pause(20, 1)).toBe(900_000);
  });
});
