import type { Schema } from "../../lib/api";
import { showInstant } from "../../lib/time";
import { language, t, term } from "../../lib/words.svelte";
import type { Question, Values } from "../../parts/question";
import { type ActForm, post, type Subject } from "./act";
import { me } from "../session.svelte";
import { outcomes } from "../../matters/intake/codes";

type Ask = Schema<"Ask">;

/** The parts of an answer to one ask, named as the contract names them. */
const parts = [
  "outcome",
  "text",
  "rule",
  "appeal",
  "redirected_to",
  "beyond",
  "who_can",
] as const;

function ofAsk(text: string, place: number): Question[] {
  const field = (name: string) => `asks[${place}].${name}`;
  const is = (outcome: string) => (values: Values) =>
    values[field("outcome")] === outcome;
  const isBeyond = (values: Values) => values[field("beyond")] === true;
  // What was done was in the unit's power.
  const mayBe = (values: Values) =>
    ["partly", "explained", "refused", "redirected"].includes(
      String(values[field("outcome")]),
    );
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
      when: (values) =>
        is("refused")(values) || (mayBe(values) && isBeyond(values)),
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
    {
      name: field("beyond"),
      label: t("desk.answer.beyond"),
      hint: t("desk.answer.beyond_hint"),
      kind: "check",
      optional: true,
      when: mayBe,
    },
    {
      name: field("who_can"),
      label: t("desk.answer.who_can"),
      kind: "text",
      when: (values) => mayBe(values) && isBeyond(values),
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

/** What was written before, when it waits or was sent back. */
function draftOf({ draft }: Subject, asks: Ask[]): Values {
  if (!draft) return {};
  const given: Values = { text: draft.text };
  asks.forEach(({ id }, place) => {
    const said = draft.asks.find((ask) => ask.id === id);
    for (const part of parts)
      if (said?.[part] !== undefined)
        given[`asks[${place}].${part}`] = said[part];
  });
  return { ...given, attachment_ids: [...draft.attachment_ids] };
}

const pictures = ({ attachments = [] }: Subject): Question[] =>
  attachments.length === 0
    ? []
    : [
        {
          name: "attachment_ids",
          label: t("desk.answer.attach"),
          hint: t("desk.answer.attach_hint"),
          kind: "checks",
          optional: true,
          choices: attachments.map(({ id, caption, created_at }) => ({
            value: id,
            text: [caption, showInstant(created_at, language())]
              .filter(Boolean)
              .join(" · "),
          })),
        },
      ];

/** An answer gives every ask an outcome; a refusal names its rule. */
export function answering(matter: Subject): ActForm {
  const open = asksDue(matter);
  return {
    lead: t("desk.act_lead.answer"),
    given: draftOf(matter, open),
    questions: [
      { name: "text", label: t("desk.answer.whole"), kind: "long", rows: 5 },
      ...open.flatMap(({ text }, place) => ofAsk(text, place)),
      ...pictures(matter),
    ],
    send: (body, values, key) => {
      const asks = open.map(({ id }, place) => {
        const given = parts
          .map((part) => [part, body[`asks[${place}].${part}`]])
          .filter(([, value]) => value !== undefined && value !== false);
        return { id, ...Object.fromEntries(given) };
      });
      const whole = { text: body.text, asks };
      const { attachment_ids } = body;
      return post(matter, "answer")(
        { ...whole, ...(attachment_ids !== undefined && { attachment_ids }) },
        values,
        key,
      );
    },
  };
}
