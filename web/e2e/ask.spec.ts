import { expect, type Page } from "@playwright/test";
import { type Call, serve } from "./support/mock";
import { look, test } from "./support/page";
import {
  categories,
  household,
  list,
  places,
  standing,
  units,
} from "./support/town";

const world = {
  ...places,
  "GET /categories": list(categories),
  "GET /units": list(units),
  "POST /matters": standing,
};

const press = (page: Page) =>
  page.getByRole("button", { name: "下一步" }).click();

/** On to the next page, and there before anything else is done. */
async function next(page: Page) {
  const here = page.url();
  await press(page);
  await expect(page).not.toHaveURL(here);
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
}
const send = (page: Page) =>
  page.getByRole("button", { name: "提交", exact: true }).click();
const sent = (calls: Call[], path: string) =>
  calls.find((call) => call.method === "POST" && call.path === path);

async function say(page: Page, text: string, kind: string) {
  await page.goto("/ask");
  await page.getByLabel("事情经过").fill(text);
  await next(page);
  await page.getByRole("radio", { name: kind, exact: true }).check();
  await next(page);
}

test.beforeEach(({ page }) =>
  page.clock.setFixedTime(new Date("2026-11-20T04:00:00.000Z")),
);

test("somebody without an account asks for help and gets a receipt", async ({
  page,
}) => {
  const calls = await serve(page, world);
  await page.goto("/");
  await page.getByRole("link", { name: "提出诉求" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();

  await press(page);
  await expect(page.getByRole("alert")).toBeFocused();
  await expect(page).toHaveTitle(/^填写有误：/);
  await look(page, "ask-1-text-wrong");
  await page.getByRole("alert").getByRole("link").click();
  await expect(page.getByLabel("事情经过")).toBeFocused();

  await page
    .getByLabel("事情经过")
    .fill("三组的水管裂了半个月，一直没人来修。");
  await next(page);
  await page.getByRole("radio", { name: "求助", exact: true }).check();
  await look(page, "ask-2-kind");
  await next(page);

  await page.getByLabel("第 1 点").fill("修好三组的水管");
  await page.getByRole("button", { name: "再加一点" }).click();
  await expect(page.getByLabel("第 2 点")).toBeFocused();
  await page.getByLabel("第 2 点").fill("停水期间送水");
  await look(page, "ask-3-points");
  await next(page);

  await page.getByLabel("乡镇（街道）").selectOption("云岭镇");
  await page.getByLabel("村（社区）").selectOption("石桥村");
  await look(page, "ask-4-place");
  await next(page);

  await page.getByLabel("类别").selectOption("饮水供应");
  await look(page, "ask-5-category");
  await next(page);

  await page.getByRole("radio", { name: "打电话" }).check();
  await press(page);
  await expect(page.getByRole("alert")).toContainText("请填写电话号码");
  await page.getByLabel("电话号码").fill("139 0000 0042");
  await look(page, "ask-6-reply");
  await next(page);

  await look(page, "ask-7-check");
  await expect(page.getByText("云岭县 云岭镇 石桥村")).toBeVisible();
  await send(page);

  await expect(page.getByText("7K3M-9QXT-4")).toBeVisible();
  await page.getByText("这个日期是怎么算的").click();
  await expect(page.getByText("从2026年11月23日起计5个工作日")).toBeVisible();
  await look(page, "ask-8-done");

  const call = sent(calls, "/matters");
  expect(call?.headers["x-huiyin"]).toBe("web");
  expect(call?.headers["accept-language"]).toBe("zh-CN");
  expect(call?.body).toMatchObject({
    channel: "web",
    kind: "help",
    text: "三组的水管裂了半个月，一直没人来修。",
    asks: [{ text: "修好三组的水管" }, { text: "停水期间送水" }],
    area_code: "990101103207",
    category: "water.supply",
    contact: { how: "phone", phone: "139 0000 0042" },
  });
  expect(call?.body).not.toHaveProperty("anonymous");
});

test("a complaint about an officer says who will see it, and names nobody who stays unnamed", async ({
  page,
}) => {
  const calls = await serve(page, world);
  await say(page, "窗口的人让我跑了五趟。", "投诉");
  await page
    .getByRole("radio", { name: "一个单位，或者其中某个人的做法" })
    .check();
  await expect(page.getByText("被投诉的人和他所在的单位看不到")).toBeVisible();
  await press(page);
  await expect(page.getByRole("alert")).toContainText("请找到并选择单位");
  await page.getByLabel("是哪个单位").fill("便民");
  await page.getByRole("radio", { name: "云岭镇便民服务中心" }).check();
  await page.getByLabel("是哪个人").fill("三号窗口");
  await look(page, "ask-whom");
  for (let page_ = 0; page_ < 4; page_++) await next(page);
  await page.getByRole("radio", { name: "不留姓名" }).check();
  await next(page);
  await look(page, "ask-check-complaint");
  await send(page);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("已经收到");

  const body = sent(calls, "/matters")?.body;
  expect(body).toMatchObject({
    kind: "complaint",
    about_unit_id: units[0]?.id,
    anonymous: true,
    text: "窗口的人让我跑了五趟。",
    about_text: "三号窗口",
  });
  expect(body).not.toHaveProperty("contact");
});

test("who is on no list is complained of in one's own words", async ({
  page,
}) => {
  const calls = await serve(page, world);
  await say(page, "收水费的人多要了钱。", "投诉");
  await page.getByRole("radio", { name: "另外的人" }).check();
  await expect(page.getByText("被投诉的人和他所在的单位看不到")).toBeVisible();
  await press(page);
  await expect(page.getByRole("alert")).toContainText("是哪个人");
  await page.getByLabel("是哪个人").fill("管水的老孙");
  await look(page, "ask-whom-other");
  for (let page_ = 0; page_ < 4; page_++) await next(page);
  await page.getByRole("radio", { name: "不留姓名" }).check();
  await next(page);
  await expect(page.locator("main")).toContainText("管水的老孙");
  await send(page);
  const body = sent(calls, "/matters")?.body;
  expect(body).toMatchObject({ about_text: "管水的老孙", anonymous: true });
  expect(body).not.toHaveProperty("about_unit_id");
});

test("a change from the check goes back to the check", async ({ page }) => {
  await serve(page, world);
  await say(page, "路灯坏了。", "反映情况");
  for (let page_ = 0; page_ < 3; page_++) await next(page);
  await page.getByRole("radio", { name: "我自己凭回执来查" }).check();
  await next(page);
  await page.getByRole("link", { name: /修改.*事情经过/ }).click();
  await page.getByLabel("事情经过").fill("路灯坏了三盏。");
  await next(page);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(
    "提交前请核对",
  );
  await expect(page.getByText("路灯坏了三盏。")).toBeVisible();
});

test("what was written survives a reload and is gone once it is sent", async ({
  page,
}) => {
  await serve(page, world);
  await page.goto("/ask");
  await page.getByLabel("事情经过").fill("写了一半");
  await page.reload();
  await expect(page.getByLabel("事情经过")).toHaveValue("写了一半");
  await page.goto("/ask/check");
  await page.getByRole("button", { name: "不提交，清除填写的内容" }).click();
  await page.goto("/ask");
  await expect(page.getByLabel("事情经过")).toHaveValue("");
});

test("sending again after a lost answer sends the same matter", async ({
  page,
}) => {
  let tries = 0;
  const calls = await serve(page, {
    ...world,
    "POST /matters": () =>
      tries++ === 0
        ? { refused: 503, body: { status: 503, code: "busy" } }
        : standing,
  });
  await say(page, "路灯坏了。", "反映情况");
  for (let page_ = 0; page_ < 3; page_++) await next(page);
  await page.getByRole("radio", { name: "我自己凭回执来查" }).check();
  await next(page);
  await send(page);
  await expect(page.getByRole("alert")).toContainText("服务器正忙");
  await send(page);
  await expect(page.getByText("7K3M-9QXT-4")).toBeVisible();
  const [first, second] = calls.filter((call) => call.method === "POST");
  expect(second?.body).toEqual(first?.body);
});

test("a household that is signed in asks under its own name, also about its officer", async ({
  page,
}) => {
  await page.addInitScript(() =>
    localStorage.setItem("huiyin.signed_in", "yes"),
  );
  const calls = await serve(page, {
    ...world,
    "GET /me/household": household,
    "POST /me/matters": standing,
  });
  await say(page, "王海答应的事没有办。", "投诉");
  await page.getByRole("radio", { name: "联系我家的王海" }).check();
  for (let page_ = 0; page_ < 4; page_++) await next(page);
  await page.getByRole("radio", { name: "打电话" }).check();
  await next(page);
  await send(page);
  await expect(page.getByText("7K3M-9QXT-4")).toBeVisible();
  expect(sent(calls, "/me/matters")?.body).toMatchObject({
    about_officer_id: household.pairing?.officer_id,
    contact: { how: "phone" },
  });
});

test("a sign-in that ended before sending is said, and nothing is lost", async ({
  page,
}) => {
  await page.addInitScript(() => {
    if (!sessionStorage.getItem("begun"))
      localStorage.setItem("huiyin.signed_in", "yes");
    sessionStorage.setItem("begun", "yes");
  });
  let open = false;
  const calls = await serve(page, {
    ...world,
    "POST /me/matters": () =>
      open
        ? standing
        : { refused: 401, body: { status: 401, code: "unauthenticated" } },
    "POST /resident_sessions": () => {
      open = true;
      return {
        household_id: household.id,
        expires_at: "2026-11-20T06:00:00.000Z",
      };
    },
  });
  await say(page, "路灯坏了。", "反映情况");
  for (let page_ = 0; page_ < 3; page_++) await next(page);
  await page.getByRole("radio", { name: "我自己在这里看" }).check();
  await next(page);
  await send(page);
  await expect(page.getByText("登录已经过期")).toBeVisible();
  await look(page, "ask-check-session-ended");
  await page.getByRole("link", { name: "重新登录" }).click();
  await page.getByLabel("卡号").fill("HY-2207-3318");
  await page.getByLabel("密码").fill("802914");
  await page.getByRole("button", { name: "登录", exact: true }).click();
  await expect(page.getByText("路灯坏了。")).toBeVisible();
  await send(page);
  await expect(page.getByText("7K3M-9QXT-4")).toBeVisible();
  expect(calls.filter(({ path }) => path === "/matters")).toEqual([]);
});
