import type askWords from "../words/ask.zh-CN.json";
import type deskWords from "../words/desk.zh-CN.json";
import type fieldWords from "../words/field.zh-CN.json";
import type deviceWords from "../words/device.zh-CN.json";
import type householdWords from "../words/household.zh-CN.json";
import type words from "../words/zh-CN.json";
import { fill, type Values } from "./fill";
import { recall, remember } from "./preferences";
import type { FieldProblem, Problem } from "./problem";

export type Key =
  | keyof typeof words
  | keyof typeof deskWords
  | keyof typeof askWords
  | keyof typeof deviceWords
  | keyof typeof fieldWords
  | keyof typeof householdWords;
export type Language = "zh-CN" | "en";
type Catalogue = Record<string, string>;
type Source = Record<Language, () => Promise<{ default: Catalogue }>>;

const shared: Source = {
  "zh-CN": () => import("../words/zh-CN.json"),
  en: () => import("../words/en.json"),
};
/** What few pages say, and they rarely: of this device, its county and its sessions. */
export const aboutDevice: Source = {
  "zh-CN": () => import("../words/device.zh-CN.json"),
  en: () => import("../words/device.en.json"),
};
/** What a household's own pages say, and the desk: whoever only asks need not wait for it. */
export const aboutHousehold: Source = {
  "zh-CN": () => import("../words/household.zh-CN.json"),
  en: () => import("../words/household.en.json"),
};
/** What is said on the way of asking, page by page. */
export const aboutAsking: Source = {
  "zh-CN": () => import("../words/ask.zh-CN.json"),
  en: () => import("../words/ask.en.json"),
};
let sources: Source[] = [shared];
let wanted: Language = "zh-CN";
let spoken = $state<Language>("zh-CN");
let catalogue = $state.raw<Catalogue>({});

export const language = () => spoken;
export const otherLanguage = (): Language => (spoken === "en" ? "zh-CN" : "en");

/** What is wanted besides while the words come is waited for too. */
async function compose() {
  let from: Source[];
  let chosen: Language;
  let parts: { default: Catalogue }[];
  do {
    [from, chosen] = [sources, wanted];
    const language = chosen;
    parts = await Promise.all(from.map((source) => source[language]()));
  } while (from !== sources || chosen !== wanted);
  catalogue = Object.assign({}, ...parts.map((part) => part.default));
  spoken = chosen;
  document.documentElement.lang = spoken;
}

export function speak(chosen: Language) {
  remember("language", chosen);
  wanted = chosen;
  return compose();
}

/** Loads the words of the language chosen here before; Chinese unless somebody chose. */
export function loadWords(...more: Source[]) {
  sources = [shared, ...more];
  return speak(recall("language") === "en" ? "en" : "zh-CN");
}

/** Has further words, in this language and whichever is chosen later; once is enough. */
export function addWords(...more: Source[]) {
  const fresh = more.filter((source) => !sources.includes(source));
  if (fresh.length > 0) sources = [...sources, ...fresh];
  return compose();
}

/** A sentence of the catalogue in the language of the page. */
export function t(key: Key, values: Values = {}): string {
  return fill(catalogue[key] ?? key, values);
}

/** The word for a code of the contract, such as `state.answered`; the code itself if unknown. */
export function term(
  family: string,
  code: string,
  values: Values = {},
): string {
  return fill(catalogue[`${family}.${code}`] ?? code, values);
}

/** Every code of a family that has a word, and that word. */
export const terms = (family: string) =>
  Object.entries(catalogue)
    .filter(([key]) => key.startsWith(`${family}.`))
    .map(([key, text]) => ({ code: key.slice(family.length + 1), text }));

/** Whichever of two given texts is in the language of the page, such as a category's. */
export const either = (texts: { zh: string; en: string }) =>
  spoken === "en" ? texts.en || texts.zh : texts.zh;

/** What went wrong, in a sentence that says what to do. */
export function sentence(problem: Problem): string {
  const known = catalogue[`problem.${problem.code}`];
  const byStatus = catalogue[`problem.status_${problem.status}`];
  const text = known ?? problem.detail ?? byStatus ?? t("problem.unknown");
  return fill(text, {
    minutes: Math.ceil((problem.retryAfter ?? 60) / 60),
    detail: problem.detail ?? "",
  });
}

/** The catalogue's own words for what is wrong with this very field, if it has any. */
function ownSentence({ field, code }: FieldProblem): string | undefined {
  // `asks[1].rule` is spoken of as any `rule` is.
  const last = field.slice(field.lastIndexOf(".") + 1);
  return (
    catalogue[`field.${field}.${code}`] ?? catalogue[`field.${last}.${code}`]
  );
}

/**
 * What is wrong with one field; the page's own words for it come first. The server's detail is
 * a limit or a pattern, to be filled into the sentence.
 */
export function fieldSentence(problem: FieldProblem): string {
  const text =
    ownSentence(problem) ??
    catalogue[`field.${problem.code}`] ??
    t("field.invalid");
  return fill(text, { detail: problem.detail ?? "" });
}

/** The same away from its field: a sentence that fits any field gets the field's label. */
export function fieldSentenceFor(problem: FieldProblem, label: string) {
  const text = fieldSentence(problem);
  if (!label || ownSentence(problem)) return text;
  return label + t("form.of", { name: text });
}
