import { api, ok, type Schema } from "../../lib/api";
import { t, term } from "../../lib/words.svelte";
import { emptied } from "../admin/kept";
import type { Question, Values } from "../../parts/question";
import { findAreas, findHouseholds, findOfficers } from "../parts/sources";
import type { ActForm, Subject } from "./act";
import { findCategories } from "../../matters/intake/categories";
import { kinds } from "../../matters/intake/codes";

const questions = (): Question[] => [
  { name: "title", label: t("desk.title"), kind: "text" },
  {
    name: "kind",
    label: t("desk.kind"),
    kind: "select",
    choices: kinds.map((value) => ({ value, text: term("kind", value) })),
  },
  {
    name: "category",
    label: t("desk.category"),
    kind: "lookup",
    find: findCategories,
    optional: true,
  },
  {
    name: "area_code",
    label: t("desk.intake.area"),
    kind: "lookup",
    find: findAreas,
    optional: true,
  },
  {
    name: "household_id",
    label: t("desk.intake.household"),
    kind: "lookup",
    find: findHouseholds,
    optional: true,
  },
  {
    name: "officer_id",
    label: t("desk.officer"),
    hint: t("desk.officer_update_hint"),
    kind: "lookup",
    find: findOfficers,
    optional: true,
  },
  {
    name: "asks",
    label: t("desk.intake.asks"),
    hint: t("desk.update.asks_hint"),
    kind: "long",
  },
];

/** One ask a line: a line that stays in its place is the same ask, reworded. */
function asksOf(matter: Subject, text: string) {
  const lines = text.split("\n").map((line) => line.trim());
  return lines
    .filter((line) => line !== "")
    .map((line, place) => {
      const known = matter.asks?.[place];
      return { ...(known && { id: known.id }), text: line };
    });
}

export function updating(matter: Subject): ActForm {
  const answered = matter.asks?.some(({ outcome }) => outcome) ?? false;
  const asked = questions().filter(({ name }) => name !== "asks" || !answered);
  const given: Values = {
    title: matter.title,
    kind: matter.kind,
    category: matter.category ?? "",
    "category:text": matter.category ?? "",
    area_code: matter.area_code ?? "",
    "area_code:text": matter.area_name ?? "",
    household_id: matter.household?.id ?? "",
    "household_id:text": matter.household?.head_name ?? "",
    officer_id: matter.owner.officer_id ?? "",
    "officer_id:text": matter.owner.officer_name ?? "",
    asks: (matter.asks ?? []).map(({ text }) => text).join("\n"),
  };
  return {
    questions: asked,
    given,
    send: ({ asks, ...body }) =>
      ok(
        api.PATCH("/api/v1/matters/{id}", {
          params: {
            path: { id: matter.id },
            header: { "If-Match": String(matter.revision) },
          },
          body: {
            ...emptied(body, ["officer_id"]),
            ...(asks !== undefined && { asks: asksOf(matter, String(asks)) }),
          } as Schema<"MatterPatch">,
        }),
      ),
  };
}
