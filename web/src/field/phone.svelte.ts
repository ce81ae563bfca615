import { putPiece } from "../lib/api";
import { Problem } from "../lib/problem";
import { noteServerTime, now } from "../lib/time";
import type { Opened } from "./keeping/doors";
import { Drafts } from "./keeping/drafts";
import { PhoneKeeper } from "./keeping/keeper";
import type { Kept, Operation } from "./keeping/operation";
import { Photos } from "./keeping/photos";
import { Pictures } from "./keeping/pictures";
import { goRound, pause, type Progress } from "./keeping/rounds";
import type { Row } from "./keeping/row";
import type { Self } from "./keeping/shown";
import {
  type ActRow,
  type Door,
  isFull,
  type Store,
  watch,
} from "./keeping/store";
import { inTurn } from "./keeping/turn";
import { withPhotos } from "./photos/send";
import { fetchReference, startReference } from "./reference";
import { isOver } from "./device";
import { sealForServer, toBase64Url } from "./keeping/sealed";
import { server, small } from "./server";

/** How often a phone asks by itself while it is looked at. */
const often = 5 * 60_000;
/** The largest photograph that goes along inside what is sealed, in bytes. */
const largestSealed = 500_000;

/** The phone while it is open: what its officer keeps, and the rounds it goes. */
export class Phone {
  readonly self: Self;
  readonly keeper: PhoneKeeper;
  readonly drafts: Drafts;
  readonly photos: Photos;
  readonly pictures: Pictures;
  /** In the order of doing; undefined until the database answered. */
  acts = $state.raw<Kept[] | undefined>();
  rows = $state.raw<Row[] | undefined>();
  /** When the last whole round was over, by the server's clock. */
  asOf = $state<string | undefined>();
  going = $state(false);
  progress = $state.raw<Progress | undefined>();
  /** Why the last round ended early. */
  problem = $state.raw<Problem | undefined>();

  #door: Door;
  #stop: (() => void)[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #closed = false;
  #fetching = false;
  #known = new Map<number, { row: string; kept: Kept }>();

  constructor(
    private readonly store: Store,
    { key, self, door }: Opened,
    /** Called when the phone was signed out from afar: everything of it is to go. */
    private readonly ended: (door: Door) => Promise<void>,
  ) {
    this.self = self;
    this.#door = door;
    this.keeper = new PhoneKeeper(store, self.id, key, undefined, (operation) =>
      this.#forServer(operation),
    );
    this.drafts = new Drafts(this.keeper);
    startReference(store);
    this.photos = new Photos(store, self.id, key);
    this.pictures = new Pictures(store, self.id, key);
    this.#stop = [
      watch(
        () => store.actsOf(self.id),
        (rows) => void this.#read(rows),
      ),
      watch(
        () => store.indexes.get(self.id),
        (index) =>
          void this.keeper.rows(index).then((rows) => {
            this.asOf = index?.as_of;
            this.rows = rows;
          }),
      ),
    ];
    addEventListener("online", this.#online);
    document.addEventListener("visibilitychange", this.#seen);
    if (door.ahead)
      noteServerTime(new Date(Date.now() + door.ahead).toUTCString());
    void this.round();
  }

  /** Sealed for the server, with a photograph in it: another officer could not fetch that. */
  async #forServer(operation: Operation): Promise<string> {
    const { upload_id, ...body } = operation.body ?? {};
    const photo =
      typeof upload_id === "string"
        ? await this.photos.get(upload_id)
        : undefined;
    const whole =
      photo && photo.size <= largestSealed
        ? {
            ...operation,
            body: {
              ...body,
              image: toBase64Url(new Uint8Array(await photo.arrayBuffer())),
            },
          }
        : operation;
    return sealForServer(this.#door.server_key, whole);
  }

  /** Nothing of it stays in memory. */
  close() {
    this.#closed = true;
    for (const stop of this.#stop) stop();
    clearTimeout(this.#timer);
    removeEventListener("online", this.#online);
    document.removeEventListener("visibilitychange", this.#seen);
  }

  /** Something was done: it goes at once where there is a network. */
  wake() {
    if (navigator.onLine) void this.round();
  }

  /** Sends what was done here and fetches what changed. One round at a time, in whichever tab. */
  async round(): Promise<void> {
    if (this.going) return;
    this.going = true;
    clearTimeout(this.#timer);
    try {
      await inTurn(this.store, () => this.#go());
      this.problem = undefined;
      this.#failures = 0;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (isOver(error)) return void (await this.ended(this.#door));
      this.problem = error;
      this.#failures++;
    } finally {
      this.going = false;
      this.progress = undefined;
      const wait = this.#failures ? pause(this.#failures - 1) : often;
      this.#timer = setTimeout(() => void this.round(), wait);
    }
  }

  async #go() {
    const to = server(this.self.id, this.#door.device);
    await to.meet();
    await goRound(
      withPhotos(to, this.photos, putPiece),
      this.keeper,
      (progress) => (this.progress = { ...progress }),
    );
    await fetchReference();
    const ahead = now().getTime() - Date.now();
    await this.store.doors.update(this.self.id, { ahead });
    void this.#fetchPictures();
  }

  /** After everything else, one after the other; what is missed is fetched after the next round. */
  async #fetchPictures() {
    if (this.#fetching) return;
    this.#fetching = true;
    try {
      while (!this.#closed && navigator.onLine) {
        const id = await this.pictures.next();
        if (!id) return;
        const picture = await small(id).catch((failure: unknown) => {
          if (!(failure instanceof Problem)) throw failure;
          return failure;
        });
        if (picture instanceof Blob) await this.pictures.keep(id, picture);
        else if ([403, 404].includes(picture.status))
          await this.pictures.leave(id);
        else return;
      }
    } catch (error) {
      // A phone that is full goes on without pictures.
      if (!isFull(error)) throw error;
    } finally {
      this.#fetching = false;
    }
  }

  /** Opens what changed; what is known need not be opened again. */
  async #read(rows: ActRow[]) {
    const read = await Promise.all(
      rows.map(async (row) => {
        const seen = `${row.standing} ${row.tried} ${String(row.operation.iv)}`;
        const known = this.#known.get(row.n as number);
        if (known?.row === seen) return known.kept;
        const kept = await this.keeper.read(row);
        this.#known.set(row.n as number, { row: seen, kept });
        return kept;
      }),
    );
    this.acts = read;
  }

  #online = () => {
    this.#failures = 0;
    void this.round();
  };
  #seen = () => {
    if (document.visibilityState === "visible" && navigator.onLine)
      void this.round();
  };
}
