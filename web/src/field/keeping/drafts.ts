import type { PhoneKeeper } from "./keeper";
import { open, seal } from "./vault";

/** A form that was left half filled. */
export interface Draft<Value = unknown> {
  /** The page it is of: where one goes on. */
  path: string;
  title: string;
  at: string;
  value: Value;
}

/** Half filled forms, sealed like all else. They outlive the browser, and signing out. */
export class Drafts {
  constructor(private readonly keeper: PhoneKeeper) {}

  async get<Value>(path: string): Promise<Draft<Value> | undefined> {
    const { owner, store, key } = this.keeper;
    const row = await store.drafts.get([owner, path]);
    return row && open<Draft<Value>>(key, row.sealed);
  }

  async put(draft: Draft): Promise<void> {
    const { owner, store, key } = this.keeper;
    const sealed = await seal(key, draft);
    await store.drafts.put({ owner, path: draft.path, sealed });
  }

  async drop(path: string): Promise<void> {
    const { owner, store } = this.keeper;
    await store.drafts.delete([owner, path]);
  }

  /** Something to watch: it changes when one comes or goes, or is written anew. */
  async count(): Promise<string> {
    const { owner, store } = this.keeper;
    const rows = await store.drafts.where("owner").equals(owner).toArray();
    return rows.map(({ path, sealed }) => path + String(sealed.iv)).join();
  }

  /** The latest first. */
  async all(): Promise<Draft[]> {
    const { owner, store, key } = this.keeper;
    const rows = await store.drafts.where("owner").equals(owner).toArray();
    const drafts = await Promise.all(
      rows.map(({ sealed }) => open<Draft>(key, sealed)),
    );
    return drafts.sort((a, b) => b.at.localeCompare(a.at));
  }
}
