import { Problem } from "../lib/problem";
import type { Find, Option } from "./find";

/** What a combobox found for what was typed, and which of it the arrows stand on. */
export class Lookup {
  options = $state.raw<Option[]>([]);
  open = $state(false);
  empty = $state(false);
  failed = $state(false);
  at = $state(-1);
  #find: Find;
  #asked = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(find: Find) {
    this.#find = find;
  }

  /** Searches as one types, but not at every stroke. */
  ask(text: string) {
    clearTimeout(this.#timer);
    const wanted = text.trim();
    this.empty = false;
    if (wanted === "") return this.close();
    this.#asked = wanted;
    this.#timer = setTimeout(() => void this.#search(), 180);
  }

  move(by: number, text: string) {
    if (!this.open) return this.ask(text);
    const count = this.options.length;
    this.at = (this.at + by + count + (this.at < 0 && by < 0 ? 1 : 0)) % count;
  }

  close() {
    clearTimeout(this.#timer);
    // An answer still on its way must not open the list again.
    this.#asked = "";
    this.open = false;
    this.empty = false;
    this.at = -1;
  }

  async #search() {
    const q = this.#asked;
    try {
      const found = await this.#find(q);
      if (q !== this.#asked) return;
      this.failed = false;
      this.#show(found);
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      this.failed = true;
      this.#show([]);
    }
  }

  #show(found: Option[]) {
    this.options = found;
    this.open = found.length > 0;
    this.empty = found.length === 0;
    this.at = -1;
  }
}
