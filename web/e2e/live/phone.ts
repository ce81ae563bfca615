import {
  type BrowserContext,
  chromium,
  expect,
  type Page,
} from "@playwright/test";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import process from "node:process";
import { join } from "node:path";
import { speak } from "../support/page";
import type { Account } from "./office";

const disks = new WeakMap<BrowserContext, string>();

/** A phone: a browser whose disk stays when it is closed or killed. */
export const newDisk = () => mkdtempSync(join(tmpdir(), "huiyin-phone-"));
export const pin = "482913";

export async function openPhone(
  disk: string,
  baseURL: string | undefined,
  { executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium" } = {},
): Promise<{ context: BrowserContext; page: Page }> {
  const context = await chromium.launchPersistentContext(disk, {
    ...(baseURL && { baseURL }),
    executablePath,
    args: ["--headless", "--no-sandbox", "--disable-gpu"],
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    viewport: { width: 390, height: 844 },
  });
  disks.set(context, disk);
  context.setDefaultTimeout(20_000);
  const page = context.pages()[0] ?? (await context.newPage());
  return { context, page };
}

export async function signInAtPhone(page: Page, { login, password }: Account) {
  await page.getByLabel("账号").fill(login);
  await page.getByLabel("密码").fill(password);
  await page.getByRole("button", { name: "登录" }).click();
}

export async function choosePin(page: Page, digits = pin) {
  await page.getByLabel("数字密码").fill(digits);
  await page.getByLabel("再输一遍").fill(digits);
  await page.getByRole("button", { name: "设好了，打开" }).click();
}

export async function enterPin(page: Page, digits = pin) {
  // A browser that was killed may not have kept which language was chosen last.
  await speak(page, "zh-CN");
  await page.getByLabel("数字密码").fill(digits);
  await page.getByRole("button", { name: "打开", exact: true }).click();
}

/** Signs in, unless nobody is named, and chooses a PIN: the list is there. */
export async function arrive(
  page: Page,
  account: Account | undefined,
  atPin: () => Promise<void> = () => Promise.resolve(),
) {
  if (account) await signInAtPhone(page, account);
  await page.getByLabel("再输一遍").waitFor();
  await atPin();
  await choosePin(page);
  await expect(page.locator(".state")).toBeVisible({ timeout: 20_000 });
}

/** The phone's battery is taken out: nothing is written down any more. */
export async function kill(context: BrowserContext) {
  const gone = new Promise((wake) => context.once("close", wake));
  const disk = disks.get(context) ?? "";
  for (const id of readdirSync("/proc").filter((one) => /^\d+$/.test(one))) {
    const command = commandOf(id);
    if (
      command.includes(`--user-data-dir=${disk}`) &&
      !command.includes("--type=")
    )
      process.kill(Number(id), "SIGKILL");
  }
  await gone;
}

function commandOf(id: string) {
  try {
    return readFileSync(`/proc/${id}/cmdline`, "utf8");
  } catch {
    return ""; // it has ended meanwhile
  }
}

/** The page is the worker's from now on, and its files are on the disk. */
export async function installed(page: Page) {
  await page.waitForFunction(async () => {
    await navigator.serviceWorker.ready;
    return navigator.serviceWorker.controller !== null;
  });
}

/** What a state of the bar counts. */
export const state = (page: Page, name: string) =>
  page.locator(".state-one").filter({ hasText: name }).locator("strong");

export async function expectState(page: Page, name: string, n: number) {
  await expect(state(page, name)).toHaveText(String(n), { timeout: 15_000 });
}

/** What forms ask from came with the round. */
export const hasReference = (page: Page) =>
  expect
    .poll(
      () =>
        page.evaluate(async () => {
          const open = indexedDB.open("huiyin-field");
          const db = await new Promise<IDBDatabase>((done) => {
            open.onsuccess = () => done(open.result);
          });
          const facts = db.transaction("facts").objectStore("facts");
          const asked = facts.getAllKeys();
          const keys = await new Promise<IDBValidKey[]>((done) => {
            asked.onsuccess = () => done(asked.result);
          });
          db.close();
          return keys.includes("reference");
        }),
      { timeout: 20_000 },
    )
    .toBe(true);
