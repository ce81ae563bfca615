import { t } from "../../lib/words.svelte";
import { placeOf } from "../dispatch/entries";
import { type ActForm, post, type Subject } from "./act";
import { note, reason, unit } from "./asking";

const chosen = (one: { id: string; name: string }) => ({
  unit_id: one.id,
  "unit_id:text": one.name,
});

/** Whom the dispatch list names stands there first, with why; else who can settle it. */
export function assigning(matter: Subject): ActForm {
  const { named_unit: named, can_settle: can } = matter;
  const first = named ?? can?.unit;
  return {
    ...(named && {
      lead: t("desk.named_unit", {
        unit: named.name,
        place: placeOf(named.entry),
      }),
    }),
    questions: [unit(), note()],
    given: first && first.id !== matter.owner.unit_id ? chosen(first) : {},
    send: post(matter, "assignment"),
  };
}

export const passingUp = (matter: Subject): ActForm => ({
  lead: matter.can_settle
    ? t("desk.can_settle", { unit: matter.can_settle.unit.name })
    : t("desk.act_lead.passing_up"),
  questions: [
    unit({ hint: t("desk.passing_up.unit_hint"), optional: true }),
    reason(t("desk.told_hint")),
  ],
  given: matter.can_settle ? chosen(matter.can_settle.unit) : {},
  send: post(matter, "passing_up"),
});
