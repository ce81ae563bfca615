import type { Schema } from "../../lib/api";
import { showDate } from "../../lib/time";
import { language, t, term } from "../../lib/words.svelte";

type Change = Schema<"Change">;

function shown(field: string, value: unknown): string {
  if (Array.isArray(value)) return value.map(String).join("；");
  if (field === "kind") return term("kind", String(value));
  const text = String(value);
  return /^\d{4}-\d\d-\d\d$/.test(text) ? showDate(text, language()) : text;
}

/** What changed, in one line. Who it is about stands with the matter, not in its story. */
export function lineOf({ field, before, after }: Change): string {
  const name = term("desk.changed", field);
  if (after === undefined || after === null || /_id$|^category$/.test(field))
    return t("desk.changes.only", { name });
  const given = { name, after: shown(field, after) };
  if (before === undefined || before === null)
    return t("desk.changes.now", given);
  return t("desk.changes.from_to", { ...given, before: shown(field, before) });
}
