import { expect, type Locator, type Page } from "@playwright/test";
import { hasFocus, press, tabTo, type } from "../support/keys";
import { accounts } from "./accounts";
import {
  type Account,
  dialog,
  Elsewhere,
  officer,
  settled,
  test,
  title,
} from "./office";

// Nothing here is clicked, and no focus is set but by keys: as somebody works without a mouse.

test.use({ viewport: { width: 1280, height: 900 } });

/** A record looked up by typing, taken by the arrows. */
async function find(page: Page, box: Locator, text: string) {
  await type(page, box, text);
  await expect(page.locator("li[role=option]").first()).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
}
const button = (page: Page, name: string) =>
  page.getByRole("button", { name, exact: true });
const menu = (page: Page, name: string) =>
  page.locator("#nav-list").getByRole("link", { name, exact: true });

async function signIn(page: Page, { login, password }: Account) {
  await page.goto("/desk/");
  await type(page, page.getByLabel("账号"), login);
  await type(page, page.getByLabel("密码"), password);
  await page.keyboard.press("Enter");
  await expect(button(page, "退出登录")).toBeVisible();
  await settled(page);
}

test("liaison by keys: my households, a visit written down, a life event chosen by arrows", async ({
  page,
}) => {
  await signIn(page, officer("liaison"));
  await press(page, menu(page, "我的户"));
  await settled(page);
  await press(page, page.locator("main tbody a").first());
  await settled(page);

  // The arrows pass over every kind; only the button beside them opens one.
  await tabTo(page, page.getByLabel("家庭变动"));
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await press(page, button(page, "填写变动"));
  await expect(dialog(page)).toContainText("谁去世了");
  await page.keyboard.press("Escape");
  await expect(dialog(page)).toHaveCount(0);

  await page.keyboard.press("Home");
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Shift+Tab");
  await press(page, page.getByRole("link", { name: "写走访记录" }));
  await settled(page);
  await tabTo(page, page.getByLabel("见到户主"));
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowDown");
  await expect(page.getByLabel("见到家人")).toBeChecked();
  await type(page, page.getByLabel("日记"), "一家都好，玉米收完了。");
  await press(page, button(page, "保存走访"));
  await expect(page).toHaveURL(/\/desk\/visits\/[0-9]/);
  await settled(page);
  await expect(page.locator("main")).toContainText("玉米收完了");
});

test("clerk by keys: a matter taken, its receipt, the next one", async ({
  page,
}) => {
  await signIn(page, officer("clerk"));
  await press(page, menu(page, "登记诉求"));
  await settled(page);
  await page.keyboard.type("村小学的围墙歪了。");
  await find(page, page.getByLabel("在什么地方"), "云城镇");
  await page.keyboard.press("Control+Enter");
  await expect(title(page)).toHaveText("已经登记");
  await press(page, button(page, "登记下一件"));
  await expect(page.getByLabel("事情经过")).toBeFocused();
});

test("handler by keys: a matter found in the queue, taken on and answered", async ({
  page,
}) => {
  const handler = officer("handler");
  const clerk = await Elsewhere.officer(officer("clerk"));
  const { id } = await clerk.post<{ id: string }>("matters", {
    channel: "phone",
    kind: "help",
    text: "键盘走一遍：井盖丢了。",
  });
  await clerk.post(`matters/${id}/assignment`, { unit_id: handler.unit_id });
  await signIn(page, handler);
  await press(page, menu(page, "办理"));
  await settled(page);
  const wanted = page.locator(`.queue-title[href="/desk/matters/${id}"]`);
  for (let steps = 0; steps < 60 && !(await hasFocus(wanted)); steps++)
    await page.keyboard.press("j");
  await page.keyboard.press("a");
  await expect(dialog(page)).toContainText("接办");
  await press(page, dialog(page).getByRole("button", { name: "接办" }));
  await expect(dialog(page)).toHaveCount(0);
  await settled(page);
  await press(page, wanted);
  await expect(title(page)).toContainText("井盖丢了");
  await settled(page);
  await press(page, button(page, "答复"));
  await type(page, dialog(page).getByLabel("总的答复"), "换了新井盖。");
  await tabTo(page, dialog(page).getByLabel("结果"));
  await page.keyboard.press("ArrowDown");
  await type(page, dialog(page).getByLabel("这一点的答复"), "已经换好。");
  await press(
    page,
    dialog(page).getByRole("button", { name: "答复", exact: true }),
  );
  await expect(dialog(page)).toHaveCount(0);
  await settled(page);
  await expect(page.locator("main")).toContainText("已答复待评价");
});

test("supervisor and leader by keys: from a figure to the record, and a reminder", async ({
  page,
}) => {
  for (const role of ["supervisor", "leader"]) {
    await page.context().clearCookies();
    await signIn(page, officer(role));
    await press(page, menu(page, "督查"));
    await settled(page);
    await press(page, page.getByRole("link", { name: /在办/ }));
    await settled(page);
    await press(page, page.locator(".queue-title").first());
    await settled(page);
    await press(page, button(page, "催办"));
    await type(page, dialog(page).getByLabel("催办内容"), "请抓紧。");
    await press(
      page,
      dialog(page).getByRole("button", { name: "催办", exact: true }),
    );
    await expect(dialog(page)).toHaveCount(0);
    await expect(page.locator("main")).toContainText("请抓紧。");
  }
});

test("auditor by keys: the chain proved, the log narrowed", async ({
  page,
}) => {
  await signIn(page, officer("auditor"));
  await press(page, menu(page, "审计"));
  await settled(page);
  await press(page, button(page, "现在核对"));
  await expect(page.getByText(/记录链完整/)).toBeVisible();
  await find(page, page.getByLabel("做了什么"), "登录");
  await settled(page);
  await expect(page.locator("main tbody tr").first()).toContainText("登录");
});

test("administrator by keys: somebody added, the one-time password shown", async ({
  page,
}) => {
  await signIn(page, officer("administrator"));
  await press(page, menu(page, "管理"));
  await settled(page);
  await press(page, page.getByRole("link", { name: "人员和角色" }));
  await settled(page);
  await press(page, button(page, "新增"));
  const form = dialog(page);
  await type(page, form.getByLabel("姓名"), "尚在试");
  await type(page, form.getByLabel("账号"), "shang.zs");
  await find(page, form.getByLabel("单位", { exact: true }), "民政局");
  await press(page, form.getByRole("button", { name: "保存" }));
  await expect(form).toHaveCount(0);
  await expect(page.locator("main")).toContainText("shang.zs 的一次性密码");
});

test("a resident by keys: signed in, asked for something, seen in the list", async ({
  page,
}) => {
  const resident = accounts().residents[5];
  await page.goto("/sign-in");
  await type(page, page.getByLabel("卡号"), resident?.card_number ?? "");
  await type(page, page.getByLabel("密码"), resident?.pin ?? "");
  await page.keyboard.press("Enter");
  await expect(title(page)).toHaveText("我的户");
  await page.goto("/ask");
  await type(page, page.getByLabel("事情经过"), "门前的路灯不亮。");
  const next = button(page, "下一步");
  await press(page, next);
  await expect(title(page)).toHaveText("最接近哪一种");
  await tabTo(page, page.getByRole("radio").first());
  await page.keyboard.press("Space");
  for (const step of ["里面有几件事吗", "在什么地方", "属于哪一类"]) {
    await press(page, next);
    await expect(title(page)).toHaveText(step);
  }
  await press(page, next);
  await tabTo(page, page.getByRole("radio").first());
  await page.keyboard.press("Space");
  await press(page, next);
  await press(page, button(page, "提交"));
  await expect(title(page)).toHaveText("已经收到");
  await page.goto("/household/matters");
  await expect(page.locator("main")).toContainText("门前的路灯不亮");
});
