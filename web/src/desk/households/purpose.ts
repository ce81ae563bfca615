import type { Schema } from "../../lib/api";

export type Purpose = Schema<"Purpose">;

export interface Why {
  purpose: Purpose;
  reason?: string;
}

export const purposes: Purpose[] = [
  "visit",
  "matter",
  "intake",
  "audit",
  "other",
];

export const isPurpose = (code: string): code is Purpose =>
  purposes.some((purpose) => purpose === code);
