import type { Schema } from "../../lib/api";

export type CountName = keyof Schema<"WallCounts">;

/** Worst first, as they are read. */
export const countNames: CountName[] = [
  "late",
  "soon",
  "stuck",
  "bounced",
  "bounced_twice",
  "reopened",
  "open",
  "answered",
];

/** The address of the matters a count was made of: no more of them and no fewer. */
export function opens(name: CountName, where: Record<string, string>): string {
  // Walls count no complaint about somebody; an auditor's list would.
  const query = new URLSearchParams({
    queue: name,
    ...where,
    unprotected: "true",
  });
  return `/desk/matters?${query.toString()}`;
}
