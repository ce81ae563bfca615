import type { Schema } from "../lib/api";
import { newId } from "../lib/id";
import { dateOf, now } from "../lib/time";

type New = Schema<"VisitNew">;
type Met = Schema<"Met">;

interface Promised {
  id: string;
  text: string;
  due: string;
}

interface Begun {
  household?: string;
  /** The plan it fulfils. */
  plan?: string;
  /** Today, where the visit is. */
  today: string;
  /** As it was written down before, to be written again. */
  written?: New | undefined;
}

/** A visit being written down, once. Its id is made here, so that a second try is the same visit. */
export class VisitDraft {
  readonly id: string;
  readonly plan: string;
  readonly today: string;
  household = $state("");
  householdText = $state("");
  day = $state("");
  time = $state("");
  met = $state<Met | "">("");
  diary = $state("");
  /** What the household said, in its own words. */
  words = $state("");
  promises = $state<Promised[]>([]);
  phone = $state("");
  place = $state("");
  from = $state("");
  pictures = $state.raw<Schema<"Attachment">[]>([]);
  /** Sentences that become matters once the visit is written. */
  matters = $state<string[]>([]);

  constructor({ household = "", plan = "", today, written }: Begun) {
    this.id = written?.id ?? newId();
    this.household = household;
    this.plan = written?.plan_id ?? plan;
    this.today = today;
    this.day = today;
    if (!written) return;
    this.#writtenAt = written.at;
    this.day = dateOf(written.at);
    this.met = written.met;
    this.diary = written.diary ?? "";
    this.words = written.words ?? "";
    this.promises = (written.promises ?? []).map(({ id, text, due }) => ({
      id: id ?? newId(),
      text,
      due,
    }));
    this.phone = written.new_contact?.phone ?? "";
    this.place = written.new_contact?.place ?? "";
    this.from = written.new_contact?.from ?? "";
  }

  /** Nobody of the household was there to speak for it. */
  get absent(): boolean {
    return this.met === "nobody" || this.met === "neighbour";
  }

  promise(text = "") {
    this.promises.push({ id: newId(), text, due: "" });
  }

  get #contact(): New["new_contact"] | undefined {
    const contact = {
      ...(this.phone.trim() && { phone: this.phone.trim() }),
      ...(this.place.trim() && { place: this.place.trim() }),
      ...(this.from.trim() && { from: this.from.trim() }),
    };
    return Object.keys(contact).length > 0 ? contact : undefined;
  }

  #writtenAt: string | undefined;

  /** Without a time of day: now for today, noon for a day before; as it was while the day stays. */
  get #at(): string {
    if (this.#writtenAt && this.day === dateOf(this.#writtenAt))
      return this.#writtenAt;
    if (this.time) return `${this.day}T${this.time}:00+08:00`;
    if (this.day === this.today) return now().toISOString();
    return `${this.day}T12:00:00+08:00`;
  }

  /** What the page itself can see is wrong, for `Form.require`. */
  checks(): [right: boolean, field: string, code: string][] {
    const undated = this.promises.flatMap(({ text, due }, place) =>
      text.trim() && (due === "" || due === "?")
        ? [
            [
              false,
              `promises[${place}].due`,
              due ? "not_a_date" : "required",
            ] satisfies [boolean, string, string],
          ]
        : [],
    );
    return [
      [this.household !== "", "household_id", "required"],
      [this.met !== "", "met", "required"],
      [this.day !== "" && this.day !== "?", "at", "not_a_date"],
      [this.absent || this.diary.trim() !== "", "diary", "required"],
      ...undated,
    ];
  }

  body(): New {
    const promises = this.promises.filter(({ text }) => text.trim() !== "");
    const contact = this.#contact;
    return {
      id: this.id,
      household_id: this.household,
      at: this.#at,
      met: this.met as Met,
      diary: this.diary.trim(),
      ...(this.words.trim() && !this.absent && { words: this.words.trim() }),
      ...(promises.length > 0 && { promises }),
      ...(this.plan && { plan_id: this.plan }),
      ...(contact && this.absent && { new_contact: contact }),
      ...(this.pictures.length > 0 && {
        attachments: this.pictures.map(({ id }) => id),
      }),
    };
  }
}
