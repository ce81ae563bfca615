import { expect } from "@playwright/test";
import { serve } from "./support/mock";
import { look, test } from "./support/page";

const at = "2026-11-24T02:00:00.000Z";
const id = (n: number) =>
  `990101-0192f3a4-7c1e-7abc-8def-${String(n).padStart(12, "0")}`;
const messages = [
  {
    ...{ id: id(1), kind: "matter.answered", at, matter_id: id(9) },
    title: "诉求已答复",
    text: "您的诉求（回执7K3M-9QXT-4）已由水务局答复。请查看答复，并告诉我们问题解决了没有。",
  },
  {
    ...{ id: id(2), kind: "matter.received", at, matter_id: id(9) },
    ...{ read_at: at, title: "诉求已登记" },
    text: "您的诉求已登记，回执7K3M-9QXT-4。",
  },
];

test("a household reads what it was told", async ({ page }) => {
  await page.clock.setFixedTime(new Date("2026-11-25T04:00:00.000Z"));
  await page.addInitScript(() =>
    localStorage.setItem("huiyin.signed_in", "yes"),
  );
  const calls = await serve(page, {
    "GET /me/messages": { items: messages, next_cursor: null, unread: 1 },
    "POST /me/messages/": null,
  });
  await page.goto("/household/messages");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("消息");
  await look(page, "messages");
  await page
    .getByRole("button", { name: "把“诉求已答复”标为已读" })
    .press("Enter");
  await expect(page.getByRole("button", { name: /标为已读/ })).toHaveCount(0);
  expect(
    calls.filter(({ method }) => method === "POST").map(({ path }) => path),
  ).toEqual([`/me/messages/${id(1)}/reading`]);
  // The server is asked for its sentences in the language of the page.
  const before = calls.length;
  await page.getByRole("button", { name: "English" }).click();
  await expect.poll(() => calls.length).toBeGreaterThan(before);
  expect(calls.at(-1)?.headers["accept-language"]).toBe("en");
});
