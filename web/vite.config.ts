import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";
import { fallback } from "./tools/fallback.ts";
import { worker } from "./tools/worker.ts";

const server = { "/api": "http://127.0.0.1:8080" };

const groups = [
  {
    name: "base",
    test: /node_modules\/(?!dexie)|src\/lib\/(?!form|match|amount|print)|src\/resident\/(session|Doors)|src\/ui\/(Page|Button|Mark|Router|Pref)/,
  },
  {
    name: "parts",
    test: /src\/(ui\/(?!Dialog|Table|Field|Text|Choices|Check|Date|Select|Group|ErrorSummary)|matters\/(Acts|Answer|Journey|StateBadge|Story|Working|Conclusion|SharedNote|state))/,
  },
  {
    name: "forms",
    test: /src\/(ui\/(?!Dialog|Table)|lib\/form|matters\/ReasonForm)/,
  },
  // What one does about a matter comes with the doing: reading it stays light.
  {
    name: "acts",
    test: /src\/(resident\/(receipts|matters)\/(Judge|Appeal|Withdraw|Join|ReasonedAct)|matters\/(JudgeForm|Relay|Shelter))/,
  },
  { name: "ask", test: /src\/(resident\/ask|org)\// },
  {
    name: "matters",
    test: /src\/(resident\/(receipts|matters)|matters(?!\/intake))\//,
  },
  {
    name: "household",
    test: /src\/(resident\/household\/(?!ConsentChange|Dispute|Pin|PlanReply)|households(?!\/edit))/,
  },
  {
    name: "entry",
    test: /src\/resident\/(entry|household)\//,
  },
];

export default defineConfig({
  appType: "mpa",
  plugins: [svelte(), fallback(), worker()],
  build: {
    rolldownOptions: {
      input: {
        resident: "index.html",
        desk: "desk/index.html",
        field: "field/index.html",
      },
      // A phone on a slow line is better served by few files than by many small ones.
      output: { codeSplitting: { groups } },
    },
    // Phones in use in a county are old; nothing newer than this is needed.
    target: ["chrome87", "safari14", "firefox78"],
    // The content policy allows no data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: server },
  preview: { proxy: server },
  test: { include: ["src/**/*.test.ts", "tests/**/*.test.ts"] },
});
