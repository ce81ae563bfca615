import type {
  Conflict,
  HouseholdRecord,
  Kept,
  Operation,
  Refusal,
} from "../keeping/operation";

/** What became of an act that was not taken, as far as what one does next differs. */
export type Outcome =
  | "conflict"
  | "stale"
  | "closed"
  | "gone"
  | "head"
  | "not_mine"
  | "not_allowed"
  | "not_found"
  | "duplicate"
  | "consent"
  | "receipt"
  | "done_already"
  | "matter_over"
  | "own_work"
  | "rule"
  | "wrong"
  | "other";

const byCode: Record<string, Outcome> = {
  "households.closed": "closed",
  "residents.gone": "gone",
  "life_events.head_needed": "head",
  "life_events.already_head": "head",
  "life_events.already_member": "head",
  "access.reason_needed": "not_mine",
  "access.forbidden": "not_allowed",
  not_found: "not_found",
  "residents.possible_duplicate": "duplicate",
  "consents.not_given": "consent",
  "visit_plans.done": "done_already",
  duplicate_id: "done_already",
};
/** What held when the act was done and does not any more: the county's own settings. */
const ofRules = new Set([
  "unknown_category",
  "unknown_field",
  "unknown_section",
  "unknown_area",
  "unknown_value",
  "not_optional",
  "protected_category",
]);
const ofPeople = new Set(["not_a_member"]);

/** What somebody else did with a matter first: it was judged, reopened, or ended without a word. */
const isOver = /^matters\.(already_|not_when_|not_answered|appeal_instead)/;
const isJudgement = /^\/api\/v1\/matters\/[^/]+\/judgement$/;

export function outcomeOf({
  operation,
  refusal,
}: {
  operation?: Pick<Operation, "path">;
  refusal?: Refusal | undefined;
}): Outcome {
  if (!refusal) return "other";
  if (refusal.conflicts?.length) return "conflict";
  if (isOver.test(refusal.code)) return "matter_over";
  if (
    refusal.code === "access.forbidden" &&
    isJudgement.test(operation?.path ?? "")
  )
    return "own_work";
  const known = byCode[refusal.code];
  if (known) return known;
  const codes = (refusal.errors ?? []).map(({ code }) => code);
  const fields = (refusal.errors ?? []).map(({ field }) => field);
  if (fields.includes("receipt")) return "receipt";
  if (codes.some((code) => ofPeople.has(code))) return "gone";
  if (codes.some((code) => ofRules.has(code))) return "rule";
  if (codes.length > 0) return "wrong";
  return /(^|\.)stale$/.test(refusal.code) ? "stale" : "other";
}

/** What a person decided of one field. */
export type Choice =
  { keep: "theirs" } | { keep: "mine" } | { keep: "other"; value: unknown };

type Fields = Record<string, unknown>;

/** The county's own fields stand under `custom`, in the edit and in what it was made on. */
function put(fields: Fields, name: string, value: unknown): Fields {
  const own = /^custom\.(.+)$/.exec(name)?.[1];
  if (!own) return { ...fields, [name]: value };
  const custom = (fields["custom"] ?? {}) as Fields;
  return { ...fields, custom: { ...custom, [own]: value } };
}
function without(fields: Fields, name: string): Fields {
  const own = /^custom\.(.+)$/.exec(name)?.[1];
  const { [own ? "custom" : name]: held, ...rest } = fields;
  if (!own) return rest;
  const { [own]: _, ...custom } = (held ?? {}) as Fields;
  return Object.keys(custom).length > 0 ? { ...rest, custom } : rest;
}

/**
 * The edit as it was decided, made on what is there now; undefined when nothing of it is left to be
 * asked. Fields of which nobody disputes anything stay as they were asked.
 */
export function decided(
  { operation, refusal }: Kept,
  choices: ReadonlyMap<string, Choice>,
): Operation | undefined {
  let { base = {}, ...body } = (operation.body ?? {}) as Fields & {
    base?: Fields;
  };
  for (const { field, now } of refusal?.conflicts ?? []) {
    const choice = choices.get(field) ?? { keep: "theirs" };
    if (choice.keep === "theirs") {
      body = without(body, field);
      base = without(base, field);
      continue;
    }
    if (choice.keep === "other") body = put(body, field, choice.value);
    base = put(base, field, now);
  }
  const asked = Object.keys(body).filter((name) => name !== "visit_id");
  if (asked.length === 0) return undefined;
  return {
    ...operation,
    ...(refusal?.revision !== undefined && { if_match: refusal.revision }),
    body: { ...body, base },
  };
}

export interface Told {
  by?: string;
  at?: string;
}

/** Who changed a field meanwhile, and when. */
export function whoChanged(
  { field }: Conflict,
  { changes = [] }: Refusal,
): Told {
  const change = changes.find(
    (one) => one.field === field || one.field.endsWith(`.${field}`),
  );
  return {
    ...(change?.by && { by: change.by }),
    ...(change?.at && { at: change.at }),
  };
}

type Matter = NonNullable<HouseholdRecord["matters"]>[number];
const over = new Set(["settled", "concluded", "merged", "withdrawn"]);

/** The household's own word on a field, where it disputes what is recorded: a matter with a term. */
export function ownWord(
  { field }: Conflict,
  { path }: Operation,
  matters: Matter[] = [],
): Matter | undefined {
  const section = /\/sections\/([a-z_]+)/.exec(path)?.[1] ?? "residents";
  return matters.find(
    ({ category, title, state }) =>
      category === "register.correction" &&
      !over.has(state) &&
      (title === `${section}.${field}` || title === section),
  );
}

/** With a reason that the household reads, where the act is not one's own any more. */
export function withReason(operation: Operation, reason: string): Operation {
  if (/^\/api\/v1\/(visits|visit_plans)$/.test(operation.path))
    return { ...operation, body: { ...operation.body, reason } };
  const [path = "", query] = operation.path.split("?");
  const asked = new URLSearchParams(query);
  asked.set("reason", reason);
  return { ...operation, path: `${path}?${asked}` };
}

/** Somebody else than those who were found: the officer looked and says so. */
export function anew({ ...operation }: Operation): Operation {
  const body = operation.body ?? {};
  const resident = body["resident"] as Fields | undefined;
  const confirm_duplicate = true;
  return {
    ...operation,
    body: resident
      ? { ...body, resident: { ...resident, confirm_duplicate } }
      : { ...body, confirm_duplicate },
  };
}
