import { expect } from "@playwright/test";
import { look, test } from "./support/page";

test("the home page opens three doors", async ({ page }) => {
  await page.goto("/");
  await expect(page).toHaveTitle("有事说一声，件件有回音 · 回音");
  await expect(page.getByRole("main").getByRole("link")).toHaveCount(3);
  await look(page, "home");
});

test("large print and language are remembered", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("button", { name: "大字" }).click();
  await page.getByRole("button", { name: "English" }).click();
  await page.reload();
  await expect(
    page.getByRole("button", { name: "Large print" }),
  ).toHaveAttribute("aria-pressed", "true");
  await expect(page.locator("html")).toHaveCSS("font-size", "22px");
});
