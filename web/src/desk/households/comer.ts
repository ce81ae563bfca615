import { t } from "../../lib/words.svelte";
import type { Question, Values } from "../parts/question";
import { findPeople } from "../parts/sources";
import { personQuestions } from "./person";

/** Somebody already on a register is taken from there; only others are written down anew. */
export function comer(): Question[] {
  const isNew = ({ known }: Values) => known === "no";
  return [
    {
      name: "known",
      label: t("desk.life.known"),
      kind: "radio",
      choices: [
        { value: "yes", text: t("desk.life.known.yes") },
        { value: "no", text: t("desk.life.known.no") },
      ],
    },
    {
      name: "resident_id",
      label: t("desk.life.who"),
      kind: "lookup",
      find: findPeople,
      when: ({ known }) => known === "yes",
    },
    ...personQuestions("resident.").map((one) => ({ ...one, when: isNew })),
  ];
}
