import Dexie, { liveQuery, type Table } from "dexie";
import type { Standing } from "./operation";
import type { Lock, Wrapped } from "./vault";

/**
 * The phone's one database, and the only file that knows IndexedDB. Everything of an officer bears
 * their id, so that two officers of one phone never meet; what tells of a household is sealed. What
 * is not sealed is what must be counted or ordered without the key.
 *
 * A later version of the schema is a further `version(n).stores(...)`, never a change of one that
 * phones have: unsent work must outlive every update.
 */

/** An officer's way in: the lock, and what opens it where the server is asked. */
export interface Door {
  owner: string;
  /** Known before anything is open, to say whose PIN is asked. */
  name: string;
  device: string;
  /** What is sealed for the server, and what tells it whose phone that comes from. */
  server_key: string;
  token: string;
  lock: Lock;
  /** Who they are and where they work, sealed. */
  self: Wrapped;
  /** By how many milliseconds the server was ahead of this phone when they last spoke. */
  ahead: number;
}

export interface ActRow {
  /** The order of doing. */
  n?: number;
  owner: string;
  id: string;
  record: string;
  standing: Standing;
  tried: boolean;
  /** When it was settled, by this phone: merged acts are shown for some days. */
  settled?: number;
  operation: Wrapped;
  /** The refusal or the reply. */
  told?: Wrapped;
  /** The operation again, sealed for the server alone. */
  outbox?: string;
}

export interface RecordRow {
  owner: string;
  id: string;
  sealed: Wrapped;
}

/** The list's lines in one piece: a list of 500 is opened at once, not record by record. */
export interface IndexRow {
  owner: string;
  /** Rises with each writing, so that a stale one is noticed. */
  version: number;
  sealed: Wrapped;
  cursor?: string | undefined;
  /** When the last round was over, by the server's clock. */
  as_of?: string | undefined;
}

export interface PhotoRow {
  owner: string;
  id: string;
  type: string;
  size: number;
  sealed: Wrapped;
}

/** A picture the office has; `wanted` until it was fetched. */
export interface PictureRow {
  owner: string;
  id: string;
  household: string;
  wanted: 0 | 1;
  type?: string;
  sealed?: Wrapped;
}

/** A form left half filled, by the page it is of. */
export interface DraftRow {
  owner: string;
  path: string;
  sealed: Wrapped;
}

/** Facts of the phone itself, such as whose turn a round is. */
export interface Fact {
  name: string;
  value: unknown;
}

export class Store extends Dexie {
  doors!: Table<Door, string>;
  acts!: Table<ActRow, number>;
  records!: Table<RecordRow, [string, string]>;
  indexes!: Table<IndexRow, string>;
  photos!: Table<PhotoRow, [string, string]>;
  facts!: Table<Fact, string>;
  drafts!: Table<DraftRow, [string, string]>;
  pictures!: Table<PictureRow, [string, string]>;

  constructor(name = "huiyin-field") {
    super(name);
    this.version(1).stores({
      doors: "owner",
      acts: "++n, &[owner+id], owner, [owner+record]",
      records: "[owner+id], owner",
      indexes: "owner",
      photos: "[owner+id], owner",
      facts: "name",
    });
    this.version(2).stores({ drafts: "[owner+path], owner" });
    this.version(3).stores({
      pictures: "[owner+id], owner, [owner+household], [owner+wanted]",
    });
  }

  /** The ids of an officer's pictures, by household; their bytes are left where they are. */
  async picturesOf(owner: string): Promise<Map<string, Set<string>>> {
    const all = this.pictures
      .where("[owner+household]")
      .between([owner, Dexie.minKey], [owner, Dexie.maxKey]);
    const keys = await all.primaryKeys();
    const homes = await all.keys();
    const found = new Map<string, Set<string>>();
    keys.forEach(([, id], place) => {
      const [, home] = homes[place] as unknown as [string, string];
      found.set(home, (found.get(home) ?? new Set()).add(id));
    });
    return found;
  }

  /** An officer's acts in the order of doing. */
  actsOf(owner: string): Promise<ActRow[]> {
    return this.acts.where("owner").equals(owner).sortBy("n");
  }
}

/**
 * Tells what a question to the database answers, now and whenever any tab changes it. Returns how
 * to stop.
 */
export function watch<Value>(
  ask: () => Promise<Value>,
  tell: (value: Value) => void,
): () => void {
  const fail = (error: unknown) => reportError(error);
  const told = liveQuery(ask).subscribe({ next: tell, error: fail });
  return () => told.unsubscribe();
}

/** Whether the browser had no room left for it. */
export const isFull = (error: unknown) =>
  error instanceof Error &&
  (error.name === "QuotaExceededError" ||
    (error as { inner?: Error }).inner?.name === "QuotaExceededError");
