import { api, ok, type Schema } from "../lib/api";
import { Problem } from "../lib/problem";
import type { Result } from "./keeping/operation";
import type { Page, Server } from "./keeping/rounds";

export type Current = Schema<"SessionCurrent">;

export const current = () => ok(api.GET("/api/v1/sessions/current"));

/** The server as a phone meets it; the session in this browser must be the phone's officer's. */
export const server = (
  owner: string,
  device: string,
): Server & { meet(): Promise<void> } => ({
  async meet() {
    const { officer } = await current().catch(async (failure: unknown) => {
      // Nobody is signed in: whether that is for good, only what belongs to phones says.
      if (failure instanceof Problem && failure.status === 401)
        await server(owner, device).changes(undefined);
      throw failure;
    });
    if (officer.id !== owner)
      throw new Problem(401, { code: "field.somebody_else" });
  },
  send: (operations) =>
    ok(
      api.POST("/api/v1/sync/operations", {
        body: { operations },
        params: { header: { "Huiyin-Device": device } },
      }),
    ) as Promise<{ results: Result[] }>,
  changes: (cursor) =>
    ok(
      api.GET("/api/v1/sync/changes", {
        params: {
          query: { limit: 250, ...(cursor && { cursor }) },
          header: { "Huiyin-Device": device },
        },
      }),
    ) as Promise<Page>,
});

/** A picture the office has, in its small edition. */
export const small = (id: string): Promise<Blob> =>
  ok(
    api.GET("/api/v1/attachments/{id}", {
      params: { path: { id }, query: { size: "thumb" } },
      parseAs: "blob",
    }),
  );
