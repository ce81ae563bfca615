import type { Role } from "../session.svelte";

export const roleNames: Role[] = [
  "liaison",
  "clerk",
  "handler",
  "supervisor",
  "leader",
  "auditor",
  "administrator",
];
