import { recall, remember } from "./preferences";

let large = $state(false);

export const isLarge = () => large;

/** Large print scales the root font size; every size in the pages is in rem. */
export function setLarge(wanted: boolean) {
  large = wanted;
  if (wanted) document.documentElement.dataset.print = "large";
  else delete document.documentElement.dataset.print;
  remember("print", wanted ? "large" : null);
}

export const loadPrint = () => setLarge(recall("print") === "large");
