import type { Schema } from "../../lib/api";
import type { Change, FieldProblem } from "../../lib/problem";

/**
 * An act done at the door: the very request the desk would send, kept until there is a network
 * (docs/decisions/0016). The server does it once for its id, however often it is sent.
 */
export interface Operation {
  id: string;
  /** What it is about, a household as a rule: acts about one record wait for one another. */
  record: string;
  /** When it was done, by this phone's clock: a claim. */
  at: string;
  method: "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  if_match?: number;
  body?: Record<string, unknown>;
}

/** Of a field that somebody else changed too: what was seen, what is there, what is asked. */
export interface Conflict {
  field: string;
  seen: unknown;
  now: unknown;
  asked: unknown;
}

export interface Refusal {
  code: string;
  errors?: FieldProblem[];
  changes?: Change[];
  conflicts?: Conflict[];
  revision?: number;
}

export interface Result {
  id: string;
  state: "done" | "refused" | "later";
  status?: number;
  problem?: Refusal;
  reply?: Record<string, unknown>;
}

/** `partial`: its older visits and the matters that are over have not come yet. */
export type HouseholdRecord = Schema<"Household"> & { partial?: boolean };

/** The id without its county, as this phone made it. */
export const bare = (id: string) => id.slice(-36);

/** Where an act stands, as it is shown everywhere. */
export type Standing = "here" | "received" | "merged" | "aside";

export interface Kept {
  operation: Operation;
  standing: Standing;
  /** It may have reached the server already: until its fate is known nobody can correct it. */
  tried?: boolean;
  refusal?: Refusal;
  reply?: Record<string, unknown>;
}

/** What a result makes of an act that is kept; undefined where it changes nothing. */
export function settled({
  state,
  problem,
  reply,
}: Result): Pick<Kept, "standing" | "refusal" | "reply"> | undefined {
  if (state === "later") return undefined;
  if (state === "refused")
    return { standing: "aside", refusal: problem ?? { code: "unknown" } };
  return { standing: "received", ...(reply && { reply }) };
}

/**
 * What goes next: in the order of doing, and nothing about a record of which something waits for
 * a person's decision, or that is held up by the caller.
 */
export function nextBatch<One extends { record: string; standing: Standing }>(
  kept: One[],
  held: ReadonlySet<string> = new Set(),
  most = 50,
): One[] {
  const stuck = new Set(held);
  const batch: One[] = [];
  for (const one of kept) {
    if (one.standing === "aside") stuck.add(one.record);
    if (one.standing !== "here" || stuck.has(one.record)) continue;
    batch.push(one);
    if (batch.length === most) break;
  }
  return batch;
}

export type Standings = Record<Standing, number>;

export function count(kept: { standing: Standing }[]): Standings {
  const counted = { here: 0, received: 0, merged: 0, aside: 0 };
  for (const { standing } of kept) counted[standing]++;
  return counted;
}
