/** What this phone is to the server, and the key that the server keeps for it. The one place that knows how. */
import { api, ok } from "../lib/api";
import { newId } from "../lib/id";
import { Problem } from "../lib/problem";
import type { Device } from "./keeping/doors";
import { fromBase64Url } from "./keeping/sealed";
import type { ActRow, Door } from "./keeping/store";

/** How its owner knows it again in the list of phones. */
function nameOf(agent = navigator.userAgent): string {
  const [, model] = /Android [^;]*; ([^;)]+)/.exec(agent) ?? [];
  const system = /iPhone|iPad|HarmonyOS|Windows|Macintosh|Linux/.exec(agent);
  return (model ?? system?.[0] ?? "Browser").trim().slice(0, 60);
}

/** Signs this phone up for whoever is signed in: the same keys again for the same id. */
export async function register(known: string | undefined): Promise<Device> {
  const id = known ?? newId();
  const body = { id, name: nameOf() };
  const made = await ok(api.POST("/api/v1/sync/devices", { body }));
  const { key, server_key, token } = made;
  return { id, key: fromBase64Url(key), server_key, token };
}

const isEnded = (failure: unknown) =>
  failure instanceof Problem && failure.code === "sync.device_ended";

/** The phone was signed out from afar, or its officer may not sign in any more. */
export const isOver = (failure: unknown) =>
  isEnded(failure) ||
  (failure instanceof Problem && failure.code === "session.disabled");

/** Whether this very device was ended, so that it must take a new id once it is empty. */
export const needsNewId = isEnded;

/**
 * Hands over what is sealed for the server; with nothing it only asks. Tells whether the phone was ended,
 * and which acts the server has now.
 */
export async function handOver(
  { device, token }: Door,
  rows: ActRow[],
): Promise<{ ended: boolean; taken: string[] }> {
  const items = rows.map(({ id, outbox = "" }) => ({ id, sealed: outbox }));
  const { results, ended } = await ok(
    api.POST("/api/v1/sync/sealed", {
      body: { device_id: device, token, items },
    }),
  );
  return { ended, taken: results.map(({ id }) => id.slice(-36)) };
}
