import { api, ok, type Schema } from "../../lib/api";
import { t, term } from "../../lib/words.svelte";
import type { ActForm } from "../matters/act";
import { unit } from "../matters/asking";
import type { Question } from "../../parts/question";
import { findMatters, findOfficers } from "../parts/sources";
import { linesOf } from "./leading";

export type JointMeeting = Schema<"JointMeeting">;
export type Item = JointMeeting["items"][number];

export const jointTones = {
  planned: "info",
  held: "good",
  cancelled: "neutral",
} as const;

const header = (key: string) => ({ "Idempotency-Key": key });
const kinds = ["assign", "lead", "order", "text"] as const;
const only =
  (...wanted: string[]) =>
  ({ kind }: Record<string, unknown>) =>
    wanted.includes(String(kind));

const questions = (): Question[] => [
  {
    name: "kind",
    label: t("desk.joint.decision"),
    kind: "radio",
    choices: kinds.map((value) => ({
      value,
      text: term("desk.joint_decision", value),
    })),
  },
  unit({ when: only("assign") }),
  {
    name: "leader_id",
    label: t("desk.lead.leader"),
    kind: "lookup",
    find: findOfficers,
    when: only("lead"),
  },
  {
    name: "measures",
    label: t("desk.lead.measures"),
    hint: t("desk.lead.measures_hint"),
    kind: "long",
    rows: 3,
    when: only("lead"),
  },
  {
    name: "until",
    label: t("desk.lead.until"),
    kind: "date",
    when: only("lead"),
  },
  {
    name: "responsible_id",
    label: t("desk.lead.responsible"),
    kind: "lookup",
    find: findOfficers,
    when: only("lead"),
  },
  {
    name: "text",
    label: t("desk.joint.decision_text"),
    hint: t("desk.joint.decision_hint"),
    kind: "long",
    rows: 3,
  },
];

/** What was decided about one matter: it is done to it at once. */
export const decidingItem = (meeting: JointMeeting, item: Item): ActForm => ({
  lead: item.why.map((why) => term("desk.why", why)).join(t("value.and")),
  questions: questions(),
  send: (body, _values, key) =>
    ok(
      api.POST("/api/v1/joint_meetings/{id}/items/{matter_id}/decision", {
        params: {
          path: { id: meeting.id, matter_id: item.matter.id },
          header: header(key),
        },
        body: {
          ...body,
          ...(body.measures !== undefined && {
            measures: linesOf(body.measures),
          }),
        } as Schema<"AgendaDecision">,
      }),
    ),
});

export const removingItem = (meeting: JointMeeting, item: Item): ActForm => ({
  lead: item.matter.title,
  questions: [{ name: "reason", label: t("desk.reason"), kind: "long" }],
  send: (body, _values, key) =>
    ok(
      api.POST("/api/v1/joint_meetings/{id}/items/{matter_id}/removal", {
        params: {
          path: { id: meeting.id, matter_id: item.matter.id },
          header: header(key),
        },
        body: body as Schema<"LeadRelease">,
      }),
    ),
});

export const addingItem = (meeting: JointMeeting): ActForm => ({
  questions: [
    {
      name: "matter_id",
      label: t("desk.matter"),
      kind: "lookup",
      find: findMatters,
    },
    { name: "reason", label: t("desk.reason"), kind: "long" },
  ],
  send: (body, _values, key) =>
    ok(
      api.POST("/api/v1/joint_meetings/{id}/items", {
        params: { path: { id: meeting.id }, header: header(key) },
        body: body as Schema<"AgendaItemNew">,
      }),
    ),
});

export const endingJoint = (
  meeting: JointMeeting,
  state: "held" | "cancelled",
): ActForm => ({
  questions: [
    {
      name: "words",
      label: state === "held" ? t("desk.joint.words") : t("desk.reason"),
      kind: "long",
      rows: 6,
    },
  ],
  send: (body) =>
    ok(
      api.POST("/api/v1/joint_meetings/{id}/end", {
        params: {
          path: { id: meeting.id },
          header: { "If-Match": String(meeting.revision) },
        },
        body: { ...body, state } as Schema<"JointMeetingEnd">,
      }),
    ),
});
