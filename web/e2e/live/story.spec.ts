import { expect, type Page } from "@playwright/test";
import { act, send } from "./acts";
import { County, storyURL } from "./county";
import {
  type Account,
  dialog,
  fillDate,
  open,
  pick,
  settled,
  show,
  signIn,
  test,
  title,
} from "./office";

// The matter of docs/story.md, on its real dates, as the people in it see it.

test.use({ viewport: { width: 1280, height: 900 }, baseURL: storyURL });

const county = new County(".story");
test.beforeAll(() => county.start("2026-03-08"));
test.afterAll(() => county.stop());

let id = "";
let receipt = "";

/** Somebody at the desk, on that day, before the matter. */
async function comes(page: Page, account: Account, local: string) {
  await county.at(page, local);
  await signIn(page, account);
  await open(page, `/desk/matters/${id}`);
}
const main = (page: Page) => page.locator("main");

async function answer(
  page: Page,
  outcome: string,
  whole: string,
  rule?: string,
) {
  const form = await act(page, "答复");
  await form.getByLabel("总的答复").fill(whole);
  await form.getByLabel("结果").selectOption(outcome);
  await form.getByLabel("这一点的答复").fill(whole);
  if (rule) await form.getByLabel("依据", { exact: true }).fill(rule);
  await send(page, "答复");
}

/** The answer of a petition goes out when a second officer agrees. */
async function agrees(page: Page, account: Account, local: string) {
  await comes(page, account, local);
  const form = await act(page, "审批答复");
  await form.getByLabel("同意，发出").check();
  await send(page, "审批答复");
}

/** The household, with nothing but the receipt. */
async function holdsReceipt(page: Page, local: string) {
  await county.at(page, local);
  await page.context().clearCookies();
  await page.goto(`/receipts/${receipt}`);
  await settled(page);
}
async function appeals(page: Page, reason: string) {
  await page.getByRole("link", { name: /申请复[查核]/ }).click();
  await page.getByRole("textbox").fill(reason);
  await page.getByRole("button", { name: /申请复[查核]/ }).click();
  await expect(title(page)).toContainText(receipt);
  await settled(page);
}

test("a matter goes wrong in every way and still ends with an answer", async ({
  page,
}) => {
  test.setTimeout(300_000);
  const resident = county.resident();
  const liaison = county.byLogin(resident.officer_login);
  const water = county.officer("handler", (o) => o.login.startsWith("water"));
  const roads = county.officer("handler", (o) =>
    o.login.startsWith("transport"),
  );
  const supervisor = county.officer("supervisor");
  const government = county.officer("leader", (o) => o.login.startsWith("gov"));
  const auditor = county.officer("auditor");

  // Said at the door on Sunday, written down on Wednesday: the clock starts on Sunday.
  await county.at(page, "2026-03-11T10:00");
  await signIn(page, liaison);
  await open(page, "/desk/intake");
  await page
    .getByLabel("事情经过")
    .fill("水费多算了三个月，去问过两次没人管。");
  await page.getByLabel("渠道").selectOption("visit");
  await page.getByLabel("类型").selectOption("complaint");
  await fillDate(main(page), "哪天提出的", "2026-03-08");
  await pick(page.getByLabel("是哪一户"), resident.head_name);
  await page.getByRole("button", { name: "登记并出回执" }).click();
  await expect(title(page)).toHaveText("已经登记");
  await show(page, "story-receipt");
  await page.getByRole("link", { name: "打开这件诉求" }).click();
  await settled(page);
  id = page.url().split("/").pop() ?? "";
  receipt =
    (await main(page).textContent())?.match(
      /[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]/,
    )?.[0] ?? "";
  expect(receipt).not.toBe("");

  // Sent to the wrong office, which says so the next day.
  await act(page, "转办");
  await pick(dialog(page).getByLabel("单位", { exact: true }), "交通运输局");
  await send(page, "转办");
  await comes(page, roads, "2026-03-12T09:00");
  await act(page, "退回");
  await dialog(page).getByLabel("理由").fill("水费不归交通部门管。");
  await send(page, "退回");
  await comes(page, liaison, "2026-03-13T09:00");
  const decision = await act(page, "决定退回");
  await decision.getByLabel("同意退回", { exact: true }).check();
  await pick(decision.getByLabel("改由哪个单位办理"), "云岭县水利局");
  await send(page, "决定退回");

  // The right office does not want it either: its superior decides, and does not.
  await comes(page, water, "2026-03-16T09:00");
  await act(page, "退回");
  await dialog(page).getByLabel("理由").fill("收费由自来水公司负责。");
  await send(page, "退回");
  await expect(main(page)).toContainText("退回，等待决定");
  await show(page, "story-bounced");
  // Nobody decides in the term: the clock passes it up by itself.
  await comes(page, supervisor, "2026-03-19T09:00");
  const second = await act(page, "决定退回");
  await second.getByLabel("不同意，仍由该单位办理").check();
  await send(page, "决定退回");
  await holdsReceipt(page, "2026-03-19T09:10");
  await expect(main(page)).toContainText("水利局");
  await page.setViewportSize({ width: 320, height: 640 });
  await show(page, "story-who-has-it");
  await page.setViewportSize({ width: 1280, height: 900 });

  // More time, late all the same, ordered.
  await comes(page, water, "2026-04-20T09:00");
  await act(page, "申请延期");
  await dialog(page).getByLabel("延长多少天").fill("30");
  await dialog(page).getByLabel("理由").fill("要调三年的抄表底册。");
  await send(page, "申请延期");
  await comes(page, supervisor, "2026-04-20T10:00");
  const more = await act(page, "审批延期");
  await more.getByLabel("同意延期", { exact: true }).check();
  await send(page, "审批延期");
  await holdsReceipt(page, "2026-04-20T10:05");
  await expect(main(page)).toContainText("要调三年的抄表底册。");
  await comes(page, water, "2026-06-12T09:00");
  await expect(page.locator("main article")).toContainText("待回复");
  await show(page, "story-late-and-ordered");

  // Answered badly; the household says so.
  await answer(page, "explained", "已按规定收费。");
  await agrees(page, supervisor, "2026-06-12T15:00");
  await holdsReceipt(page, "2026-06-15T09:00");
  await page.getByRole("link", { name: /评价/ }).click();
  await page.getByLabel("没有解决").check();
  await page.getByLabel("很不满意").check();
  await page.getByRole("textbox").fill("没有说明怎么算的");
  await page.getByRole("button", { name: "提交评价" }).click();
  await expect(title(page)).toContainText(receipt);
  await settled(page);
  await show(page, "story-unsolved");

  // Done again, refused: the rule and the way on are named.
  await comes(page, water, "2026-06-25T09:00");
  await answer(
    page,
    "refused",
    "抄表无误，不予退费。",
    "《城市供水条例》第二十四条",
  );
  await agrees(page, supervisor, "2026-06-25T15:00");
  await holdsReceipt(page, "2026-06-29T09:00");
  await expect(main(page)).toContainText("《城市供水条例》第二十四条");
  await appeals(page, "底册上有两个月是估的");

  // The office above reviews, and above that another that had no part in it.
  await comes(page, government, "2026-07-20T09:00");
  await answer(page, "partly", "两个月按估抄退差额，其余维持。");
  await agrees(page, supervisor, "2026-07-20T15:00");
  await holdsReceipt(page, "2026-07-24T09:00");
  await appeals(page, "第三个月也是估的");
  await comes(page, auditor, "2026-08-03T09:00");
  await act(page, "中止计时");
  await dialog(page).getByLabel("情形").selectOption("hearing");
  await fillDate(dialog(page), "从哪天起不计", "2026-08-05");
  await fillDate(dialog(page), "从哪天起恢复计算", "2026-08-12");
  await dialog(page).getByLabel("理由").fill("8月5日至11日听证。");
  await send(page, "中止计时");
  await show(page, "story-hearing");
  await comes(page, auditor, "2026-08-24T09:00");
  await answer(page, "done", "三个月差额一并退还，已到账。");
  await agrees(page, supervisor, "2026-08-24T09:30");

  await holdsReceipt(page, "2026-08-24T10:00");
  await expect(main(page)).toContainText("三个月差额一并退还");
  await expect(main(page)).toContainText("没有第三次");
  await expect(main(page)).toContainText("有了新的事实或者新的证据");
  await show(page, "story-concluded");
});
