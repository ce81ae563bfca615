import { api, ok, type Schema } from "../../lib/api";
import { either, t } from "../../lib/words.svelte";
import { languages } from "../../org/languages.svelte";
import type { Question, Values } from "../../parts/question";
import type { Option } from "../../parts/find";
import { findUnits } from "../parts/sources";
import { emptied, ifMatch } from "./kept";

type Officer = Schema<"Officer">;

/** Ranks are the settings' quotas. */
async function findRanks(q: string): Promise<Option[]> {
  const { quotas } = await ok(api.GET("/api/v1/settings"));
  return quotas
    .map((quota) => ({
      value: quota.rank,
      text: either({ zh: quota.label_zh, en: quota.label_en }),
      note: t("desk.quota.note", { n: quota.households }),
    }))
    .filter(({ text, value }) => `${text} ${value}`.includes(q));
}

export function officerQuestions(isNew: boolean): Question[] {
  const login: Question = {
    name: "login",
    label: t("desk.signin.login"),
    hint: t("desk.officer.login_hint"),
    kind: "text",
  };
  return [
    { name: "name", label: t("desk.person.name"), kind: "text" },
    ...(isNew ? [login] : []),
    {
      name: "unit_id",
      label: t("desk.unit"),
      kind: "lookup",
      find: findUnits,
    },
    { name: "post", label: t("desk.post"), kind: "text", optional: true },
    {
      name: "phone",
      label: t("desk.person.phone"),
      kind: "phone",
      optional: true,
    },
    {
      name: "languages",
      label: t("desk.officer.languages"),
      kind: "checks",
      optional: true,
      choices: languages(),
    },
    {
      name: "rank",
      label: t("desk.rank"),
      hint: t("desk.rank_hint"),
      kind: "lookup",
      find: findRanks,
      optional: true,
    },
  ];
}

export const officerGiven = (officer: Officer): Values => ({
  name: officer.name,
  unit_id: officer.unit.id,
  "unit_id:text": officer.unit.name,
  post: officer.post ?? "",
  phone: officer.phone ?? "",
  languages: [...(officer.languages ?? [])],
  rank: officer.rank ?? "",
  "rank:text": officer.rank ?? "",
});

export const putOfficer = (officer: Officer, body: Record<string, unknown>) =>
  ok(
    api.PATCH("/api/v1/officers/{id}", {
      params: { path: { id: officer.id }, header: ifMatch(officer.revision) },
      body: emptied({ languages: [], ...body }, [
        "post",
        "phone",
        "rank",
      ]) as Schema<"OfficerPatch">,
    }),
  );
