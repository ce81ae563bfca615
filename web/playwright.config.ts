import { spawnSync } from "node:child_process";
import { defineConfig } from "@playwright/test";

const port = Number(process.env.WEB_PORT ?? 4188);
const livePort = port + 1;
// Not 4190: fetch keeps away from the port of another protocol.
const phonesPort = port + 3;
const huiyin = process.env.HUIYIN ?? "../build/huiyin";

const phones =
  /(field|field_acts|field_meanwhile|field_word|field_hard|first-screen|update)\.spec\.ts$/;

/** Pages against answers that stand still. */
const still = {
  project: {
    name: "still",
    testDir: "e2e",
    testIgnore: "live/**",
    use: { baseURL: `http://127.0.0.1:${port}` },
  },
  server: {
    command: `npx vite preview --host 127.0.0.1 --port ${port} --strictPort`,
    url: `http://127.0.0.1:${port}/`,
  },
};

/** Stories against the real program, on a demo county of its own. */
const live = {
  project: {
    name: "live",
    testDir: "e2e/live",
    testIgnore: phones,
    // They share one county, and one changes what another finds.
    workers: 1,
    use: { baseURL: `http://127.0.0.1:${livePort}` },
  },
  server: {
    command: `tools/live.sh ${livePort} .live`,
    url: `http://127.0.0.1:${livePort}/readyz`,
    timeout: 120_000,
  },
};

/** Stories of phones, in a county that no story of the desk has changed. */
const away = {
  project: {
    name: "phones",
    testDir: "e2e/live",
    testMatch: phones,
    workers: 1,
    use: { baseURL: `http://127.0.0.1:${phonesPort}` },
  },
  server: {
    command: `tools/live.sh ${phonesPort} .phones`,
    url: `http://127.0.0.1:${phonesPort}/readyz`,
    timeout: 120_000,
  },
};

/** STILL_ONLY=1 leaves the program out; otherwise a missing program is a failure. */
function kindsWanted() {
  if (process.env.STILL_ONLY === "1") return [still];
  if (spawnSync(huiyin, ["demo", "--help"]).status !== 0)
    throw new Error(
      `${huiyin} is not there: build it (make build), name it (HUIYIN=…), ` +
        "or leave the live stories out (STILL_ONLY=1).",
    );
  // The stories first: the others fill the second worker meanwhile.
  return [live, away, still];
}
const kinds = kindsWanted();

export default defineConfig({
  outputDir: "test-results",
  workers: 2,
  timeout: 60_000,
  reporter: [["list"]],
  use: {
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    viewport: { width: 390, height: 844 },
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: kinds.map(({ project }) => project),
  webServer: kinds.map(({ server }) => ({
    ...server,
    reuseExistingServer: false,
  })),
});
