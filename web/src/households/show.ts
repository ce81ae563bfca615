import { showCount, showMoney, showMu } from "../lib/amount";
import { language, t, term } from "../lib/words.svelte";
import type { FieldSpec, SectionName } from "./sections";

export const sectionTitle = (section: SectionName) => term("section", section);

export const fieldTitle = (section: SectionName, field: string) =>
  term("record", `${section}.${field}`);

/** A field's value as a person reads it; empty when nothing is recorded. */
export function showValue(spec: FieldSpec, value: unknown): string {
  if (value === undefined || value === null || value === "") return "";
  if (typeof value === "boolean") return t(value ? "value.yes" : "value.no");
  if (Array.isArray(value)) {
    return value
      .map((code) => term(spec.family ?? "", String(code)))
      .join(t("value.and"));
  }
  if (typeof value === "number") return showNumber(spec, value);
  return spec.kind === "choice"
    ? term(spec.family ?? "", String(value))
    : String(value);
}

function showNumber(spec: FieldSpec, value: number): string {
  if (spec.kind === "money") return showMoney(value, language());
  if (spec.kind === "land")
    return t("value.mu", { n: showMu(value, language()) });
  return spec.kind === "year" ? String(value) : showCount(value, language());
}
