import { newId } from "./id";
import { type FieldProblem, Problem } from "./problem";
import { fieldSentence, sentence, t } from "./words.svelte";

/** What a form knows besides its values: what is wrong, and whether it is on its way. */
export class Form {
  /** Goes with every try as its Idempotency-Key: a repeated one is not done twice. */
  readonly key = newId();
  fields = $state.raw<FieldProblem[]>([]);
  problem = $state.raw<Problem | undefined>();
  busy = $state(false);
  /** Rises with every refused try, so that the summary takes the focus again. */
  tries = $state(0);

  /** The field's own message, or undefined when it is right. */
  errorOf(field: string): string | undefined {
    const wrong = this.fields.find((problem) => problem.field === field);
    return wrong && fieldSentence(wrong);
  }

  /** The problem as a whole, where it is not one of single fields. */
  get message(): string | undefined {
    if (!this.problem || this.fields.length > 0) return undefined;
    return sentence(this.problem);
  }

  /** Refuses what the page itself can see is wrong. True when nothing is. */
  require(...checks: [right: boolean, field: string, code: string][]): boolean {
    this.problem = undefined;
    this.fields = checks
      .filter(([right]) => !right)
      .map(([, field, code]) => ({ field, code }));
    if (this.fields.length > 0) this.tries += 1;
    return this.fields.length === 0;
  }

  /** Does the work once, however often the button is pressed; undefined when refused. */
  async send<Result>(
    work: () => Promise<Result>,
  ): Promise<{ result: Result } | undefined> {
    if (this.busy) return undefined;
    this.busy = true;
    try {
      const result = await work();
      this.fields = [];
      this.problem = undefined;
      return { result };
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      this.problem = failure;
      this.fields = failure.fields;
      this.tries += 1;
      return undefined;
    } finally {
      this.busy = false;
    }
  }

  get sendLabel(): string | undefined {
    return this.busy ? t("form.sending") : undefined;
  }
}

/** The id of a field's control, which the error summary links to. */
export const controlId = (field: string) =>
  `field-${field.replace(/\W+/g, "-")}`;
