import type { Schema } from "../../lib/api";
import { t, term } from "../../lib/words.svelte";
import type { Sources } from "../../parts/find";
import type { Question, Values } from "../../parts/question";
import { comer } from "./comer";
import { choicesOf, personQuestions, relations } from "./person";

type Household = Schema<"Household">;
type Event = Schema<"LifeEventNew">;
export type EventKind = Event["kind"];

export const eventKinds: EventKind[] = [
  "birth",
  "death",
  "marriage_in",
  "move_in",
  "move_out",
  "split",
  "new_head",
];

const members = ({ residents }: Household) =>
  residents.filter(({ state }) => state === "present");
const choicesFrom = (people: Schema<"Resident">[]) =>
  people.map(({ id, name, relation }) => ({
    value: id,
    text: `${name} ${term("relation", relation)}`,
  }));

const list = (value: unknown): string[] =>
  Array.isArray(value) ? (value as string[]) : value ? [String(value)] : [];

/** Who goes, by the answers so far. */
const leaving = (values: Values) => [
  ...list(values.resident_id),
  ...list(values.members),
];

/** The head goes and somebody stays: then the household needs another. */
const headless = (record: Household) => (values: Values) => {
  const gone = leaving(values);
  const stay = members(record).filter(({ id }) => !gone.includes(id));
  return gone.includes(record.head_id ?? "") && stay.length > 0;
};

const newHead = (
  record: Household,
  when?: (values: Values) => boolean,
): Question => ({
  name: "new_head_id",
  label: t("desk.life.new_head"),
  hint: t("desk.life.new_head_hint"),
  kind: "select",
  choices: choicesFrom(
    members(record).filter(({ id }) => when || id !== record.head_id),
  ),
  ...(when && { when }),
});

/** How each of the others is related to the new head, once there is one. */
const relationsTo = (record: Household, within: boolean): Question[] =>
  members(record).map(({ id, name }) => ({
    name: `relation:${id}`,
    label: t("desk.life.relation", { name }),
    kind: "select",
    optional: true,
    choices: choicesOf("relation", relations),
    when: (values: Values) =>
      Boolean(values.new_head_id) &&
      values.new_head_id !== id &&
      leaving(values).includes(id) === within,
  }));

const day = (): Question => ({
  name: "date",
  label: t("desk.life.date"),
  kind: "date",
});
const where = ({ areas }: Sources): Question[] => [
  {
    name: "to_area_code",
    label: t("desk.life.to_area"),
    kind: "lookup",
    find: areas,
    optional: true,
  },
  {
    name: "to_address",
    label: t("desk.life.to_address"),
    kind: "text",
    optional: true,
  },
];
const who = (record: Household, label: string): Question => ({
  name: "resident_id",
  label,
  kind: "select",
  choices: choicesFrom(members(record)),
});
const several = (record: Household, label: string): Question => ({
  name: "members",
  label,
  kind: "checks",
  choices: choicesFrom(members(record)),
});

/** What each event asks. */
export const lifeQuestions: Record<
  EventKind,
  (record: Household, sources: Sources) => Question[]
> = {
  birth: () => personQuestions("resident."),
  death: (record) => [
    who(record, t("desk.life.who_died")),
    day(),
    newHead(record, headless(record)),
    ...relationsTo(record, false),
  ],
  marriage_in: (_record, sources) => [day(), ...comer(sources)],
  move_in: (_record, sources) => [day(), ...comer(sources)],
  move_out: (record, sources) => [
    several(record, t("desk.life.who_leaves")),
    day(),
    ...where(sources),
    newHead(record, headless(record)),
    ...relationsTo(record, false),
  ],
  split: (record, sources) => [
    several(record, t("desk.life.who_splits")),
    day(),
    {
      ...newHead(record, (values) => leaving(values).length > 0),
      label: t("desk.life.split_head"),
      hint: t("desk.life.split_head_hint"),
    },
    ...relationsTo(record, true),
    ...where(sources),
  ],
  new_head: (record) => [newHead(record), day(), ...relationsTo(record, false)],
};
