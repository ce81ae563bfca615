import { expect } from "@playwright/test";
import { officer, open, refused, settled, signIn, test } from "./office";

test.use({ viewport: { width: 1280, height: 900 } });

test("a table of personal data takes two officers", async ({ page }) => {
  const reason = "核对低保名单";
  await signIn(page, officer("administrator"));
  await open(page, "/desk/exports");
  await page.getByRole("button", { name: "申请导出" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("导出什么").selectOption("matters");
  await dialog.getByLabel("用途").fill(reason);
  await dialog.getByRole("button", { name: "申请导出" }).click();
  await settled(page);
  // Who asked cannot answer, and there is nothing to fetch yet.
  const mine = page.getByRole("row", { name: reason });
  await expect(mine.getByRole("button")).toHaveCount(0);
  await expect(mine.getByRole("link")).toHaveCount(0);

  await page.context().clearCookies();
  await signIn(
    page,
    officer("leader", (one) => one.unit_id !== undefined),
  );
  await open(page, "/desk/exports");
  const theirs = page.getByRole("row", { name: reason });
  await theirs.getByRole("button", { name: "批准", exact: true }).click();
  await dialog.getByRole("button", { name: "批准", exact: true }).click();
  await settled(page);
  await expect(theirs.getByText("已批准")).toBeVisible();
  expect(refused(page)).toEqual([]);
});
