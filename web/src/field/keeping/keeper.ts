import {
  bare,
  type HouseholdRecord,
  type Kept,
  nextBatch,
  type Operation,
  type Result,
  settled,
} from "./operation";
import type { Keeper, Page } from "./rounds";
import { wantPictures } from "./pictures";
import { mergeRows, type Row } from "./row";
import type { ActRow, IndexRow, RecordRow, Store } from "./store";
import { open, seal, type Wrapped } from "./vault";

const day = 86_400_000;
/** How long an act is shown after it is in the record. */
const shownFor = 7 * day;

type Told = Pick<Kept, "refusal" | "reply">;
const unsent = ({ standing }: ActRow) =>
  standing === "here" || standing === "aside";

/**
 * What the phone keeps for one officer, opened by their key. An act is a row of its own and every
 * change to it is a transaction that looks at the row as it is then: a round, another tab and the
 * officer's own hand never undo one another's.
 */
export class PhoneKeeper implements Keeper {
  constructor(
    readonly store: Store,
    readonly owner: string,
    readonly key: CryptoKey,
    private readonly now: () => number = Date.now,
    /** Seals for the server alone, where the phone knows its key. */
    private readonly forServer?: (operation: Operation) => Promise<string>,
  ) {}

  /** The act as it stands in its row. Throws when the row was tampered with. */
  async read(row: ActRow): Promise<Kept> {
    const told = row.told ? await open<Told>(this.key, row.told) : {};
    return {
      operation: await open<Operation>(this.key, row.operation),
      standing: row.standing,
      tried: row.tried,
      ...told,
    };
  }

  async acts(): Promise<Kept[]> {
    const rows = await this.store.actsOf(this.owner);
    return Promise.all(rows.map((row) => this.read(row)));
  }

  async add(operation: Operation): Promise<void> {
    const sealed = await seal(this.key, operation);
    const outbox = await this.forServer?.(operation);
    await this.store.acts.add({
      owner: this.owner,
      id: operation.id,
      record: operation.record,
      standing: "here",
      tried: false,
      operation: sealed,
      ...(outbox && { outbox }),
    });
  }

  /** False when it may have reached the server meanwhile, or is no longer there. */
  async correct(operation: Operation): Promise<boolean> {
    const sealed = await seal(this.key, operation);
    const outbox = await this.forServer?.(operation);
    return this.#change(operation.id, (row) => {
      if (!unsent(row) || row.tried) return undefined;
      const { told: _, outbox: __, ...rest } = row;
      return {
        ...rest,
        standing: "here",
        operation: sealed,
        ...(outbox && { outbox }),
      };
    });
  }

  /** Takes an act off the phone that never reached the server. False when it may have. */
  async drop(id: string): Promise<boolean> {
    return this.store.transaction("rw", this.store.acts, async () => {
      const row = await this.#row(id);
      if (!row || !unsent(row) || row.tried) return false;
      await this.store.acts.delete(row.n as number);
      return true;
    });
  }

  async pick(held?: ReadonlySet<string>): Promise<Operation[]> {
    const rows = await this.store.transaction(
      "rw",
      this.store.acts,
      async () => {
        const batch = nextBatch(await this.store.actsOf(this.owner), held);
        for (const { n } of batch)
          await this.store.acts.update(n as number, { tried: true });
        return batch;
      },
    );
    return Promise.all(
      rows.map(({ operation }) => open<Operation>(this.key, operation)),
    );
  }

  async waiting(): Promise<number> {
    return nextBatch(await this.store.actsOf(this.owner), undefined, Infinity)
      .length;
  }

  async settle(results: Result[]): Promise<number> {
    const changes = await Promise.all(
      results.map(async (result) => {
        const after = settled(result);
        if (!after) return { id: bare(result.id) };
        const { standing, ...told } = after;
        const sealed = await seal(this.key, told satisfies Told);
        return { id: bare(result.id), standing, told: sealed };
      }),
    );
    let moved = 0;
    await this.store.transaction("rw", this.store.acts, async () => {
      for (const { id, ...after } of changes) {
        const row = await this.#row(id);
        if (row?.standing !== "here") continue;
        const at = { settled: this.now() };
        await this.store.acts.put({
          ...row,
          tried: false,
          ...(after.standing && { ...after, ...at }),
        });
        if (after.standing) moved++;
      }
    });
    return moved;
  }

  async cursor(): Promise<string | undefined> {
    return (await this.store.indexes.get(this.owner))?.cursor;
  }

  async take(page: Page): Promise<void> {
    const came = page.items.flatMap(({ record, partial }) =>
      record ? [partial ? { ...record, partial } : record] : [],
    );
    const records = await Promise.all(came.map((one) => this.#sealed(one)));
    while (!(await this.#put(page, records)));
  }

  async forget(): Promise<void> {
    const { records, indexes, pictures } = this.store;
    await this.store.transaction("rw", records, indexes, pictures, async () => {
      await records.where("owner").equals(this.owner).delete();
      await pictures.where("owner").equals(this.owner).delete();
      await indexes.delete(this.owner);
    });
  }

  /** A household as it is kept; opening it is a second step, outside of any transaction. */
  sealedRecord(id: string): Promise<RecordRow | undefined> {
    return this.store.records.get([this.owner, id]);
  }

  async openRecord(
    row: RecordRow | undefined,
  ): Promise<HouseholdRecord | undefined> {
    return row && open<HouseholdRecord>(this.key, row.sealed);
  }

  /** The list's lines as they are in the index's row. */
  async rows(index: IndexRow | undefined): Promise<Row[]> {
    return index ? open<Row[]>(this.key, index.sealed) : [];
  }

  async #sealed(record: HouseholdRecord) {
    const sealed = await seal(this.key, record);
    return { owner: this.owner, id: record.id, sealed };
  }

  /** False when somebody else wrote the index meanwhile: begin again on what is there now. */
  async #put(
    { items, next_cursor, has_more, at }: Page,
    records: { owner: string; id: string; sealed: Wrapped }[],
  ): Promise<boolean> {
    const { store, owner } = this;
    const index = await store.indexes.get(owner);
    const kept = new Set(
      (await store.actsOf(owner)).filter(unsent).map(({ record }) => record),
    );
    const { rows, gone } = mergeRows(await this.rows(index), items, kept);
    const sealed = await seal(this.key, rows);
    return store.transaction(
      "rw",
      [store.records, store.indexes, store.acts, store.pictures],
      async () => {
        const before = await store.indexes.get(owner);
        if (before?.version !== index?.version) return false;
        await store.records.bulkPut(records);
        await store.records.bulkDelete(gone.map((id) => [owner, id]));
        await wantPictures(store, owner, items, gone);
        await store.indexes.put({
          owner,
          version: (index?.version ?? 0) + 1,
          sealed,
          cursor: next_cursor,
          as_of: has_more ? index?.as_of : at,
        });
        await this.#merge(new Set(records.map(({ id }) => id)), !has_more);
        return true;
      },
    );
  }

  /** What was received is merged once its record came, or a round is over that began after it. */
  async #merge(came: Set<string>, over: boolean): Promise<void> {
    for (const row of await this.store.actsOf(this.owner)) {
      if (row.standing === "received" && (over || came.has(row.record)))
        await this.store.acts.put({ ...row, standing: "merged" });
      else if (
        row.standing === "merged" &&
        this.now() - (row.settled ?? 0) > shownFor
      )
        await this.store.acts.delete(row.n as number);
    }
  }

  #row(id: string): Promise<ActRow | undefined> {
    return this.store.acts.get({ owner: this.owner, id });
  }

  async #change(
    id: string,
    change: (row: ActRow) => ActRow | undefined,
  ): Promise<boolean> {
    return this.store.transaction("rw", this.store.acts, async () => {
      const row = await this.#row(id);
      const after = row && change(row);
      if (after) await this.store.acts.put(after);
      return after !== undefined;
    });
  }
}
