export const adminPages = [
  "officers",
  "units",
  "areas",
  "categories",
  "dispatch",
  "templates",
  "rules",
  "calendars",
  "settings",
  "fields",
  "imports",
  "upkeep",
] as const;

export type AdminName = (typeof adminPages)[number];
