import type { Schema } from "../lib/api";
import { t } from "../lib/words.svelte";

/** Where somebody who was not in can be reached, and who said so. */
export function reachedAt({ place, phone, from }: Schema<"NewContact">) {
  const told = from && t("desk.visit.told_by", { name: from });
  return [place, phone, told].filter(Boolean).join(" \u00b7 ");
}
