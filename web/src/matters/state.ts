import type { Schema } from "../lib/api";
import type { Tone } from "../ui/tone";

export type MatterState = Schema<"MatterState">;

const tones: Record<MatterState, Tone> = {
  received: "info",
  assigned: "info",
  answered: "warn",
  settled: "good",
  review: "info",
  final_review: "info",
  concluded: "neutral",
  merged: "neutral",
  withdrawn: "neutral",
};

/** Answered is not an end: it waits for the resident's word, so it asks to be noticed. */
export const stateTone = (state: MatterState): Tone => tones[state];

/** Whether somebody still owes the resident something. */
export const isOpen = (state: MatterState) =>
  ["received", "assigned", "review", "final_review"].includes(state);
