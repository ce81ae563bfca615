import type { Schema } from "../../lib/api";
import { t } from "../../lib/words.svelte";
import { type ActForm, post, type Subject } from "../matters/act";
import { unit } from "../matters/asking";

export type HarmReport = Schema<"HarmReport">;

/** What the law wants passed on: to whom, on what ground, and only what is needed. */
export const reporting = (matter: Subject): ActForm => ({
  lead: t("desk.act_lead.harm_report"),
  danger: true,
  questions: [
    {
      name: "ground",
      label: t("desk.harm.ground"),
      kind: "radio",
      choices: [
        { value: "child", text: t("desk.harm.child") },
        { value: "home", text: t("desk.harm.home") },
      ],
    },
    unit({ label: t("desk.harm.to"), hint: t("desk.harm.to_hint") }),
    {
      name: "text",
      label: t("desk.harm.text"),
      hint: t("desk.harm.text_hint"),
      kind: "long",
    },
    ...(matter.anonymous
      ? []
      : [
          {
            name: "names_who",
            label: t("desk.harm.names_who"),
            kind: "check" as const,
            optional: true,
          },
        ]),
    {
      name: "untold",
      label: t("desk.harm.untold"),
      hint: t("desk.harm.untold_hint"),
      kind: "check",
      optional: true,
    },
    {
      name: "not_told_reason",
      label: t("desk.harm.not_told_reason"),
      kind: "long",
      when: ({ untold }) => untold === true,
    },
  ],
  send: (body, values, key) => {
    const { untold, ...rest } = body;
    const told = { ...rest, tell_resident: values.untold !== true };
    return post(matter, "harm_reports")(told, values, key);
  },
});
