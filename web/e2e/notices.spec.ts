import { gzipSync } from "node:zlib";
import { expect } from "@playwright/test";
import { serve } from "./support/mock";
import { look, test } from "./support/page";
import { heads, list, notices } from "./support/town";

const world = {
  "GET /notices?limit=50&kind=audit_head": list(heads),
  "GET /notices": list([...notices, ...heads]),
};

test("anybody reads the notice board and the day heads of the log", async ({
  page,
}) => {
  await serve(page, world);
  await page.goto("/notices");
  await expect(page.getByText("2027年节假日安排尚未公布")).toBeVisible();
  await expect(
    page.getByRole("rowheader", { name: "2026年11月20日" }),
  ).toBeVisible();
  await look(page, "notices");
});

test("pages work in the dark", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await serve(page, world);
  await page.goto("/notices");
  await look(page, "notices-dark");
  await page.goto("/");
  await look(page, "home-dark");
});

test("the keyboard alone gets past the frame and through a door", async ({
  page,
}) => {
  await page.goto("/");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.locator("#main")).toBeInViewport();
  for (let tab = 0; tab < 6; tab++) {
    await page.keyboard.press("Tab");
    if ((await page.locator(":focus").textContent()) === "凭回执查进度") break;
  }
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/receipts$/);
});

const limits = {
  "/": 48,
  "/ask": 64,
  "/receipts/7K3M-9QXT-4": 64,
  "/household/record": 72,
};

for (const [path, kilobytes] of Object.entries(limits)) {
  test(`${path} needs at most ${kilobytes} KB of script and style`, async ({
    page,
  }) => {
    const weights: Promise<number>[] = [];
    page.on("response", (response) => {
      if (!/\.(js|css)$/.test(response.url())) return;
      weights.push(response.body().then((body) => gzipSync(body).length));
    });
    await serve(page, world);
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    const sum = (await Promise.all(weights)).reduce(
      (total, weight) => total + weight,
      0,
    );
    expect(sum / 1024).toBeLessThan(kilobytes);
  });
}
