import { api, ok, type Schema } from "../lib/api";
import { either } from "../lib/words.svelte";

let known = $state.raw<Schema<"SpokenLanguage">[]>([]);
let asked: Promise<void> | undefined;

/** The languages the county names; none until its answer is here. */
export function languages(): { value: string; text: string }[] {
  asked ??= ok(api.GET("/api/v1/languages"))
    .then(({ items }) => void (known = items))
    // Without them codes are shown; the next page asks again.
    .catch(() => (asked = undefined));
  return known.map(({ code, label_zh, label_en }) => ({
    value: code,
    text: either({ zh: label_zh, en: label_en }),
  }));
}

export const languageName = (code: string) =>
  languages().find(({ value }) => value === code)?.text ?? code;
