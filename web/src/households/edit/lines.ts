import { ownChoices, type OwnField, ownSpec, ownTitle, showOwn } from "../own";
import { type FieldSpec, type SectionName, sections } from "../sections";
import { fieldTitle, showValue } from "../show";
import { toSquareMetres } from "../../lib/amount";
import { t, term } from "../../lib/words.svelte";
import type { Question, Value } from "../../parts/question";

type Fields = Record<string, unknown>;

/** One field of a section: how it reads, how it is asked for, and how it is sent. */
export interface Line {
  name: string;
  title: string;
  shown: (fields: Fields) => string;
  /** A single value of it, from a history or a clash. */
  tell: (value: unknown) => string;
  question?: Question;
  given: (fields: Fields) => Value;
  sent: (value: Value) => unknown;
}

const yesNo = () => [
  { value: "yes", text: t("value.yes") },
  { value: "no", text: t("value.no") },
];

function asked(spec: FieldSpec, title: string): Question {
  const common = { name: spec.name, label: title, optional: true };
  const choices = (spec.codes ?? []).map((value) => ({
    value,
    text: term(spec.family ?? "", value),
  }));
  if (spec.kind === "choice") return { ...common, kind: "select", choices };
  if (spec.kind === "choices") return { ...common, kind: "checks", choices };
  if (spec.kind === "yes")
    return { ...common, kind: "select", choices: yesNo() };
  if (spec.kind === "text") return { ...common, kind: "text" };
  if (spec.kind === "long") return { ...common, kind: "long", rows: 3 };
  const hint =
    spec.kind === "money"
      ? t("desk.in_yuan")
      : spec.kind === "land"
        ? t("desk.in_mu")
        : undefined;
  return { ...common, kind: "number", hint };
}

const rounded = (value: number) => String(Math.round(value * 100) / 100);

function given(spec: FieldSpec, value: unknown): Value {
  if (spec.kind === "choices") return [...((value as string[]) ?? [])];
  if (value === undefined || value === null) return "";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (spec.kind === "money") return rounded(Number(value) / 100);
  if (spec.kind === "land") return rounded((Number(value) * 15) / 10_000);
  return String(value);
}

function sent(spec: FieldSpec, value: Value): unknown {
  if (spec.kind === "choices") return value;
  if (value === "") return null;
  if (spec.kind === "yes") return value === "yes";
  if (spec.kind === "money") return Math.round(Number(value) * 100);
  if (spec.kind === "land") return toSquareMetres(Number(value));
  return ["count", "year"].includes(spec.kind) ? Number(value) : value;
}

function ownLine(field: OwnField): Line {
  const spec: FieldSpec = ownSpec(field);
  const title = ownTitle(field);
  const choices = ownChoices(field);
  const name = `custom.${field.name}`;
  const valueOf = ({ custom }: Fields) => (custom as Fields)?.[field.name];
  const tell = (value: unknown) => showOwn(field, value);
  const common = { name, label: title, optional: true };
  const question: Question =
    field.type === "choice"
      ? { ...common, kind: "select", choices }
      : field.type === "date"
        ? { ...common, kind: "date" }
        : { ...asked(spec, title), name };
  return {
    name,
    title,
    question,
    shown: (fields) => tell(valueOf(fields)),
    tell,
    given: (fields) => given(spec, valueOf(fields)),
    sent: (value) => sent(spec, value),
  };
}

function line(section: SectionName, spec: FieldSpec): Line {
  const title = fieldTitle(section, spec.name);
  return {
    name: spec.name,
    title,
    shown: (fields) => showValue(spec, fields[spec.name]),
    tell: (value) => showValue(spec, value),
    ...(!spec.counted && { question: asked(spec, title) }),
    given: (fields) => given(spec, fields[spec.name]),
    sent: (value) => sent(spec, value),
  };
}

export const linesOf = (section: SectionName, own: OwnField[]): Line[] => [
  ...sections[section].map((spec) => line(section, spec)),
  ...own.filter((field) => field.section === section).map(ownLine),
];
