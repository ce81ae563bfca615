import { api, ok, type Schema } from "../../lib/api";
import { showDate } from "../../lib/time";
import { language, t } from "../../lib/words.svelte";
import { ifMatch, type KeptForm, once } from "../admin/kept";
import { findCategories } from "../../matters/intake/categories";
import { type Entry, placeOf } from "../../matters/intake/entries";
import type { Question, Values } from "../../parts/question";
import { findAreas, findUnits } from "../parts/sources";

export { areaOf, categoryOf, placeOf } from "../../matters/intake/entries";
export type { Entry } from "../../matters/intake/entries";
export type Proposal = Schema<"DispatchProposal">;

/** "Since 3 May 2026", or from when to when. */
export const holds = ({ from, until }: Entry) =>
  until
    ? t("desk.dispatch.from_until", {
        from: showDate(from, language()),
        until: showDate(until, language()),
      })
    : t("desk.dispatch.since", { from: showDate(from, language()) });

const category = (): Question => ({
  name: "category",
  label: t("desk.category"),
  hint: t("desk.dispatch.category_hint"),
  kind: "lookup",
  find: findCategories,
  optional: true,
});
const area = (): Question => ({
  name: "area_code",
  label: t("desk.area"),
  hint: t("desk.dispatch.area_hint"),
  kind: "lookup",
  find: findAreas,
  optional: true,
});
const unit = (): Question => ({
  name: "unit_id",
  label: t("desk.dispatch.unit"),
  kind: "lookup",
  find: findUnits,
});
const naming = (): Question[] => [
  unit(),
  {
    name: "note",
    label: t("desk.note"),
    hint: t("desk.dispatch.note_hint"),
    kind: "text",
    optional: true,
  },
  {
    name: "from",
    label: t("desk.dispatch.from"),
    hint: t("desk.dispatch.from_hint"),
    kind: "date",
    optional: true,
  },
];

export const adding = (given: Values = {}): KeptForm => ({
  title: t("desk.dispatch.add"),
  lead: t("desk.dispatch.add_lead"),
  questions: [category(), area(), ...naming()],
  given,
  send: (body, _values, key) =>
    ok(
      api.POST("/api/v1/dispatch_list", {
        params: { header: once(key) },
        body: body as Schema<"DispatchEntryNew">,
      }),
    ),
});

export const replacing = (entry: Entry): KeptForm => ({
  title: placeOf(entry),
  lead: t("desk.dispatch.replace_lead", { unit: entry.unit_name }),
  questions: naming(),
  sendLabel: t("desk.dispatch.replace"),
  send: (body, _values, key) =>
    ok(
      api.POST("/api/v1/dispatch_list/{id}/replacement", {
        params: {
          path: { id: entry.id },
          header: { ...ifMatch(entry.revision), ...once(key) },
        },
        body: body as Schema<"DispatchReplacement">,
      }),
    ),
});

export const ending = (entry: Entry): KeptForm => ({
  title: t("desk.dispatch.end_of", { place: placeOf(entry) }),
  lead: t("desk.dispatch.end_lead"),
  danger: true,
  questions: [
    {
      name: "on",
      label: t("desk.dispatch.end_on"),
      hint: t("desk.dispatch.from_hint"),
      kind: "date",
      optional: true,
    },
    { name: "note", label: t("desk.reason"), kind: "text", optional: true },
  ],
  sendLabel: t("desk.dispatch.end"),
  send: (body, _values, key) =>
    ok(
      api.POST("/api/v1/dispatch_list/{id}/end", {
        params: {
          path: { id: entry.id },
          header: { ...ifMatch(entry.revision), ...once(key) },
        },
        body: body as Schema<"DispatchEnd">,
      }),
    ),
});

/** What an officer says should be named instead; the place is known where a matter shows it. */
export const proposing = (given: Values = {}): KeptForm => ({
  title: t("desk.dispatch.propose"),
  lead: t("desk.dispatch.propose_lead"),
  questions: [
    category(),
    area(),
    unit(),
    {
      name: "reason",
      label: t("desk.reason"),
      hint: t("desk.dispatch.reason_hint"),
      kind: "long",
    },
  ],
  given,
  sendLabel: t("desk.dispatch.propose"),
  send: (body, _values, key) =>
    ok(
      api.POST("/api/v1/dispatch_list/proposals", {
        params: { header: once(key) },
        body: body as Schema<"DispatchProposalNew">,
      }),
    ),
});

/** Takes the proposal, or declines it: two forms, so that neither is done by mistake. */
export const deciding = (proposal: Proposal, taken: boolean): KeptForm => ({
  title: taken ? t("desk.dispatch.take") : t("desk.dispatch.decline"),
  lead: t(taken ? "desk.dispatch.take_lead" : "desk.dispatch.decline_lead", {
    place: placeOf(proposal),
    unit: proposal.to_unit_name,
  }),
  danger: !taken,
  questions: taken
    ? [
        unit(),
        { name: "note", label: t("desk.note"), kind: "text", optional: true },
      ]
    : [{ name: "note", label: t("desk.reason"), kind: "text" }],
  given: {
    unit_id: proposal.to_unit_id,
    "unit_id:text": proposal.to_unit_name,
  },
  sendLabel: taken ? t("desk.dispatch.take") : t("desk.dispatch.decline"),
  send: (body, _values, key) =>
    ok(
      api.POST("/api/v1/dispatch_list/proposals/{id}/decision", {
        params: {
          path: { id: proposal.id },
          header: { ...ifMatch(proposal.revision), ...once(key) },
        },
        body: { ...body, taken },
      }),
    ),
});
