import { expect, type Page } from "@playwright/test";
import { look } from "../support/page";
import { act, send } from "./acts";
import { County, storyURL } from "./county";
import {
  type Account,
  dialog,
  open,
  pick,
  settled,
  show,
  signIn,
  test,
  title,
} from "./office";

// An answer that a second officer sends back and then agrees to, a caller whose work it was not,
// a resident who takes a word back, and a unit that sees no grade.

test.use({
  viewport: { width: 1280, height: 900 },
  baseURL: storyURL,
  actionTimeout: 10_000,
});

const county = new County(".story");
test.beforeAll(() => county.start("2026-03-08"));
test.afterAll(() => county.stop());

let id = "";
let receipt = "";

async function comes(page: Page, account: Account, local: string) {
  await county.at(page, local);
  await signIn(page, account);
  await open(page, `/desk/matters/${id}`);
}
const main = (page: Page) => page.locator("main");

test("an answer is agreed to by a second officer, and asked about by a caller", async ({
  page,
}) => {
  test.setTimeout(240_000);
  const resident = county.resident();
  const hall = county.byLogin("centre.2");
  const caller = county.byLogin("centre.4");
  const water = county.officer("handler", (o) => o.login.startsWith("water"));
  const supervisor = county.officer("supervisor");

  // Asked for at the window; to be told by telephone.
  await county.at(page, "2026-03-11T10:00");
  await signIn(page, hall);
  await open(page, "/desk/intake");
  await page.getByLabel("事情经过").fill("水费多算了三个月，请退还。");
  await page.getByLabel("类型").selectOption("complaint");
  await pick(page.getByLabel("是哪一户"), resident.head_name);
  await page.getByLabel(/^电话/).fill("13900000001");
  await page.getByLabel("怎么答复").selectOption("phone");
  await show(page, "answers-intake");
  await page.getByRole("button", { name: "登记并出回执" }).click();
  await expect(title(page)).toHaveText("已经登记");
  await page.getByRole("link", { name: "打开这件诉求" }).click();
  await settled(page);
  id = page.url().split("/").pop() ?? "";
  receipt =
    (await main(page).textContent())?.match(
      /[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]/,
    )?.[0] ?? "";
  await act(page, "转办");
  await pick(dialog(page).getByLabel("单位", { exact: true }), "水利局");
  await send(page, "转办");

  // Written, and it does not go out.
  await comes(page, water, "2026-03-12T09:00");
  await act(page, "接办");
  await send(page, "接办");
  const answer = await act(page, "答复");
  // A template fills what is empty, and asks before it replaces what was written.
  await answer
    .getByLabel("用范本")
    .selectOption({ label: "办了一部分 · 办到一部分 · 普通话" });
  await answer.getByRole("button", { name: "填入" }).click();
  await expect(answer.getByLabel("总的答复")).toHaveValue(/水费多算了三个月/);
  await expect(answer.getByLabel("结果")).toHaveValue("partly");
  await show(page, "answers-template");
  await answer.getByLabel("总的答复").fill("按规定办。");
  await answer.getByRole("button", { name: "填入" }).click();
  await answer.getByRole("button", { name: "不覆盖" }).click();
  await expect(answer.getByLabel("总的答复")).toHaveValue("按规定办。");
  await answer.getByLabel("这一点的答复").fill("退一部分。");
  await send(page, "答复");
  await expect(main(page)).toContainText("尚未发出");
  await look(page, "live-answers-waits");

  // A second officer finds it in the queue and sends it back.
  await county.at(page, "2026-03-12T11:00");
  await signIn(page, supervisor);
  await open(page, "/desk/approvals");
  await look(page, "live-answers-approvals");
  await page.getByRole("link", { name: /水费多算了/ }).click();
  await settled(page);
  const no = await act(page, "审批答复");
  await no.getByLabel("退回修改").check();
  await no.getByLabel("退回意见").fill("写明退多少、哪天退。");
  await show(page, "answers-send-back");
  await send(page, "审批答复");

  // Put right: the form begins with what was written.
  await comes(page, water, "2026-03-12T14:00");
  await expect(main(page)).toContainText("写明退多少、哪天退。");
  const again = await act(page, "答复");
  await expect(again.getByLabel("总的答复")).toHaveValue("按规定办。");
  await again.getByLabel("总的答复").fill("退86元，3月13日到账。");
  await send(page, "答复");
  await comes(page, supervisor, "2026-03-12T16:00");
  await (await act(page, "审批答复")).getByLabel("同意，发出").check();
  await send(page, "审批答复");
  await expect(main(page)).toContainText(`审批：${supervisor.name}`);
  await show(page, "answers-agreed");

  // A day later somebody whose work it was not calls, twice.
  await county.at(page, "2026-03-14T09:00");
  await county.at(page, "2026-03-16T09:30");
  await signIn(page, caller);
  await open(page, "/desk/callbacks");
  await expect(main(page)).not.toContainText("13900000001");
  await look(page, "live-answers-callbacks");
  await page.getByRole("link", { name: /水费多算了/ }).click();
  await settled(page);
  await expect(main(page)).toContainText("13900000001");
  await look(page, "live-answers-call");
  await page.getByRole("button", { name: "没有评价" }).click();
  await dialog(page).getByLabel("请改时间再打").check();
  const when = dialog(page).getByRole("group", { name: "约定哪天再打" });
  await when.getByLabel("年").fill("2026");
  await when.getByLabel("月").fill("3");
  await when.getByLabel("日").fill("17");
  await dialog(page).getByLabel("几点").fill("09:00");
  await send(page, "保存");
  await expect(main(page)).toContainText("请改时间再打");
  const call = new URL(page.url()).pathname;
  await county.at(page, "2026-03-17T09:05");
  await signIn(page, caller);
  await open(page, call);
  await page.getByRole("button", { name: "记下居民的评价" }).click();
  await dialog(page).getByLabel("解决了", { exact: true }).check();
  await dialog(page).getByLabel("满意程度").selectOption("2");
  await dialog(page).getByLabel("原话").fill("钱退了，可跑了三趟");
  await send(page, "保存");
  await expect(main(page)).toContainText("已评价");
  await expect(main(page)).not.toContainText("13900000001");

  // Whose work it was sees that it is solved, and neither grade nor words.
  await comes(page, water, "2026-03-17T10:00");
  await expect(main(page)).toContainText("解决了");
  await expect(main(page)).not.toContainText("不满意");
  await expect(main(page)).not.toContainText("跑了三趟");
  await show(page, "answers-handler");
  await act(page, "记一笔");
  await dialog(page).getByRole("textbox").fill("打电话向居民道歉。");
  await dialog(page).getByLabel("这是和居民的一次联系").check();
  await send(page, "记一笔");
  await open(page, "/desk/figures");
  await expect(main(page)).toContainText("只有已过去的月份");
  await look(page, "live-answers-figures");

  // The resident takes the word back, by the receipt; that it followed a contact is marked.
  await county.at(page, "2026-03-18T09:00");
  await page.context().clearCookies();
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`/receipts/${receipt}`);
  await settled(page);
  await look(page, "live-answers-receipt");
  await page.getByRole("link", { name: "改评价" }).click();
  await page.getByLabel("解决了", { exact: true }).check();
  await page.getByLabel("很满意", { exact: true }).check();
  await look(page, "live-answers-correct");
  await page.getByRole("button", { name: "提交评价" }).click();
  await expect(title(page)).toContainText(receipt);
  await settled(page);
  await page.setViewportSize({ width: 1280, height: 900 });
  await comes(page, supervisor, "2026-03-18T10:00");
  await expect(main(page)).toContainText("在办理单位联系之后改的");
  await look(page, "live-answers-marked");

  // The sentences answers begin with are kept by an administrator.
  await county.at(page, "2026-03-18T11:00");
  await signIn(page, county.officer("administrator"));
  await open(page, "/desk/admin/templates");
  await look(page, "live-answers-templates");
});
