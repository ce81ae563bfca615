import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, it } from "vitest";
import { enterByPin, enterBySignIn, leave, type Opened } from "./doors";
import { Drafts } from "./drafts";
import { PhoneKeeper } from "./keeper";
import { Store } from "./store";

const self = { id: "officer", name: "王芳", unit_name: "清水镇" };
const device = {
  id: "phone",
  key: crypto.getRandomValues(new Uint8Array(32)),
  server_key: "",
  token: "",
};
const act = {
  id: "0195000a-7c1e-7abc-8def-0123456789ab",
  record: "a",
  at: "2026-03-11T01:00:00Z",
  method: "POST" as const,
  path: "/api/v1/visits",
};

let store: Store;
beforeEach(() => (store = new Store(`phone-${crypto.randomUUID()}`)));
afterEach(() => store.delete());

const enter = () => enterBySignIn(store, self, device) as Promise<Opened>;
const keeperOf = ({ key }: Opened) => new PhoneKeeper(store, self.id, key);

it("leaves nothing of an officer of whom nothing is unsent", async () => {
  await enter();
  await leave(store, self.id);
  expect(await store.doors.count()).toBe(0);
});

it("keeps what is unsent for its officer, who signs in again", async () => {
  await keeperOf(await enter()).add(act);
  await leave(store, self.id);
  expect(await enterByPin(store, self.id, "482913")).toEqual({ left: 0 });
  expect(await keeperOf(await enter()).acts()).toHaveLength(1);
});

it("keeps what is half written for its officer, who signs in again", async () => {
  const draft = { path: "/x", title: "", at: act.at, value: "halb" };
  await new Drafts(keeperOf(await enter())).put(draft);
  await leave(store, self.id);
  expect(await new Drafts(keeperOf(await enter())).all()).toEqual([draft]);
});
