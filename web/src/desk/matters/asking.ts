import { t, term } from "../../lib/words.svelte";
import type { Question } from "../../parts/question";
import { findUnits } from "../parts/sources";
import type { ActForm } from "./act";

// Made anew for each dialog, so that they are in the language of the page.
export const note = (): Question => ({
  name: "note",
  label: t("desk.note"),
  kind: "text",
  optional: true,
});
export const reason = (hint?: string): Question => ({
  name: "reason",
  label: t("desk.reason"),
  hint,
  kind: "long",
});
export const unit = (more: Partial<Question> = {}) =>
  ({
    name: "unit_id",
    label: t("desk.unit"),
    kind: "lookup",
    find: findUnits,
    ...more,
  }) as Question;

export const yesNo = (name: string, label: string, yes: string, no: string) =>
  ({
    name,
    label,
    kind: "radio",
    choices: [
      { value: "yes", text: yes },
      { value: "no", text: no },
    ],
  }) as Question;

/** A yes or no is asked in words and sent as true or false. */
export const decided =
  (send: ActForm["send"], field: string): ActForm["send"] =>
  (body, values, key) =>
    send({ ...body, [field]: values[field] === "yes" }, values, key);

export const grades = (name: string, label: string): Question => ({
  name,
  label,
  kind: "select",
  optional: true,
  choices: ratings.map((value) => ({ value, text: term("rating", value) })),
});

const judgedBy = ["phone", "visit", "counter", "message", "letter"];
const ratings = ["5", "4", "3", "2", "1"];

export const judging = (isBeyond: boolean): Question[] => [
  yesNo("solved", t("desk.solved"), t("desk.solved.yes"), t("desk.solved.no")),
  {
    name: "asked_by_channel",
    label: t("desk.asked_by"),
    kind: "select",
    choices: judgedBy.map((value) => ({
      value,
      text: term("channel", value),
    })),
  },
  grades("rating", t("desk.rating")),
  ...(isBeyond ? [grades("treated", t("desk.rating.treated"))] : []),
  { name: "text", label: t("desk.their_words"), kind: "long", optional: true },
];
