import { describe, expect, it } from "vitest";
import { Problem } from "../../lib/problem";
import type { Operation } from "../keeping/operation";
import { pieceSize, sendPhoto, withPhotos } from "./send";

const photo = new Blob([new Uint8Array(pieceSize * 2 + 5)]);
const offsetOf = (path: string) => Number(/offset=(\d+)/.exec(path)?.[1]);

describe("a photograph on its way", () => {
  it("goes in pieces, each once", async () => {
    const asked: [number, number][] = [];
    await sendPhoto("p", photo, async (path, piece) => {
      asked.push([offsetOf(path), piece.size]);
      return Promise.resolve({ received: offsetOf(path) + piece.size });
    });
    expect(asked).toEqual([
      [0, pieceSize],
      [pieceSize, pieceSize],
      [pieceSize * 2, 5],
    ]);
  });
  it("goes on where it broke off, as far as the server has it", async () => {
    const asked: number[] = [];
    await sendPhoto("p", photo, async (path) => {
      asked.push(offsetOf(path));
      return Promise.resolve({ received: pieceSize * 2 });
    }).catch(() => {});
    expect(asked).toEqual([0, pieceSize * 2]);
  });
});

describe("acts with photographs", () => {
  const act = (id: string, upload_id?: string): Operation => ({
    id,
    record: "h",
    at: "2026-03-11T01:00:00Z",
    method: "POST",
    path: "/api/v1/attachments?household_id=h",
    body: upload_id ? { upload_id } : {},
  });
  it("send the photograph first, and forget it when the act is done", async () => {
    const order: string[] = [];
    const kept = new Map([
      ["p1", new Blob(["a"])],
      ["p2", new Blob(["b"])],
    ]);
    const server = withPhotos(
      {
        send: (operations) => {
          order.push(`send ${operations.length}`);
          return Promise.resolve({
            results: [
              { id: "990101-1", state: "done" as const },
              { id: "990101-2", state: "later" as const },
            ],
          });
        },
        changes: () => Promise.reject(new Error()),
      },
      {
        get: (id) => Promise.resolve(kept.get(id)),
        drop: (id) => Promise.resolve(void kept.delete(id)),
      },
      (path, piece) => {
        order.push(path);
        return Promise.resolve({ received: piece.size });
      },
    );
    await server.send([act("1", "p1"), act("2", "p2"), act("3")]);
    expect(order).toEqual([
      "/sync/uploads/p1?offset=0",
      "/sync/uploads/p2?offset=0",
      "send 3",
    ]);
    expect([...kept.keys()]).toEqual(["p2"]);
  });
  it("hold up nothing but themselves when a picture is not taken", async () => {
    const batches: string[][] = [];
    const server = withPhotos(
      {
        send: (operations) => {
          batches.push(operations.map(({ id }) => id));
          return Promise.resolve({ results: [] });
        },
        changes: () => Promise.reject(new Error()),
      },
      {
        get: () => Promise.resolve(new Blob(["a"])),
        drop: () => Promise.reject(new Error("it is still wanted")),
      },
      () => Promise.reject(new Problem(409, { code: "sync.uploads_full" })),
    );
    const { results } = await server.send([act("1", "p1"), act("2")]);
    expect(batches).toEqual([["2"]]);
    expect(results).toEqual([{ id: "1", state: "later" }]);
  });
  it("wait all together where the line breaks", async () => {
    const server = withPhotos(
      {
        send: () => Promise.reject(new Error("nothing goes")),
        changes: () => Promise.reject(new Error()),
      },
      {
        get: () => Promise.resolve(new Blob(["a"])),
        drop: () => Promise.resolve(),
      },
      () => Promise.reject(new Problem(0, { code: "unreachable" })),
    );
    await expect(server.send([act("1", "p1")])).rejects.toThrow("unreachable");
  });
});
