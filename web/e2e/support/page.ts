import AxeBuilder from "@axe-core/playwright";
import { expect, test as base, type Page } from "@playwright/test";

/** A test in which nothing may fail quietly: no script error, nothing the policy blocked. */
export const test = base.extend<{ quiet: undefined }>({
  quiet: [
    async ({ page }, use) => {
      const faults: string[] = [];
      page.on("pageerror", (error) => faults.push(error.message));
      page.on("console", (message) => {
        if (/Content Security Policy/.test(message.text()))
          faults.push(message.text());
      });
      await use(undefined);
      expect(faults).toEqual([]);
    },
    { auto: true },
  ],
});

/** No finding of the WCAG 2.2 AA rules, and nothing wider than the window. */
export async function expectAccessible(page: Page) {
  const { violations } = await new AxeBuilder({ page })
    .withTags([
      "wcag2a",
      "wcag2aa",
      "wcag21a",
      "wcag21aa",
      "wcag22aa",
      "best-practice",
    ])
    .analyze();
  const findings = violations.map(({ id, nodes }) => [
    id,
    ...nodes.map(({ html }) => html),
  ]);
  expect(findings).toEqual([]);
  await expectNoOverflow(page, "at 320 px");
}

export async function expectNoOverflow(page: Page, when: string) {
  const { scrollWidth, clientWidth } = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return { scrollWidth, clientWidth };
  });
  expect(scrollWidth, `no wider than the window ${when}`).toBeLessThanOrEqual(
    clientWidth,
  );
}

async function expectLargePrintFits(page: Page) {
  await page.setViewportSize({ width: 360, height: 640 });
  await page.evaluate(() => (document.documentElement.dataset.print = "large"));
  await expectNoOverflow(page, "in large print");
  await page.evaluate(() => delete document.documentElement.dataset.print);
}

const sizes = {
  phone: { width: 390, height: 844 },
  desk: { width: 1280, height: 900 },
};

/** Pictures of the page in both languages on a phone and a desk; checks each of them. */
export async function look(page: Page, name: string) {
  const before = page.viewportSize() ?? sizes.phone;
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.locator(".waiting")).toHaveCount(0);
  for (const lang of ["zh-CN", "en"]) {
    await speak(page, lang);
    for (const [size, viewport] of Object.entries(sizes)) {
      await page.setViewportSize(viewport);
      await page.screenshot({
        path: `screenshots/${name}-${lang}-${size}.png`,
        fullPage: true,
      });
    }
    await page.setViewportSize({ width: 320, height: 640 });
    // A bar that stays in view covers a part of whatever is under it: looked at from the top.
    await page.evaluate(() => scrollTo(0, 0));
    await expectAccessible(page);
    await expectLargePrintFits(page);
  }
  await speak(page, "zh-CN");
  await page.setViewportSize(before);
}

/** The same of what stands open now, such as a dialog, in the language it is in. */
export async function lookAt(page: Page, name: string) {
  const before = page.viewportSize() ?? sizes.phone;
  for (const [size, viewport] of Object.entries(sizes)) {
    await page.setViewportSize(viewport);
    await page.screenshot({ path: `screenshots/${name}-${size}.png` });
  }
  await page.setViewportSize({ width: 320, height: 640 });
  await expectAccessible(page);
  await page.setViewportSize(before);
}

export async function speak(page: Page, lang: string) {
  if ((await page.locator("html").getAttribute("lang")) === lang) return;
  await page
    .getByRole("button", { name: lang === "en" ? "English" : "中文" })
    .click();
  await expect(page.locator("html")).toHaveAttribute("lang", lang);
}
