/**
 * How a page of the field app does something and shows it. A form ends in `keep`, which resolves when
 * the act is on the phone's disk; the bar, the lists and `useHousehold` show it at once, in every tab,
 * and the next round sends it. Nothing here needs a network, and nothing else may write acts.
 *
 *   const household = useHousehold(() => id);  // while the component is being made
 *   household.record?.sections.housing       // with what was done here laid over it
 *   await form.send(() => keep({ method: "PATCH", path: `/api/v1/households/${id}/sections/housing`,
 *     record: id, if_match: record.revision, body: { rooms: 4, base: { rooms: 3 } } }));
 */
import { newId } from "../lib/id";
import { Problem } from "../lib/problem";
import { now } from "../lib/time";
import { type Kept, type Operation } from "./keeping/operation";
import { type Shown, shown } from "./keeping/shown";
import { isFull, watch } from "./keeping/store";
import { phone } from "./session.svelte";

export type { Kept, Operation, Shown };

/** An act before it is kept: the request the desk would send, and what it is about. */
export interface Draft {
  /** Made here unless given: the same id twice is the same act. */
  id?: string;
  method: Operation["method"];
  path: string;
  /** The household's id; acts about one record wait for one another. */
  record: string;
  /** The revision seen, for an edit; its `body.base` has the values seen. */
  if_match?: number;
  body?: Record<string, unknown>;
}

/** Keeps an act. Throws Problem `field.full` when the phone has no room: then nothing was kept. */
export async function keep({
  id = newId(),
  ...draft
}: Draft): Promise<Operation> {
  const operation: Operation = { ...draft, id, at: now().toISOString() };
  await writing(() => phone().keeper.add(operation));
  phone().wake();
  return operation;
}

/** Puts another in the place of an act that is only on this phone. Throws `field.may_have_arrived`. */
export async function correct(operation: Operation): Promise<void> {
  const done = await writing(() => phone().keeper.correct(operation));
  if (!done) throw new Problem(409, { code: "field.may_have_arrived" });
  phone().wake();
}

/** Takes an act back that is only on this phone. Throws `field.may_have_arrived`. */
export async function takeBack(id: string): Promise<void> {
  if (!(await phone().keeper.drop(id)))
    throw new Problem(409, { code: "field.may_have_arrived" });
}

/** Keeps a photograph, sealed, and gives the id under which it will be sent: `body.upload_id`. */
export const keepPhoto = (photo: Blob): Promise<string> =>
  writing(() => phone().photos.add(photo));

/** A photograph that is kept here; absent once it has been sent. */
export const photo = (id: string): Promise<Blob | undefined> =>
  phone().photos.get(id);

async function writing<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (isFull(error)) throw new Problem(507, { code: "field.full" });
    throw error;
  }
}

export interface HouseholdView {
  /** False until the database has answered. */
  readonly ready: boolean;
  /** With what was done here laid over it; `here` has the ids of that. Absent: not on this phone. */
  readonly record: Shown | undefined;
  /** Everything done here about it, in order, whatever became of it. */
  readonly acts: Kept[];
}

/** A household and what was done here about it, kept up to date. To be called as a component is made. */
export function useHousehold(id: () => string): HouseholdView {
  const { keeper, self } = phone();
  let fetched = $state.raw<Awaited<ReturnType<typeof keeper.openRecord>>>();
  let ready = $state(false);
  $effect(() =>
    watch(
      () => keeper.sealedRecord(id()),
      (row) =>
        void keeper.openRecord(row).then((record) => {
          fetched = record;
          ready = true;
        }),
    ),
  );
  const acts = $derived(
    (phone().acts ?? []).filter(({ operation }) => operation.record === id()),
  );
  const record = $derived(fetched && shown(fetched, acts, self));
  return {
    get ready() {
      return ready && phone().acts !== undefined;
    },
    get record() {
      return record;
    },
    get acts() {
      return acts;
    },
  };
}
