import type { HouseholdRecord } from "./operation";
import type { Brought } from "./rounds";
import type { PictureRow, Store } from "./store";
import { openBytes, sealBytes } from "./vault";

/** A phone has room for some of each household, the latest. */
const most = 8;

/** What tells of a picture stands in the record; here it is only its bytes. */
export interface Shot {
  id: string;
  caption?: string;
  section?: string;
  created_at: string;
}

/** The pictures the office has of a household, of its record and of its visits, the latest first. */
export const shotsOf = (record: HouseholdRecord): Shot[] =>
  [
    ...(record.attachments ?? []),
    ...(record.visits ?? []).flatMap(({ attachments = [] }) => attachments),
  ]
    .sort((a, b) => b.created_at.localeCompare(a.created_at))
    .slice(0, most);

/**
 * Which pictures are to be kept, put down in the transaction of the round that brought the households: what
 * is new is wanted and fetched later, what a record has no more goes, and all of those that are `gone`.
 */
export async function wantPictures(
  store: Store,
  owner: string,
  came: Brought[],
  gone: string[],
): Promise<void> {
  const kept = await store.picturesOf(owner);
  const wanted = new Map<string, string[]>([
    ...gone.map((id): [string, string[]] => [id, []]),
    ...came.flatMap(({ record }): [string, string[]][] =>
      record ? [[record.id, shotsOf(record).map(({ id }) => id)]] : [],
    ),
  ]);
  const over: string[] = [];
  const fresh: PictureRow[] = [];
  for (const [household, ids] of wanted) {
    const there = kept.get(household) ?? new Set();
    over.push(...[...there].filter((id) => !ids.includes(id)));
    for (const id of ids)
      if (!there.has(id)) fresh.push({ owner, id, household, wanted: 1 });
  }
  await store.pictures.bulkDelete(over.map((id) => [owner, id]));
  // Put, not added: one that went from one household to another is there already.
  await store.pictures.bulkPut(fresh);
}

/** The pictures the office has, small and sealed, to be looked at without a network. */
export class Pictures {
  constructor(
    private readonly store: Store,
    private readonly owner: string,
    private readonly key: CryptoKey,
  ) {}

  /** One that was not fetched yet. */
  async next(): Promise<string | undefined> {
    const { owner } = this;
    return (await this.store.pictures.where({ owner, wanted: 1 }).first())?.id;
  }

  /** Nothing is kept of a household that went meanwhile. */
  async keep(id: string, picture: Blob): Promise<void> {
    const sealed = await sealBytes(this.key, await picture.arrayBuffer());
    const { type } = picture;
    await this.store.pictures.update([this.owner, id], {
      type,
      sealed,
      wanted: 0,
    });
  }

  /** The office does not give it: it is asked for again when its record comes anew. */
  async leave(id: string): Promise<void> {
    await this.store.pictures.delete([this.owner, id]);
  }

  rowsOf(household: string): Promise<PictureRow[]> {
    const { owner } = this;
    return this.store.pictures.where({ owner, household }).toArray();
  }

  async open({ sealed, type }: PictureRow): Promise<Blob | undefined> {
    if (!sealed) return undefined;
    return new Blob([await openBytes(this.key, sealed)], {
      ...(type && { type }),
    });
  }
}
