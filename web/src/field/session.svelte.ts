import { api, ok } from "../lib/api";
import { Problem } from "../lib/problem";
import { handOver, needsNewId, register } from "./device";
import {
  choosePin,
  doors,
  enterByPin,
  enterBySignIn,
  leave,
  type Opened,
  outboxOf,
} from "./keeping/doors";
import { count } from "./keeping/operation";
import { type Door, Store } from "./keeping/store";
import { inside } from "./inside";
import type { Phone } from "./phone.svelte";
import { current } from "./server";

/**
 * Who works with this phone. `asking`: the database has not answered; `out`: somebody must sign in;
 * `pin`: the PIN is asked; `choose`: a PIN must be chosen; `plain`: the address is not encrypted, and
 * no browser keeps anything safe there.
 */
type Standing = "asking" | "plain" | "out" | "pin" | "choose" | "in";

const store = new Store();
let standing = $state<Standing>("asking");
let known = $state.raw<Door[]>([]);
let owner = $state<string | undefined>();
let opened: Opened | undefined;
let working = $state.raw<Phone | undefined>();
/** While the phone stays open: its session has ended, and nothing can be sent without a new one. */
let asksSignIn = $state(false);

export const standingNow = () => standing;
/** Who keeps something on this phone. */
export const officers = () => known;
/** Whose PIN is asked. */
export const expected = () => known.find((door) => door.owner === owner);
export const signingIn = () => asksSignIn;

/** The open phone. Only pages shown when it is open may ask. */
export function phone(): Phone {
  if (!working) throw new Error("The phone is locked.");
  return working;
}

const lastOwner = "owner";
const endSession = "end_session";

export async function start() {
  if (!isSecureContext) {
    standing = "plain";
    return;
  }
  known = await doors(store);
  owner = (await store.facts.get(lastOwner))?.value as string | undefined;
  standing = expected()?.lock.byPin ? "pin" : "out";
  void endOldSession();
}

/** Somebody left while there was no network: their session ends as soon as there is one. */
async function endOldSession() {
  if (!(await store.facts.get(endSession))) return;
  try {
    await ok(api.DELETE("/api/v1/sessions/current"));
  } catch (failure) {
    if (!(failure instanceof Problem)) throw failure;
    if (failure.status !== 401) return;
  }
  await store.facts.delete(endSession);
}

export async function signIn(login: string, password: string, code: string) {
  const body = { login, password, ...(code && { code }) };
  await ok(api.POST("/api/v1/sessions", { body }));
  await store.facts.delete(endSession);
  const { officer, must_change_password, must_set_second_step } =
    await current();
  if (must_change_password || must_set_second_step)
    throw new Problem(403, { code: "field.desk_first" });
  const self = {
    id: officer.id,
    name: officer.name,
    unit_name: officer.unit.name,
  };
  if (working && working.self.id !== self.id) lock();
  const door = await store.doors.get(self.id);
  const entered = await enterBySignIn(store, self, await keysOf(door));
  if (!entered) throw new Problem(409, { code: "field.other_key" });
  // What is kept here is not to be thrown away when the phone runs short of room. It may be refused.
  void navigator.storage?.persist?.();
  await store.facts.put({ name: lastOwner, value: self.id });
  known = await doors(store);
  owner = self.id;
  if (asksSignIn && working) {
    asksSignIn = false;
    void working.round();
    return;
  }
  opened = entered;
  if (door?.lock.byPin) await enter(entered);
  else standing = "choose";
}

/** The server's keys for this phone; one that was signed out from afar begins anew, empty. */
async function keysOf(door: Door | undefined) {
  try {
    return await register(door?.device);
  } catch (failure) {
    if (!door || !needsNewId(failure)) throw failure;
    await end(door);
    return register(undefined);
  }
}

/**
 * Hands over what is unsent, sealed, then forgets everything. What the server did not take stays, so
 * that nothing is lost. Throws a Problem.
 */
async function end(door: Door) {
  for (;;) {
    const rows = await outboxOf(store, door.owner);
    const { taken } = await handOver(door, rows);
    const numbers = rows.flatMap(({ id, n }) =>
      taken.includes(id) ? [n as number] : [],
    );
    await store.acts.bulkDelete(numbers);
    if (numbers.length === 0) break;
  }
  await leave(store, door.owner);
}

/** Signed out from afar while the phone is open. */
async function endOpen(door: Door) {
  await end(door);
  await store.facts.delete(lastOwner);
  location.assign("/field/");
}

/** Others who keep something here and were signed out from afar: they need not come back for that. */
async function lookAfterOthers(own: string) {
  for (const door of await doors(store)) {
    if (door.owner === own) continue;
    try {
      if ((await handOver(door, [])).ended) await end(door);
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
    }
  }
  known = await doors(store);
}

export async function takePin(pin: string) {
  if (!opened) throw new Error("Nobody is signed in.");
  await choosePin(store, opened, pin);
  known = await doors(store);
  await enter(opened);
}

/** How many tries are left, or undefined when it opened. */
export async function tryPin(pin: string): Promise<number | undefined> {
  const entered = await enterByPin(store, owner ?? "", pin);
  if ("key" in entered) {
    await enter(entered);
    return undefined;
  }
  if (entered.left === 0) {
    await inside();
    known = await doors(store);
    standing = "out";
  }
  return entered.left;
}

async function enter(entered: Opened) {
  const Phone = await inside();
  opened = undefined;
  asksSignIn = false;
  working?.close();
  working = new Phone(store, entered, endOpen);
  if (navigator.onLine) void lookAfterOthers(entered.self.id);
  standing = "in";
}

/** Closes what is open; the PIN or signing in opens it again. */
export function lock() {
  standing = expected()?.lock.byPin ? "pin" : "out";
  working?.close();
  working = undefined;
  asksSignIn = false;
}

/** Instead of the PIN: by signing in, as the same or another officer. */
export async function otherWay() {
  await inside();
  standing = "out";
}
export function backToPin() {
  if (working) asksSignIn = false;
  else standing = "pin";
}
export const askSignIn = () => (asksSignIn = true);

export const unsent = () => {
  const counted = count(phone().acts ?? []);
  return counted.here + counted.aside;
};

/** What was fetched goes; what is unsent stays sealed until its officer signs in again. */
export async function signOut() {
  const { id } = phone().self;
  await store.facts.put({ name: endSession, value: true });
  await leave(store, id);
  await store.facts.delete(lastOwner);
  await endOldSession();
  lock();
  known = await doors(store);
  owner = undefined;
  standing = "out";
  location.assign("/field/");
}
