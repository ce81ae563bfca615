import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { accounts } from "./accounts";
import type { Account } from "./office";

const web = join(import.meta.dirname, "../..");
const huiyin = process.env.HUIYIN ?? "../build/huiyin";
const port = Number(process.env.WEB_PORT ?? 4188) + 4;

/** Where a story with a time of its own is told. */
export const storyURL = `http://127.0.0.1:${port}`;

/** A small county of its own on a day of the past, with a clock that the story moves. */
export class County {
  #server: ChildProcess | undefined;
  constructor(private readonly folder: string) {}

  async start(day: string) {
    await isQuiet();
    rmSync(join(web, this.folder), { recursive: true, force: true });
    const made = ["demo", "--dir", this.folder, "--households", "60"];
    execFileSync(huiyin, [...made, "--until", day], { cwd: web });
    this.#write(`${day}T08:00`);
    const served = ["serve", "--data", this.folder, "--web", "dist"];
    this.#server = spawn(
      huiyin,
      [
        ...[...served, "--listen", `127.0.0.1:${port}`],
        ...["--training-clock", this.#clock],
      ],
      { cwd: web, stdio: "ignore" },
    );
    const until = Date.now() + 30_000;
    while (!(await answers())) {
      if (this.#server.exitCode !== null)
        throw new Error("the county went as it came up");
      if (Date.now() > until) throw new Error("the county does not come up");
      await new Promise((wake) => setTimeout(wake, 100));
    }
  }
  /** The next story's county is served at the same place: this one is gone when we return. */
  async stop() {
    const server = this.#server;
    if (!server || server.exitCode !== null) return;
    const gone = new Promise((wake) => server.once("exit", wake));
    server.kill();
    await gone;
  }

  /** It is that local time now, in the county and in the browser; its clocks have acted. */
  async at(page: Page, local: string) {
    this.#write(local);
    await page.clock.setFixedTime(new Date(`${local}:00+08:00`));
    // Two ticks of half a second: the first may have begun before.
    await new Promise((wake) => setTimeout(wake, 1300));
  }

  officer(role: string, fits: (one: Account) => boolean = () => true): Account {
    const found = accounts(this.folder).officers.find(
      (one) => one.role === role && fits(one),
    );
    if (!found) throw new Error(`nobody fits as ${role}`);
    return found;
  }
  byLogin(login: string): Account {
    const found = accounts(this.folder).officers.find(
      (one) => one.login === login,
    );
    if (!found) throw new Error(`nobody signs in as ${login}`);
    return found;
  }
  resident() {
    const [first] = accounts(this.folder).residents;
    if (!first) throw new Error("no household has a card");
    return first;
  }

  get #clock() {
    return join(this.folder, "clock");
  }
  #write(local: string) {
    writeFileSync(join(web, this.#clock), local);
  }
}

async function answers() {
  try {
    return (await fetch(`${storyURL}/readyz`)).ok;
  } catch {
    return false;
  }
}

/** Nobody else is served there: otherwise a story would be told in another's county. */
async function isQuiet() {
  const until = Date.now() + 10_000;
  while (await answers()) {
    if (Date.now() > until) throw new Error(`${storyURL} is taken`);
    await new Promise((wake) => setTimeout(wake, 100));
  }
}
