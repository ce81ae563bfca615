import { expect, type Page } from "@playwright/test";
import { test } from "../support/page";
import { accounts } from "./accounts";

const title = (page: Page) => page.getByRole("heading", { level: 1 });

/** Every answer of the program that was a refusal, for a walk in which none should be. */
function refusals(page: Page): string[] {
  const refused: string[] = [];
  page.on("response", (response) => {
    const asksWhoIsThere = response.url().endsWith("/sessions/current");
    if (response.status() >= 400 && !asksWhoIsThere)
      refused.push(`${response.status()} ${response.url()}`);
  });
  return refused;
}

async function signIn(page: Page, login: string, password: string) {
  await page.goto("/desk/");
  await page.getByLabel("账号").fill(login);
  await page.getByLabel("密码").fill(password);
  await page.getByRole("button", { name: "登录" }).click();
  await expect(page.getByRole("button", { name: "退出登录" })).toBeVisible();
}

async function settled(page: Page) {
  await expect(title(page)).toBeVisible();
  await expect(page.locator(".waiting")).toHaveCount(0);
}

test.use({ viewport: { width: 1280, height: 900 } });

for (const role of [
  "liaison",
  "clerk",
  "handler",
  "supervisor",
  "leader",
  "auditor",
  "administrator",
]) {
  test(`${role}: every page of the menu opens on real records`, async ({
    page,
  }) => {
    const refused = refusals(page);
    const officer = accounts().officers.find((one) => one.role === role);
    if (!officer) throw new Error(`nobody is a ${role}`);
    await signIn(page, officer.login, officer.password);
    await settled(page);
    const links = await page
      .locator("#nav-list a")
      .evaluateAll((all) => all.map((one) => one.getAttribute("href") ?? ""));
    expect(links.length).toBeGreaterThan(1);
    for (const [place, link] of links.entries()) {
      await page.goto(link);
      await settled(page);
      await page.screenshot({
        path: `screenshots/live-${role}-${place}.png`,
        fullPage: true,
      });
    }
    expect(refused).toEqual([]);
  });
}

test("a handler opens every matter of the first page of the queue", async ({
  page,
}) => {
  test.setTimeout(180_000);
  const refused = refusals(page);
  const officer = accounts().officers.find((one) => one.role === "handler");
  if (!officer) throw new Error("nobody is a handler");
  await signIn(page, officer.login, officer.password);
  await page.goto("/desk/matters");
  await settled(page);
  const links = await page
    .locator("main table a")
    .evaluateAll((all) => all.map((one) => one.getAttribute("href") ?? ""));
  const matters = [...new Set(links)].filter((link) =>
    link.startsWith("/desk/matters/"),
  );
  expect(matters.length).toBeGreaterThan(0);
  for (const link of matters.slice(0, 25)) {
    await page.goto(link);
    await settled(page);
    await expect(title(page)).not.toHaveText("诉求");
  }
  await page.screenshot({
    path: "screenshots/live-matter.png",
    fullPage: true,
  });
  expect(refused).toEqual([]);
});

test("a clerk takes a matter from the counter, and its receipt opens it", async ({
  page,
}) => {
  const refused = refusals(page);
  const officer = accounts().officers.find((one) => one.role === "clerk");
  if (!officer) throw new Error("nobody is a clerk");
  await signIn(page, officer.login, officer.password);
  await page.goto("/desk/intake");
  await settled(page);
  await page.keyboard.type("村口的水管漏了三天，路上结了冰，请派人来修。");
  await page.getByRole("button", { name: "登记并出回执" }).click();
  const receipt = page.getByText(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]$/).first();
  await expect(receipt).toBeVisible();
  const number = (await receipt.textContent()) ?? "";
  await page.screenshot({ path: "screenshots/live-receipt.png" });
  await page.goto(`/receipts/${number.trim()}`);
  await settled(page);
  await expect(page.locator("main")).toContainText(number.trim());
  expect(refused).toEqual([]);
});
