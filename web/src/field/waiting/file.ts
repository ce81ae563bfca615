import { now } from "../../lib/time";
import { t } from "../../lib/words.svelte";
import type { Kept } from "../keeping/operation";
import type { Self } from "../keeping/shown";

/** Everything unsent, readable, with a word to whoever opens it: the last resort of a broken phone. */
export function fileOf(self: Self, acts: Kept[], at = now().toISOString()) {
  const unsent = acts.filter(
    ({ standing }) => standing === "here" || standing === "aside",
  );
  return JSON.stringify(
    {
      what: t("field.file.word"),
      officer: self.name,
      unit: self.unit_name,
      saved_at: at,
      acts: unsent.map(({ operation, standing, refusal }) => ({
        standing,
        ...operation,
        ...(refusal && { refusal }),
      })),
    },
    null,
    2,
  );
}

export function saveAsFile(self: Self, acts: Kept[]) {
  const at = now().toISOString();
  const file = new Blob([fileOf(self, acts, at)], { type: "application/json" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = `huiyin-${at.slice(0, 16).replace(/\D/g, "")}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
