import { api, ok, type Schema } from "../lib/api";
import { Problem } from "../lib/problem";
import { now } from "../lib/time";
import { t, term } from "../lib/words.svelte";
import { findCategories } from "../matters/intake/categories";
import type { Find, Option, Sources } from "../parts/find";
import type { Store } from "./keeping/store";

/**
 * What every form asks from and everybody of the county may see: kept in the open, since nothing of
 * it tells of a person. Asked for once a day with a round, and used whether there is a network or not.
 */
export interface Reference {
  at: string;
  categories: Schema<"Category">[];
  fields: Schema<"CustomField">[];
  languages: Schema<"SpokenLanguage">[];
  areas: Schema<"Area">[];
  units: Schema<"Unit">[];
  dispatch: Schema<"DispatchEntry">[];
  calendars: Schema<"Calendar">[];
}

const name = "reference";
const fresh = 20 * 60 * 60_000;
/** More than the largest county has; a list that goes on for ever is none. */
const mostPages = 60;

let store: Store | undefined;
let known: Reference | undefined;

interface Page<Item> {
  items: Item[];
  next_cursor?: string | null | undefined;
}

async function whole<Item>(
  read: (cursor: string | undefined) => Promise<Page<Item>>,
): Promise<Item[]> {
  const all: Item[] = [];
  let cursor: string | undefined;
  for (let n = 0; n < mostPages; n++) {
    const page = await read(cursor);
    all.push(...page.items);
    if (!page.next_cursor) break;
    cursor = page.next_cursor;
  }
  return all;
}

async function calendarsFrom(): Promise<Schema<"Calendar">[]> {
  const { items } = await ok(api.GET("/api/v1/calendars"));
  const year = now().getFullYear();
  const wanted = items.filter(
    (one) => one.year >= year && one.year <= year + 1,
  );
  return Promise.all(
    wanted.map((one) =>
      ok(
        api.GET("/api/v1/calendars/{year}", {
          params: { path: { year: one.year } },
        }),
      ),
    ),
  );
}

async function ask(): Promise<Reference> {
  const limit = 200;
  const paged = (cursor: string | undefined) => ({
    params: { query: { limit, ...(cursor && { cursor }) } },
  });
  const [categories, fields, languages, areas, units, dispatch, calendars] =
    await Promise.all([
      ok(api.GET("/api/v1/categories", asked)).then(({ items }) => items),
      ok(api.GET("/api/v1/fields", asked)).then(({ items }) => items),
      ok(api.GET("/api/v1/languages", asked)).then(({ items }) => items),
      whole((cursor) => ok(api.GET("/api/v1/areas", paged(cursor)))),
      whole((cursor) => ok(api.GET("/api/v1/units", paged(cursor)))),
      whole((cursor) => ok(api.GET("/api/v1/dispatch_list", paged(cursor)))),
      calendarsFrom(),
    ]);
  const at = now().toISOString();
  return {
    at,
    categories,
    fields,
    languages,
    areas,
    units,
    dispatch,
    calendars,
  };
}

/** Says that the server itself is asked, not what is kept. */
const asked = { headers: { "Huiyin-Fresh": "1" } };

/** What is kept, if anything ever was. */
export async function reference(): Promise<Reference | undefined> {
  known ??= (await store?.facts.get(name))?.value as Reference | undefined;
  return known;
}

/** With a round: again where a day has passed. Without it the phone works with what it has. */
export async function fetchReference(): Promise<void> {
  const kept = await reference();
  if (kept && now().getTime() - Date.parse(kept.at) < fresh) return;
  try {
    known = await ask();
    await store?.facts.put({ name, value: known });
  } catch (failure) {
    if (!(failure instanceof Problem)) throw failure;
  }
}

const lists = {
  "/api/v1/categories": "categories",
  "/api/v1/fields": "fields",
  "/api/v1/languages": "languages",
} as const;

/** From here on what forms ask for is answered by the phone, so that they need not know of it. */
export function startReference(from: Store) {
  if (store) return;
  store = from;
  api.use({
    async onRequest({ request, schemaPath }) {
      const list = lists[schemaPath as keyof typeof lists];
      if (request.method !== "GET" || !list) return undefined;
      if (request.headers.has("Huiyin-Fresh")) {
        request.headers.delete("Huiyin-Fresh");
        return undefined;
      }
      const kept = await reference();
      return kept && Response.json({ items: kept[list], next_cursor: null });
    },
  });
}

const most = 8;
const holds = (text: string, wanted: string) =>
  text.toLowerCase().includes(wanted.trim().toLowerCase());

const findAreas: Find = async (q) =>
  ((await reference())?.areas ?? [])
    .filter((area) => holds(area.name, q) || area.code.startsWith(q))
    .slice(0, most)
    .map(({ code, name, level }): Option => {
      return {
        value: code,
        text: name,
        note: `${term("level", level)} ${code}`,
      };
    });

const findUnits: Find = async (q) =>
  ((await reference())?.units ?? [])
    .filter((unit) => holds(unit.name, q))
    .slice(0, most)
    .map(({ id, name, area_name, area_code }): Option => {
      return { value: id, text: name, note: area_name ?? area_code };
    });

/** Offline nobody but oneself can be named: a phone keeps no list of officers. */
export const findOfficer =
  (self: { id: string; name: string; unit_name: string }): Find =>
  async (q) =>
    holds(self.name, q) || holds(t("field.me"), q)
      ? [{ value: self.id, text: self.name, note: self.unit_name }]
      : [];

/** What forms look things up in on a phone: nobody is looked up by name, who is not taken along. */
export const phoneSources: Sources = {
  areas: findAreas,
  categories: findCategories,
  units: findUnits,
};
