import { api, ok, type Schema } from "../../lib/api";
import { t } from "../../lib/words.svelte";
import type { ActForm } from "../matters/act";
import { reason } from "../matters/asking";

export type Quarantined = Schema<"QuarantinedOperation">;
export type How = "entered" | "by_hand" | "dropped";

const bodies = {
  entered: { outcome: "entered" },
  by_hand: { outcome: "entered", by_hand: true },
  dropped: { outcome: "dropped" },
} as const;

/** What is asked before such an act is entered, or given up. */
export const deciding = (one: Quarantined, how: How): ActForm => ({
  lead: t(
    how === "entered"
      ? "desk.quarantine.entered_lead"
      : how === "by_hand"
        ? "desk.quarantine.by_hand_lead"
        : "desk.quarantine.dropped_lead",
  ),
  questions: [reason()],
  send: (body) =>
    ok(
      api.POST("/api/v1/sync/quarantine/{id}/decision", {
        params: { path: { id: one.id } },
        body: { ...body, ...bodies[how] },
      }),
    ),
});
