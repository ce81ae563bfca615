import { spawnSync } from "node:child_process";
import { defineConfig } from "@playwright/test";

const port = Number(process.env.WEB_PORT ?? 4188);
const livePort = port + 1;
const huiyin = process.env.HUIYIN ?? "../build/huiyin";

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
    use: { baseURL: `http://127.0.0.1:${livePort}` },
  },
  server: {
    command: `tools/live.sh ${livePort}`,
    url: `http://127.0.0.1:${livePort}/readyz`,
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
  return [still, live];
}
const kinds = kindsWanted();

export default defineConfig({
  outputDir: "test-results",
  workers: 1,
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
