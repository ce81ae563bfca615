import { api, ok, type Schema } from "../../lib/api";
import { t } from "../../lib/words.svelte";
import type { ActForm } from "../matters/act";
import { decided, unit, yesNo } from "../matters/asking";

export type Order = Schema<"Order">;
export type OrderAct = Order["may"][number];

const header = (key: string) => ({ "Idempotency-Key": key });

const answering = ({ id, text }: Order): ActForm => ({
  ...(text && { lead: text }),
  questions: [{ name: "text", label: t("desk.order.answer"), kind: "long" }],
  send: (body, _values, key) => {
    const params = { path: { id }, header: header(key) };
    return ok(
      api.POST("/api/v1/orders/{id}/answer", { params, body: body as never }),
    );
  },
});

const deciding = ({ id, answer }: Order): ActForm => ({
  ...(answer && { lead: answer }),
  questions: [
    yesNo(
      "accepted",
      t("desk.decision"),
      t("desk.order.accept"),
      t("desk.order.refuse"),
    ),
    {
      name: "note",
      label: t("desk.order.missing"),
      kind: "long",
      when: ({ accepted }) => accepted === "no",
    },
  ],
  send: decided((body, _values, key) => {
    const params = { path: { id }, header: header(key) };
    return ok(
      api.POST("/api/v1/orders/{id}/decision", { params, body: body as never }),
    );
  }, "accepted"),
});

export const orderForm = (act: OrderAct, order: Order): ActForm =>
  act === "answer" ? answering(order) : deciding(order);

/** An order on a unit's work as such. */
export const orderingUnit = (): ActForm => ({
  questions: [unit(), { name: "text", label: t("desk.order"), kind: "long" }],
  send: (body, _values, key) =>
    ok(
      api.POST("/api/v1/orders", {
        params: { header: header(key) },
        body: body as never,
      }),
    ),
});
