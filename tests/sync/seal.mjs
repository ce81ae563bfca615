// Closes acts for the server by the browser's own cryptography, as the field pages do: a line in
// ({"server_key", "plain"} as JSON), a line out (base64url). For tests/sync/phones.py.
import { createInterface } from 'node:readline';
import { webcrypto } from 'node:crypto';

const { subtle } = webcrypto;
const curve = { name: 'ECDH', namedCurve: 'P-256' };
const bytes = (text) => new TextEncoder().encode(text);

async function seal(plain, serverKey) {
  const open = Buffer.from(serverKey, 'base64url');
  const own = await subtle.generateKey(curve, true, ['deriveBits']);
  const ephemeral = Buffer.from(await subtle.exportKey('raw', own.publicKey));
  const server = await subtle.importKey('raw', open, curve, true, []);
  const shared = await subtle.deriveBits({ name: 'ECDH', public: server }, own.privateKey, 256);
  const given = await subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey']);
  const how = { name: 'HKDF', hash: 'SHA-256', salt: Buffer.concat([ephemeral, open]), info: bytes('huiyin outbox') };
  const key = await subtle.deriveKey(how, given, { name: 'AES-GCM', length: 256 }, false, ['encrypt']);
  const iv = webcrypto.getRandomValues(new Uint8Array(12));
  const text = await subtle.encrypt({ name: 'AES-GCM', iv }, key, bytes(plain));
  return Buffer.concat([ephemeral, iv, Buffer.from(text)]).toString('base64url');
}

for await (const line of createInterface({ input: process.stdin })) {
  const { server_key: serverKey, plain } = JSON.parse(line);
  process.stdout.write(`${await seal(plain, serverKey)}\n`);
}
