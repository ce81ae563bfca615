import type { Entry } from "../../matters/intake/entries";

/**
 * Whose a category in an area is: the most specific category first, then the most specific area, then
 * the newest, as the server has it.
 */
export function namedFor(
  entries: Entry[],
  category: string,
  area: string,
  on: string,
): Entry | undefined {
  const length = (entry: Entry) => [
    entry.category?.length ?? 0,
    entry.area_code?.length ?? 0,
  ];
  return entries
    .filter(
      (entry) =>
        holdsOn(entry, on) &&
        isWithin(category, entry.category) &&
        area.startsWith(entry.area_code ?? ""),
    )
    .sort((a, b) => {
      const [one = 0, place = 0] = length(a);
      const [other = 0, where = 0] = length(b);
      return other - one || where - place || b.made_at.localeCompare(a.made_at);
    })[0];
}

/** Local dates; `until` is the first day on which it no longer holds. */
export const holdsOn = ({ from, until }: Entry, on: string) =>
  from <= on && (!until || on < until);

const isWithin = (category: string, above: string | undefined) =>
  !above || category === above || category.startsWith(`${above}.`);
