import type { HouseholdRecord, Kept } from "../keeping/operation";

type Matter = NonNullable<HouseholdRecord["matters"]>[number];

/** The judgement of a matter that was written down here and waits, or is on its way. */
export const judgedHere = (acts: Kept[], matter: string) =>
  acts.find(
    ({ operation, standing }) =>
      operation.path === `/api/v1/matters/${matter}/judgement` &&
      standing !== "merged",
  );

/** Whether the household's word on an answer may be written down by somebody of this unit. */
export const mayJudge = (
  { state, owner }: Matter,
  acts: Kept[],
  { id, unit_name }: { id: string; unit_name: string },
): "yes" | "own_work" | "no" => {
  if (state !== "answered" || judgedHere(acts, id)) return "no";
  return owner.unit_name === unit_name ? "own_work" : "yes";
};
