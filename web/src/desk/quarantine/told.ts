import type { Schema } from "../../lib/api";
import { showInstant } from "../../lib/time";
import { language, t, term } from "../../lib/words.svelte";
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
const silent =
  /(^|_)id$|^(base|members|relations|attachments|receipt|image|image_bytes|sha256)$/;

const instant = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/;
// Fields whose codes have words, by the family of these.
const coded: Record<string, string> = {
  ...{ met: "met", relation: "relation", sex: "sex", care: "care" },
  ...{ channel: "channel", asked_by_channel: "channel" },
  how: "desk.consent_how",
};

function said(value: unknown, family?: string): string {
  if (typeof value === "boolean") return t(value ? "value.yes" : "value.no");
  if (family && typeof value === "string") return term(family, value);
  if (typeof value === "string" && instant.test(value))
    return showInstant(value, language());
  if (Array.isArray(value))
    return value
      .map((each) => said(each, family))
      .filter(Boolean)
      .join("; ");
  if (typeof value === "object" && value !== null)
    return Object.entries(value)
      .filter(([key]) => !silent.test(key))
      .map(([, each]) => said(each))
      .filter(Boolean)
      .join(", ");
  return String(value ?? "");
}

/** A family's event and a matter both have a `kind`, each its own. */
const familyOf = (operation: Operation, field: string) =>
  field === "kind"
    ? kindOf(operation) === "life_event"
      ? "desk.life"
      : "kind"
    : coded[field];

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
      value: said(value, familyOf(operation, field)),
    }))
    .filter(({ value }) => value !== "");
}
