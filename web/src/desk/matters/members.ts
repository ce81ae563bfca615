import { api, ok, type Schema } from "../../lib/api";
import { t } from "../../lib/words.svelte";
import { findHouseholds } from "../parts/sources";
import { type ActForm, type Matter, post } from "./act";
import { decided, judging, reason } from "./asking";

export type Member = Schema<"Member">;

/** What a member is known by: the household, else how to reach them, else their receipt. */
export const nameOf = ({ household, contact, receipt }: Member) =>
  household?.head_name ??
  ([contact?.name, contact?.phone, contact?.address]
    .filter(Boolean)
    .join(" ") ||
    receipt);

/** Reading them is written down for each household. */
export const membersOf = ({ id }: { id: string }) =>
  ok(api.GET("/api/v1/matters/{id}/members", { params: { path: { id } } }));

export const joining = (matter: Matter): ActForm => ({
  lead: t("desk.member.lead"),
  questions: [
    {
      name: "household_id",
      label: t("desk.intake.household"),
      kind: "lookup",
      find: findHouseholds,
      optional: true,
    },
    {
      name: "contact",
      label: t("desk.contact"),
      hint: t("desk.member.contact_hint"),
      kind: "text",
      optional: true,
    },
    {
      name: "text",
      label: t("desk.in_their_words"),
      kind: "long",
      optional: true,
    },
  ],
  send: post(matter, "members"),
});

export const naming = (matter: Matter, members: Member[]): ActForm => {
  const there = members.filter(({ left_at }) => !left_at);
  return {
    lead: t("desk.representatives.lead"),
    questions: [
      {
        name: "member_ids",
        label: t("desk.representatives"),
        kind: "checks",
        optional: true,
        choices: there.map((member) => ({
          value: member.id,
          text: nameOf(member),
          hint: member.receipt,
        })),
      },
    ],
    given: {
      member_ids: there
        .filter(({ representative }) => representative)
        .map(({ id }) => id),
    },
    send: ({ member_ids = [] }, values, key) =>
      post(matter, "representatives")({ member_ids }, values, key),
  };
};

const postOf =
  (matter: Matter, member: Member, act: "judgement" | "withdrawal") =>
  (body: object, _values: unknown, key: string) =>
    ok(
      api.POST(`/api/v1/matters/{id}/members/{member_id}/${act}`, {
        params: {
          path: { id: matter.id, member_id: member.id },
          header: { "Idempotency-Key": key },
        },
        body: body as never,
      }),
    );

export const judgingFor = (matter: Matter, member: Member): ActForm => ({
  lead: t("desk.act_lead.judgement"),
  questions: judging(false),
  send: (body, values, key) => {
    const rating = body.rating ? { rating: Number(body.rating) } : {};
    const send = decided(postOf(matter, member, "judgement"), "solved");
    return send({ ...body, ...rating }, values, key);
  },
});

export const leaving = (matter: Matter, member: Member): ActForm => ({
  lead: t("desk.member.leave_lead"),
  danger: true,
  questions: [
    reason(t("desk.in_their_words")),
    { name: "by_resident", label: t("desk.by_resident"), kind: "check" },
  ],
  send: postOf(matter, member, "withdrawal"),
});
