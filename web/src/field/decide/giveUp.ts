import { api, ok } from "../../lib/api";
import { Problem } from "../../lib/problem";
import { phone } from "../session.svelte";

/** Gone already, at the office: closed from another phone, or it never had it. */
const isOver = (failure: unknown) =>
  failure instanceof Problem &&
  (failure.status === 404 || failure.code === "sync.closed_already");

/**
 * Gives an act up that was set aside. The office hears of it first, since it keeps a copy that
 * somebody else might still send: this needs a network. Throws a Problem.
 */
export async function giveUp(operation: string, reason: string): Promise<void> {
  try {
    await ok(
      api.POST("/api/v1/sync/set_aside/{id}/drop", {
        params: { path: { id: operation } },
        body: { reason },
      }),
    );
  } catch (failure) {
    if (!isOver(failure)) throw failure;
  }
  await phone().keeper.drop(operation);
}
