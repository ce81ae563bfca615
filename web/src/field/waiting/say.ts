import { showDate } from "../../lib/time";
import { language, t, term } from "../../lib/words.svelte";
import { sectionTitle } from "../../households/show";
import type { SectionName } from "../../households/sections";
import type { Kept, Operation } from "../keeping/operation";

/** What kind of act it is, by the request it is: the most telling pattern first. */
const kinds: [pattern: RegExp, kind: string][] = [
  [/^POST \/api\/v1\/visits$/, "visit"],
  [/^POST \/api\/v1\/matters$/, "matter"],
  [/\/sections\/[a-z_]+$/, "section"],
  [/^POST \/api\/v1\/households\/[^/]+\/residents$/, "person_new"],
  [/^PATCH \/api\/v1\/residents\//, "person"],
  [/\/life_events$/, "life_event"],
  [/\/consents/, "consent"],
  [/\/attachments/, "photo"],
  [/\/promises\/[^/]+\/fulfilment$/, "promise"],
  [/\/visit_plans/, "plan"],
  [/\/judgement$/, "judgement"],
  [/^POST \/api\/v1\/visits\/[^/]+\/words$/, "words"],
  [/^POST \/api\/v1\/visits\/[^/]+\/addenda$/, "addendum"],
];

// words:family field.act
/** An act in a few words, such as "Housing changed". */
export function sayAct({ method, path }: Operation): string {
  const [, kind = "other"] =
    kinds.find(([pattern]) => pattern.test(`${method} ${path}`)) ?? [];
  const section = /\/sections\/([a-z_]+)$/.exec(path)?.[1] as
    SectionName | undefined;
  return term("field.act", kind, {
    section: section ? sectionTitle(section) : "",
  });
}

/** What was written, for whoever must recognise it: the first text in it. */
export function gist({ path, body = {} }: Operation): string {
  if (path.endsWith("/life_events"))
    return `${term("desk.life", String(body["kind"]))} ${showDate(String(body["date"]), language())}`;
  for (const name of [
    "diary",
    "words",
    "text",
    "title",
    "name",
    "note",
    "reason",
  ]) {
    const value = body[name];
    if (typeof value === "string" && value) return value;
  }
  return "";
}

export const sayStanding = ({ standing, tried }: Kept) =>
  standing === "here" && tried
    ? t("field.state.on_its_way")
    : term("field.state", standing);

/** The page on which an act is written anew in its own place; undefined where there is none. */
export function writeAgain({ id, method, path, record }: Operation) {
  if (method === "POST" && path === "/api/v1/visits")
    return `/field/households/${record}/visit?instead=${id}`;
  return undefined;
}
