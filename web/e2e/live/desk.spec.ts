import { expect } from "@playwright/test";
import { expectNoOverflow } from "../support/page";
import {
  Elsewhere,
  officer,
  open,
  refused,
  settled,
  signIn,
  test,
  title,
} from "./office";

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
    await signIn(page, officer(role));
    const links = await page
      .locator("#nav-list a")
      .evaluateAll((all) => all.map((one) => one.getAttribute("href") ?? ""));
    expect(links.length).toBeGreaterThan(1);
    for (const [place, link] of links.entries()) {
      await open(page, link);
      for (const [size, width] of Object.entries({ phone: 390, desk: 1280 })) {
        await page.setViewportSize({ width, height: 900 });
        await expectNoOverflow(page, `${link} at ${width} px`);
        await page.screenshot({
          path: `screenshots/live-${role}-${place}-${size}.png`,
          fullPage: true,
        });
      }
    }
    expect(refused(page)).toEqual([]);
  });
}

test("a handler opens every matter of the first page of the queue", async ({
  page,
}) => {
  test.setTimeout(180_000);
  // Whatever the day's queues hold, this unit has been sent something.
  const handler = officer("handler");
  const clerk = await Elsewhere.officer(officer("clerk"));
  const sent = await clerk.post<{ id: string }>("matters", {
    channel: "counter",
    kind: "help",
    text: "六组的水渠塌了一段，浇不上水。",
  });
  await clerk.post(`matters/${sent.id}/assignment`, {
    unit_id: handler.unit_id,
  });
  await signIn(page, handler);
  await open(page, "/desk/matters");
  const links = await page
    .locator("main table a")
    .evaluateAll((all) => all.map((one) => one.getAttribute("href") ?? ""));
  const matters = [...new Set(links)].filter((link) =>
    link.startsWith("/desk/matters/"),
  );
  expect(matters).toContain(`/desk/matters/${sent.id}`);
  for (const link of matters.slice(0, 25)) {
    await open(page, link);
    await expect(title(page)).not.toHaveText("诉求");
  }
  await page.screenshot({
    path: "screenshots/live-matter.png",
    fullPage: true,
  });
  expect(refused(page)).toEqual([]);
});

test("a clerk takes a matter from the counter, and its receipt opens it", async ({
  page,
}) => {
  await signIn(page, officer("clerk"));
  await open(page, "/desk/intake");
  await page.keyboard.type("村口的水管漏了三天，路上结了冰，请派人来修。");
  await page.getByRole("button", { name: "登记并出回执" }).click();
  const receipt = page.getByText(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]$/).first();
  await expect(receipt).toBeVisible();
  const number = (await receipt.textContent()) ?? "";
  await page.screenshot({ path: "screenshots/live-receipt.png" });
  await page.goto(`/receipts/${number.trim()}`);
  await settled(page);
  await expect(page.locator("main")).toContainText(number.trim());
  expect(refused(page)).toEqual([]);
});
