import type { Schema } from "../../lib/api";
import { t, term } from "../../lib/words.svelte";
import { languages } from "../../org/languages.svelte";
import type { Question, Values } from "../../parts/question";
import { baseOf, type Edit } from "./clash";

type Resident = Schema<"Resident">;

export const relations = [
  "spouse",
  "child",
  "child_in_law",
  "parent",
  "parent_in_law",
  "grandchild",
  "grandparent",
  "sibling",
  "other",
] as const;
const cares = [
  "orphan",
  "disabled",
  "left_behind_child",
  "living_alone",
  "needs_nursing",
];

export function ageOn(day: string, born: string): number {
  const years = Number(day.slice(0, 4)) - Number(born.slice(0, 4));
  return day.slice(5) < born.slice(5) ? years - 1 : years;
}

export const choicesOf = (family: "relation", codes: readonly string[]) =>
  codes.map((value) => ({ value, text: term(family, value) }));

/** What is asked about a person; `prefix` where the person is a part of a larger form. */
export function personQuestions(
  prefix = "",
  { fixed }: { fixed?: boolean } = {},
): Question[] {
  const field = (name: string) => prefix + name;
  const relation: Question = {
    name: field("relation"),
    label: t("desk.person.relation"),
    kind: "select",
    choices: choicesOf("relation", relations),
  };
  return [
    { name: field("name"), label: t("desk.person.name"), kind: "text" },
    {
      name: field("sex"),
      label: t("desk.person.sex"),
      kind: "radio",
      choices: ["male", "female"].map((value) => ({
        value,
        text: term("sex", value),
      })),
    },
    {
      name: field("birth_date"),
      label: t("desk.person.birth_date"),
      kind: "date",
    },
    // The head stays the head but by a life event.
    ...(fixed ? [] : [relation]),
    {
      name: field("phone"),
      label: t("desk.person.phone"),
      kind: "phone",
      optional: true,
    },
    {
      name: field("id_number"),
      label: t("desk.person.id_number"),
      hint: t("desk.person.id_number_hint"),
      kind: "text",
      optional: true,
    },
    {
      name: field("languages"),
      label: t("desk.person.languages"),
      kind: "checks",
      optional: true,
      choices: languages(),
    },
    {
      name: field("care"),
      label: t("desk.person.care"),
      kind: "checks",
      optional: true,
      choices: cares.map((value) => ({ value, text: term("care", value) })),
    },
    {
      name: field("away_place"),
      label: t("desk.person.away_place"),
      kind: "text",
      optional: true,
    },
  ];
}

export const personGiven = (person: Resident): Values => ({
  name: person.name,
  sex: person.sex ?? "",
  birth_date: person.birth_date ?? "",
  relation: person.relation,
  phone: person.phone ?? "",
  languages: person.languages ?? [],
  care: person.care ?? [],
  away_place: person.away_place ?? "",
});

/** What differs from the person as they were seen; what was emptied is null. */
export function personEdit(known: Resident, values: Values): Edit {
  const before = personGiven(known);
  const changed = personQuestions()
    .map(({ name }) => name)
    .filter(
      (name) =>
        JSON.stringify(values[name] ?? "") !==
        JSON.stringify(before[name] ?? ""),
    )
    .map((name) => [name, values[name] === "" ? null : values[name]] as const);
  const body = Object.fromEntries(changed);
  return { revision: known.revision, body, base: baseOf(body, { ...known }) };
}
