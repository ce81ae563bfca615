import type { FieldProblem } from "../lib/problem";
import type { Find } from "./find";

export interface Choice {
  value: string;
  text: string;
  hint?: string | undefined;
}

interface Common {
  /** The contract's name of the field. */
  name: string;
  label: string;
  /** Stands above this question and those that follow, where a form has parts. */
  heading?: string;
  hint?: string | undefined;
  optional?: boolean;
  /** Asked only while this holds. */
  when?: (values: Values) => boolean;
}

/** One thing a form asks for. What is asked is data, so that every form of the desk behaves alike. */
export type Question = Common &
  (
    | { kind: "text" | "phone" | "date" | "check" | "password" }
    | { kind: "long"; rows?: number }
    | { kind: "number"; money?: boolean }
    | { kind: "select" | "radio" | "checks"; choices: Choice[] }
    | { kind: "lookup"; find: Find }
  );

export type Value = string | boolean | string[];
export type Values = Record<string, Value>;

const empty = (question: Question): Value => {
  if (question.kind === "check") return false;
  return question.kind === "checks" ? [] : "";
};

/** The values a form begins with. A lookup's text is kept beside it, under `name:text`. */
export function begin(questions: Question[], given: Values = {}): Values {
  const values: Values = {};
  for (const question of questions)
    values[question.name] = given[question.name] ?? empty(question);
  return { ...given, ...values };
}

export const asked = (questions: Question[], values: Values) =>
  questions.filter(({ when }) => !when || when(values));

function wrong(question: Question, value: Value): string | undefined {
  const missing =
    value === "" ||
    value === false ||
    (Array.isArray(value) && value.length === 0);
  if (missing) return question.optional ? undefined : "required";
  if (question.kind === "date" && value === "?") return "not_a_date";
  if (question.kind === "number" && !Number.isFinite(Number(value)))
    return "not_a_number";
  return undefined;
}

/** What the page itself can see is missing or wrong. */
export function problemsOf(
  questions: Question[],
  values: Values,
): FieldProblem[] {
  return asked(questions, values).flatMap((question) => {
    const code = wrong(question, values[question.name] ?? "");
    return code ? [{ field: question.name, code }] : [];
  });
}

/** The answers as the contract takes them: what is empty is left out. */
export function bodyOf(questions: Question[], values: Values) {
  const body: Record<string, unknown> = {};
  for (const question of asked(questions, values)) {
    const value = values[question.name];
    if (value === undefined || value === "") continue;
    if (Array.isArray(value) && value.length === 0) continue;
    body[question.name] = question.kind === "number" ? Number(value) : value;
  }
  return body;
}
