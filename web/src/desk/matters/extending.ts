import { api, ok } from "../../lib/api";
import { either, t } from "../../lib/words.svelte";
import type { Find } from "../../parts/find";
import { type ActForm, post, type Subject } from "./act";

/** Rules that lengthen another, by what they say or are called. */
const findRules: Find = async (q) => {
  const { items } = await ok(
    api.GET("/api/v1/rules", { params: { query: { limit: 200 } } }),
  );
  const wanted = q.toLowerCase();
  return items
    .filter(
      (rule) =>
        rule.step === "extend" &&
        `${rule.key} ${rule.article} ${rule.text_zh} ${rule.text_en}`
          .toLowerCase()
          .includes(wanted),
    )
    .slice(0, 10)
    .map((rule) => ({
      value: rule.key,
      text: rule.key,
      note: `${either({ zh: rule.text_zh, en: rule.text_en })} ${rule.article}`,
    }));
};

/** The extension that belongs to the rule that runs, as the shipped rules are named. */
const usual = (rule: string | undefined) =>
  rule ? rule.replace(/\.[^.]+$/, ".extend") : "";

export function extending(matter: Subject): ActForm {
  const rule = usual(matter.clock?.rule);
  return {
    lead: t("desk.act_lead.extension"),
    given: { rule, "rule:text": rule },
    questions: [
      {
        name: "rule",
        label: t("desk.extension.rule"),
        kind: "lookup",
        find: findRules,
      },
      { name: "days", label: t("desk.extension.days"), kind: "number" },
      {
        name: "reason",
        label: t("desk.reason"),
        hint: t("desk.told_hint"),
        kind: "long",
      },
    ],
    send: post(matter, "extension"),
  };
}
