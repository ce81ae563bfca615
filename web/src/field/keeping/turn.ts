import type { Store } from "./store";

const name = "huiyin-field-round";
/** Without locks in the browser: whoever says nothing for so long has gone. */
const lease = 60_000;

/**
 * One tab goes a round at a time. Undefined when another is at it; it will tell through the database.
 */
export async function inTurn<Value>(
  store: Store,
  work: () => Promise<Value>,
): Promise<Value | undefined> {
  // Not in every browser we are used in.
  const locks = navigator.locks as LockManager | undefined;
  if (locks)
    return locks.request(name, { ifAvailable: true }, (lock) =>
      lock ? work() : undefined,
    );
  return leased(store, work);
}

/** The same by a note in the database, which a tab that was ended leaves behind for a minute. */
export async function leased<Value>(
  store: Store,
  work: () => Promise<Value>,
  now: () => number = Date.now,
): Promise<Value | undefined> {
  const mine = Math.random();
  const hold = () =>
    store.facts.put({ name, value: { by: mine, until: now() + lease } });
  const took = await store.transaction("rw", store.facts, async () => {
    const held = (await store.facts.get(name))?.value as
      { until: number } | undefined;
    if (held && held.until > now()) return false;
    await hold();
    return true;
  });
  if (!took) return undefined;
  const keep = setInterval(() => void hold(), lease / 3);
  try {
    return await work();
  } finally {
    clearInterval(keep);
    await store.facts.delete(name);
  }
}
