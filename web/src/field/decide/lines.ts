import type { Line } from "../../households/edit/lines";
import { linesOf } from "../../households/edit/lines";
import { personQuestions } from "../../households/edit/person";
import type { OwnField } from "../../households/own";
import type { SectionName } from "../../households/sections";
import type { Schema } from "../../lib/api";
import { showDate } from "../../lib/time";
import { language, t } from "../../lib/words.svelte";
import type { Question, Value } from "../../parts/question";
import type { Operation } from "../keeping/operation";

/** How a disputed field reads, and how something else is asked for in its place. */
export type Disputed = Pick<Line, "name" | "title" | "tell" | "sent"> & {
  question?: Question;
  given: (value: unknown) => Value;
};

const listOf = (value: unknown) =>
  ((value ?? []) as Schema<"Measure">[])
    .map(({ text }) => text)
    .join(t("value.and"));

function personLine(question: Question): Disputed {
  const choices = "choices" in question ? question.choices : [];
  const word = (code: unknown) =>
    choices.find(({ value }) => value === code)?.text ?? String(code);
  const tell = (value: unknown) => {
    if (value === null || value === undefined || value === "") return "";
    if (Array.isArray(value)) return value.map(word).join(t("value.and"));
    return question.kind === "date"
      ? showDate(String(value), language())
      : word(value);
  };
  return {
    name: question.name,
    title: question.label,
    tell,
    question,
    given: (value) =>
      (value ?? (question.kind === "checks" ? [] : "")) as Value,
    sent: (value) => (value === "" ? null : value),
  };
}

/** The fields an edit is of. */
export function disputedLines(
  { path }: Operation,
  own: OwnField[],
): Disputed[] {
  const section = /\/sections\/([a-z_]+)/.exec(path)?.[1] as
    SectionName | undefined;
  if (section === "measures")
    return [
      {
        name: "items",
        title: t("desk.measure.text"),
        tell: listOf,
        given: () => "",
        sent: (value) => value,
      },
    ];
  if (section)
    return linesOf(section, own).map((line) => ({
      ...line,
      given: (value) => line.given(nested(line.name, value)),
    }));
  return /\/residents(\/|$)/.test(path)
    ? personQuestions().map(personLine)
    : [];
}

/** What an edit or a new person asks for, as it reads; a field the county has no more goes by its code. */
export function askedLines(
  operation: Operation,
  own: OwnField[],
): { title: string; text: string }[] {
  const { custom, ...body } = operation.body ?? {};
  const asked = Object.entries(body).concat(
    Object.entries(custom ?? {}).map(([name, value]) => [
      `custom.${name}`,
      value,
    ]),
  );
  const lines = disputedLines(operation, own);
  if (lines.length === 0) return [];
  return asked
    .filter(([name]) => !["id", "base", "visit_id"].includes(name))
    .map(([name, value]) => {
      const line = lines.find((one) => one.name === name);
      return line
        ? { title: line.title, text: line.tell(value) }
        : { title: name.replace(/^custom\./, ""), text: String(value ?? "") };
    });
}

/** A single value as the section's fields would hold it. */
function nested(name: string, value: unknown): Record<string, unknown> {
  const own = /^custom\.(.+)$/.exec(name)?.[1];
  return own ? { custom: { [own]: value } } : { [name]: value };
}
