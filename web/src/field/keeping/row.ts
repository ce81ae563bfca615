import { dateOf } from "../../lib/time";
import type { HouseholdRecord } from "./operation";
import type { Brought } from "./rounds";

/** Something to be done at a household by a day. */
export interface Due {
  kind: "plan" | "promise" | "matter" | "visit";
  /** A local date. */
  on: string;
  text: string;
}

/** A household's line in the list: what it is found by, and what is due. */
export interface Row {
  id: string;
  name: string;
  number: string;
  place: string;
  /** Everybody who lives there, for looking up. */
  people: string[];
  /** The nearest first. */
  due: Due[];
  visited?: string;
  /** Not this officer's any more; goes once nothing of it is unsent. */
  leaving?: true;
}

/** A local date stays one; an instant becomes the day it falls on. */
const dayOf = (value: string) => (value.length === 10 ? value : dateOf(value));

const closed = new Set(["settled", "concluded", "merged", "withdrawn"]);

export function dueOf(record: HouseholdRecord): Due[] {
  const plans = (record.visit_plans ?? [])
    .filter(({ visit_id }) => !visit_id)
    .map(({ on, note }) => ({ kind: "plan" as const, on, text: note ?? "" }));
  const promises = (record.promises ?? [])
    .filter(({ state }) => state === "open")
    .map(({ due, text }) => ({ kind: "promise" as const, on: due, text }));
  const matters = (record.matters ?? []).flatMap(({ state, due_at, title }) =>
    due_at && !closed.has(state)
      ? [{ kind: "matter" as const, on: dayOf(due_at), text: title }]
      : [],
  );
  const known: Due[] = [...plans, ...promises, ...matters];
  // The duty of going there by then is the server's to count; the rest it has from these.
  const next = record.next_due_at && dayOf(record.next_due_at);
  if (next && !known.some(({ on }) => on <= next))
    known.push({ kind: "visit", on: next, text: "" });
  return known.sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0));
}

export function rowOf(record: HouseholdRecord): Row {
  const visited = record.visits?.[0]?.at;
  return {
    id: record.id,
    name: record.head_name,
    number: record.register_number,
    place: [record.area_name, record.sections.residence?.address]
      .filter(Boolean)
      .join(" "),
    people: record.residents
      .filter(({ state }) => state === "present")
      .map(({ name }) => name),
    due: dueOf(record),
    ...(visited && { visited }),
  };
}

/** What is due soonest stands first; where nothing is due, who was seen longest ago. */
export function byDue(a: Row, b: Row): number {
  const [one, other] = [a.due[0]?.on ?? "9999", b.due[0]?.on ?? "9999"];
  if (one !== other) return one < other ? -1 : 1;
  const [seen, before] = [a.visited ?? "", b.visited ?? ""];
  return seen < before ? -1 : seen > before ? 1 : 0;
}

/** By one or two characters of a name, a place or a number. */
export const found = (row: Row, wanted: string) =>
  [row.name, row.place, row.number, ...row.people].some((text) =>
    text.toLowerCase().includes(wanted.trim().toLowerCase()),
  );

/** The list after a page of a round; what left the officer goes once nothing of it is unsent. */
export function mergeRows(rows: Row[], items: Brought[], unsent: Set<string>) {
  const after = new Map(rows.map((row) => [row.id, row]));
  for (const { household_id, record, removed } of items) {
    const row = after.get(household_id);
    if (record) after.set(household_id, rowOf(record));
    else if (removed && row) after.set(household_id, { ...row, leaving: true });
  }
  const gone = [...after.values()]
    .filter(({ id, leaving }) => leaving && !unsent.has(id))
    .map(({ id }) => id);
  for (const id of gone) after.delete(id);
  return { rows: [...after.values()], gone };
}
