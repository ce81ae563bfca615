import { newId } from "../../lib/id";
import type { Store } from "./store";
import { openBytes, sealBytes } from "./vault";

/** Photographs taken here, each sealed, until the server has them. */
export class Photos {
  constructor(
    private readonly store: Store,
    private readonly owner: string,
    private readonly key: CryptoKey,
  ) {}

  /** Copied: a file the browser only lends may be gone tomorrow. */
  async add(photo: Blob): Promise<string> {
    const id = newId();
    const sealed = await sealBytes(this.key, await photo.arrayBuffer());
    const { owner } = this;
    const { type, size } = photo;
    await this.store.photos.add({ owner, id, type, size, sealed });
    return id;
  }

  async get(id: string): Promise<Blob | undefined> {
    const row = await this.store.photos.get([this.owner, id]);
    if (!row) return undefined;
    const bytes = await openBytes(this.key, row.sealed);
    return new Blob([bytes], { type: row.type });
  }

  async drop(id: string): Promise<void> {
    await this.store.photos.delete([this.owner, id]);
  }
}
