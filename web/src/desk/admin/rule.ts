import type { Schema } from "../../lib/api";
import { t, term } from "../../lib/words.svelte";
import { kinds } from "../../matters/intake/codes";
import type { Question, Values } from "../../parts/question";

const units = ["working_days", "calendar_days", "hours"];

export const ruleQuestions = (): Question[] => [
  {
    name: "key",
    label: t("desk.rule"),
    hint: t("desk.rule.key_hint"),
    kind: "text",
  },
  {
    name: "step",
    label: t("desk.rule.step"),
    hint: t("desk.rule.step_hint"),
    kind: "text",
  },
  { name: "holds_from", label: t("desk.rule.from"), kind: "date" },
  { name: "term.days", label: t("desk.rule.length"), kind: "number" },
  {
    name: "term.unit",
    label: t("desk.rule.unit"),
    kind: "select",
    choices: units.map((value) => ({ value, text: term("day_unit", value) })),
  },
  {
    name: "kinds",
    label: t("desk.rule.kinds"),
    hint: t("desk.rule.kinds_hint"),
    kind: "checks",
    optional: true,
    choices: kinds.map((value) => ({ value, text: term("kind", value) })),
  },
  {
    name: "category",
    label: t("desk.category"),
    kind: "text",
    optional: true,
  },
  {
    name: "extended_by",
    label: t("desk.rule.extended_by"),
    kind: "text",
    optional: true,
  },
  {
    name: "needs_approval",
    label: t("desk.rule.approval"),
    kind: "check",
    optional: true,
  },
  { name: "article", label: t("desk.rule.article"), kind: "text" },
  { name: "text_zh", label: t("desk.rule.text_zh"), kind: "long", rows: 3 },
  { name: "text_en", label: t("desk.rule.text_en"), kind: "long", rows: 3 },
];

export const ruleGiven = (rule: Schema<"Rule">): Values => ({
  key: rule.key,
  step: rule.step,
  "term.days": String(rule.term.days),
  "term.unit": rule.term.unit,
  kinds: [...rule.kinds],
  category: rule.category ?? "",
  extended_by: rule.extended_by ?? "",
  needs_approval: rule.needs_approval,
  article: rule.article,
  text_zh: rule.text_zh,
  text_en: rule.text_en,
});

/** The answers as a rule, its term put together. */
export function ruleOf(body: Record<string, unknown>): Schema<"RuleNew"> {
  const { "term.days": days, "term.unit": unit, ...rest } = body;
  return { ...rest, term: { days, unit } } as Schema<"RuleNew">;
}
