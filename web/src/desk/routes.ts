import type { Route } from "../lib/router.svelte";

export const routes: Route[] = [
  { path: "/desk", load: () => import("./home/Home.svelte") },
  { path: "/desk/password", load: () => import("./entry/NewPassword.svelte") },
  { path: "/desk/intake", load: () => import("./intake/Intake.svelte") },
  { path: "/desk/matters", load: () => import("./matters/Queue.svelte") },
  {
    path: "/desk/matters/:id",
    load: () => import("./matters/MatterPage.svelte"),
  },
];
