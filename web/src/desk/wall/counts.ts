import type { Schema } from "../../lib/api";

export type CountName = keyof Schema<"WallCounts">;

/** Worst first, as they are read. */
export const countNames: CountName[] = [
  "late",
  "soon",
  "open",
  "answered",
  "reopened",
];

const narrowed: Record<CountName, Record<string, string>> = {
  late: { queue: "late" },
  soon: { queue: "soon" },
  open: { queue: "open" },
  answered: { queue: "all", state: "answered" },
  reopened: { queue: "reopened" },
};

/** The address of the matters a count was made of. */
export function opens(name: CountName, where: Record<string, string>): string {
  const query = new URLSearchParams({ ...narrowed[name], ...where });
  return `/desk/matters?${query.toString()}`;
}
