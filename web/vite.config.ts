import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";
import { fallback } from "./tools/fallback.ts";

const server = { "/api": "http://127.0.0.1:8080" };

export default defineConfig({
  appType: "mpa",
  plugins: [svelte(), fallback()],
  build: {
    rollupOptions: {
      input: { resident: "index.html", desk: "desk/index.html" },
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
