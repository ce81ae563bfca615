import type { Schema } from "../../lib/api";
import { either, t } from "../../lib/words.svelte";

export type Entry = Schema<"DispatchEntry">;

/** What an entry or a proposal is about. */
type Place = Pick<
  Entry,
  "category" | "category_zh" | "category_en" | "area_name"
>;

export const categoryOf = (one: Place) =>
  one.category
    ? either({
        zh: one.category_zh ?? one.category,
        en: one.category_en ?? one.category,
      })
    : t("desk.dispatch.any_category");
export const areaOf = (one: Place) =>
  one.area_name ?? t("desk.dispatch.whole_county");
export const placeOf = (one: Place) =>
  t("desk.dispatch.place", { category: categoryOf(one), area: areaOf(one) });
