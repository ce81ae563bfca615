import type { Schema } from "../lib/api";

export type SectionName = Schema<"SectionName">;

/** How a field is shown and asked for. */
export type FieldKind =
  | "text"
  | "long"
  | "yes"
  | "count"
  | "land"
  | "money"
  | "year"
  | "choice"
  | "choices";

export interface FieldSpec {
  name: string;
  kind: FieldKind;
  /** For choices: the family of words its codes belong to, and the codes. */
  family?: string;
  codes?: readonly string[];
  /** Made from other records by the server; cannot be sent. */
  counted?: true;
}

const of = (kind: FieldKind, ...names: string[]): FieldSpec[] =>
  names.map((name) => ({ name, kind }));
const counted = (kind: FieldKind, ...names: string[]): FieldSpec[] =>
  names.map((name) => ({ name, kind, counted: true }));
const choice = (
  name: string,
  family: string,
  ...codes: string[]
): FieldSpec => ({
  name,
  kind: "choice",
  family,
  codes,
});

// words:family record
// words:family landform
// words:family structure
// words:family danger_grade
// words:family difficulty
/** The ten sections in their order, and what each holds; measures are a list of their own. */
export const sections: Record<SectionName, FieldSpec[]> = {
  residence: [
    ...of("text", "address"),
    choice(
      "landform",
      "landform",
      "plain",
      "hill",
      "mountain",
      "valley",
      "plateau",
      "pasture",
    ),
    ...of("yes", "has_road", "has_safe_water", "has_power", "has_phone_signal"),
    ...of("text", "phone"),
    ...of("count", "minutes_to_village"),
    ...of("text", "seasonal_place"),
  ],
  population: [
    ...counted(
      "count",
      "residents",
      "male",
      "female",
      "children",
      "elders",
      "working_age",
    ),
    ...counted("count", "away", "left_behind_children", "orphans", "disabled"),
    ...of("long", "note"),
  ],
  housing: [
    choice(
      "structure",
      "structure",
      "brick_concrete",
      "brick_timber",
      "timber",
      "earth",
      "other",
    ),
    ...of("count", "rooms", "floor_m2"),
    ...of("year", "built_year"),
    choice("danger_grade", "danger_grade", "A", "B", "C", "D"),
    ...of("long", "note"),
  ],
  land: [
    ...of("land", "paddy_m2", "dry_m2", "garden_m2", "forest_m2", "grass_m2"),
    ...of("text", "contract_no"),
    ...of("long", "note"),
  ],
  livestock: [
    ...of("count", "cattle", "yaks", "horses", "pigs", "sheep", "poultry"),
    ...of("long", "note"),
  ],
  income: [
    ...of("year", "year"),
    ...of("money", "farming_fen", "livestock_fen", "wages_fen", "business_fen"),
    ...of("money", "transfers_fen", "other_fen"),
    ...counted("money", "total_fen"),
    ...of("long", "note"),
  ],
  expenditure: [
    ...of("year", "year"),
    ...of("money", "production_fen", "food_fen", "school_fen", "medical_fen"),
    ...of("money", "housing_fen", "other_fen"),
    ...counted("money", "total_fen"),
    ...of("long", "note"),
  ],
  difficulties: [
    {
      name: "items",
      kind: "choices",
      family: "difficulty",
      codes: [
        ...["water", "road", "power", "housing", "school"],
        ...["medical", "work", "debt", "labour", "other"],
      ],
    },
    ...of("long", "text"),
  ],
  plans: of("long", "text"),
  measures: [],
};

export const sectionNames = Object.keys(sections) as SectionName[];
