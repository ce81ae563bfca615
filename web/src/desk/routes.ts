import type { Route } from "../lib/router.svelte";

export const routes: Route[] = [
  { path: "/desk", load: () => import("./home/Home.svelte") },
  { path: "/desk/account", load: () => import("./entry/AccountPage.svelte") },
  { path: "/desk/password", load: () => import("./entry/NewPassword.svelte") },
  { path: "/desk/intake", load: () => import("./intake/Intake.svelte") },
  { path: "/desk/matters", load: () => import("./matters/Queue.svelte") },
  {
    path: "/desk/matters/duplicates",
    load: () => import("./matters/Duplicates.svelte"),
  },
  { path: "/desk/causes", load: () => import("./causes/Causes.svelte") },
  {
    path: "/desk/matters/:id",
    load: () => import("./matters/MatterPage.svelte"),
  },
  {
    path: "/desk/households/:id",
    load: () => import("./households/HouseholdPage.svelte"),
  },
  { path: "/desk/mine", load: () => import("./households/Mine.svelte") },
  {
    path: "/desk/households",
    load: () => import("./households/Register.svelte"),
  },
  { path: "/desk/visits", load: () => import("./visits/Visits.svelte") },
  { path: "/desk/visits/new", load: () => import("./visits/NewVisit.svelte") },
  { path: "/desk/visits/:id", load: () => import("./visits/VisitPage.svelte") },
  {
    path: "/desk/approvals",
    load: () => import("./answers/Approvals.svelte"),
  },
  { path: "/desk/callbacks", load: () => import("./answers/Callbacks.svelte") },
  { path: "/desk/callbacks/:id", load: () => import("./answers/Call.svelte") },
  { path: "/desk/figures", load: () => import("./answers/Figures.svelte") },
  { path: "/desk/orders", load: () => import("./orders/Orders.svelte") },
  {
    path: "/desk/dispatch",
    load: () => import("./dispatch/DispatchPage.svelte"),
  },
  {
    path: "/desk/dispatch/:id",
    load: () => import("./dispatch/EntryPage.svelte"),
  },
  {
    path: "/desk/unmaskings",
    load: () => import("./safety/Unmaskings.svelte"),
  },
  {
    path: "/desk/quarantine",
    load: () => import("./quarantine/Quarantine.svelte"),
  },
  { path: "/desk/reports", load: () => import("./safety/Reports.svelte") },
  {
    path: "/desk/reports/:id",
    load: () => import("./safety/ReportPage.svelte"),
  },
  { path: "/desk/leading", load: () => import("./hard/Leading.svelte") },
  {
    path: "/desk/meetings",
    load: () => import("./hard/JointMeetings.svelte"),
  },
  { path: "/desk/meetings/new", load: () => import("./hard/NewJoint.svelte") },
  {
    path: "/desk/meetings/:id",
    load: () => import("./hard/JointPage.svelte"),
  },
  { path: "/desk/wall", load: () => import("./wall/Wall.svelte") },
  { path: "/desk/pairing", load: () => import("./pairing/Pairing.svelte") },
  {
    path: "/desk/pairing/pairings",
    load: () => import("./pairing/Pairings.svelte"),
  },
  {
    path: "/desk/pairing/rotation",
    load: () => import("./pairing/Rotation.svelte"),
  },
  { path: "/desk/pairing/cards", load: () => import("./pairing/Cards.svelte") },
  { path: "/desk/pairing/slips", load: () => import("./pairing/Slips.svelte") },
  {
    path: "/desk/pairing/proposals/:id",
    load: () => import("./pairing/Proposal.svelte"),
  },
  { path: "/desk/inbox", load: () => import("./messages/Inbox.svelte") },
  { path: "/desk/letters", load: () => import("./messages/Letters.svelte") },
  {
    path: "/desk/letters/:id",
    load: () => import("./messages/Letter.svelte"),
  },
  { path: "/desk/exports", load: () => import("./exports/Exports.svelte") },
  { path: "/desk/audit", load: () => import("./audit/Audit.svelte") },
  { path: "/desk/admin", load: () => import("./admin/Admin.svelte") },
  {
    path: "/desk/admin/:page",
    load: () => import("./admin/AdminPage.svelte"),
  },
];
