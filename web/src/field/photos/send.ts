import { Problem } from "../../lib/problem";
import type { Operation, Result } from "../keeping/operation";
import type { Photos } from "../keeping/photos";
import type { Server } from "../keeping/rounds";

/** As much as goes at once: little is lost where the line breaks off. */
export const pieceSize = 128 * 1024;

export interface Received {
  received: number;
}
export type Put = (path: string, piece: Blob) => Promise<Received>;

const photoOf = ({ body }: Operation) => {
  const id = body?.["upload_id"];
  return typeof id === "string" ? id : undefined;
};

/** Sends a photograph from where the server has it already. Throws a Problem. */
export async function sendPhoto(
  id: string,
  photo: Blob,
  put: Put,
): Promise<void> {
  const bytes = new Blob([photo], { type: "application/octet-stream" });
  for (let offset = 0; offset < bytes.size;) {
    const piece = bytes.slice(
      offset,
      offset + pieceSize,
      "application/octet-stream",
    );
    const { received } = await put(
      `/sync/uploads/${id}?offset=${offset}`,
      piece,
    );
    // It has more than this piece: an earlier try got further.
    offset = Math.max(received, offset + piece.size);
  }
}

/** The server, to which the photographs of acts go before the acts, and are forgotten here after them. */
export const withPhotos = (
  server: Server,
  photos: Pick<Photos, "get" | "drop">,
  put: Put,
): Server => ({
  ...server,
  async send(operations) {
    // A picture that does not arrive holds up its own act, and through it its record; nothing else.
    const later: Result[] = [];
    for (const operation of operations) {
      const id = photoOf(operation);
      const photo = id && (await photos.get(id));
      if (!photo) continue;
      await sendPhoto(id, photo, put).catch((failure: unknown) => {
        if (!isOfPicture(failure)) throw failure;
        later.push({ id: operation.id, state: "later" });
      });
    }
    const held = new Set(later.map(({ id }) => id));
    const batch = operations.filter(({ id }) => !held.has(id));
    const sent = batch.length > 0 ? await server.send(batch) : { results: [] };
    for (const operation of operations) {
      const id = photoOf(operation);
      if (id && isDone(sent.results, operation)) await photos.drop(id);
    }
    return { results: [...sent.results, ...later] };
  },
});

/** Not the line, not the session: the server has something against this picture, or no room for it now. */
const isOfPicture = (failure: unknown) =>
  failure instanceof Problem && [404, 409, 413, 422].includes(failure.status);

const isDone = (results: Result[], { id }: Operation) =>
  results.some((one) => one.id.endsWith(id) && one.state === "done");
