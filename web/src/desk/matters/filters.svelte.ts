import { api, ok, type Schema } from "../../lib/api";
import { query, setQuery } from "../../lib/router.svelte";
import { List } from "../../lib/resource.svelte";
import { holds } from "../session.svelte";

type Summary = Schema<"MatterSummary">;

export const queues = [
  "unit",
  "mine",
  "soon",
  "late",
  "returned",
  "intake",
  "reopened",
  "stuck",
  "bounced",
  "bounced_twice",
  "answered",
  "open",
  "all",
] as const;
export type Queue = (typeof queues)[number];

export const states: Schema<"MatterState">[] = [
  "received",
  "assigned",
  "answered",
  "settled",
  "review",
  "final_review",
  "concluded",
  "merged",
  "withdrawn",
];

const narrowing = [
  "state",
  "unit_id",
  "area",
  "category",
  "q",
  "received_from",
  "received_until",
  "only_here",
  "unprotected",
] as const;

/** Shown as a tab only while one of its figures was opened. */
const quiet: readonly Queue[] = ["bounced", "bounced_twice", "answered"];
export const tabs = (shown: Queue) =>
  queues.filter((queue) => !quiet.includes(queue) || queue === shown);

/** The queue asked for; without one, the one this officer's work begins with. */
export function queueShown(): Queue {
  const wanted = queues.find((name) => name === query("queue"));
  if (wanted) return wanted;
  if (holds("handler", "clerk", "liaison", "auditor")) return "unit";
  return "late";
}

function wanted() {
  const queue = queueShown();
  const filled = narrowing
    .map((name) => [name, query(name)])
    .filter(([, value]) => value !== "");
  return {
    ...(queue !== "all" && { queue }),
    ...Object.fromEntries(filled),
  };
}

/** The matters of the address's filters, by due date. */
export class Matters extends List<Summary> {
  constructor() {
    super((cursor) => {
      const query = { ...wanted(), limit: 50, ...(cursor && { cursor }) };
      return ok(api.GET("/api/v1/matters", { params: { query } }));
    });
  }

  narrow(values: Record<string, string>) {
    setQuery(values);
    void this.reload();
  }
}
