import type { Component } from "svelte";
import { recall, remember } from "./preferences";
import type { Problem } from "./problem";
import { aboutDevice, addWords } from "./words.svelte";

// One address may serve many counties. Which one is meant is asked once on a device, when the
// server says that it cannot tell; where a host has one county nobody is ever asked.
let page = $state.raw<Component>();

/** The county chosen on this device; absent where nobody had to choose. */
export const chosenCounty = () => recall("county");

/** The page that asks, while the county is asked for. */
export const countyPage = () => page;

/** Asks; the page and its words come now, since hardly anybody ever needs them. */
export async function askCounty() {
  const [choice] = await Promise.all([
    import("../ui/CountyChoice.svelte"),
    addWords(aboutDevice),
  ]);
  page = choice.default;
}

export function noteCountyNeeded({ code }: Pick<Problem, "code">) {
  if (code === "county_needed" || code === "unknown_county") void askCounty();
}

/** Takes it from now on: the page is read anew, as another county's. */
export function chooseCounty(code: string) {
  remember("county", code);
  location.reload();
}
