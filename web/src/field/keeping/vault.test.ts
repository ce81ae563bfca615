import { describe, expect, it } from "vitest";
import {
  makeLock,
  mostTries,
  open,
  openByPin,
  openBySignIn,
  seal,
  setPin,
} from "./vault";

const device = () => crypto.getRandomValues(new Uint8Array(32));
const few = 1000; // rounds: a test need not be slow

describe("a phone's lock", () => {
  it("opens by signing in with the device's own key and by no other", async () => {
    const own = device();
    const { lock, key } = await makeLock(own);
    const sealed = await seal(key, { name: "张大山" });
    const again = await openBySignIn(lock, own);
    expect(await open(again as CryptoKey, sealed)).toEqual({ name: "张大山" });
    expect(await openBySignIn(lock, device())).toBeUndefined();
  });
  it("opens by the PIN where there is no network", async () => {
    const made = await makeLock(device());
    const lock = await setPin(made.lock, made.key, "482913", few);
    const opened = await openByPin(lock, "482913");
    const sealed = await seal(made.key, [1]);
    expect(await open(opened.key as CryptoKey, sealed)).toEqual([1]);
  });
  it("forgets the PIN after too many wrong ones, and is still opened by signing in", async () => {
    const own = device();
    const made = await makeLock(own);
    let lock = await setPin(made.lock, made.key, "482913", few);
    for (let i = 1; i < mostTries; i++) {
      const tried = await openByPin(lock, `00000${i}`);
      expect(tried.key).toBeUndefined();
      expect(tried.lock.byPin?.tries).toBe(i);
      lock = tried.lock;
    }
    // The right one in between begins the counting anew.
    lock = (await openByPin(lock, "482913")).lock;
    expect(lock.byPin?.tries).toBe(0);
    for (let i = 0; i < mostTries; i++)
      lock = (await openByPin(lock, "000000")).lock;
    expect(lock.byPin).toBeUndefined();
    expect((await openByPin(lock, "482913")).key).toBeUndefined();
    expect(await openBySignIn(lock, own)).toBeDefined();
  });
  it("notices a changed byte, and another's key", async () => {
    const { key } = await makeLock(device());
    const sealed = await seal(key, { a: 1 });
    const other = (await makeLock(device())).key;
    await expect(open(other, sealed)).rejects.toThrow();
    new Uint8Array(sealed.bytes)[3]! ^= 1;
    await expect(open(key, sealed)).rejects.toThrow();
  });
});
