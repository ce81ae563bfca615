import {
  bare,
  type HouseholdRecord,
  type Operation,
  type Result,
} from "./operation";

/** What a round brings of one household. */
export interface Brought {
  household_id: string;
  record?: HouseholdRecord;
  /** Of a first load: older visits and matters that are over come in its second turn. */
  partial?: boolean;
  removed?: boolean;
}
export interface Page {
  items: Brought[];
  next_cursor: string;
  has_more: boolean;
  households: number;
  set_aside: number;
  /** The server's clock. */
  at: string;
}

/** The server, as far as a phone needs it. Each throws a Problem. */
export interface Server {
  send(operations: Operation[]): Promise<{ results: Result[] }>;
  changes(cursor: string | undefined): Promise<Page>;
}

/**
 * What the phone keeps. Each call is kept, whole, before it resolves: the browser may be ended
 * at any time. None hands back a list to be written again: what the officer does meanwhile stays.
 */
export interface Keeper {
  /**
   * What goes next, in the order of doing; marked as tried before it is given, so that nobody
   * corrects what the server may have already. Nothing about the records `held` up.
   */
  pick(held: ReadonlySet<string>): Promise<Operation[]>;
  /** How many could go. */
  waiting(): Promise<number>;
  /** Changes the acts named and no other. How many are not waiting any more. */
  settle(results: Result[]): Promise<number>;
  cursor(): Promise<string | undefined>;
  /** Records, what became of acts, and the cursor that goes with both, at once. */
  take(page: Page): Promise<void>;
  /** Everything that was fetched; not what was done here. */
  forget(): Promise<void>;
}

export interface Progress {
  sent: number;
  toSend: number;
  fetched: number;
  toFetch: number;
  /** Every household is there; what is older is on its way. */
  isUsable: boolean;
}

/** A restored county counts some changes anew; what the phone has done stays. */
const startsOver = (error: unknown) =>
  error instanceof Error && "code" in error && error.code === "sync.start_over";

/**
 * Sends what was done here, then fetches what changed. May be stopped at any point and begun
 * again: nothing is done twice and nothing is lost.
 */
export async function goRound(
  server: Server,
  keeper: Keeper,
  tell: (progress: Progress) => void = () => {},
): Promise<void> {
  const progress: Progress = {
    ...{ sent: 0, toSend: 0, fetched: 0, toFetch: 0 },
    isUsable: false,
  };
  let isFirst = false;
  // What the server could not do yet holds up its own record, until the next round.
  const held = new Set<string>();
  for (;;) {
    progress.toSend = progress.sent + (await keeper.waiting());
    tell(progress);
    const batch = await keeper.pick(held);
    if (batch.length === 0) break;
    const { results } = await server.send(batch);
    progress.sent += await keeper.settle(results);
    const answered = new Set(
      results.flatMap(({ id, state }) => (state === "later" ? [] : [bare(id)])),
    );
    for (const { id, record } of batch) if (!answered.has(id)) held.add(record);
  }
  for (;;) {
    const page = await server
      .changes(await keeper.cursor())
      .catch(async (error: unknown) => {
        if (!startsOver(error)) throw error;
        await keeper.forget();
        return server.changes(undefined);
      });
    await keeper.take(page);
    progress.fetched += page.items.length;
    progress.toFetch = page.households;
    isFirst ||= page.items.some(({ partial }) => partial);
    // The second turn of a first load goes through them all once more.
    if (isFirst && page.has_more && progress.fetched >= page.households) {
      progress.isUsable = true;
      progress.fetched = 0;
    }
    tell(progress);
    if (!page.has_more) return;
  }
}

const shortest = 5_000;
const longest = 15 * 60_000;

/** How long to wait after so many rounds that failed, one after the other. */
export function pause(failures: number, chance = Math.random()): number {
  return Math.min(longest, shortest * 2 ** failures) * (0.5 + chance / 2);
}
