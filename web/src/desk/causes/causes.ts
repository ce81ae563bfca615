import type { Schema } from "../../lib/api";

export type Causes = Schema<"Causes">;
export type Cause = Causes["items"][number];

/** The matters a figure was made of. */
export function mattersOf(cause: Cause, { from, until }: Causes): string {
  const query = new URLSearchParams({
    queue: "all",
    area: cause.area_code,
    category: cause.category ?? "none",
    received_from: from,
    received_until: until,
  });
  return `/desk/matters?${query.toString()}`;
}
