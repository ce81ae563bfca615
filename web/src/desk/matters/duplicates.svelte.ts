import { api, ok, type Schema } from "../../lib/api";
import { List } from "../../lib/resource.svelte";
import { query } from "../../lib/router.svelte";

export type LikelyPair = Schema<"LikelyPair">;

/** Pairs that are likely the same, in the area of the address. */
export const likelyPairs = () =>
  new List<LikelyPair>((cursor) => {
    const area = query("area");
    const asked = {
      limit: 20,
      ...(area && { area }),
      ...(cursor && { cursor }),
    };
    return ok(
      api.GET("/api/v1/matters/duplicates", { params: { query: asked } }),
    );
  });

/** Into the other one: whoever brought it becomes a member there. */
export const merge = (from: string, into: string, key: string) =>
  ok(
    api.POST("/api/v1/matters/{id}/merge", {
      params: { path: { id: from }, header: { "Idempotency-Key": key } },
      body: { into_id: into },
    }),
  );

export const notSame = (pair: string, body: { note?: string }, key: string) =>
  ok(
    api.POST("/api/v1/matters/duplicates/{pair_id}/not_same", {
      params: { path: { pair_id: pair }, header: { "Idempotency-Key": key } },
      body,
    }),
  );
