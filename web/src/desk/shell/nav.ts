import { t } from "../../lib/words.svelte";
import { holds, type Role } from "../session.svelte";

interface Place {
  href: string;
  text: () => string;
  roles: Role[];
}

const everybody: Role[] = [
  "liaison",
  "clerk",
  "handler",
  "supervisor",
  "leader",
  "auditor",
  "administrator",
];
const working = everybody.filter((role) => role !== "administrator");
const visiting: Role[] = [
  "liaison",
  "clerk",
  "handler",
  "supervisor",
  "leader",
];

const all: Place[] = [
  { href: "/desk", text: () => t("desk.nav.home"), roles: everybody },
  { href: "/desk/intake", text: () => t("desk.nav.intake"), roles: working },
  { href: "/desk/matters", text: () => t("desk.nav.queue"), roles: working },
  {
    href: "/desk/approvals",
    text: () => t("desk.nav.approvals"),
    roles: working,
  },
  {
    href: "/desk/callbacks",
    text: () => t("desk.nav.callbacks"),
    roles: ["clerk", "supervisor", "auditor"],
  },
  {
    href: "/desk/figures",
    text: () => t("desk.nav.figures"),
    roles: working,
  },
  { href: "/desk/orders", text: () => t("desk.nav.orders"), roles: working },
  {
    href: "/desk/dispatch",
    text: () => t("desk.dispatch"),
    roles: everybody,
  },
  {
    href: "/desk/leading",
    text: () => t("desk.nav.leading"),
    roles: ["supervisor", "leader", "auditor"],
  },
  {
    href: "/desk/meetings",
    text: () => t("desk.nav.meetings"),
    roles: ["supervisor", "leader", "auditor"],
  },
  { href: "/desk/mine", text: () => t("desk.nav.mine"), roles: visiting },
  { href: "/desk/visits", text: () => t("desk.nav.visits"), roles: visiting },
  {
    href: "/desk/households",
    text: () => t("desk.nav.register"),
    roles: everybody,
  },
  {
    href: "/desk/pairing",
    text: () => t("desk.nav.pairing"),
    roles: ["supervisor", "leader", "administrator"],
  },
  {
    href: "/desk/wall",
    text: () => t("desk.nav.wall"),
    roles: ["supervisor", "leader", "auditor"],
  },
  {
    href: "/desk/letters",
    text: () => t("desk.nav.letters"),
    roles: ["clerk", "auditor"],
  },
  {
    href: "/desk/unmaskings",
    text: () => t("desk.unmaskings"),
    roles: ["auditor"],
  },
  {
    href: "/desk/quarantine",
    text: () => t("desk.quarantine"),
    roles: ["supervisor", "leader", "auditor"],
  },
  { href: "/desk/reports", text: () => t("desk.reports"), roles: working },
  { href: "/desk/audit", text: () => t("desk.nav.audit"), roles: ["auditor"] },
  {
    href: "/desk/exports",
    text: () => t("desk.exports"),
    roles: ["leader", "auditor", "administrator"],
  },
  {
    href: "/desk/admin",
    text: () => t("desk.nav.admin"),
    roles: ["administrator"],
  },
];

/** Where this officer's roles lead. What is not theirs is not shown, and refused by the server. */
export const places = () => all.filter(({ roles }) => holds(...roles));

/** The place a path belongs to: the longest address it begins with; empty for a page of none. */
export function placeOf(path: string): string {
  const here = path.replace(/\/$/, "");
  const under = all
    .map(({ href }) => href)
    .filter(
      (href) =>
        here === href || (href !== "/desk" && here.startsWith(`${href}/`)),
    );
  return under.sort((a, b) => b.length - a.length)[0] ?? "";
}
