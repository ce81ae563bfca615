import { query } from "../lib/router.svelte";
import { now } from "../lib/time";
import { correct, type Draft, keep } from "./acts.svelte";

/**
 * The act that a form is about to take the place of, where it was not taken as it was: the same page is
 * opened with `?instead=`.
 */
export const instead = () => query("instead");

/** Keeps an act, in the place of the one it is written anew for. Throws a Problem. */
export async function keepInstead(draft: Draft): Promise<void> {
  const id = instead();
  if (!id) await keep(draft);
  else await correct({ ...draft, id, at: now().toISOString() });
}
