import type { Schema } from "../../lib/api";
import { t } from "../../lib/words.svelte";
import type { Sources } from "../../parts/find";
import type { Question, Values } from "../../parts/question";
import { type EventKind, lifeQuestions } from "./lifeQuestions";

type Household = Schema<"Household">;
type Event = Schema<"LifeEventNew">;

/** The answers as the event takes them: people's fields together, relations as a list. */
export function eventOf(kind: EventKind, body: Record<string, unknown>): Event {
  const event: Record<string, unknown> = { kind };
  const resident: Record<string, unknown> = {};
  const related: object[] = [];
  for (const [name, value] of Object.entries(body)) {
    if (name === "known") continue;
    if (name.startsWith("resident.")) resident[name.slice(9)] = value;
    else if (name.startsWith("relation:"))
      related.push({ resident_id: name.slice(9), relation: value });
    else event[name] = value;
  }
  if (Object.keys(resident).length > 0) event.resident = resident;
  if (related.length > 0) event.relations = related;
  if (kind === "birth") event.date = resident.birth_date;
  return event as Event;
}

export function eventForm(
  kind: EventKind,
  record: Household,
  sources: Sources,
) {
  const questions: Question[] = [
    ...lifeQuestions[kind](record, sources),
    { name: "note", label: t("desk.note"), kind: "text", optional: true },
  ];
  const given: Values =
    kind === "birth" ? { "resident.relation": "child" } : {};
  return { questions, given };
}
