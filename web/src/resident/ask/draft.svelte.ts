import type { Schema } from "../../lib/api";
import { newId } from "../../lib/id";

export type Target = "" | "thing" | "unit" | "officer" | "other";

/** What has been written so far. Kept for this tab only, and forgotten once it is sent. */
export interface Draft {
  id: string;
  /** Begun by a household that was signed in, which expects to find it among its matters. */
  own: boolean;
  text: string;
  kind: string;
  /** For a complaint: about a thing, a unit or a person in it, one's own officer, or who is on no list. */
  target: Target;
  unitId: string;
  unitName: string;
  person: string;
  officerId: string;
  officerName: string;
  points: string[];
  areaCode: string;
  areaName: string;
  category: string;
  categoryName: string;
  how: string;
  /** Named, but to none of those who handle it. */
  confidential: boolean;
  name: string;
  phone: string;
  address: string;
  email: string;
  language: string;
  /** The receipt of a concluded matter this one has new facts about. */
  follows: string;
}

export type Standing = Schema<"MatterStanding">;

const blank = (): Draft => ({
  id: newId(),
  own: false,
  text: "",
  kind: "",
  target: "",
  unitId: "",
  unitName: "",
  person: "",
  officerId: "",
  officerName: "",
  points: [""],
  areaCode: "",
  areaName: "",
  category: "",
  categoryName: "",
  how: "",
  confidential: false,
  name: "",
  phone: "",
  address: "",
  email: "",
  language: "",
  follows: "",
});

const shelf = "huiyin.ask";

export const draft = $state<Draft>(Object.assign(blank(), restore()));
let standing = $state.raw<Standing | undefined>();

export const sentMatter = () => standing;

function restore(): Partial<Draft> {
  try {
    return JSON.parse(sessionStorage.getItem(shelf) ?? "{}") as Partial<Draft>;
  } catch {
    return {};
  }
}

/** A phone may drop a page that is out of sight; what was written survives that. */
export function keepDraft() {
  try {
    sessionStorage.setItem(shelf, JSON.stringify(draft));
  } catch {
    // Not kept; the page in front of the person still has it.
  }
}

export function forgetDraft() {
  Object.assign(draft, blank());
  try {
    sessionStorage.removeItem(shelf);
  } catch {
    // Nothing was kept then.
  }
}

export function markSent(matter: Standing) {
  standing = matter;
  forgetDraft();
}
