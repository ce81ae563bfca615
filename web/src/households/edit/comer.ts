import { t } from "../../lib/words.svelte";
import type { Sources } from "../../parts/find";
import type { Question, Values } from "../../parts/question";
import { personQuestions } from "./person";

/** Somebody already on a register is taken from there; only others are written down anew. */
export function comer({ people }: Sources): Question[] {
  // Where nobody can be looked up, the office finds out who it is by the name and the birthday.
  if (!people) return personQuestions("resident.");
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
      find: people,
      when: ({ known }) => known === "yes",
    },
    ...personQuestions("resident.").map((one) => ({ ...one, when: isNew })),
  ];
}
