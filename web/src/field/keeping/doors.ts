import type { Self } from "./shown";
import type { Door, Store } from "./store";
import {
  makeLock,
  mostTries,
  open,
  openByPin,
  openBySignIn,
  seal,
  setPin,
} from "./vault";

/** What opened: whose it is and the key of what they keep. */
export interface Opened {
  key: CryptoKey;
  self: Self;
  door: Door;
}

/** What the server gives a phone. */
export interface Device {
  id: string;
  /** Wraps the phone's own key: the same again for the same officer and device. */
  key: Uint8Array<ArrayBuffer>;
  server_key: string;
  token: string;
}

/** Everybody who keeps something on this phone. */
export const doors = (store: Store): Promise<Door[]> => store.doors.toArray();

/** Absent when what this officer keeps is locked with another key than the server gives now. */
export async function enterBySignIn(
  store: Store,
  self: Self,
  device: Device,
): Promise<Opened | undefined> {
  const known = await store.doors.get(self.id);
  const made = known ? undefined : await makeLock(device.key);
  const lock = known?.lock ?? made?.lock;
  const key =
    made?.key ?? (known && (await openBySignIn(known.lock, device.key)));
  if (!key || !lock) return undefined;
  const door: Door = {
    owner: self.id,
    name: self.name,
    device: device.id,
    server_key: device.server_key,
    token: device.token,
    ahead: known?.ahead ?? 0,
    lock,
    self: await seal(key, self),
  };
  await store.doors.put(door);
  return { key, self, door };
}

export async function choosePin(
  store: Store,
  { key, self }: Opened,
  pin: string,
): Promise<void> {
  const door = await store.doors.get(self.id);
  if (!door) throw new Error("There is no door to lock.");
  const lock = await setPin(door.lock, key, pin);
  await store.doors.update(self.id, { lock });
}

/**
 * What the PIN opens, or how many tries are left; after the last the PIN is thrown away, and only
 * signing in opens. A try is counted on the disk before anything is told.
 */
export async function enterByPin(
  store: Store,
  owner: string,
  pin: string,
): Promise<Opened | { left: number }> {
  const door = await store.doors.get(owner);
  if (!door?.lock.byPin) return { left: 0 };
  const { lock, key } = await openByPin(door.lock, pin);
  await store.doors.update(owner, { lock });
  if (!key) return { left: lock.byPin ? mostTries - lock.byPin.tries : 0 };
  return { key, self: await open<Self>(key, door.self), door };
}

/** What is unsent and sealed for the server: a batch of it. */
export async function outboxOf(store: Store, owner: string) {
  const rows = await store.actsOf(owner);
  return rows
    .filter(
      ({ standing, outbox }) =>
        outbox && (standing === "here" || standing === "aside"),
    )
    .slice(0, 20);
}

/**
 * Leaving: what was fetched goes, with the PIN. What is unsent or half written stays, sealed, until its officer signs
 * in again; without any nothing of them is left.
 */
export async function leave(store: Store, owner: string): Promise<void> {
  const { doors, acts, records, indexes, photos, drafts, pictures } = store;
  await store.transaction(
    "rw",
    [doors, acts, records, indexes, photos, drafts, pictures],
    async () => {
      await records.where("owner").equals(owner).delete();
      await pictures.where("owner").equals(owner).delete();
      await indexes.delete(owner);
      const kept = await store.actsOf(owner);
      const settled = kept.filter(
        ({ standing }) => standing === "received" || standing === "merged",
      );
      await acts.bulkDelete(settled.map(({ n }) => n as number));
      const door = await doors.get(owner);
      if (!door) return;
      const begun = await drafts.where("owner").equals(owner).count();
      if (settled.length === kept.length && begun === 0) {
        await photos.where("owner").equals(owner).delete();
        await doors.delete(owner);
        return;
      }
      const { byPin: _, ...lock } = door.lock;
      await doors.update(owner, { lock });
    },
  );
}
