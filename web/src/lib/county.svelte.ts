import type { Problem } from "./problem";
import { recall, remember } from "./preferences";

// One address may serve many counties. Which one is meant is asked once on a device, when the
// server says that it cannot tell; where a host has one county nobody is ever asked.
let isNeeded = $state(false);

/** The county chosen on this device; absent where nobody had to choose. */
export const chosenCounty = () => recall("county");
export const isCountyNeeded = () => isNeeded;

export function noteCountyNeeded(problem: Pick<Problem, "code">) {
  if (problem.code === "county_needed" || problem.code === "unknown_county")
    isNeeded = true;
}

/** Takes it from now on: the page is read anew, as another county's. */
export function chooseCounty(code: string) {
  remember("county", code);
  location.reload();
}

export function askCounty() {
  isNeeded = true;
}
