import { expect, type Page } from "@playwright/test";
import { expectAccessible, expectNoOverflow, speak } from "../support/page";
import { Elsewhere, fillDate, officer, test, title } from "./office";
import {
  arrive,
  enterPin,
  expectState,
  installed,
  kill,
  newDisk,
  openPhone,
  signInAtPhone,
  state,
} from "./phone";

const liaison = () => officer("liaison");

/** Every state a page is to be read in: both languages, narrow, in large print, on a desk. */
async function look(page: Page, name: string) {
  for (const lang of ["en", "zh-CN"]) {
    await speak(page, lang);
    for (const width of [390, 1280]) {
      await page.setViewportSize({ width, height: 844 });
      await page.screenshot({
        path: `screenshots/field-${name}-${lang}-${width}.png`,
      });
    }
    await page.setViewportSize({ width: 320, height: 640 });
    await expectNoOverflow(page, "at 320 px");
    await page.setViewportSize({ width: 360, height: 640 });
    await page.evaluate(
      () => (document.documentElement.dataset["print"] = "large"),
    );
    await expectAccessible(page);
    await page.evaluate(() => delete document.documentElement.dataset["print"]);
  }
  await page.setViewportSize({ width: 390, height: 844 });
}

async function writeVisit(page: Page, diary: string) {
  await page.getByRole("link", { name: "写走访记录" }).first().click();
  await page.getByLabel("见到户主").check();
  await page.getByLabel("日记").fill(diary);
  await page.getByRole("button", { name: "保存走访" }).click();
  await expect(page.locator("main")).toContainText("已经记在这部手机上");
}

/** How many visits with this diary the office has. */
async function delivered(
  elsewhere: Elsewhere,
  household: string,
  diary: string,
) {
  const { items } = await elsewhere.get<{ items: { diary: string }[] }>(
    `visits?household_id=${household}&limit=50`,
  );
  return items.filter((visit) => visit.diary.startsWith(diary)).length;
}
const idOf = (page: Page) => /households\/([^/?]+)/.exec(page.url())?.[1] ?? "";

test("days without a network: signed in once, killed, opened by PIN, a visit delivered once", async ({
  baseURL,
}) => {
  test.setTimeout(180_000);
  const elsewhere = await Elsewhere.officer(liaison());
  const disk = newDisk();
  let { context, page } = await openPhone(disk, baseURL);
  await page.goto("/field/");
  await look(page, "signin");
  await arrive(page, liaison(), () => look(page, "choose"));
  await installed(page);
  await expect(page.locator(".home").first()).toBeVisible({ timeout: 20_000 });
  await look(page, "home");
  await context.close();

  // A cold start without a network: nothing but what is on the disk.
  ({ context, page } = await openPhone(disk, baseURL));
  await context.setOffline(true);
  await page.goto("/field/");
  await look(page, "pin");
  await enterPin(page, "000000");
  await expect(page.getByRole("alert")).toContainText("还可以试 4 次");
  await enterPin(page);
  await expectState(page, "只在本机", 0);
  await expect(page.locator(".state")).toContainText("现在没有网络");
  const first = page.locator(".home-name").first();
  const name = (await first.textContent()) ?? "";
  await page.getByRole("searchbox").fill(name.slice(0, 1));
  await expect(page.locator(".home-name").first()).toContainText(
    name.slice(0, 1),
  );
  await page.locator(".home-name").first().click();
  await expect(page.getByRole("heading", { name: "住房" })).toBeVisible();
  await look(page, "household");
  const id = idOf(page);
  await page.getByRole("link", { name: "写走访记录" }).first().click();
  await page.getByLabel("见到户主").check();
  await page.getByLabel("日记").fill("路上没有信号。水管修好了，下月来看。");
  await page.getByRole("button", { name: "加一条承诺" }).click();
  await page.getByLabel("承诺 1").fill("下月来看水管");
  await fillDate(page.locator("main"), "什么时候以前", "2027-01-15");
  await look(page, "visit");
  await page.getByRole("button", { name: "保存走访" }).click();
  await expectState(page, "只在本机", 1);
  await expect(page.locator("main")).toContainText("下月来看水管");

  // Read again, and corrected while nobody else can have it.
  await page.reload();
  await enterPin(page);
  await expect(page.locator("main")).toContainText("路上没有信号");
  await page.locator(".state-counts").click();
  await look(page, "waiting");
  await page.getByText("修改或者撤回").click();
  await page.getByRole("link", { name: "修改", exact: true }).click();
  await page.getByLabel("日记").fill("路上没有信号。水管已经修好。");
  await page.getByRole("button", { name: "保存走访" }).click();
  await expect(page.locator("main")).toContainText("水管已经修好");
  await expectState(page, "只在本机", 1);
  await kill(context);

  ({ context, page } = await openPhone(disk, baseURL));
  await context.setOffline(true);
  await page.goto("/field/");
  await enterPin(page);
  await expectState(page, "只在本机", 1);
  await context.setOffline(false);
  await expectState(page, "已入档", 1);
  await expectState(page, "只在本机", 0);
  await page.goto(`/field/households/${id}`);
  await enterPin(page);
  await expect(page.locator("main")).toContainText("水管已经修好");
  await context.close();
  expect(await delivered(elsewhere, id, "路上没有信号。水管已经修好。")).toBe(
    1,
  );
  expect(await delivered(elsewhere, id, "路上没有信号")).toBe(1);
});

test("two tabs show the same, and what both send arrives once", async ({
  baseURL,
}) => {
  test.setTimeout(120_000);
  const elsewhere = await Elsewhere.officer(liaison());
  const { context, page } = await openPhone(newDisk(), baseURL);
  await page.goto("/field/");
  await arrive(page, liaison());
  await installed(page);
  await expect(page.locator(".home").first()).toBeVisible({ timeout: 20_000 });
  await context.setOffline(true);
  const other = await context.newPage();
  await other.goto("/field/");
  await enterPin(other);
  await expectState(other, "只在本机", 0);
  await page.locator(".home-name").nth(1).click();
  const id = idOf(page);
  await writeVisit(page, "两个页面一起开着。");
  await expectState(other, "只在本机", 1);
  await other.locator(".home-name").nth(1).click();
  await expect(other.locator("main")).toContainText("两个页面一起开着");
  await writeVisit(other, "另一个页面写的。");
  await expectState(page, "只在本机", 2);
  await context.setOffline(false);
  await expectState(page, "已入档", 2);
  await expectState(other, "已入档", 2);
  expect(await delivered(elsewhere, id, "两个页面一起开着。")).toBe(1);
  expect(await delivered(elsewhere, id, "另一个页面写的。")).toBe(1);
  await context.close();
});

test("whoever leaves is told what is unsent; it stays sealed for them, and the next officer sees nothing of it", async ({
  baseURL,
}) => {
  test.setTimeout(120_000);
  const first = liaison();
  const second = officer("liaison", ({ login }) => login !== first.login);
  const elsewhere = await Elsewhere.officer(first);
  const { context, page } = await openPhone(newDisk(), baseURL);
  await page.goto("/field/");
  await arrive(page, first);
  await installed(page);
  await page.locator(".home-name").nth(2).click();
  await expect(title(page)).not.toHaveText("我的户");
  const id = idOf(page);
  const household = (await title(page).textContent()) ?? "";
  await context.setOffline(true);
  await writeVisit(page, "退出以前写的，还没有送。");
  await page.getByRole("link", { name: "我", exact: true }).click();
  await expect(page.locator("main")).toContainText("还有 1 条没有送到");
  await look(page, "leave");
  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: "存成文件" }).click();
  const file = await (await saving).createReadStream();
  let text = "";
  for await (const piece of file) text += String(piece);
  const saved = JSON.parse(text) as {
    what: string;
    acts: { body: { diary: string } }[];
  };
  expect(saved.acts.map(({ body }) => body.diary)).toEqual([
    "退出以前写的，还没有送。",
  ]);
  expect(saved.what).toContain("补录");
  await page.getByRole("button", { name: "留下这 1 条，退出" }).click();
  await expect(page.getByLabel("账号")).toBeVisible();

  await context.setOffline(false);
  await page.reload();
  await expect(page.locator("main")).toContainText(
    `${first.name}没有送出的内容`,
  );
  await arrive(page, second);
  await expectState(page, "只在本机", 0);
  await expect(page.locator("main")).not.toContainText(household);
  await page.goto(`/field/households/${id}`);
  await enterPin(page);
  await expect(page.locator("main")).toContainText("这户不在这部手机上");
  expect(await delivered(elsewhere, id, "退出以前写的")).toBe(0);
  await page.getByRole("link", { name: "我", exact: true }).click();
  await page.getByRole("button", { name: "退出登录" }).click();

  await signInAtPhone(page, first);
  await page.getByLabel("再输一遍").waitFor();
  await arrive(page, undefined);
  await expectState(page, "已入档", 1);
  expect(await delivered(elsewhere, id, "退出以前写的")).toBe(1);
  await context.close();
});

test("five wrong PINs throw the PIN away and nothing else", async ({
  baseURL,
}) => {
  const { context, page } = await openPhone(newDisk(), baseURL);
  await page.goto("/field/");
  await arrive(page, liaison());
  await installed(page);
  await expect(page.locator(".home").first()).toBeVisible({ timeout: 20_000 });
  await context.setOffline(true);
  await page.locator(".home-name").first().click();
  await writeVisit(page, "密码作废以前写的。");
  await page.reload();
  for (let left = 4; left > 0; left--) {
    await enterPin(page, "111222");
    await expect(page.getByRole("alert")).toContainText(`还可以试 ${left} 次`);
  }
  await enterPin(page, "111222");
  await expect(page.locator("main")).toContainText("数字密码已经作废");
  await context.setOffline(false);
  await signInAtPhone(page, liaison());
  await arrive(page, undefined);
  await expect(state(page, "已入档")).toHaveText("1", { timeout: 15_000 });
  await context.close();
});

test("a phone signed out from afar hands over what is unsent, sealed, and forgets everything", async ({
  baseURL,
}) => {
  test.setTimeout(90_000);
  const elsewhere = await Elsewhere.officer(liaison());
  const { context, page } = await openPhone(newDisk(), baseURL);
  await page.goto("/field/");
  await arrive(page, liaison());
  await installed(page);
  await expect(page.locator(".home").first()).toBeVisible({ timeout: 20_000 });
  await context.setOffline(true);
  await page.locator(".home-name").nth(3).click();
  const id = idOf(page);
  await writeVisit(page, "手机丢以前写的。");
  const { items } = await elsewhere.get<{
    items: { id: string; ended_at?: string }[];
  }>("sync/devices?limit=1");
  await elsewhere.remove(`sync/devices/${items[0]?.id}`);
  await context.setOffline(false);
  await expect(page.getByLabel("账号")).toBeVisible({ timeout: 15_000 });
  await expect(page.locator("main")).not.toContainText("没有送出的内容");
  const kept = await page.evaluate(async () => {
    const names = await indexedDB.databases();
    const open = indexedDB.open(names[0]?.name ?? "");
    await new Promise((wake) => (open.onsuccess = wake));
    const count = (name: string) =>
      new Promise<number>((wake) => {
        const asked = open.result.transaction(name).objectStore(name).count();
        asked.onsuccess = () => wake(asked.result);
      });
    return Promise.all(
      ["acts", "records", "indexes", "doors", "pictures"].map(count),
    );
  });
  expect(kept).toEqual([0, 0, 0, 0, 0]);
  // Nobody did it yet; the supervisor over the officer finds it, opened, and enters it.
  expect(await delivered(elsewhere, id, "手机丢以前写的。")).toBe(0);
  const over = await Elsewhere.officer(officer("supervisor"));
  const waiting = await over.get<{
    items: { id: string; operation?: { body: { diary?: string } } }[];
  }>("sync/quarantine?limit=50");
  const found = waiting.items.find(
    ({ operation }) => operation?.body.diary === "手机丢以前写的。",
  );
  expect(found).toBeDefined();
  await over.post(`sync/quarantine/${found?.id}/decision`, {
    outcome: "entered",
    reason: "手机丢了，替她补录",
  });
  expect(await delivered(elsewhere, id, "手机丢以前写的。")).toBe(1);
  await context.close();
});
