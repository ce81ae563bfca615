import { api, ok, type Schema } from "../../lib/api";
import { t } from "../../lib/words.svelte";
import type { ActForm } from "../matters/act";
import { decided, yesNo } from "../matters/asking";

export type Unmasking = Schema<"Unmasking">;

/** Granting it or not: what was asked for stands above. */
export const decidingUnmasking = ({
  id,
  reason,
  ground,
}: Unmasking): ActForm => ({
  lead: `${ground} · ${reason}`,
  questions: [
    yesNo(
      "granted",
      t("desk.decision"),
      t("desk.unmasking.grant"),
      t("desk.unmasking.refuse"),
    ),
    {
      name: "note",
      label: t("desk.reason"),
      kind: "long",
      when: ({ granted }) => granted === "no",
    },
  ],
  send: decided((body, _values, key) => {
    const params = { path: { id }, header: { "Idempotency-Key": key } };
    return ok(
      api.POST("/api/v1/unmaskings/{id}/decision", {
        params,
        body: body as never,
      }),
    );
  }, "granted"),
});
