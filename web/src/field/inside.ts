import { aboutDevice, aboutHousehold, addWords } from "../lib/words.svelte";

export const wordsOfField = {
  "zh-CN": () => import("../words/field.zh-CN.json"),
  en: () => import("../words/field.en.json"),
};
const wordsOfDesk = {
  "zh-CN": () => import("../words/desk.zh-CN.json"),
  en: () => import("../words/desk.en.json"),
};

async function load() {
  const [{ Phone }] = await Promise.all([
    import("./phone.svelte"),
    import("./home/Home.svelte"),
    addWords(wordsOfDesk, aboutDevice, aboutHousehold),
  ]);
  return Phone;
}
let loaded: ReturnType<typeof load> | undefined;

/** What an open phone needs and the question for its PIN does not; asked for again where it failed. */
export function inside() {
  loaded ??= load().catch((failure: unknown) => {
    loaded = undefined;
    throw failure;
  });
  return loaded;
}
