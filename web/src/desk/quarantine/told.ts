import type { Schema } from "../../lib/api";
import { showInstant } from "../../lib/time";
import { language, term } from "../../lib/words.svelte";
import type { Row } from "../../ui/Summary.svelte";

type Operation = Schema<"SyncOperation">;

// The longest first: the first that fits says what kind of act it is. words:family desk.offline_act
const kinds: [path: RegExp, kind: string][] = [
  [/^\/api\/v1\/households\/[^/]+\/sections\/\w+$/, "section"],
  [/^\/api\/v1\/households\/[^/]+\/consents\/\w+$/, "consent"],
  [/^\/api\/v1\/households\/[^/]+\/life_events$/, "life_event"],
  [/^\/api\/v1\/households\/[^/]+\/residents$/, "resident_added"],
  [/^\/api\/v1\/residents\/[^/]+$/, "resident"],
  [/^\/api\/v1\/promises\/[^/]+\/fulfilment$/, "promise_kept"],
  [/^\/api\/v1\/visit_plans/, "plan"],
  [/^\/api\/v1\/visits\/[^/]+\/words$/, "words"],
  [/^\/api\/v1\/visits\/[^/]+\/addenda$/, "addendum"],
  [/^\/api\/v1\/matters\/[^/]+\/judgement$/, "judgement"],
  [/^\/api\/v1\/visits\/[^/]+$/, "visit_changed"],
  [/^\/api\/v1\/visits$/, "visit"],
  [/^\/api\/v1\/matters$/, "matter"],
  [/^\/api\/v1\/attachments$/, "photograph"],
];

/** What kind of act it is, such as `visit`; `other` for one this page knows nothing of. */
export function kindOf({ path }: Operation): string {
  const place = path.split("?")[0] ?? "";
  return kinds.find(([pattern]) => pattern.test(place))?.[1] ?? "other";
}

/** The section of the record it is about, where it is about one. */
export const sectionOf = ({ path }: Operation): string | undefined =>
  /\/(?:sections|consents)\/(\w+)/.exec(path)?.[1];

// What a person needs no word for: keys, and what an edit was made on.
const silent = /(^|_)id$|^(base|attachments|receipt|image|image_bytes|sha256)$/;

const instant = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/;
// Fields whose codes have words.
const coded = new Set(["met", "relation", "sex", "channel"]);

function said(value: unknown): string {
  if (typeof value === "string" && instant.test(value))
    return showInstant(value, language());
  if (Array.isArray(value)) return value.map(said).filter(Boolean).join("; ");
  if (typeof value === "object" && value !== null)
    return Object.entries(value)
      .filter(([key]) => !silent.test(key))
      .map(([, each]) => said(each))
      .filter(Boolean)
      .join(", ");
  return String(value ?? "");
}

/** What was written down, line by line, by the names of its fields. */
export function linesOf(operation: Operation): Row[] {
  const section = sectionOf(operation);
  const name = (field: string) =>
    section
      ? term(`record.${section}`, field, {})
      : term("desk.offline_field", field, {});
  return Object.entries(operation.body ?? {})
    .filter(([field]) => !silent.test(field))
    .map(([field, value]) => ({
      name: name(field),
      value:
        coded.has(field) && typeof value === "string"
          ? term(field, value)
          : said(value),
    }))
    .filter(({ value }) => value !== "");
}
