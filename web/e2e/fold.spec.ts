import { expect, type Page } from "@playwright/test";
import { serve } from "./support/mock";
import { test } from "./support/page";
import { answered, household, myMatter, receipt } from "./support/town";

// A cheap telephone held upright.
test.use({ viewport: { width: 320, height: 640 } });

test.beforeEach(({ page }) =>
  page.clock.setFixedTime(new Date("2026-11-25T04:00:00.000Z")),
);

/** Who has it, by when, what next: all three without scrolling. */
async function seenAtOnce(page: Page, ...parts: string[]) {
  for (const part of parts) {
    const box = await page.locator(part).first().boundingBox();
    expect(box, `${part} is there`).not.toBeNull();
    expect(box!.y + box!.height, `${part} is above the fold`).toBeLessThan(640);
    expect(box!.x + box!.width, `${part} is not cut off`).toBeLessThan(321);
  }
}
const narrow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth <= 320);

async function inLanguage(page: Page, language: string, print = "") {
  await page.addInitScript(
    ([wanted, size]) => {
      localStorage.setItem("huiyin.language", wanted ?? "");
      if (size) localStorage.setItem("huiyin.print", size);
    },
    [language, print],
  );
}

const led = {
  ...receipt,
  lead: {
    leader_name: "扎西",
    leader_post: "副县长",
    unit_name: "云岭县人民政府",
    until: "2026-12-10",
  },
  next_step_on: "2026-11-28",
};

for (const language of ["zh-CN", "en"]) {
  test(`a receipt says who, by when and what next in one look (${language})`, async ({
    page,
  }) => {
    await inLanguage(page, language);
    await serve(page, { "GET /receipts/": led });
    await page.goto("/receipts/7K3M-9QXT-4");
    await expect(page.locator(".standing-holder")).toBeVisible();
    await page.screenshot({ path: `screenshots/fold-receipt-${language}.png` });
    await seenAtOnce(page, ".standing-holder", ".due-day", ".standing-next");
    expect(await narrow(page)).toBe(true);
  });

  test(`one's own matter says so too (${language})`, async ({ page }) => {
    await inLanguage(page, language);
    const own = {
      ...myMatter,
      ...led,
      answer: undefined,
      judge_until: undefined,
      text: myMatter.text,
      id: myMatter.id,
    };
    await serve(page, {
      "GET /resident_sessions/current": {
        household: {
          id: household.id,
          register_number: household.register_number,
          head_name: household.head_name,
        },
      },
      "GET /me/matters/": own,
    });
    await page.goto(`/household/matters/${own.id}`);
    await expect(page.locator(".standing-holder")).toBeVisible();
    await page.screenshot({ path: `screenshots/fold-matter-${language}.png` });
    await seenAtOnce(page, ".standing-holder", ".due-day", ".standing-next");
    expect(await narrow(page)).toBe(true);
  });

  test(`an answer asks for the resident's word in one look (${language})`, async ({
    page,
  }) => {
    await inLanguage(page, language);
    await serve(page, { "GET /receipts/": answered });
    await page.goto("/receipts/7K3M-9QXT-4");
    await expect(page.locator(".standing-next")).toBeVisible();
    await seenAtOnce(page, ".standing-holder", ".standing-next");
  });

  test(`large print scrolls down, never sideways (${language})`, async ({
    page,
  }) => {
    await inLanguage(page, language, "large");
    await serve(page, { "GET /receipts/": led });
    await page.goto("/receipts/7K3M-9QXT-4");
    await expect(page.locator(".standing-holder")).toBeVisible();
    await page.screenshot({ path: `screenshots/fold-large-${language}.png` });
    await seenAtOnce(page, ".standing-holder");
    expect(await narrow(page)).toBe(true);
    await page.locator(".standing-next").scrollIntoViewIfNeeded();
    await expect(page.locator(".standing-next")).toBeInViewport();
  });
}
