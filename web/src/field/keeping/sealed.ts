/**
 * What only the server can open: the phone itself cannot read it again. So another officer's browser, or
 * a phone that was signed out, may still hand over what was done here.
 */
const curve = { name: "ECDH", namedCurve: "P-256" };

export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

export function toBase64Url(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary)
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");
}

function join(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(
    parts.reduce((length, part) => length + part.length, 0),
  );
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The key both sides come to: of the shared secret, for these two public keys. */
export async function outboxKey(
  own: CryptoKey,
  other: CryptoKey,
  salt: Uint8Array<ArrayBuffer>,
): Promise<CryptoKey> {
  const secret = await crypto.subtle.deriveBits(
    { name: "ECDH", public: other },
    own,
    256,
  );
  const derived = await crypto.subtle.importKey("raw", secret, "HKDF", false, [
    "deriveKey",
  ]);
  return crypto.subtle.deriveKey(
    {
      name: "HKDF",
      hash: "SHA-256",
      salt,
      info: new TextEncoder().encode("huiyin outbox"),
    },
    derived,
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt", "decrypt"],
  );
}

/** ephemeral public key (65 bytes) | iv (12) | ciphertext with its tag, in base64url. */
export async function sealForServer(
  serverKey: string,
  value: unknown,
): Promise<string> {
  const raw = fromBase64Url(serverKey);
  const server = await crypto.subtle.importKey("raw", raw, curve, false, []);
  const mine = await crypto.subtle.generateKey(curve, true, ["deriveBits"]);
  const ephemeral = new Uint8Array(
    await crypto.subtle.exportKey("raw", mine.publicKey),
  );
  const key = await outboxKey(mine.privateKey, server, join(ephemeral, raw));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv },
    key,
    new TextEncoder().encode(JSON.stringify(value)),
  );
  return toBase64Url(join(ephemeral, iv, new Uint8Array(sealed)));
}
