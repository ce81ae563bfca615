import { api, ok, type Schema } from "../../lib/api";
import { newId } from "../../lib/id";
import { t, term } from "../../lib/words.svelte";
import type { ActForm } from "../matters/act";
import { grades, yesNo } from "../matters/asking";

type Call = Schema<"Callback">;

/** What the resident says on the telephone, in the order of the script. */
export function judgingByCall(call: Call): ActForm {
  return {
    lead: t("desk.act_lead.judgement"),
    questions: [
      yesNo(
        "solved",
        t("desk.solved"),
        t("desk.solved.yes"),
        t("desk.solved.no"),
      ),
      grades("rating", t("desk.rating")),
      ...(call.beyond ? [grades("treated", t("desk.rating.treated"))] : []),
      {
        name: "text",
        label: t("desk.their_words"),
        kind: "long",
        optional: true,
      },
    ],
    send: (body, values, key) => {
      const { rating, treated, text } = body;
      const said: Schema<"ProxyJudgementNew"> = {
        solved: values.solved === "yes",
        asked_by_channel: "phone",
        ...(rating !== undefined && { rating: Number(rating) }),
        ...(treated !== undefined && { treated: Number(treated) }),
        ...(typeof text === "string" && { text }),
      };
      const params = {
        path: { id: call.matter.id },
        header: { "Idempotency-Key": key },
      };
      return ok(
        api.POST("/api/v1/matters/{id}/judgement", { params, body: said }),
      );
    },
  };
}

const outcomes = ["not_reached", "call_again", "declined"] as const;

export function attempting(call: Call): ActForm {
  const id = newId();
  const again = (values: Record<string, unknown>) =>
    values.outcome === "call_again";
  return {
    questions: [
      {
        name: "outcome",
        label: t("desk.call.outcome"),
        kind: "radio",
        choices: outcomes.map((value) => ({
          value,
          text: term("desk.call_outcome", value),
        })),
      },
      {
        name: "again_at",
        label: t("desk.call.again_on"),
        kind: "date",
        when: again,
      },
      {
        name: "time",
        label: t("desk.call.again_time"),
        hint: t("desk.call.again_time_hint"),
        kind: "text",
        when: again,
      },
    ],
    send: (body, _values, key) => {
      const { outcome, again_at: day, time } = body;
      const made: Schema<"CallAttemptNew"> = {
        id,
        outcome: outcome as (typeof outcomes)[number],
        ...(day !== undefined && { again_at: `${day}T${time}:00+08:00` }),
      };
      const params = {
        path: { id: call.id },
        header: { "Idempotency-Key": key },
      };
      return ok(
        api.POST("/api/v1/callbacks/{id}/attempts", { params, body: made }),
      );
    },
  };
}
