import type { Route } from "../lib/router.svelte";

export const routes: Route[] = [
  { path: "/", load: () => import("./home/Home.svelte") },
  { path: "/notices", load: () => import("./notices/Notices.svelte") },

  { path: "/ask", load: () => import("./ask/Text.svelte") },
  { path: "/ask/kind", load: () => import("./ask/Kind.svelte") },
  { path: "/ask/whom", load: () => import("./ask/Whom.svelte") },
  { path: "/ask/points", load: () => import("./ask/Points.svelte") },
  { path: "/ask/place", load: () => import("./ask/Place.svelte") },
  { path: "/ask/category", load: () => import("./ask/Category.svelte") },
  { path: "/ask/reply", load: () => import("./ask/Reply.svelte") },
  { path: "/ask/check", load: () => import("./ask/Check.svelte") },
  { path: "/ask/done", load: () => import("./ask/Done.svelte") },

  { path: "/receipts", load: () => import("./receipts/Find.svelte") },
  {
    path: "/receipts/:receipt",
    load: () => import("./receipts/Receipt.svelte"),
  },
  {
    path: "/receipts/:receipt/judgement",
    load: () => import("./receipts/Judge.svelte"),
  },
  {
    path: "/receipts/:receipt/judgement_correction",
    load: () => import("./receipts/Judge.svelte"),
  },
  {
    path: "/receipts/:receipt/appeal",
    load: () => import("./receipts/Appeal.svelte"),
  },

  { path: "/sign-in", load: () => import("./entry/SignIn.svelte") },
  { path: "/first-sign-in", load: () => import("./entry/FirstSignIn.svelte") },
  { path: "/signed-out", load: () => import("./entry/SignedOut.svelte") },

  { path: "/household", load: () => import("./household/Household.svelte") },
  {
    path: "/household/record",
    load: () => import("./household/Record.svelte"),
  },
  {
    path: "/household/record/:section",
    load: () => import("./household/Section.svelte"),
  },
  {
    path: "/household/dispute/:section",
    load: () => import("./household/Dispute.svelte"),
  },
  {
    path: "/household/dispute/:section/:field",
    load: () => import("./household/Dispute.svelte"),
  },
  {
    path: "/household/visits",
    load: () => import("./household/Visits.svelte"),
  },
  {
    path: "/household/visits/:id/words",
    load: () => import("./household/Words.svelte"),
  },
  {
    path: "/household/visit_plans/:id",
    load: () => import("./household/PlanReply.svelte"),
  },
  {
    path: "/household/support",
    load: () => import("./household/Support.svelte"),
  },
  { path: "/household/reads", load: () => import("./household/Reads.svelte") },
  {
    path: "/household/consents",
    load: () => import("./household/Consents.svelte"),
  },
  {
    path: "/household/consents/:section",
    load: () => import("./household/ConsentChange.svelte"),
  },
  {
    path: "/household/sessions",
    load: () => import("./household/Sessions.svelte"),
  },
  { path: "/household/pin", load: () => import("./household/Pin.svelte") },
  {
    path: "/household/messages",
    load: () => import("./messages/Messages.svelte"),
  },
  {
    path: "/household/matters",
    load: () => import("./matters/MyMatters.svelte"),
  },
  {
    path: "/household/matters/join",
    load: () => import("./matters/Join.svelte"),
  },
  {
    path: "/household/matters/:id",
    load: () => import("./matters/MyMatter.svelte"),
  },
  {
    path: "/household/matters/:id/judgement",
    load: () => import("./matters/Judge.svelte"),
  },
  {
    path: "/household/matters/:id/judgement_correction",
    load: () => import("./matters/Judge.svelte"),
  },
  {
    path: "/household/matters/:id/appeal",
    load: () => import("./matters/Appeal.svelte"),
  },
  {
    path: "/household/matters/:id/withdrawal",
    load: () => import("./matters/Withdraw.svelte"),
  },
];
