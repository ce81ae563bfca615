import { expect, type Page } from "@playwright/test";
import { expectAccessible, look } from "../support/page";
import {
  dialog,
  Elsewhere,
  officer,
  open,
  pick,
  settled,
  show,
  signIn,
  test,
  title,
} from "./office";

interface Matter {
  id: string;
  receipt: string;
  state: string;
  asks: { id: string }[];
}
interface House {
  id: string;
  head_name: string;
  area_code: string;
}

const clerk = () => officer("clerk", ({ login }) => login.startsWith("centre"));

test.use({ viewport: { width: 1280, height: 900 } });

async function act(page: Page, name: string) {
  await page
    .getByRole("group", { name: "可以做的" })
    .getByRole("button", { name, exact: true })
    .click();
  return dialog(page);
}

test("three neighbours bring one leaking pipe; each is answered and judges for themselves", async ({
  page,
}) => {
  test.slow();
  const counter = await Elsewhere.officer(clerk());
  // Neighbours of one village.
  const all = await counter.get<{ items: House[] }>("households?limit=100");
  const village = (house: House) => house.area_code.slice(0, 12);
  const near = all.items.filter(
    (house) => village(house) === village(all.items[0] as House),
  );
  const [zhang, wang, li] = near as [House, House, House];
  const take = (text: string, house: House) =>
    counter.post<Matter>("matters", {
      channel: "counter",
      kind: "help",
      text,
      household_id: house.id,
    });
  const one = await take("坡上那根老水管漏水十来天了，路面都是水。", zhang);

  // The second is at the window: while it is typed, the first is shown, and they join it.
  await signIn(page, clerk());
  await open(page, "/desk/intake");
  await pick(page.getByLabel("是哪一户"), wang.head_name);
  await page
    .getByLabel("事情经过")
    .fill("坡上老水管漏水十来天，路面上全是水，没人修。");
  const similar = page.getByRole("complementary", { name: "可能重复的" });
  await expect(similar).toContainText(one.receipt);
  await show(page, "collective-typing");
  await similar
    .getByRole("listitem")
    .filter({ hasText: one.receipt })
    .getByRole("button")
    .click();
  await expect(title(page)).toHaveText("已加入同一件诉求");
  const receiptOfWang = await page.locator(".receipt-number").innerText();
  expect(receiptOfWang).not.toBe(one.receipt);
  await show(page, "collective-joined");

  // The third was written down elsewhere: found in the list, looked at side by side, merged.
  const three = await take("坡上的老水管漏水十来天了，路面都是水，快修。", li);
  const pair = page
    .getByRole("region")
    .filter({ hasText: one.receipt })
    .filter({ hasText: three.receipt });
  await expect(async () => {
    await open(page, "/desk/matters/duplicates");
    await expect(pair).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 30_000 });
  await expectAccessible(page);
  await look(page, "live-collective-pairs");
  await pair
    .getByRole("button", { name: `把 ${three.receipt} 并入 ${one.receipt}` })
    .click();
  await dialog(page).getByRole("button", { name: /并入/ }).click();
  await expect(dialog(page)).toHaveCount(0);
  await expect(pair).toHaveCount(0);

  // A wrong one is merged too, and taken apart again as it was.
  const lamp = await take("村口的路灯坏了两盏。", li);
  await open(page, `/desk/matters/${lamp.id}`);
  await act(page, "合并");
  await pick(dialog(page).getByRole("combobox"), one.receipt, one.receipt);
  await dialog(page).getByRole("button", { name: "合并", exact: true }).click();
  await expect(page.locator("main")).toContainText("已合并");
  const undoing = await act(page, "取消合并");
  await undoing.getByLabel("理由").fill("一个是水管，一个是路灯。");
  await show(page, "collective-unmerge");
  await undoing.getByRole("button", { name: "取消合并", exact: true }).click();
  await expect(dialog(page)).toHaveCount(0);
  await settled(page);
  await expect(page.locator("main")).not.toContainText("已合并");
  await expect(page.locator(".timeline")).toContainText("取消合并");

  // Three more who live elsewhere; five at most speak for all six.
  for (const phone of ["13800000001", "13800000002", "13800000003"])
    await counter.post(`matters/${one.id}/members`, { contact: phone });
  await open(page, `/desk/matters/${one.id}`);
  const members = page.getByRole("region", { name: "一事多户" });
  await expect(members).toContainText("共 6 户（人）");
  await members.getByText("查看成员").click();
  await expect(members.getByRole("listitem")).toHaveCount(6);
  await members.getByRole("button", { name: "推选代表" }).click();
  const boxes = dialog(page).getByRole("checkbox");
  await expect(boxes).toHaveCount(6);
  for (const box of await boxes.all()) await box.check();
  await dialog(page).getByRole("button", { name: "保存" }).click();
  await expect(dialog(page).getByRole("alert")).toContainText(
    "太多了，最多 5 个",
  );
  await show(page, "collective-sixth");
  await boxes.last().uncheck();
  await dialog(page).getByRole("button", { name: "保存" }).click();
  await expect(dialog(page)).toHaveCount(0);
  await expect(members).toContainText("代表 5 人");
  await expectAccessible(page);
  await look(page, "live-collective-members");

  // One answer; each reads it with their own receipt, and nobody reads of another.
  await counter.post(`matters/${one.id}/acceptance`, {});
  await counter.post(`matters/${one.id}/answer`, {
    text: "水管已经换好，路面也清了。",
    asks: [{ id: one.asks[0]?.id, outcome: "done", text: "换了六米。" }],
  });
  for (const receipt of [one.receipt, receiptOfWang, three.receipt]) {
    await page.goto(`/receipts/${receipt}`);
    await expect(page.locator("main")).toContainText("水管已经换好");
    await expect(page.locator("main")).toContainText("6 户（人）");
    const others = [zhang, wang, li].map(({ head_name }) => head_name);
    for (const name of others)
      await expect(page.locator("main")).not.toContainText(name);
  }
  await expectAccessible(page);
  await look(page, "live-collective-receipt");

  const judge = async (receipt: string, answer: string) => {
    await page.goto(`/receipts/${receipt}/judgement`);
    await page.getByRole("radio", { name: answer, exact: true }).check();
    await page.getByRole("button", { name: "提交评价" }).click();
    await expect(title(page)).toContainText(receipt);
  };
  await judge(one.receipt, "解决了");
  await page.goto(`/receipts/${receiptOfWang}`);
  await expect(page.locator(".standing-holder")).toContainText("请您评价");
  // One of them is not content: it goes on for all.
  await judge(receiptOfWang, "没有解决");
  await page.goto(`/receipts/${three.receipt}`);
  await expect(page.locator(".standing-holder")).toContainText("正在由");
  await expect(page.locator("main")).not.toContainText("没有解决");

  // What comes again and again, by place and cause.
  await signIn(page, officer("leader"));
  await open(page, "/desk/causes");
  await expect(page.getByRole("table")).toBeVisible();
  await expectAccessible(page);
  await look(page, "live-collective-causes");
  await page.getByRole("table").getByRole("link").first().click();
  await settled(page);
  await expect(page.getByRole("table")).toBeVisible();
});

test("a household lets neighbours join by a number that opens nothing", async ({
  page,
  browser,
}) => {
  const { accounts } = await import("./accounts");
  const [first, second] = accounts().residents;
  if (!first || !second) throw new Error("two household cards are needed");
  await page.setViewportSize({ width: 390, height: 844 });
  const home = await Elsewhere.resident(first.card_number, first.pin);
  const matter = await home.post<Matter>("me/matters", {
    text: "巷口的排水沟堵了，下雨就漫进门。",
  });
  const enter = async (on: Page, who: typeof first) => {
    await on.goto("/sign-in");
    await on.getByLabel("卡号").fill(who.card_number);
    await on.getByLabel("密码").fill(who.pin);
    await on.getByRole("button", { name: "登录", exact: true }).click();
    await expect(title(on)).toHaveText("我的户");
  };
  await enter(page, first);
  await page.goto(`/household/matters/${matter.id}`);
  await page.getByRole("button", { name: "让邻里加入" }).click();
  const number = await page.locator(".slip-number").innerText();
  await expectAccessible(page);
  await look(page, "live-collective-letting");

  const context = await browser.newContext({ locale: "zh-CN" });
  const neighbour = await context.newPage();
  await enter(neighbour, second);
  await neighbour.goto("/household/matters");
  await neighbour.getByRole("link", { name: "加入邻居的诉求" }).click();
  await neighbour.getByRole("button", { name: "加入", exact: true }).click();
  await expect(neighbour.getByRole("alert")).toContainText("需要填写");
  await neighbour.getByLabel("加入号码").fill("0000-0000-0");
  await neighbour.getByRole("button", { name: "加入", exact: true }).click();
  await expect(neighbour.getByRole("alert")).toContainText("没有这个号码");
  await neighbour.getByLabel("加入号码").fill(number);
  await neighbour.getByLabel("您家的情况").fill("我家的院子也积水。");
  await neighbour.getByRole("button", { name: "加入", exact: true }).click();
  await expect(title(neighbour)).toHaveText("我家的院子也积水。");
  await expect(neighbour.locator("main")).not.toContainText("排水沟堵了");
  await expect(neighbour.locator("main")).not.toContainText(first.head_name);
  await neighbour.screenshot({
    path: "screenshots/live-collective-neighbour.png",
    fullPage: true,
  });
  await context.close();
});
