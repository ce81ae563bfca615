import { api, ok } from "../../lib/api";
import { Resource } from "../../lib/resource.svelte";

/** The household's own record, as its pages show it. */
export const readMine = () =>
  new Resource(() => ok(api.GET("/api/v1/me/household")));
