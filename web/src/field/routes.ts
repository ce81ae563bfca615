import type { Route } from "../lib/router.svelte";

export const routes: Route[] = [
  { path: "/field", load: () => import("./home/Home.svelte") },
  {
    path: "/field/households/:id",
    load: () => import("./household/HouseholdPage.svelte"),
  },
  {
    path: "/field/households/:id/visit",
    load: () => import("./visits/NewVisit.svelte"),
  },
  { path: "/field/waiting", load: () => import("./waiting/Waiting.svelte") },
  { path: "/field/leave", load: () => import("./leave/Leave.svelte") },
  {
    path: "/field/households/:id/sections/:name",
    load: () => import("./edit/SectionPage.svelte"),
  },
  {
    path: "/field/households/:id/people/:person",
    load: () => import("./edit/PersonPage.svelte"),
  },
  {
    path: "/field/households/:id/life",
    load: () => import("./edit/LifePage.svelte"),
  },
  {
    path: "/field/households/:id/consents",
    load: () => import("./edit/ConsentsPage.svelte"),
  },
  {
    path: "/field/households/:id/matters/new",
    load: () => import("./matters/NewMatter.svelte"),
  },
  {
    path: "/field/households/:id/photos",
    load: () => import("./photos/PhotosPage.svelte"),
  },
  {
    path: "/field/receipts/:id",
    load: () => import("./matters/ReceiptPage.svelte"),
  },
  {
    path: "/field/acts/:id",
    load: () => import("./decide/DecidePage.svelte"),
  },
  {
    path: "/field/dispatch",
    load: () => import("./look/DispatchPage.svelte"),
  },
  {
    path: "/field/households/:id/visits/:visit/:kind",
    load: () => import("./visits/Beneath.svelte"),
  },
  {
    path: "/field/households/:id/matters/:matter/judgement",
    load: () => import("./matters/JudgePage.svelte"),
  },
  {
    path: "/field/households/:id/matters/:matter",
    load: () => import("./matters/MatterPage.svelte"),
  },
];
