import { expect } from "@playwright/test";
import { look, lookAt } from "../support/page";
import { act, send } from "./acts";
import {
  type Account,
  dialog,
  Elsewhere,
  fillDate,
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
  title: string;
  asks: { id: string }[];
}

test.use({ viewport: { width: 1280, height: 900 } });

const clerk = () => officer("clerk", ({ login }) => login.startsWith("centre"));
const water = () =>
  officer("handler", ({ login }) => login.startsWith("water"));
const roads = () =>
  officer("handler", ({ login }) => login.startsWith("transport"));
const leader = () => officer("leader");
const supervisor = () => officer("supervisor");

/** The local day so many days from now. */
const day = (from: number) =>
  new Date(Date.now() + (8 + from * 24) * 3_600_000).toISOString().slice(0, 10);

async function taken(text: string): Promise<Matter> {
  const counter = await Elsewhere.officer(clerk());
  const made = await counter.post<Matter>("matters", {
    channel: "counter",
    kind: "help",
    text,
  });
  return { ...made, title: text };
}
async function to(matter: Matter, account: Account) {
  const counter = await Elsewhere.officer(clerk());
  await counter.post(`matters/${matter.id}/assignment`, {
    unit_id: account.unit_id,
  });
}

test("a hard matter gets a named lead official, steps and a meeting, and the resident reads who leads it", async ({
  page,
}) => {
  test.setTimeout(150_000);
  const matter = await taken("全村的主水管三个月修不好。");
  await to(matter, water());
  const unit = await Elsewhere.officer(water());
  await unit.post(`matters/${matter.id}/acceptance`, {});

  await signIn(page, supervisor());
  await open(page, `/desk/matters/${matter.id}`);
  const four = await act(page, "领导包案");
  await four.getByRole("button", { name: "领导包案", exact: true }).click();
  await expect(four.getByRole("alert")).toContainText("请从列表里选一位领导");
  await pick(four.getByLabel("包案领导"), leader().name);
  await four.getByLabel("措施").fill("换主水管\n停水期间送水");
  await fillDate(four, "时限", day(20));
  await pick(four.getByLabel("责任人"), water().name);
  await lookAt(page, "live-hard-four");
  await send(page, "领导包案");
  await expect(page.locator("main")).toContainText("停水期间送水");

  const step = await act(page, "加一步");
  await step.getByLabel("做什么").fill("到现场查漏点");
  await fillDate(step, "期限", day(2));
  await send(page, "加一步");
  await expect(page.locator(".steps")).toContainText("到现场查漏点");

  await act(page, "记会议");
  const meeting = dialog(page);
  await meeting.getByLabel("几点").fill("0:01");
  await meeting.getByLabel("地点").fill("村委会");
  await meeting.getByLabel("群众代表").fill("王建国\n李桂芳");
  await meeting.getByLabel("说了什么").fill("群众要求月底前通水。");
  await meeting.getByRole("button", { name: "加一条议定的事" }).click();
  await meeting.getByLabel("做什么").fill("月底前换完主管");
  await pick(meeting.getByLabel("谁来办"), water().name);
  await fillDate(meeting, "期限", day(9));
  await lookAt(page, "live-hard-meeting");
  await send(page, "记会议");
  await expect(page.locator("main")).toContainText("群众要求月底前通水。");
  await expect(page.locator(".steps")).toContainText("月底前换完主管");

  // A change says why, and what it was stays.
  await page.getByRole("button", { name: "改动", exact: true }).click();
  await fillDate(dialog(page), "时限", day(15));
  await dialog(page).getByLabel("理由").fill("配件提前到了。");
  await send(page, "领导包案");
  await expect(page.locator(".timeline")).toContainText("改动包案");
  await look(page, "live-hard-matter");

  // Who is to do a step finds it on their desk.
  await signIn(page, water());
  await open(page, "/desk");
  const mine = page.getByRole("region", { name: "要我办的步骤" });
  await mine.getByRole("button", { name: "办好了：到现场查漏点" }).click();
  await dialog(page).getByLabel("结果怎样").fill("漏点在二组桥头。");
  await send(page, "办好了");
  await expect(mine).not.toContainText("到现场查漏点");

  await signIn(page, leader());
  await open(page, "/desk/leading");
  await expect(
    page.getByRole("region", { name: "我包案的诉求" }),
  ).toContainText("全村的主水管");
  await page.keyboard.press("j");
  await expect(page.locator(".queue-title").first()).toBeFocused();
  await look(page, "live-hard-leading");
  await open(page, "/desk");
  await look(page, "live-hard-leader-home");

  await page.context().clearCookies();
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto(`/receipts/${matter.receipt}`);
  await settled(page);
  await expect(page.locator(".standing")).toContainText(leader().name);
  await expect(page.locator("main")).toContainText("月底前换完主管");
  await expect(page.locator("main")).not.toContainText("群众要求月底前通水");
  await look(page, "live-hard-receipt");
});

test("what is stuck makes the agenda of a joint meeting, and what is decided is done", async ({
  page,
}) => {
  test.setTimeout(150_000);
  const matter = await taken("界河边的路没有单位肯修。");
  await to(matter, water());
  const one = await Elsewhere.officer(water());
  const counter = await Elsewhere.officer(clerk());
  await one.post(`matters/${matter.id}/return`, { reason: "不归水利局。" });
  await counter.post(`matters/${matter.id}/return_decision`, {
    agreed: true,
    unit_id: roads().unit_id,
  });
  const other = await Elsewhere.officer(roads());
  await other.post(`matters/${matter.id}/return`, { reason: "也不归交通局。" });

  await signIn(page, supervisor());
  await open(page, "/desk/meetings");
  await page.getByRole("link", { name: "召集联席会议" }).click();
  await settled(page);
  const proposed = page.getByRole("listitem").filter({ hasText: "界河边的路" });
  await expect(proposed).toContainText("多次被退回");
  await page.getByRole("button", { name: "召集联席会议" }).click();
  await expect(page.getByRole("alert")).toContainText("这一项需要填写");
  await page.getByLabel("会议名称").fill("积压诉求联席会议");
  await fillDate(page.locator("main"), "哪一天", day(0));
  await page.getByLabel("几点").fill("0:01");
  await page.getByLabel("地点").fill("三楼会议室");
  await pick(page.getByLabel("参加单位"), "交通运输局");
  await look(page, "live-hard-joint-new");
  await page.getByRole("button", { name: "召集联席会议" }).click();
  await expect(title(page)).toHaveText("积压诉求联席会议");
  await settled(page);

  const item = page.getByRole("listitem").filter({ hasText: "界河边的路" });
  await item.getByRole("button", { name: "记决定" }).click();
  await dialog(page).getByLabel("交一个单位办").check();
  await pick(dialog(page).getByLabel("单位", { exact: true }), "交通运输局");
  await dialog(page).getByLabel("写明决定").fill("由交通运输局修，不得再退。");
  await lookAt(page, "live-hard-decision");
  await send(page, "记决定");
  await expect(item).toContainText("由交通运输局修，不得再退。");
  const rest = page.getByRole("button", { name: "移出议程" });
  if ((await rest.count()) > 0) {
    await rest.first().click();
    await dialog(page).getByLabel("理由").fill("昨天已经接办。");
    await send(page, "移出议程");
    await expect(page.locator("main")).toContainText("昨天已经接办。");
  }
  await page.getByRole("button", { name: "会议开完" }).click();
  await dialog(page).getByLabel("会议情况").fill("各单位到齐，逐件议定。");
  await send(page, "会议开完");
  await expect(page.locator("main")).toContainText("会议纪要");
  await look(page, "live-hard-joint");
  await page.emulateMedia({ media: "print" });
  await show(page, "hard-joint-print");
  await page.emulateMedia({ media: "screen" });

  await open(page, `/desk/matters/${matter.id}`);
  await expect(page.locator(".timeline")).toContainText("联席会议决定");
  await expect(page.locator("main")).toContainText("已转给");
  await open(page, "/desk/meetings");
  await expect(page.getByRole("table")).toContainText("积压诉求联席会议");
  await look(page, "live-hard-joint-list");
});

test("the wall renews itself without moving the focus, and each figure opens what it counts", async ({
  page,
}) => {
  test.setTimeout(150_000);
  await signIn(page, supervisor());
  await page.clock.install();
  await open(page, "/desk/wall");
  await look(page, "live-hard-wall");
  const figure = page
    .locator(".figures-row")
    .getByRole("link", { name: "在办" });
  const before = await figure.locator(".figure-number").textContent();
  await figure.focus();
  await taken("新来的一件，墙上应当多出来。");
  await page.clock.runFor(40_000);
  await expect(figure.locator(".figure-number")).not.toHaveText(before ?? "");
  await expect(figure).toBeFocused();
  await page.getByRole("button", { name: "停止自动更新" }).click();
  await expect(page.locator("main")).toContainText("自动更新已停");
  await page.getByRole("button", { name: "恢复自动更新" }).click();

  for (const name of [
    "已超期",
    "快到期",
    "卡住",
    "被退回过",
    "退回两次以上",
    "重新办理",
    "已答复待评价",
  ]) {
    await open(page, "/desk/wall");
    const one = page
      .locator(".figures-row .figure-link")
      .filter({ has: page.getByText(name, { exact: true }) });
    const counted = Number(
      (await one.locator(".figure-number").textContent())?.replace(",", ""),
    );
    await one.click();
    await settled(page);
    const more = page.getByRole("button", { name: "更多" });
    while (await more.isVisible()) {
      await more.click();
      await settled(page);
    }
    await expect(page.locator("main .queue-title")).toHaveCount(counted);
  }
  // A unit of a township's wall opens that unit's matters of that township.
  await open(page, "/desk/wall");
  await page
    .getByRole("table", { name: "按区域" })
    .getByRole("rowheader")
    .getByRole("link")
    .first()
    .click();
  await settled(page);
  const row = page
    .getByRole("table", { name: "按单位" })
    .getByRole("row")
    .nth(1);
  const link = row.getByRole("link").last();
  const counted = Number((await link.textContent())?.replace(",", ""));
  await link.click();
  await settled(page);
  await expect(page.locator("main .queue-title")).toHaveCount(
    Math.min(counted, 50),
  );
});
