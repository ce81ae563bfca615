import { t, term } from "../../lib/words.svelte";
import type { Question, Values } from "../parts/question";
import { type ActForm, post, type Subject } from "./act";
import { me } from "../session.svelte";
import { outcomes } from "./codes";

/** The parts of an answer to one ask, named as the contract names them. */
const parts = ["outcome", "text", "rule", "appeal", "redirected_to"] as const;

function ofAsk(text: string, place: number): Question[] {
  const field = (name: string) => `asks[${place}].${name}`;
  const is = (outcome: string) => (values: Values) =>
    values[field("outcome")] === outcome;
  return [
    {
      name: field("outcome"),
      heading: `${place + 1}. ${text}`,
      label: t("desk.answer.outcome"),
      kind: "select",
      choices: outcomes.map((value) => ({
        value,
        text: term("outcome", value),
      })),
    },
    { name: field("text"), label: t("desk.answer.ask"), kind: "long", rows: 3 },
    {
      name: field("rule"),
      label: t("desk.answer.rule"),
      hint: t("desk.answer.rule_hint"),
      kind: "text",
      when: is("refused"),
    },
    {
      name: field("appeal"),
      label: t("desk.answer.appeal"),
      hint: t("desk.answer.appeal_hint"),
      kind: "text",
      optional: true,
      when: is("refused"),
    },
    {
      name: field("redirected_to"),
      label: t("desk.answer.redirected"),
      kind: "text",
      when: is("redirected"),
    },
  ];
}

/** The owner answers for the whole; a co-handling unit the asks it was given. */
function asksDue({ asks = [], owner }: Subject) {
  const { unit, roles } = me().officer;
  const own = [unit.id, ...roles.map(({ unit_id }) => unit_id)];
  const open = asks.filter(({ outcome }) => !outcome);
  return own.includes(owner.unit_id)
    ? open
    : open.filter(({ unit_id }) => unit_id && own.includes(unit_id));
}

/** An answer gives every ask an outcome; a refusal names its rule. */
export function answering(matter: Subject): ActForm {
  const open = asksDue(matter);
  return {
    lead: t("desk.act_lead.answer"),
    questions: [
      { name: "text", label: t("desk.answer.whole"), kind: "long", rows: 5 },
      ...open.flatMap(({ text }, place) => ofAsk(text, place)),
    ],
    send: (body, values, key) => {
      const asks = open.map(({ id }, place) => {
        const given = parts
          .map((part) => [part, body[`asks[${place}].${part}`]])
          .filter(([, value]) => value !== undefined);
        return { id, ...Object.fromEntries(given) };
      });
      return post(matter, "answer")({ text: body.text, asks }, values, key);
    },
  };
}
