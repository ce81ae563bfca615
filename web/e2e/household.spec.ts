import { expect, type Page } from "@playwright/test";
import { serve } from "./support/mock";
import { look, test } from "./support/page";
import {
  answered,
  household,
  list,
  measures,
  myMatter,
  myMatters,
  reads,
  standing,
  visits,
} from "./support/town";

const world = {
  "GET /me/household": household,
  "GET /me/matters?": list(myMatters),
  "GET /me/matters/": myMatter,
  "GET /me/visits": list(visits),
  "GET /me/reads": list(reads),
  "GET /me/measures": list(measures),
};
const signedOut = {
  refused: 401,
  body: { status: 401, code: "sessions.required" },
};

const signedIn = (page: Page) =>
  page.addInitScript(() => localStorage.setItem("huiyin.signed_in", "yes"));

test.beforeEach(({ page }) =>
  page.clock.setFixedTime(new Date("2026-11-25T04:00:00.000Z")),
);

test("a household signs in with card and PIN, and goes where it wanted to", async ({
  page,
}) => {
  let open = false;
  const calls = await serve(page, {
    ...world,
    "GET /me/reads": () => (open ? list(reads) : signedOut),
    "POST /resident_sessions": (call: { body: { pin: string } }) => {
      open = call.body.pin === "802914";
      return open
        ? { household_id: household.id, expires_at: "2026-11-25T06:00:00.000Z" }
        : {
            refused: 401,
            body: { status: 401, code: "sessions.wrong_pin" },
          };
    },
  });
  await page.goto("/household/reads");
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await look(page, "signin");
  await page.getByLabel("卡号").fill("HY-2207-3318");
  await page.getByLabel("密码").fill("000000");
  await page.getByRole("button", { name: "登录", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText(
    "卡号或者密码不对。连续输错会暂时锁住。",
  );
  await page.getByLabel("密码").fill("802914");
  await page.getByRole("button", { name: "登录", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(
    "谁看过我家的资料",
  );
  await expect(page.getByRole("navigation", { name: "我的户" })).toBeVisible();
  expect(
    calls.find(({ method }) => method === "POST")?.headers["x-huiyin"],
  ).toBe("web");
});

test("an officer's browser is asked for the household's card", async ({
  page,
}) => {
  await serve(page, {
    ...world,
    "GET /me/household": {
      refused: 403,
      body: { status: 403, code: "sessions.other_kind" },
    },
  });
  await page.goto("/household");
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await expect(page.getByLabel("卡号")).toBeVisible();
});

test("a card without a PIN leads to the first sign-in", async ({ page }) => {
  const calls = await serve(page, {
    ...world,
    "POST /resident_sessions": {
      refused: 409,
      body: { status: 409, code: "card.not_activated" },
    },
    "POST /card_activations": {
      household_id: household.id,
      expires_at: "2026-11-25T06:00:00.000Z",
    },
  });
  await page.goto("/sign-in");
  await page.getByLabel("卡号").fill("HY-2207-3318");
  await page.getByLabel("密码").fill("1");
  await page.getByRole("button", { name: "登录", exact: true }).click();
  await page.getByRole("link", { name: "用初始码设置密码" }).first().click();
  await page.getByLabel("卡号").fill("HY-2207-3318");
  await page.getByLabel("初始码").fill("QK4T-77XA");
  await page.getByLabel("新密码", { exact: true }).fill("123456");
  await page.getByRole("button", { name: "设置密码并登录" }).click();
  await expect(page.getByRole("alert")).toContainText("密码太简单");
  await page.getByLabel("新密码", { exact: true }).fill("802914");
  await page.getByLabel("再输一遍新密码").fill("802915");
  await page.getByRole("button", { name: "设置密码并登录" }).click();
  await expect(page.getByRole("alert")).toContainText("两次输入的不一样");
  await look(page, "signin-first");
  await page.getByLabel("再输一遍新密码").fill("802914");
  await page.getByRole("button", { name: "设置密码并登录" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("我的户");
  await expect
    .poll(() => calls.find(({ path }) => path === "/card_activations")?.body)
    .toEqual({
      card_number: "HY-2207-3318",
      first_code: "QK4T-77XA",
      pin: "802914",
    });
});

test("the household sees its officer, the visit to come, and replies to it", async ({
  page,
}) => {
  await signedIn(page);
  const calls = await serve(page, {
    ...world,
    "POST /me/visit_plans/": household.visit_plans?.[0],
  });
  await page.goto("/household");
  await expect(
    page.getByText("王海打算在2026年11月28日星期六到您家。"),
  ).toBeVisible();
  await look(page, "household");
  await page.getByRole("link", { name: "回复" }).click();
  await page.getByRole("radio", { name: "换一天" }).check();
  await page.getByLabel("年", { exact: true }).fill("2026");
  await page.getByLabel("月", { exact: true }).fill("11");
  await page.getByLabel("日", { exact: true }).fill("31");
  await page.getByRole("button", { name: "回复" }).click();
  await expect(page.getByRole("alert")).toContainText("没有这一天");
  await look(page, "household-plan");
  await page.getByLabel("日", { exact: true }).fill("30");
  await page.getByRole("button", { name: "回复" }).click();
  await expect(page.getByText("已经告诉联系干部")).toBeVisible();
  await expect
    .poll(() => calls.find(({ method }) => method === "POST")?.body)
    .toEqual({
      reply: "other_time",
      on: "2026-11-30",
    });
});

test("the household reads its record and disputes a line of it", async ({
  page,
}) => {
  await signedIn(page);
  const calls = await serve(page, {
    ...world,
    "POST /me/corrections": standing,
  });
  await page.goto("/household/record");
  await expect(page.getByText("没有您的同意，这部分不保存。")).toBeVisible();
  await look(page, "household-record");
  await page.getByRole("link", { name: "现金收入" }).click();
  await expect(page.getByText("¥40,623.50")).toBeVisible();
  await page.getByRole("link", { name: "我家的登记" }).click();
  await page.getByRole("link", { name: "土地" }).click();
  await expect(page.getByText("3 亩")).toBeVisible();
  await page.getByRole("link", { name: "我家的登记" }).click();
  await page.getByRole("link", { name: "住房" }).click();
  await page.getByText(/没有填写的/).click();
  await look(page, "household-section");
  await page.getByRole("link", { name: /不对，要更正.*房间数/ }).click();
  await expect(page.getByText("住房 · 房间数")).toBeVisible();
  await page.getByLabel("应该怎么改").fill("是五间。");
  await look(page, "household-dispute");
  await page.getByRole("button", { name: "提交" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(
    "更正请求已经收到",
  );
  await expect(page.getByText("7K3M-9QXT-4")).toBeVisible();
  await look(page, "household-dispute-done");
  await expect
    .poll(() => calls.find(({ method }) => method === "POST")?.body)
    .toMatchObject({
      section: "housing",
      field: "rooms",
      text: "是五间。",
    });
});

test("the household puts its own words beside a visit", async ({ page }) => {
  await signedIn(page);
  const calls = await serve(page, { ...world, "POST /me/visits/": visits[0] });
  await page.goto("/household/visits");
  await expect(page.getByText("漏雨的是西边那间。")).toBeVisible();
  await look(page, "household-visits");
  await page.getByRole("link", { name: /写上自己的话/ }).click();
  await page.getByLabel("您想说的").fill("补助还没有问到。");
  await look(page, "household-words");
  await page.getByRole("button", { name: "写上" }).click();
  await expect(page.getByText("您的话已经记在旁边")).toBeVisible();
  await expect
    .poll(() => calls.find(({ method }) => method === "POST")?.body)
    .toEqual({
      text: "补助还没有问到。",
    });
});

test("support, promises and reads are shown as they are", async ({ page }) => {
  await signedIn(page);
  await serve(page, world);
  await page.goto("/household/support");
  await expect(page.getByText("翻修西屋屋顶")).toBeVisible();
  await expect(page.getByText("超期").first()).toBeVisible();
  await look(page, "household-support");
  await page.goto("/household/reads");
  await expect(page.getByText("理由：核对补助名单")).toBeVisible();
  await look(page, "household-reads");
});

test("consent is withdrawn after a warning", async ({ page }) => {
  await signedIn(page);
  const calls = await serve(page, {
    ...world,
    "DELETE /me/consents/income": null,
  });
  await page.goto("/household/consents");
  await look(page, "household-consents");
  await page.getByRole("link", { name: /撤回同意.*现金收入/ }).click();
  await expect(page.getByText("都会删除，不能恢复")).toBeVisible();
  await look(page, "household-consent-withdraw");
  await page.getByRole("button", { name: "撤回同意并删除" }).click();
  await expect(page.getByText("已经撤回同意")).toBeVisible();
  expect(calls.some(({ method }) => method === "DELETE")).toBe(true);
});

test("consent is given", async ({ page }) => {
  await signedIn(page);
  const calls = await serve(page, {
    ...world,
    "PUT /me/consents/expenditure": household.consents?.[0],
  });
  await page.goto("/household/consents/expenditure");
  await page.getByRole("button", { name: "我同意" }).click();
  await expect(page.getByText("已经同意")).toBeVisible();
  expect(calls.some(({ method }) => method === "PUT")).toBe(true);
});

test("the PIN is changed, and the household signs out", async ({ page }) => {
  await signedIn(page);
  const calls = await serve(page, {
    ...world,
    "POST /me/pin": null,
    "DELETE /resident_sessions/current": null,
  });
  await page.goto("/household/pin");
  await page.getByLabel("现在的密码").fill("802914");
  await page.getByLabel("新密码", { exact: true }).fill("573019");
  await page.getByLabel("再输一遍新密码").fill("573019");
  await look(page, "household-pin");
  await page.getByRole("button", { name: "修改密码" }).click();
  await expect(page.getByText("密码已经改好")).toBeVisible();
  await page.getByRole("button", { name: "退出" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("已经退出");
  await look(page, "signed-out");
  await expect
    .poll(() => calls.find(({ path }) => path === "/me/pin")?.body)
    .toEqual({
      old: "802914",
      new: "573019",
    });
});

test("the household follows its matters, judges and withdraws", async ({
  page,
}) => {
  await signedIn(page);
  const calls = await serve(page, {
    ...world,
    [`POST /me/matters/${myMatter.id}/judgement`]: myMatter,
    [`POST /me/matters/${myMatter.id}/withdrawal`]: myMatter,
    [`GET /me/matters/${myMatter.id}`]: {
      ...myMatter,
      may: [...answered.may, "withdrawal"],
    },
  });
  await page.goto("/household/matters");
  await look(page, "my-matters");
  await page
    .getByRole("link", { name: "三组的水管裂了半个月", exact: true })
    .click();
  await expect(page.getByText("停水的时候希望能送水。")).toBeVisible();
  await look(page, "my-matter");
  await page.getByRole("link", { name: "评价答复" }).click();
  await page.getByRole("radio", { name: "解决了", exact: true }).check();
  await page.getByRole("button", { name: "提交评价" }).click();
  await expect(page.getByText("谢谢您的评价")).toBeVisible();
  await page.getByRole("link", { name: "撤回" }).click();
  await page.getByLabel("为什么撤回").fill("已经修好了。");
  await look(page, "my-matter-withdraw");
  await page.getByRole("button", { name: "撤回" }).click();
  await expect(page.getByText("已经撤回")).toBeVisible();
  const posts = calls
    .filter(({ method }) => method === "POST")
    .map(({ body }) => body);
  expect(posts).toEqual([{ solved: true }, { reason: "已经修好了。" }]);
});
