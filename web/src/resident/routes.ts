import type { Route } from "../lib/router.svelte";
import {
  aboutAsking,
  aboutDevice,
  aboutHousehold,
  addWords,
} from "../lib/words.svelte";

/** A page with the words of its part. */
const own =
  (load: Route["load"], ...more: Parameters<typeof addWords>) =>
  async () => {
    const [page] = await Promise.all([load(), addWords(...more)]);
    return page;
  };

export const routes: Route[] = [
  { path: "/", load: () => import("./home/Home.svelte") },
  { path: "/notices", load: () => import("./notices/Notices.svelte") },

  { path: "/ask", load: own(() => import("./ask/Text.svelte"), aboutAsking) },
  {
    path: "/ask/kind",
    load: own(() => import("./ask/Kind.svelte"), aboutAsking),
  },
  {
    path: "/ask/whom",
    load: own(() => import("./ask/Whom.svelte"), aboutAsking),
  },
  {
    path: "/ask/points",
    load: own(() => import("./ask/Points.svelte"), aboutAsking),
  },
  {
    path: "/ask/place",
    load: own(() => import("./ask/Place.svelte"), aboutAsking),
  },
  {
    path: "/ask/category",
    load: own(() => import("./ask/Category.svelte"), aboutAsking),
  },
  {
    path: "/ask/reply",
    load: own(() => import("./ask/Reply.svelte"), aboutAsking),
  },
  {
    path: "/ask/check",
    load: own(() => import("./ask/Check.svelte"), aboutAsking),
  },
  {
    path: "/ask/done",
    load: own(() => import("./ask/Done.svelte"), aboutAsking),
  },

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

  {
    path: "/household",
    load: own(() => import("./household/Household.svelte"), aboutHousehold),
  },
  {
    path: "/household/record",
    load: own(() => import("./household/Record.svelte"), aboutHousehold),
  },
  {
    path: "/household/record/:section",
    load: own(() => import("./household/Section.svelte"), aboutHousehold),
  },
  {
    path: "/household/dispute/:section",
    load: own(() => import("./household/Dispute.svelte"), aboutHousehold),
  },
  {
    path: "/household/dispute/:section/:field",
    load: own(() => import("./household/Dispute.svelte"), aboutHousehold),
  },
  {
    path: "/household/visits",
    load: own(() => import("./household/Visits.svelte"), aboutHousehold),
  },
  {
    path: "/household/visits/:id/words",
    load: own(() => import("./household/Words.svelte"), aboutHousehold),
  },
  {
    path: "/household/visit_plans/:id",
    load: own(() => import("./household/PlanReply.svelte"), aboutHousehold),
  },
  {
    path: "/household/support",
    load: own(() => import("./household/Support.svelte"), aboutHousehold),
  },
  {
    path: "/household/reads",
    load: own(() => import("./household/Reads.svelte"), aboutHousehold),
  },
  {
    path: "/household/consents",
    load: own(() => import("./household/Consents.svelte"), aboutHousehold),
  },
  {
    path: "/household/consents/:section",
    load: own(() => import("./household/ConsentChange.svelte"), aboutHousehold),
  },
  {
    path: "/household/sessions",
    load: own(
      () => import("./household/Sessions.svelte"),
      aboutHousehold,
      aboutDevice,
    ),
  },
  {
    path: "/household/pin",
    load: own(() => import("./household/Pin.svelte"), aboutHousehold),
  },
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
