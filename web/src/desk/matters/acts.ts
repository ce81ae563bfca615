import { t, term } from "../../lib/words.svelte";
import { findMatters, findOfficers } from "../parts/sources";
import { reporting } from "../safety/harm";
import { type ActForm, type FormName, post, type Subject } from "./act";
import { answering } from "./answering";
import { decided, judging, note, reason, unit, yesNo } from "./asking";
import { leading, stepping } from "../hard/leading";
import { extending } from "./extending";
import { assigning, passingUp } from "./routing";
import { updating } from "./updating";

/** What the resident says, or takes back, written down by somebody whose work it was not. */
function judged(
  matter: Subject,
  path: "judgement" | "judgement_correction",
): ActForm {
  return {
    lead: term("desk.act_lead", path),
    questions: judging(matter.asks?.some(({ beyond }) => beyond) ?? false),
    send: (body, values, key) => {
      const { rating, treated, ...rest } = body;
      const send = decided(post(matter, path), "solved");
      const said = {
        ...rest,
        ...(rating !== undefined && { rating: Number(rating) }),
        ...(treated !== undefined && { treated: Number(treated) }),
      };
      return send(said, values, key);
    },
  };
}

const make: Record<FormName, (matter: Subject) => ActForm> = {
  assignment: assigning,
  passing_up: passingUp,
  acceptance: (matter) => ({
    lead: t("desk.act_lead.acceptance"),
    questions: [
      {
        name: "officer_id",
        label: t("desk.officer"),
        hint: t("desk.officer_hint"),
        kind: "lookup",
        find: findOfficers,
        optional: true,
      },
      note(),
    ],
    send: post(matter, "acceptance"),
  }),
  return: (matter) => ({
    lead: t("desk.act_lead.return"),
    questions: [reason()],
    send: post(matter, "return"),
  }),
  return_decision: (matter) => ({
    ...(matter.pending_return && { lead: matter.pending_return.reason }),
    questions: [
      yesNo(
        "agreed",
        t("desk.decision"),
        t("desk.return.agree"),
        t("desk.return.refuse"),
      ),
      unit({
        label: t("desk.return.next"),
        hint: t("desk.return.next_hint"),
        optional: true,
        when: ({ agreed }) => agreed === "yes",
      }),
      note(),
    ],
    send: decided(post(matter, "return_decision"), "agreed"),
  }),
  co_handlers: (matter) => ({
    questions: [
      unit(),
      {
        name: "ask_ids",
        label: t("desk.co.asks"),
        kind: "checks",
        choices: (matter.asks ?? []).map(({ id, text }) => ({
          value: id,
          text,
        })),
      },
      note(),
    ],
    send: post(matter, "co_handlers"),
  }),
  answer: answering,
  answer_decision: (matter) => ({
    lead: t("desk.act_lead.answer_decision"),
    questions: [
      yesNo(
        "approved",
        t("desk.decision"),
        t("desk.draft.agree"),
        t("desk.draft.refuse"),
      ),
      {
        name: "note",
        label: t("desk.draft.note"),
        kind: "long",
        rows: 3,
        when: ({ approved }) => approved === "no",
      },
    ],
    send: (body, values, key) => {
      const send = decided(post(matter, "answer_decision"), "approved");
      return send({ ...body, draft_id: matter.draft?.id }, values, key);
    },
  }),
  extension: extending,
  extension_decision: (matter) => ({
    ...(matter.extensions && {
      lead: matter.extensions.at(-1)?.reason ?? "",
    }),
    questions: [
      yesNo(
        "granted",
        t("desk.decision"),
        t("desk.extension.grant"),
        t("desk.extension.refuse"),
      ),
      note(),
    ],
    send: decided(post(matter, "extension_decision"), "granted"),
  }),
  judgement: (matter) => judged(matter, "judgement"),
  judgement_correction: (matter) => judged(matter, "judgement_correction"),
  appeal: (matter) => ({
    lead: t("desk.act_lead.appeal"),
    questions: [reason(t("desk.in_their_words"))],
    send: post(matter, "appeal"),
  }),
  withdrawal: (matter) => ({
    lead: t("desk.act_lead.withdrawal"),
    danger: true,
    questions: [
      reason(t("desk.in_their_words")),
      { name: "by_resident", label: t("desk.by_resident"), kind: "check" },
    ],
    send: post(matter, "withdrawal"),
  }),
  reminder: (matter) => ({
    questions: [{ name: "note", label: t("desk.reminder"), kind: "long" }],
    send: post(matter, "reminder"),
  }),
  order: (matter) => ({
    lead: t("desk.act_lead.order"),
    questions: [{ name: "text", label: t("desk.order"), kind: "long" }],
    send: post(matter, "orders"),
  }),
  pause: (matter) => ({
    lead: t("desk.act_lead.pause"),
    questions: [
      {
        name: "kind",
        label: t("desk.pause.kind"),
        kind: "select",
        choices: (matter.pause_kinds ?? []).map((value) => ({
          value,
          text: term("desk.pause_kind", value),
        })),
      },
      { name: "from", label: t("desk.pause.from"), kind: "date" },
      { name: "until", label: t("desk.pause.until"), kind: "date" },
      reason(t("desk.told_hint")),
    ],
    send: post(matter, "pauses"),
  }),
  note: (matter) => ({
    lead: t("desk.act_lead.note"),
    questions: [
      { name: "text", label: t("desk.note"), kind: "long" },
      {
        name: "contact",
        label: t("desk.note.contact"),
        hint: t("desk.note.contact_hint"),
        kind: "check",
        optional: true,
      },
    ],
    send: post(matter, "note"),
  }),
  merge: (matter) => ({
    lead: t("desk.act_lead.merge"),
    danger: true,
    questions: [
      {
        name: "into_id",
        label: t("desk.merge.into"),
        hint: t("desk.merge.hint"),
        kind: "lookup",
        find: findMatters,
      },
    ],
    send: post(matter, "merge"),
  }),
  unmerge: (matter) => ({
    lead: t("desk.act_lead.unmerge"),
    questions: [reason()],
    send: post(matter, "unmerge"),
  }),
  confidentiality: (matter) => ({
    lead: t("desk.act_lead.confidentiality"),
    questions: [
      {
        name: "confidential",
        label: t("desk.shelter.by_resident"),
        kind: "check",
      },
    ],
    send: post(matter, "confidentiality"),
  }),
  unmasking: (matter) => ({
    lead: t("desk.act_lead.unmasking"),
    questions: [
      {
        name: "ground",
        label: t("desk.unmasking.ground"),
        hint: t("desk.unmasking.ground_hint"),
        kind: "text",
      },
      reason(t("desk.told_hint")),
    ],
    send: post(matter, "unmaskings"),
  }),
  harm_report: reporting,
  update: updating,
  lead: leading,
  step: stepping,
};

export const actForm = (name: FormName, matter: Subject): ActForm =>
  make[name](matter);
