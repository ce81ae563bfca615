import { expect, type Page } from "@playwright/test";
import { dialog, settled } from "./office";

/** Opens the dialog of an act on the matter's page. */
export async function act(page: Page, name: string) {
  await page
    .getByRole("group", { name: "可以做的" })
    .getByRole("button", { name, exact: true })
    .click();
  return dialog(page);
}

/** Sends what the dialog asks; it closes when it was taken. */
export async function send(page: Page, name: string) {
  await dialog(page).getByRole("button", { name, exact: true }).click();
  await expect(dialog(page)).toHaveCount(0);
  await settled(page);
}
