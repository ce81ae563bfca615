import type { Schema } from "../../lib/api";
import type { Draft } from "./draft.svelte";

/** The pages of the form in their order. Who is complained of is asked only in a complaint. */
export const stepsOf = (draft: Pick<Draft, "kind">): string[] => [
  "/ask",
  "/ask/kind",
  ...(draft.kind === "complaint" ? ["/ask/whom"] : []),
  "/ask/points",
  "/ask/place",
  "/ask/category",
  "/ask/reply",
  "/ask/check",
];

export function stepAfter(draft: Pick<Draft, "kind">, step: string): string {
  const steps = stepsOf(draft);
  return steps[steps.indexOf(step) + 1] ?? "/ask/check";
}

export function stepBefore(draft: Pick<Draft, "kind">, step: string): string {
  const steps = stepsOf(draft);
  return steps[steps.indexOf(step) - 1] ?? "/";
}

/** A complaint about somebody goes a way that they and their unit cannot see. */
export const isProtected = (draft: Pick<Draft, "kind" | "target">) =>
  draft.kind === "complaint" &&
  ["unit", "officer", "other"].includes(draft.target);

/** What is sent. Nobody who wants to stay unnamed is named, whatever was typed before. */
export function bodyOf(draft: Draft): Schema<"MatterNew"> {
  const points = draft.points
    .map((text) => text.trim())
    .filter((text) => text !== "");
  const body: Schema<"MatterNew"> = {
    id: draft.id,
    channel: "web",
    kind: (draft.kind || "help") as Schema<"MatterKind">,
    text: draft.text.trim(),
  };
  if (points.length > 0) body.asks = points.map((text) => ({ text }));
  if (draft.category) body.category = draft.category;
  if (draft.follows) body.follows = draft.follows;
  if (draft.areaCode) body.area_code = draft.areaCode;
  if (isProtected(draft) && draft.target === "unit")
    body.about_unit_id = draft.unitId;
  const inWords = draft.person.trim();
  if (isProtected(draft) && draft.target !== "officer" && inWords)
    body.about_text = inWords;
  if (isProtected(draft) && draft.target === "officer")
    body.about_officer_id = draft.officerId;
  if (draft.how === "anonymous") body.anonymous = true;
  else if (draft.how) body.contact = contactOf(draft);
  if (draft.confidential && draft.how !== "anonymous") body.confidential = true;
  return body;
}

function contactOf(draft: Draft): Schema<"Contact"> {
  const contact: Schema<"Contact"> = {
    how: draft.how as NonNullable<Schema<"Contact">["how"]>,
  };
  if (draft.name.trim()) contact.name = draft.name.trim();
  if (draft.phone.trim()) contact.phone = draft.phone.trim();
  if (draft.address.trim()) contact.address = draft.address.trim();
  if (draft.how === "email" && draft.email.trim())
    contact.email = draft.email.trim();
  if (draft.language) contact.languages = [draft.language];
  return contact;
}
