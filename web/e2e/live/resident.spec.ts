import { expect, type Page } from "@playwright/test";
import { expectAccessible, test } from "../support/page";
import { accounts } from "./accounts";
import { Elsewhere, officer } from "./office";

const next = (page: Page) =>
  page.getByRole("button", { name: "下一步" }).click();
const title = (page: Page) => page.getByRole("heading", { level: 1 });

/** Through the form with as little as it takes, from the page after the text. */
async function finish(page: Page, kind: string, reply: string) {
  await page.getByRole("radio", { name: kind, exact: true }).check();
  await next(page);
  await expect(title(page)).toHaveText("里面有几件事吗");
  await next(page);
  await expect(title(page)).toHaveText("在什么地方");
  await expect(page.getByLabel("乡镇（街道）")).toBeVisible();
  await page.getByLabel("乡镇（街道）").selectOption({ index: 1 });
  await expect(page.getByLabel("村（社区）")).toBeVisible();
  await next(page);
  await expect(title(page)).toHaveText("属于哪一类");
  await next(page);
  await page.getByRole("radio", { name: reply }).check();
  await next(page);
  await page.getByRole("button", { name: "提交", exact: true }).click();
  await expect(title(page)).toHaveText("已经收到");
}

async function signIn(page: Page, which = 0) {
  const resident = accounts().residents[which];
  if (!resident) throw new Error("The demo county has no household card.");
  await page.goto("/sign-in");
  await page.getByLabel("卡号").fill(resident.card_number);
  await page.getByLabel("密码").fill(resident.pin);
  await page.getByRole("button", { name: "登录", exact: true }).click();
  await expect(title(page)).toHaveText("我的户");
}

test("anybody asks without an account and follows the receipt", async ({
  page,
}) => {
  await page.goto("/ask");
  await page
    .getByLabel("事情经过")
    .fill("三组的水管裂了半个月，一直没人来修。");
  await next(page);
  await finish(page, "求助", "不留姓名");
  const receipt = await page.locator(".slip-number").textContent();
  await page.getByText("这个日期是怎么算的").click();
  await expect(page.locator(".working-day").first()).toBeVisible();
  await expectAccessible(page);

  await page.goto("/receipts");
  await page
    .getByLabel("回执号")
    .fill((receipt ?? "").toLowerCase().replace(/-/g, ""));
  await page.getByRole("button", { name: "查看" }).click();
  await expect(title(page)).toHaveText(`回执 ${receipt}`);
  await expect(page.locator(".journey-step").first()).toBeVisible();
  await expectAccessible(page);
});

test("a complaint about a unit is taken and can be followed", async ({
  page,
}) => {
  await page.goto("/ask");
  await page.getByLabel("事情经过").fill("窗口的人让我跑了五趟。");
  await next(page);
  await page.getByRole("radio", { name: "投诉", exact: true }).check();
  await next(page);
  await page
    .getByRole("radio", { name: "一个单位，或者其中某个人的做法" })
    .check();
  await page.getByLabel("是哪个单位").fill("镇");
  await page.locator('input[name="about_unit_id"]').first().check();
  await next(page);
  await next(page);
  await next(page);
  await next(page);
  await page.getByRole("radio", { name: "我自己凭回执来查" }).check();
  await next(page);
  await page.getByRole("button", { name: "提交", exact: true }).click();
  await expect(title(page)).toHaveText("已经收到");
  await page.getByRole("link", { name: "查看进度" }).click();
  await expect(page.locator(".standing-holder")).toBeVisible();
});

test("a household sees its record, its visits and who read it", async ({
  page,
}) => {
  await signIn(page);
  await expectAccessible(page);
  for (const [door, heading] of [
    ["/household/record", "我家的登记"],
    ["/household/visits", "走访记录"],
    ["/household/support", "帮扶和承诺"],
    ["/household/reads", "谁看过我家的资料"],
    ["/household/consents", "同意和撤回"],
    ["/household/matters", "我家的诉求"],
    ["/notices", "公示栏"],
  ] as const) {
    await page.goto(door);
    await expect(title(page)).toHaveText(heading);
    await expect(page.locator(".waiting")).toHaveCount(0);
    await expect(page.locator(".notice-bad")).toHaveCount(0);
    await expectAccessible(page);
    await page.screenshot({
      path: `screenshots/live-${door.replace(/\W+/g, "-").slice(1)}.png`,
      fullPage: true,
    });
  }
});

test("a household disputes a line, asks for something and takes it back", async ({
  page,
}) => {
  await signIn(page);
  await page.goto("/household/record/housing");
  await page
    .getByRole("link", { name: /不对，要更正/ })
    .first()
    .click();
  await page.getByLabel("应该怎么改").fill("是五间，不是四间。");
  await page.getByRole("button", { name: "提交" }).click();
  await expect(title(page)).toHaveText("更正请求已经收到");

  await page.goto("/ask");
  await page.getByLabel("事情经过").fill("想问问慢性病补助怎么办理。");
  await next(page);
  await finish(page, "咨询", "我自己在这里看");
  await page.getByRole("link", { name: "我家的诉求" }).last().click();
  await page
    .getByRole("link", { name: /慢性病补助/ })
    .first()
    .click();
  await page.getByRole("link", { name: "撤回" }).click();
  await page.getByLabel("为什么撤回").fill("已经问到了。");
  await page.getByRole("button", { name: "撤回" }).click();
  await expect(page.getByText("已经撤回。", { exact: true })).toBeVisible();
});

test("a household judges an answer, has it taken up again, and appeals", async ({
  page,
}) => {
  const resident = accounts().residents[2];
  const handler = officer("handler");
  const home = await Elsewhere.resident(
    resident?.card_number ?? "",
    resident?.pin ?? "",
  );
  const desk = await Elsewhere.officer(officer("supervisor"));
  const unit = await Elsewhere.officer(handler);
  const matter = await home.post<{ id: string; asks: { id: string }[] }>(
    "matters",
    { channel: "web", kind: "help", text: "屋后的坡往下掉石头。" },
  );
  const answer = (text: string) =>
    unit.post(`matters/${matter.id}/answer`, {
      text,
      asks: [{ id: matter.asks[0]?.id, outcome: "explained", text }],
    });
  await desk.post(`matters/${matter.id}/assignment`, {
    unit_id: handler.unit_id,
  });
  await unit.post(`matters/${matter.id}/acceptance`, {});
  await unit.get(`households/${resident?.household_id}?purpose=matter`);
  await answer("现场看过，没有危险。");

  await signIn(page, 2);
  await page.goto(`/household/matters/${matter.id}`);
  await expect(page.locator("main")).toContainText("现场看过，没有危险。");
  await page.getByRole("link", { name: "评价答复" }).click();
  await page.getByRole("radio", { name: "没有解决" }).check();
  await page.getByLabel("还想说什么").fill("昨晚又掉了两块。");
  await page.getByRole("button", { name: "提交评价" }).click();
  await expect(page.locator(".standing-holder")).toContainText("办理");
  await expect(page.locator("main")).toContainText("昨晚又掉了两块。");
  await page.screenshot({
    path: "screenshots/live-resident-reopened.png",
    fullPage: true,
  });

  await answer("设了警示牌。");
  await page.reload();
  await expect(page.locator("main")).toContainText("设了警示牌。");
  await page.getByRole("link", { name: "申请复查" }).click();
  await page.getByLabel(/为什么/).fill("警示牌挡不住石头。");
  await page.getByRole("button", { name: "申请复查" }).click();
  await expect(page.locator(".standing-state")).toContainText("复查");
  await expectAccessible(page);
  await page.screenshot({
    path: "screenshots/live-resident-appeal.png",
    fullPage: true,
  });

  // Whoever opened the record for this is on the household's list.
  await page.goto("/household/reads");
  await expect(
    page.locator(".record").filter({ hasText: handler.name }).first(),
  ).toContainText("办理诉求");
});

test("a lost connection keeps what was written, and sends it once", async ({
  page,
  context,
}) => {
  await signIn(page, 4);
  await page.goto("/ask");
  await page.getByLabel("事情经过").fill("断网也不能丢的一句话。");
  await next(page);
  await page.getByRole("radio", { name: "求助", exact: true }).check();
  for (let step = 0; step < 4; step++) await next(page);
  await page.getByRole("radio", { name: "我自己在这里看" }).check();
  await next(page);
  await expect(title(page)).toHaveText("提交前请核对");
  await context.setOffline(true);
  await page.getByRole("button", { name: "提交", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("连不上服务器");
  await expect(page.getByRole("alert")).toBeInViewport();
  await expect(page.locator("main")).toContainText("断网也不能丢的一句话。");
  await page.screenshot({ path: "screenshots/live-resident-offline.png" });
  await context.setOffline(false);
  await page.getByRole("button", { name: "提交", exact: true }).click();
  await expect(title(page)).toHaveText("已经收到");
  await page.goto("/household/matters");
  await expect(page.getByRole("link", { name: /断网也不能丢/ })).toHaveCount(1);
});
