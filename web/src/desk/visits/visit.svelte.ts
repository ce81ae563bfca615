import type { Schema } from "../../lib/api";
import { newId } from "../../lib/id";
import { query } from "../../lib/router.svelte";
import { me } from "../session.svelte";

type New = Schema<"VisitNew">;
type Met = Schema<"Met">;

interface Promised {
  id: string;
  text: string;
  due: string;
}

/** A visit being written down, once. Its id is made here, so that a second try is the same visit. */
export class VisitDraft {
  readonly id = newId();
  household = $state(query("household"));
  householdText = $state("");
  day = $state(me().today);
  time = $state("");
  met = $state<Met | "">("");
  diary = $state("");
  promises = $state<Promised[]>([]);
  phone = $state("");
  place = $state("");
  from = $state("");
  pictures = $state.raw<Schema<"Attachment">[]>([]);
  /** Sentences that become matters once the visit is written. */
  matters = $state<string[]>([]);

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

  /** Without a time of day: now for today, noon for a day before. */
  get #at(): string {
    if (this.time) return `${this.day}T${this.time}:00+08:00`;
    if (this.day === me().today) return new Date().toISOString();
    return `${this.day}T12:00:00+08:00`;
  }

  body(): New {
    const plan = query("plan");
    const promises = this.promises.filter(({ text }) => text.trim() !== "");
    const contact = this.#contact;
    return {
      id: this.id,
      household_id: this.household,
      at: this.#at,
      met: this.met as Met,
      diary: this.diary.trim(),
      ...(promises.length > 0 && { promises }),
      ...(plan && { plan_id: plan }),
      ...(contact && this.absent && { new_contact: contact }),
      ...(this.pictures.length > 0 && {
        attachments: this.pictures.map(({ id }) => id),
      }),
    };
  }
}
