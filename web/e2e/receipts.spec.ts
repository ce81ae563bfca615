import { expect } from "@playwright/test";
import { serve } from "./support/mock";
import { look, test } from "./support/page";
import { answered, receipt } from "./support/town";

test.beforeEach(({ page }) =>
  page.clock.setFixedTime(new Date("2026-11-25T04:00:00.000Z")),
);

test("a receipt tells who has the matter, by when and what happened", async ({
  page,
}) => {
  await serve(page, { "GET /receipts/7k3m9qxt4": receipt });
  await page.goto("/receipts");
  await look(page, "receipt-find");
  await page.getByLabel("回执号").fill("7k3m9qxt4");
  await page.getByRole("button", { name: "查看" }).click();
  await expect(page.getByText("正在由云岭镇水务站办理。")).toBeVisible();
  await expect(page.getByText("还有 2 天")).toBeVisible();
  await expect(
    page.getByText("云岭镇便民服务中心转给云岭镇水务站"),
  ).toBeVisible();
  await expect(page.getByText("转过 1 次手。")).toBeVisible();
  await page.getByText("这个日期是怎么算的").click();
  await look(page, "receipt-assigned");
});

test("a matter past its date says so", async ({ page }) => {
  await page.clock.setFixedTime(new Date("2026-12-01T04:00:00.000Z"));
  await serve(page, { "GET /receipts/": { ...receipt, late: true } });
  await page.goto("/receipts/7K3M-9QXT-4");
  await expect(page.getByText("已超期 4 天")).toBeVisible();
  await look(page, "receipt-late");
});

test("an unknown receipt and too many tries are told plainly", async ({
  page,
}) => {
  await serve(page, {
    "GET /receipts/0000": {
      refused: 429,
      body: { status: 429, code: "too_many_tries" },
      headers: { "Retry-After": "300" },
    },
  });
  await page.goto("/receipts/1111");
  await expect(page.getByText("找不到这条记录。")).toBeVisible();
  await look(page, "receipt-unknown");
  await page.goto("/receipts/0000");
  await expect(page.getByText("请在 5 分钟后再试")).toBeVisible();
});

test("the holder of a receipt judges the answer", async ({ page }) => {
  const calls = await serve(page, {
    "GET /receipts/": answered,
    "POST /receipts/7K3M-9QXT-4/judgement": answered,
  });
  await page.goto("/receipts/7K3M-9QXT-4");
  await expect(page.getByText("水管已经换好")).toBeVisible();
  await expect(page.getByText("《云岭县供水应急办法》第八条")).toBeVisible();
  await expect(page.getByText("要等配件从州里运来。")).toBeVisible();
  await look(page, "receipt-answered");

  await page.getByRole("link", { name: "评价答复" }).click();
  await page.getByRole("button", { name: "提交评价" }).click();
  await expect(page.getByRole("alert")).toContainText("请选择解决了没有");
  await page.getByRole("radio", { name: "没有解决" }).check();
  await page.getByRole("radio", { name: "不满意", exact: true }).check();
  await page.getByLabel("还想说什么").fill("又漏了。");
  await look(page, "receipt-judge");
  await page.getByRole("button", { name: "提交评价" }).click();
  await expect(page.getByText("会重新办理")).toBeVisible();
  await expect
    .poll(() => calls.find(({ method }) => method === "POST")?.body)
    .toEqual({
      solved: false,
      rating: 2,
      text: "又漏了。",
    });
});

test("the holder of a receipt appeals", async ({ page }) => {
  const calls = await serve(page, {
    "GET /receipts/": answered,
    "POST /receipts/7K3M-9QXT-4/appeal": answered,
  });
  await page.goto("/receipts/7K3M-9QXT-4");
  await page.getByRole("link", { name: "申请复查" }).click();
  await page.getByLabel("为什么申请复查").fill("没有送水。");
  await look(page, "receipt-appeal");
  await page.getByRole("button", { name: "申请复查" }).click();
  await expect(page.getByText("复查申请已经收到")).toBeVisible();
  await expect
    .poll(() => calls.find(({ method }) => method === "POST")?.body)
    .toEqual({
      reason: "没有送水。",
    });
});
