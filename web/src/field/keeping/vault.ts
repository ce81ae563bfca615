/**
 * What a phone keeps is sealed under a key of its own, which is kept twice: wrapped by the key that
 * the server gives this device at sign-in, and wrapped by the PIN, which opens it where there is no
 * network. Too many wrong PINs throw the second away: then only signing in opens it.
 */
export interface Wrapped {
  iv: Uint8Array<ArrayBuffer>;
  bytes: ArrayBuffer;
}

export interface Lock {
  byDevice: Wrapped;
  byPin?: {
    wrapped: Wrapped;
    salt: Uint8Array<ArrayBuffer>;
    rounds: number;
    tries: number;
  };
}

export const mostTries = 5;
// As much as an old phone does in under a second.
const pinRounds = 600_000;
const cipher = "AES-GCM";

const fresh = (length: number) =>
  crypto.getRandomValues(new Uint8Array(length));

async function wrap(key: CryptoKey, by: CryptoKey): Promise<Wrapped> {
  const iv = fresh(12);
  const bytes = await crypto.subtle.wrapKey("raw", key, by, {
    name: cipher,
    iv,
  });
  return { iv, bytes };
}

/** Absent when `by` is not the key it was wrapped with. */
async function unwrap(
  { iv, bytes }: Wrapped,
  by: CryptoKey,
): Promise<CryptoKey | undefined> {
  return crypto.subtle
    .unwrapKey("raw", bytes, by, { name: cipher, iv }, cipher, true, [
      "encrypt",
      "decrypt",
    ])
    .catch(() => undefined);
}

function deviceKey(bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", bytes, cipher, false, [
    "wrapKey",
    "unwrapKey",
  ]);
}

async function pinKey(
  pin: string,
  salt: Uint8Array<ArrayBuffer>,
  rounds: number,
): Promise<CryptoKey> {
  const typed = await crypto.subtle.importKey(
    "raw",
    new TextEncoder().encode(pin),
    "PBKDF2",
    false,
    ["deriveKey"],
  );
  return crypto.subtle.deriveKey(
    { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds },
    typed,
    { name: cipher, length: 256 },
    false,
    ["wrapKey", "unwrapKey"],
  );
}

/** A lock for a phone that keeps nothing yet, and its key. */
export async function makeLock(
  fromServer: Uint8Array<ArrayBuffer>,
): Promise<{ lock: Lock; key: CryptoKey }> {
  const key = await crypto.subtle.generateKey(
    { name: cipher, length: 256 },
    true,
    ["encrypt", "decrypt"],
  );
  return {
    lock: { byDevice: await wrap(key, await deviceKey(fromServer)) },
    key,
  };
}

/** Absent for another device's key, or another officer's. */
export async function openBySignIn(
  lock: Lock,
  fromServer: Uint8Array<ArrayBuffer>,
): Promise<CryptoKey | undefined> {
  return unwrap(lock.byDevice, await deviceKey(fromServer));
}

export async function setPin(
  lock: Lock,
  key: CryptoKey,
  pin: string,
  rounds = pinRounds,
): Promise<Lock> {
  const salt = fresh(16);
  const wrapped = await wrap(key, await pinKey(pin, salt, rounds));
  return { ...lock, byPin: { wrapped, salt, rounds, tries: 0 } };
}

/**
 * What the PIN opens, and the lock as it is from now on: it must be kept before anything else is
 * done, or a wrong try would cost nothing.
 */
export async function openByPin(
  lock: Lock,
  pin: string,
): Promise<{ lock: Lock; key?: CryptoKey }> {
  const { byPin, ...rest } = lock;
  if (!byPin) return { lock };
  const key = await unwrap(
    byPin.wrapped,
    await pinKey(pin, byPin.salt, byPin.rounds),
  );
  if (key) return { lock: { ...lock, byPin: { ...byPin, tries: 0 } }, key };
  const tries = byPin.tries + 1;
  return {
    lock: tries < mostTries ? { ...lock, byPin: { ...byPin, tries } } : rest,
  };
}

export async function sealBytes(
  key: CryptoKey,
  plain: BufferSource,
): Promise<Wrapped> {
  const iv = fresh(12);
  return {
    iv,
    bytes: await crypto.subtle.encrypt({ name: cipher, iv }, key, plain),
  };
}

/** Throws when it was changed or is of another key. */
export const openBytes = (
  key: CryptoKey,
  { iv, bytes }: Wrapped,
): Promise<ArrayBuffer> =>
  crypto.subtle.decrypt({ name: cipher, iv }, key, bytes);

export const seal = (key: CryptoKey, value: unknown): Promise<Wrapped> =>
  sealBytes(key, new TextEncoder().encode(JSON.stringify(value)));

/** Throws when it was changed or is of another key. */
export async function open<Value>(
  key: CryptoKey,
  sealed: Wrapped,
): Promise<Value> {
  const plain = await openBytes(key, sealed);
  return JSON.parse(new TextDecoder().decode(plain)) as Value;
}
