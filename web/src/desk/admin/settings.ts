import type { Schema } from "../../lib/api";
import { sectionTitle } from "../../households/show";
import { either, t, term } from "../../lib/words.svelte";
import type { Question, Values } from "../../parts/question";
import { choiceLines } from "./kept";
import { roleNames } from "./roles";

type Settings = Schema<"Settings">;

const times = ["quiet_from", "quiet_until"] as const;
const numbers = [
  "rotation_months",
  "soon_days",
  "silence_days",
  "pattern_days",
  "stuck_bounces",
  "stuck_reopenings",
] as const;
const pushDown = ["any", "where_listed", "only_listed"];
const label = (one: { label_zh: string; label_en: string }) =>
  either({ zh: one.label_zh, en: one.label_en });

const titles = {
  rotation_months: () => t("desk.settings.rotation_months"),
  soon_days: () => t("desk.settings.soon_days"),
  silence_days: () => t("desk.settings.silence_days"),
  pattern_days: () => t("desk.settings.pattern_days"),
  stuck_bounces: () => t("desk.settings.stuck_bounces"),
  stuck_reopenings: () => t("desk.settings.stuck_reopenings"),
  quiet_from: () => t("desk.settings.quiet_from"),
  quiet_until: () => t("desk.settings.quiet_until"),
};

/** The lists are fixed here in their lines; their numbers and purposes are what is set. */
export const settingsQuestions = (settings: Settings): Question[] => [
  { name: "county_name", label: t("desk.settings.county"), kind: "text" },
  ...numbers.map((name): Question => ({
    name,
    label: titles[name](),
    kind: "number",
  })),
  {
    name: "push_down",
    label: t("desk.settings.push_down"),
    hint: t("desk.settings.push_down_hint"),
    kind: "select",
    choices: pushDown.map((value) => ({
      value,
      text: term("desk.push_down", value),
    })),
  },
  ...times.map((name): Question => ({
    name,
    label: titles[name](),
    hint: t("desk.settings.quiet_hint"),
    kind: "text",
  })),
  {
    name: "second_step_roles",
    label: t("desk.settings.second_step_roles"),
    hint: t("desk.settings.second_step_roles_hint"),
    kind: "checks",
    optional: true,
    choices: roleNames.map((value) => ({ value, text: term("role", value) })),
  },
  ...settings.quotas.map((quota, place): Question => ({
    name: `quotas[${place}].households`,
    label: t("desk.settings.quota", { rank: label(quota) }),
    kind: "number",
  })),
  ...settings.visit_duties.map((duty, place): Question => ({
    name: `visit_duties[${place}].times`,
    label: t("desk.settings.duty", { duty: label(duty), n: duty.months }),
    kind: "number",
  })),
  {
    name: "languages",
    label: t("desk.settings.languages"),
    hint: t("desk.settings.languages_hint"),
    kind: "long",
    rows: 6,
  },
  ...settings.retention.map((period, place): Question => ({
    name: `retention[${place}].days`,
    label: t("desk.settings.kept", {
      kind: term("desk.retention", period.kind),
    }),
    kind: "number",
  })),
  ...settings.purposes.flatMap((one, place): Question[] => [
    {
      name: `purposes[${place}].consent`,
      label: t("desk.settings.consent", { section: sectionTitle(one.section) }),
      kind: "check",
      optional: true,
    },
    {
      name: `purposes[${place}].purpose_zh`,
      label: t("desk.settings.purpose_zh", {
        section: sectionTitle(one.section),
      }),
      kind: "long",
      rows: 2,
    },
    {
      name: `purposes[${place}].purpose_en`,
      label: t("desk.settings.purpose_en", {
        section: sectionTitle(one.section),
      }),
      kind: "long",
      rows: 2,
    },
  ]),
];

export function settingsGiven(settings: Settings): Values {
  const given: Values = { county_name: settings.county.name };
  given.languages = settings.languages
    .map((one) => [one.code, one.label_zh, one.label_en].join(","))
    .join("\n");
  for (const name of numbers) given[name] = String(settings[name]);
  for (const name of times) given[name] = settings[name];
  given.push_down = settings.push_down;
  given.second_step_roles = [...settings.second_step_roles];
  for (const [place, { households }] of settings.quotas.entries())
    given[`quotas[${place}].households`] = String(households);
  for (const [place, { times }] of settings.visit_duties.entries())
    given[`visit_duties[${place}].times`] = String(times);
  for (const [place, { days }] of settings.retention.entries())
    given[`retention[${place}].days`] = String(days);
  for (const [place, one] of settings.purposes.entries()) {
    given[`purposes[${place}].consent`] = one.consent;
    given[`purposes[${place}].purpose_zh`] = one.purpose_zh;
    given[`purposes[${place}].purpose_en`] = one.purpose_en;
  }
  return given;
}

/** A list that was sent replaces the list it names, so each is put together whole. */
export function settingsOf(
  settings: Settings,
  body: Record<string, unknown>,
): Schema<"SettingsPatch"> {
  const of = (list: string, place: number, name: string) =>
    body[`${list}[${place}].${name}`];
  return {
    county_name: String(body.county_name),
    ...Object.fromEntries(
      [...numbers, ...times, "push_down"].map((name) => [name, body[name]]),
    ),
    second_step_roles: (body.second_step_roles ??
      []) as Settings["second_step_roles"],
    quotas: settings.quotas.map((quota, place) => ({
      ...quota,
      households: Number(of("quotas", place, "households")),
    })),
    visit_duties: settings.visit_duties.map((duty, place) => ({
      ...duty,
      times: Number(of("visit_duties", place, "times")),
    })),
    languages: choiceLines(body.languages).map(({ code, zh, en }) => ({
      code,
      label_zh: zh,
      label_en: en,
    })),
    retention: settings.retention.map((period, place) => ({
      ...period,
      days: Number(of("retention", place, "days")),
    })),
    purposes: settings.purposes.map((one, place) => ({
      ...one,
      consent: of("purposes", place, "consent") === true,
      purpose_zh: String(of("purposes", place, "purpose_zh") ?? ""),
      purpose_en: String(of("purposes", place, "purpose_en") ?? ""),
    })),
  };
}
