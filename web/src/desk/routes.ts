import type { Route } from "../lib/router.svelte";

export const routes: Route[] = [
  { path: "/desk", load: () => import("./Home.svelte") },
];
