import { expect, it } from "vitest";
import { fromBase64Url, outboxKey, sealForServer, toBase64Url } from "./sealed";

const curve = { name: "ECDH", namedCurve: "P-256" };

it("is opened by the server's private key, and is another text each time", async () => {
  const server = await crypto.subtle.generateKey(curve, true, ["deriveBits"]);
  const raw = new Uint8Array(
    await crypto.subtle.exportKey("raw", server.publicKey),
  );
  const act = { id: "1", body: { diary: "水管修好了" } };
  const sealed = await sealForServer(toBase64Url(raw), act);
  expect(sealed).not.toBe(await sealForServer(toBase64Url(raw), act));

  const bytes = fromBase64Url(sealed);
  const ephemeral = bytes.slice(0, 65);
  const other = await crypto.subtle.importKey(
    "raw",
    ephemeral,
    curve,
    false,
    [],
  );
  const salt = new Uint8Array([...ephemeral, ...raw]);
  const key = await outboxKey(server.privateKey, other, salt);
  const plain = await crypto.subtle.decrypt(
    { name: "AES-GCM", iv: bytes.slice(65, 77) },
    key,
    bytes.slice(77),
  );
  expect(JSON.parse(new TextDecoder().decode(plain))).toEqual(act);
});

it("writes bytes as the server reads them", () => {
  const bytes = new Uint8Array([0, 62, 63, 250, 251, 255]);
  expect(toBase64Url(bytes)).toBe("AD4_-vv_");
  expect(fromBase64Url("AD4_-vv_")).toEqual(bytes);
});
