import { expect, type Page } from "@playwright/test";
import { test } from "../support/page";
import { accounts } from "./accounts";

const title = (page: Page) => page.getByRole("heading", { level: 1 });

test("wrong PINs are refused and slowed down", async ({ page }) => {
  const card = accounts().residents[3]?.card_number ?? "";
  await page.goto("/sign-in");
  for (let tries = 0; tries < 12; tries++) {
    await page.getByLabel("卡号").fill(card);
    await page.getByLabel("密码").fill("000001");
    await page.getByRole("button", { name: "登录", exact: true }).click();
    await expect(page.getByRole("alert")).toContainText(/密码不对|次数太多/);
    if (await page.getByText("次数太多").isVisible()) return;
    await page.reload();
  }
  throw new Error("Twelve wrong PINs were not slowed down.");
});

test("a sealed first code sets the PIN, once", async ({ page }) => {
  const card = accounts().cards_to_activate?.[0];
  test.skip(card === undefined, "the demo county has no card to activate");
  await page.goto("/first-sign-in");
  await page.getByLabel("卡号").fill(card?.card_number ?? "");
  await page.getByLabel("初始码").fill(card?.first_code ?? "");
  await page.getByLabel("新密码", { exact: true }).fill("802914");
  await page.getByLabel("再输一遍新密码").fill("802914");
  await page.getByRole("button", { name: "设置密码并登录" }).click();
  await expect(title(page)).toHaveText("我的户");
  await page.getByRole("button", { name: "退出" }).click();
  await expect(title(page)).toHaveText("已经退出");

  // The code is used up; the PIN opens the record from now on.
  await page.getByRole("link", { name: "重新登录" }).click();
  await page.getByLabel("卡号").fill(card?.card_number ?? "");
  await page.getByLabel("密码").fill("802914");
  await page.getByRole("button", { name: "登录", exact: true }).click();
  await expect(title(page)).toHaveText("我的户");
});
