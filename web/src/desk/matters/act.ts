import { api, ok, type Schema } from "../../lib/api";
import type { Question, Values } from "../../parts/question";

export type Matter = Schema<"Matter">;
export type ActName = Matter["may"][number];
/** Those with a dialog of their own; the others stand where what they are about is shown. */
export type FormName = Exclude<
  ActName,
  | "attachment"
  | "members"
  | "representatives"
  | "identity_look"
  | "relay"
  | "relay_answer"
  | "meeting"
>;

/** What an act needs to know of its matter; a line of a list is enough for most. */
export type Subject = Schema<"MatterSummary"> & Partial<Matter>;

export interface ActForm {
  lead?: string;
  questions: Question[];
  given?: Values;
  danger?: boolean;
  send: (
    body: Record<string, unknown>,
    values: Values,
    key: string,
  ) => Promise<unknown>;
}

type Path =
  | "assignment"
  | "acceptance"
  | "return"
  | "passing_up"
  | "return_decision"
  | "co_handlers"
  | "answer"
  | "answer_decision"
  | "extension"
  | "extension_decision"
  | "judgement"
  | "judgement_correction"
  | "appeal"
  | "withdrawal"
  | "reminder"
  | "orders"
  | "pauses"
  | "note"
  | "merge"
  | "unmerge"
  | "members"
  | "representatives"
  | "confidentiality"
  | "unmaskings"
  | "relay"
  | "relay_answers"
  | "harm_reports";

/** Sends one act. Their bodies differ by path; the questions of each make the body it takes. */
export const post = (matter: Subject, path: Path) =>
  function send(body: object, _values: Values, key: string) {
    const params = {
      path: { id: matter.id },
      header: { "Idempotency-Key": key },
    };
    return ok(
      api.POST(`/api/v1/matters/{id}/${path}`, { params, body: body as never }),
    );
  };
