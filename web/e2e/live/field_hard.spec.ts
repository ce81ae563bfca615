import { expect, type Page } from "@playwright/test";
import { press, tabTo, type } from "../support/keys";
import { look } from "../support/page";
import { accounts } from "./accounts";
import { Elsewhere, officer, signIn, test, title } from "./office";
import {
  arrive,
  expectState,
  installed,
  newDisk,
  openPhone,
  pin,
} from "./phone";

// Another than in the other stories: an officer has ten phones at most.
const liaison = () => {
  const first = officer("liaison").login;
  return officer("liaison", ({ login }) => login !== first);
};

/** A phone with its app and its households, without a network from here on. */
async function away(baseURL: string | undefined) {
  const { context, page } = await openPhone(newDisk(), baseURL);
  await page.goto("/field/");
  await arrive(page, liaison());
  await installed(page);
  await expect(page.locator(".home").first()).toBeVisible({ timeout: 20_000 });
  await context.setOffline(true);
  return { context, page };
}
const idOf = (page: Page) => /households\/([^/?]+)/.exec(page.url())?.[1] ?? "";

test("a phone without room says so and keeps what was typed; with room again it is kept", async ({
  baseURL,
}) => {
  test.setTimeout(90_000);
  const { context, page } = await away(baseURL);
  await page.locator(".home-name").nth(1).click();
  await page.getByRole("link", { name: "写走访记录" }).first().click();
  await page.getByLabel("见到户主").check();
  await page.getByLabel("日记").fill("手机满了。");
  // Drafts are written down while there is room.
  await page.waitForTimeout(600);
  // What a full disk makes of every writing.
  await page.evaluate(() => {
    const full = () => {
      throw new DOMException("no room", "QuotaExceededError");
    };
    const { add, put } = IDBObjectStore.prototype;
    Object.assign(IDBObjectStore.prototype, { add: full, put: full });
    Object.assign(window, {
      makeRoom: () => Object.assign(IDBObjectStore.prototype, { add, put }),
    });
  });
  await page.getByRole("button", { name: "保存走访" }).click();
  await expect(page.getByRole("alert")).toContainText("手机空间不够");
  await expect(page.getByLabel("日记")).toHaveValue("手机满了。");
  await expectState(page, "只在本机", 0);
  await look(page, "field-full");
  await page.evaluate(() =>
    (window as unknown as { makeRoom: () => void }).makeRoom(),
  );
  await page.getByRole("button", { name: "保存走访" }).click();
  await expectState(page, "只在本机", 1);
  await expect(page.locator("main")).toContainText("手机满了。");
  await context.close();
});

test("a complaint about somebody, handed over by a phone that was signed out, is for the auditor and for no supervisor", async ({
  baseURL,
}) => {
  test.setTimeout(120_000);
  const elsewhere = await Elsewhere.officer(liaison());
  const { context, page } = await away(baseURL);
  await page.locator(".home-name").nth(1).click();
  const household = idOf(page);
  await page.getByRole("link", { name: "登记诉求" }).first().click();
  await page.getByLabel("事情经过").fill("收了钱，事情没有办。");
  await page.getByLabel("类型").selectOption({ label: "投诉" });
  await page.getByLabel("投诉的是谁").selectOption({ label: "工作人员" });
  await page.getByLabel("反映的是谁").fill("镇里管民政的那个人");
  await expect(page.getByText("只有上级监督人员能看到")).toBeVisible();
  await look(page, "field-complaint");
  await page.getByRole("button", { name: "登记并给出回执" }).click();
  await expect(title(page)).toHaveText("已经登记");
  await page.goto(`/field/households/${household}`);
  await expect(page.getByLabel("数字密码")).toBeVisible();

  const { items } = await elsewhere.get<{ items: { id: string }[] }>(
    "sync/devices?limit=1",
  );
  await elsewhere.remove(`sync/devices/${items[0]?.id}`);
  await context.setOffline(false);
  await page.getByLabel("数字密码").fill(pin);
  await page.getByRole("button", { name: "打开", exact: true }).click();
  await expect(page.getByLabel("账号")).toBeVisible({ timeout: 15_000 });
  await context.close();

  type Waiting = { items: { operation?: { body: { about_text?: string } } }[] };
  const complaints = async (role: string) => {
    const one = await Elsewhere.officer(officer(role));
    const { items } = await one.get<Waiting>("sync/quarantine?limit=50");
    return items.filter(
      ({ operation }) => operation?.body.about_text === "镇里管民政的那个人",
    ).length;
  };
  expect(await complaints("auditor")).toBe(1);
  for (const { login, password, role } of accounts().officers) {
    if (role !== "supervisor" && role !== "leader") continue;
    const one = await Elsewhere.officer({ login, password } as ReturnType<
      typeof officer
    >);
    const { items } = await one.get<Waiting>("sync/quarantine?limit=50");
    expect(JSON.stringify(items)).not.toContain("收了钱");
  }
});

test("an officer whose account was closed: the phone hands over what is unsent and opens no more", async ({
  baseURL,
  page: desk,
}) => {
  test.setTimeout(120_000);
  const leaving = officer("leader", ({ login }) =>
    login.startsWith("township.101"),
  );
  const before = await Elsewhere.officer(leaving);
  const { officer: self } = await before.get<{ officer: { id: string } }>(
    "sessions/current",
  );
  const { context, page } = await openPhone(newDisk(), baseURL);
  await page.goto("/field/");
  await arrive(page, leaving);
  await installed(page);
  await expect(page.locator(".home").first()).toBeVisible({ timeout: 20_000 });
  await context.setOffline(true);
  await page.locator(".home-name").first().click();
  await page.getByRole("link", { name: "写走访记录" }).first().click();
  await page.getByLabel("见到户主").check();
  await page.getByLabel("日记").fill("离任以前写的。");
  await page.getByRole("button", { name: "保存走访" }).click();
  await expectState(page, "只在本机", 1);

  const admin = await Elsewhere.officer(officer("administrator"));
  const { items: pairings } = await admin.get<{
    items: { id: string; until?: string }[];
  }>(`pairings?officer_id=${self.id}&limit=200`);
  const until = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  for (const pairing of pairings)
    if (!pairing.until)
      await admin.post(`pairings/${pairing.id}/end`, { until, reason: "离任" });
  await admin.post(`officers/${self.id}/deactivation`, { reason: "离任" });
  await context.setOffline(false);
  await expect(page.getByLabel("账号")).toBeVisible({ timeout: 20_000 });
  await expect(page.locator("main")).not.toContainText("没有送出的内容");
  await page.getByLabel("账号").fill(leaving.login);
  await page.getByLabel("密码").fill(leaving.password);
  await page.getByRole("button", { name: "登录" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await context.close();

  // The auditor of the county reads what came, and decides.
  await desk.setViewportSize({ width: 1280, height: 900 });
  await signIn(desk, officer("auditor"));
  await desk.goto("/desk/quarantine");
  const act = desk.locator("article").filter({ hasText: "离任以前写的。" });
  await expect(act).toHaveCount(1);
  // What was handed over in the story before, in words and not in codes.
  const main = desk.locator("main");
  await expect(main).toContainText("镇里管民政的那个人");
  await expect(main).toContainText("投诉");
  await expect(main).not.toContainText(/complaint|about_text/);
  await look(desk, "quarantine-auditor");
});

test("a first load can be worked with before what is older has come", async ({
  baseURL,
}) => {
  const { context, page } = await openPhone(newDisk(), baseURL);
  let open = () => {};
  const gate = new Promise<void>((wake) => (open = wake));
  let turns = 0;
  await page.route("**/api/v1/sync/changes*", async (route) => {
    turns += 1;
    if (turns > 1) await gate;
    await route.continue();
  });
  await page.goto("/field/");
  await arrive(page, liaison());
  await expect(page.locator(".home").first()).toBeVisible({ timeout: 20_000 });
  await expect(page.getByRole("status")).toContainText(["以前的走访和诉求"]);
  await page.locator(".home-name").first().click();
  const older = page.getByText("以前的走访和已办结的诉求还没取完");
  await expect(older).toBeVisible();
  const visits = page.locator(".visited");
  const before = await visits.count();
  await look(page, "field-partial");
  open();
  await expect(older).toBeHidden({ timeout: 20_000 });
  await page.unrouteAll({ behavior: "wait" });
  expect(await visits.count()).toBeGreaterThan(before);
  await context.close();
});

test("a visit is written with the keyboard alone", async ({ baseURL }) => {
  test.setTimeout(90_000);
  const { context, page } = await openPhone(newDisk(), baseURL);
  const { login, password } = liaison();
  await page.goto("/field/");
  await type(page, page.getByLabel("账号"), login);
  await type(page, page.getByLabel("密码"), password);
  await page.keyboard.press("Enter");
  await page.getByLabel("再输一遍").waitFor();
  await type(page, page.getByLabel("数字密码"), pin);
  await type(page, page.getByLabel("再输一遍"), pin);
  await page.keyboard.press("Enter");
  await expect(page.locator(".home").first()).toBeVisible({ timeout: 20_000 });
  await installed(page);
  await context.setOffline(true);
  await press(page, page.locator(".home-name").first());
  await expect(page.getByRole("heading", { name: "住房" })).toBeVisible();
  await press(page, page.getByRole("link", { name: "写走访记录" }));
  // One of several: Tab goes to the group, the arrows within it.
  await tabTo(page, page.getByRole("radio").first());
  await page.keyboard.press("Space");
  await expect(page.getByLabel("见到户主")).toBeChecked();
  await type(page, page.getByLabel("日记"), "只用键盘写的。");
  await press(page, page.getByRole("button", { name: "保存走访" }));
  await expectState(page, "只在本机", 1);
  await expect(page.locator("main")).toContainText("只用键盘写的。");
  await context.setOffline(false);
  await expectState(page, "已入档", 1);
  await context.close();
});
