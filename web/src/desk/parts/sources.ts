import { api, ok } from "../../lib/api";
import { t, term } from "../../lib/words.svelte";
import { findCategories } from "../../matters/intake/categories";
import type { Find, Sources } from "../../parts/find";

const limit = 8;
const join = (...parts: (string | undefined)[]) =>
  parts.filter(Boolean).join(" ");

export const findHouseholds: Find = async (q) => {
  const query = { q, limit };
  const found = await ok(api.GET("/api/v1/households", { params: { query } }));
  return found.items.map((household) => ({
    value: household.id,
    text: household.head_name,
    area: { code: household.area_code, name: household.area_name },
    note: join(
      household.area_name,
      household.address,
      household.register_number,
    ),
  }));
};

const findResidents: Find = async (q) => {
  const query = { q, limit };
  const found = await ok(api.GET("/api/v1/residents", { params: { query } }));
  return found.items.map((person) => ({
    value: person.household_id,
    key: person.id,
    text: person.name,
    note: join(
      person.birth_year ? String(person.birth_year) : undefined,
      person.relation && person.relation !== "head"
        ? `${person.head_name} ${term("relation", person.relation)}`
        : undefined,
      person.area_name,
      person.address,
    ),
  }));
};

/** The person, not the household: for acts on people. */
export const findPeople: Find = async (q) =>
  (await findResidents(q)).map((found) => ({
    ...found,
    value: found.key ?? found.value,
  }));

/** People first: a head is found as a person too, so a household only adds what is new. */
export const findAnybody: Find = async (q) => {
  const [people, households] = await Promise.all([
    findResidents(q),
    findHouseholds(q),
  ]);
  const known = new Set(people.map(({ value, text }) => value + text));
  return [
    ...people,
    ...households
      .filter(({ value, text }) => !known.has(value + text))
      .map((household) => ({
        ...household,
        text: `${household.text} ${t("desk.search_household")}`,
      })),
  ];
};

export const findUnits: Find = async (q) => {
  const query = { q, limit };
  const found = await ok(api.GET("/api/v1/units", { params: { query } }));
  return found.items.map((unit) => ({
    value: unit.id,
    text: unit.name,
    note: unit.area_name ?? unit.area_code,
  }));
};

export const findOfficers: Find = async (q) => {
  const query = { q, limit };
  const found = await ok(api.GET("/api/v1/officers", { params: { query } }));
  return found.items.map((officer) => ({
    value: officer.id,
    text: officer.name,
    note: join(officer.unit.name, officer.post),
  }));
};

export const findAreas: Find = async (q) => {
  const query = { q, limit };
  const found = await ok(api.GET("/api/v1/areas", { params: { query } }));
  return found.items.map((area) => ({
    value: area.code,
    text: area.name,
    note: join(term("level", area.level), area.code),
  }));
};

export const findMatters: Find = async (q) => {
  const query = { q, limit };
  const found = await ok(api.GET("/api/v1/matters", { params: { query } }));
  return found.items.map((matter) => ({
    value: matter.id,
    text: matter.title,
    note: join(matter.receipt, term("state", matter.state), matter.area_name),
  }));
};

/** What the forms that phones share look things up in, at the desk. */
export const deskSources: Sources = {
  areas: findAreas,
  people: findPeople,
  households: findAnybody,
  categories: findCategories,
  units: findUnits,
  officers: findOfficers,
};
