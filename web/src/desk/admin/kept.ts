import type { Question, Values } from "../../parts/question";

/** A form of a kept list, to add a line or to change one. */
export interface KeptForm {
  title: string;
  lead?: string | undefined;
  questions: Question[];
  given?: Values;
  danger?: boolean;
  sendLabel?: string;
  send: (
    body: Record<string, unknown>,
    values: Values,
    key: string,
  ) => Promise<unknown>;
  done?: () => void;
  /** Sending is not the end of it: what was typed stays until the page closes the form. */
  staysOpen?: boolean;
}

export const ifMatch = (revision: number | undefined) => ({
  "If-Match": String(revision ?? 0),
});
export const once = (key: string) => ({ "Idempotency-Key": key });

/** In an update what was emptied is sent as null; in a creation it is left out. */
export function emptied(
  body: Record<string, unknown>,
  names: string[],
): Record<string, unknown> {
  const nulls = names
    .filter((name) => body[name] === undefined)
    .map((name) => [name, null]);
  return { ...body, ...Object.fromEntries(nulls) };
}

/** What is kept as lines, one a choice: code, Chinese, English. */
export const choiceLines = (text: unknown) =>
  String(text)
    .split("\n")
    .map((line) => line.split(/[,\uff0c]/).map((part) => part.trim()))
    .flatMap(([code, zh, en]) =>
      code ? [{ code, zh: zh || code, en: en || zh || code }] : [],
    );
