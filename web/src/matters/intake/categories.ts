import { api, ok, type Schema } from "../../lib/api";
import { either } from "../../lib/words.svelte";
import type { Find, Option } from "../../parts/find";

type Category = Schema<"Category">;

let known: Promise<Category[]> | undefined;

/** The whole tree, read once: it is small and changes rarely. */
export function categories(): Promise<Category[]> {
  known ??= ok(api.GET("/api/v1/categories")).then(({ items }) => items);
  known.catch(() => (known = undefined));
  return known;
}

/** Its name with that of its parent, such as Water / Drinking water. */
export function categoryName(all: Category[], code: string): string {
  const one = all.find((category) => category.code === code);
  if (!one) return code;
  return one.parent
    ? `${categoryName(all, one.parent)} / ${either(one)}`
    : either(one);
}

const spoken = (category: Category) =>
  `${category.zh} ${category.en} ${category.code}`.toLowerCase();

/** Categories whose own name or parent's name holds what was typed. */
export const findCategories: Find = async (q) => {
  const all = await categories();
  const wanted = q.toLowerCase();
  const parents = new Map(all.map((one) => [one.code, spoken(one)]));
  const found = all.filter(
    (one) =>
      one.active &&
      `${spoken(one)} ${parents.get(one.parent ?? "") ?? ""}`.includes(wanted),
  );
  return found.slice(0, 12).map((one): Option => ({
    value: one.code,
    text: categoryName(all, one.code),
  }));
};
