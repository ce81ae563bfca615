import { Problem } from "./problem";
import { language } from "./words.svelte";

/** Something read from the server: not here yet, here, or refused. */
export class Resource<Data> {
  data = $state.raw<Data | undefined>();
  problem = $state.raw<Problem | undefined>();
  loading = $state(false);
  #read: () => Promise<Data>;
  #latest = 0;

  constructor(read: () => Promise<Data>) {
    this.#read = read;
    void this.reload();
  }

  /** Reads again; what was shown stays until the new answer is here. */
  async reload() {
    const mine = ++this.#latest;
    this.loading = true;
    try {
      const data = await this.#read();
      // A slow answer to an earlier question must not cover a later one.
      if (mine === this.#latest) [this.data, this.problem] = [data, undefined];
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      if (mine === this.#latest) this.problem = failure;
    } finally {
      if (mine === this.#latest) this.loading = false;
    }
  }
}

interface Page<Item> {
  items: Item[];
  next_cursor?: string | null | undefined;
}

/** A list that comes a page at a time; more is added below what is shown. */
export class List<Item> {
  items = $state.raw<Item[]>([]);
  problem = $state.raw<Problem | undefined>();
  loading = $state(false);
  ready = $state(false);
  cursor = $state<string | undefined>();
  #read: (cursor: string | undefined) => Promise<Page<Item>>;
  #latest = 0;

  constructor(read: (cursor: string | undefined) => Promise<Page<Item>>) {
    this.#read = read;
    void this.reload();
  }

  reload = () => this.#load(undefined);
  more = () => this.#load(this.cursor);

  async #load(cursor: string | undefined) {
    const mine = ++this.#latest;
    this.loading = true;
    try {
      const page = await this.#read(cursor);
      if (mine !== this.#latest) return;
      this.items = cursor ? [...this.items, ...page.items] : page.items;
      this.cursor = page.next_cursor ?? undefined;
      this.problem = undefined;
      this.ready = true;
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      if (mine === this.#latest) this.problem = failure;
    } finally {
      if (mine === this.#latest) this.loading = false;
    }
  }
}

/** Reads again what the server says in the language of the page, when one changes it. */
export function whenSpoken(reload: () => unknown) {
  let spoken = language();
  $effect(() => {
    if (language() === spoken) return;
    spoken = language();
    void reload();
  });
}
