import { expect, type Locator, type Page } from "@playwright/test";

// Nothing here is clicked, and no focus is set but by keys: as somebody works without a mouse.

export const hasFocus = (wanted: Locator) =>
  wanted
    .first()
    .evaluate((element) => element === document.activeElement)
    .catch(() => false);

/** Goes on by Tab until what is wanted has the focus. */
export async function tabTo(page: Page, wanted: Locator) {
  await expect(wanted.first()).toBeVisible();
  for (let steps = 0; steps < 150; steps++) {
    if (await hasFocus(wanted)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab never reaches ${wanted.toString()}`);
}
export async function press(page: Page, wanted: Locator, key = "Enter") {
  await tabTo(page, wanted);
  await page.keyboard.press(key);
}
export async function type(page: Page, wanted: Locator, text: string) {
  await tabTo(page, wanted);
  await page.keyboard.type(text);
}
