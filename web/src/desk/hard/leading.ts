import { api, ok, type Schema } from "../../lib/api";
import { showDate } from "../../lib/time";
import { language, t } from "../../lib/words.svelte";
import type { ActForm, Subject } from "../matters/act";
import type { Question } from "../../parts/question";
import { findOfficers } from "../parts/sources";

/** One to a line, as people write lists. */
export const linesOf = (text: unknown) =>
  String(text ?? "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

const four = (): Question[] => [
  {
    name: "leader_id",
    label: t("desk.lead.leader"),
    hint: t("desk.lead.leader_hint"),
    kind: "lookup",
    find: findOfficers,
  },
  {
    name: "measures",
    label: t("desk.lead.measures"),
    hint: t("desk.lead.measures_hint"),
    kind: "long",
  },
  {
    name: "until",
    label: t("desk.lead.until"),
    hint: t("desk.lead.until_hint"),
    kind: "date",
  },
  {
    name: "responsible_id",
    label: t("desk.lead.responsible"),
    hint: t("desk.lead.responsible_hint"),
    kind: "lookup",
    find: findOfficers,
  },
];

const starting = (matter: Subject): ActForm => ({
  lead: t("desk.act_lead.lead"),
  questions: four(),
  given: matter.owner.officer_id
    ? {
        responsible_id: matter.owner.officer_id,
        "responsible_id:text": matter.owner.officer_name ?? "",
      }
    : {},
  send: (body, _values, key) =>
    ok(
      api.POST("/api/v1/matters/{id}/lead", {
        params: { path: { id: matter.id }, header: { "Idempotency-Key": key } },
        body: {
          ...body,
          measures: linesOf(body.measures),
        } as Schema<"LeadNew">,
      }),
    ),
});

const changing = (matter: Subject, lead: Schema<"Lead">): ActForm => ({
  lead: t("desk.lead.change_lead", {
    name: lead.leader_name,
    date: showDate(lead.until, language()),
  }),
  questions: [
    ...four(),
    { name: "reason", label: t("desk.reason"), kind: "long", rows: 2 },
  ],
  given: {
    ...(!lead.leader_left && {
      leader_id: lead.leader_id,
      "leader_id:text": lead.leader_name,
    }),
    measures: lead.measures.join("\n"),
    until: lead.until,
    ...(!lead.responsible_left && {
      responsible_id: lead.responsible_id,
      "responsible_id:text": lead.responsible_name,
    }),
  },
  send: (body) =>
    ok(
      api.PATCH("/api/v1/matters/{id}/lead", {
        params: {
          path: { id: matter.id },
          header: { "If-Match": String(lead.revision) },
        },
        body: {
          ...body,
          measures: linesOf(body.measures),
        } as Schema<"LeadPatch">,
      }),
    ),
});

/** Puts a matter under a named lead official, or changes one of the four fixed things. */
export const leading = (matter: Subject): ActForm =>
  matter.lead ? changing(matter, matter.lead) : starting(matter);

export const releasing = (matter: Subject): ActForm => ({
  lead: t("desk.lead.release_lead"),
  questions: [{ name: "reason", label: t("desk.reason"), kind: "long" }],
  send: (body, _values, key) =>
    ok(
      api.POST("/api/v1/matters/{id}/lead_release", {
        params: { path: { id: matter.id }, header: { "Idempotency-Key": key } },
        body: body as Schema<"LeadRelease">,
      }),
    ),
});

export const stepping = (matter: Subject): ActForm => ({
  questions: [
    { name: "text", label: t("desk.step.text"), kind: "text" },
    { name: "due", label: t("desk.step.due"), kind: "date" },
    {
      name: "officer_id",
      label: t("desk.step.officer"),
      ...(matter.lead && { hint: t("desk.step.officer_hint") }),
      kind: "lookup",
      find: findOfficers,
      optional: matter.lead !== undefined,
    },
  ],
  send: (body, _values, key) =>
    ok(
      api.POST("/api/v1/matters/{id}/steps", {
        params: { path: { id: matter.id }, header: { "Idempotency-Key": key } },
        body: body as Schema<"StepNew">,
      }),
    ),
});

export const ending = (
  matter: string,
  step: string,
  how: "done" | "dropped",
): ActForm => ({
  questions: [
    {
      name: "note",
      label: how === "done" ? t("desk.step.result") : t("desk.step.why"),
      kind: "long",
      rows: 3,
      optional: how === "done",
    },
  ],
  send: (body, _values, key) =>
    ok(
      api.POST("/api/v1/matters/{id}/steps/{step_id}/end", {
        params: {
          path: { id: matter, step_id: step },
          header: { "Idempotency-Key": key },
        },
        body: { ...body, ending: how },
      }),
    ),
});
