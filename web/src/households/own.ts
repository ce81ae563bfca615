import { api, ok, type Schema } from "../lib/api";
import { showDate } from "../lib/time";
import { either, language } from "../lib/words.svelte";
import type { FieldKind } from "./sections";
import { showValue } from "./show";

/** A field the county added to a section. */
export type OwnField = Schema<"CustomField">;

let known: Promise<OwnField[]> | undefined;

/** The fields the county added; without them the rest of the record is still shown. */
export const ownFields = () =>
  (known ??= ok(api.GET("/api/v1/fields"))
    .then(({ items }) => items)
    .catch(() => {
      known = undefined;
      return [];
    }));

const kinds: Record<OwnField["type"], FieldKind> = {
  text: "text",
  number: "count",
  boolean: "yes",
  date: "text",
  choice: "text",
};

export const ownSpec = ({ name, type }: OwnField) => ({
  name,
  kind: kinds[type],
});

export const ownTitle = ({ label_zh, label_en }: OwnField) =>
  either({ zh: label_zh, en: label_en });

export const ownChoices = ({ choices = [] }: OwnField) =>
  choices.map((choice) => ({ value: choice.code, text: either(choice) }));

/** Its value as a person reads it. */
export function showOwn(field: OwnField, value: unknown): string {
  if (field.type === "date" && value)
    return showDate(String(value), language());
  const chosen = ownChoices(field).find((one) => one.value === value);
  return chosen?.text ?? showValue(ownSpec(field), value);
}
