import { expect, type Page } from "@playwright/test";
import { look, lookAt } from "../support/page";
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

// Speaking safely: a nameless complaint about an office, and a name kept apart, as everybody in it sees them.

test.use({
  viewport: { width: 1280, height: 900 },
  baseURL: storyURL,
  actionTimeout: 10_000,
});

const county = new County(".safety");
test.beforeAll(() => county.start("2026-03-08"));
test.afterAll(() => county.stop());

const main = (page: Page) => page.locator("main");
const next = (page: Page) =>
  page.getByRole("button", { name: "下一步" }).click();

async function comes(
  page: Page,
  account: Account,
  local: string,
  path: string,
) {
  await page.setViewportSize({ width: 1280, height: 900 });
  await county.at(page, local);
  await signIn(page, account);
  await open(page, path);
}
async function press(page: Page, name: string) {
  await main(page).getByRole("button", { name, exact: true }).first().click();
  return dialog(page);
}
async function send(page: Page, name: string) {
  await dialog(page).getByRole("button", { name, exact: true }).click();
  await expect(dialog(page)).toHaveCount(0);
  await settled(page);
}
async function holdsReceipt(page: Page, receipt: string, local: string) {
  await page.setViewportSize({ width: 390, height: 844 });
  await county.at(page, local);
  await page.context().clearCookies();
  await page.goto(`/receipts/${receipt}`);
  await settled(page);
}
/** From the page after the kind to the receipt. */
async function finishes(page: Page, reply: string, more = async () => {}) {
  await expect(title(page)).toHaveText("里面有几件事吗");
  await next(page);
  await expect(page.getByLabel("乡镇（街道）")).toBeVisible();
  await page.getByLabel("乡镇（街道）").selectOption({ index: 1 });
  await expect(page.getByLabel("村（社区）")).toBeVisible();
  await next(page);
  await expect(title(page)).toHaveText("属于哪一类");
  await next(page);
  await page.getByRole("radio", { name: reply }).check();
  await more();
  await next(page);
  await page.getByRole("button", { name: "提交", exact: true }).click();
  await expect(title(page)).toHaveText("已经收到", { timeout: 15_000 });
  return (await page.locator(".slip-number").textContent()) ?? "";
}

test("a nameless complaint about an office is seen by the auditor alone, asked about, answered and judged", async ({
  page,
}) => {
  test.setTimeout(240_000);
  const liaison = county.byLogin(county.resident().officer_login);
  const auditor = county.officer("auditor");
  const words = "来走访的人要我们请吃饭，才肯报材料。";

  await page.setViewportSize({ width: 390, height: 844 });
  await county.at(page, "2026-03-09T10:00");
  await page.goto("/ask");
  const units = await page.request.get("/api/v1/units?limit=200");
  const { items } = (await units.json()) as {
    items: { id: string; name: string }[];
  };
  const accused = items.find(({ id }) => id === liaison.unit_id);
  await page.getByLabel("事情经过").fill(words);
  await next(page);
  await page.getByRole("radio", { name: "投诉", exact: true }).check();
  await next(page);
  await page
    .getByRole("radio", { name: "一个单位，或者其中某个人的做法" })
    .check();
  await page.getByLabel("是哪个单位").fill(accused?.name ?? "镇");
  await page
    .locator(`input[name="about_unit_id"][value="${liaison.unit_id}"]`)
    .check();
  await next(page);
  const receipt = await finishes(page, "不留姓名");
  await show(page, "safety-receipt");

  // Those it is about, and those near them, find nothing.
  const near = [
    liaison,
    county.officer("supervisor"),
    county.officer("leader", (one) => one.login.startsWith("gov")),
    county.officer("clerk"),
  ];
  for (const who of near) {
    await comes(
      page,
      who,
      "2026-03-10T09:00",
      "/desk/matters?queue=all&q=请吃饭",
    );
    await expect(main(page)).not.toContainText(receipt);
    await expect(main(page)).not.toContainText("请吃饭才");
    await open(page, "/desk/inbox");
    await expect(main(page)).not.toContainText(receipt);
  }

  // The auditor has it, and asks by way of the receipt.
  await comes(
    page,
    auditor,
    "2026-03-10T10:00",
    "/desk/matters?queue=all&q=请吃饭",
  );
  await main(page)
    .getByRole("link", { name: /请吃饭/ })
    .first()
    .click();
  await settled(page);
  const path = new URL(page.url()).pathname;
  await expect(main(page)).toContainText(receipt);
  await (
    await press(page, "提问")
  )
    .getByLabel("问题", { exact: true })
    .fill("是哪一天，有谁在场？");
  await send(page, "发送");
  await expect(main(page)).toContainText("还没有回答");
  await look(page, "live-safety-asked");

  await holdsReceipt(page, receipt, "2026-03-11T20:00");
  await expect(main(page)).toContainText("是哪一天，有谁在场？");
  await look(page, "live-safety-question");
  await page.getByRole("button", { name: "提交回答" }).click();
  await expect(page.getByRole("alert")).toContainText("写");
  await page.getByLabel("您的回答").fill("3月5日晚上，村口饭馆，有三个人。");
  await page.getByRole("button", { name: "提交回答" }).click();
  await expect(main(page)).toContainText("您的回答：");
  await look(page, "live-safety-said");

  // What was said reaches the auditor, who answers; whoever asked judges by the receipt.
  await comes(page, auditor, "2026-03-12T09:00", path);
  await expect(main(page)).toContainText("村口饭馆");
  const form = await press(page, "答复");
  await form.getByLabel("总的答复").fill("属实，已责成改正并通报。");
  await form.getByLabel("结果").selectOption("done");
  await form.getByLabel("这一点的答复").fill("属实，已改正。");
  await send(page, "答复");
  // A petition's answer goes out when a second auditor agrees.
  const second = county.officer("auditor", (o) => o.login !== auditor.login);
  await comes(page, second, "2026-03-12T15:00", path);
  const agreeing = await press(page, "审批答复");
  await agreeing.getByLabel("同意，发出").check();
  await send(page, "审批答复");
  await holdsReceipt(page, receipt, "2026-03-14T09:00");
  await expect(main(page)).toContainText("属实");
  await page.getByRole("link", { name: /评价/ }).click();
  await page.getByLabel("解决了", { exact: true }).check();
  await page.getByRole("button", { name: "提交评价" }).click();
  await settled(page);
  await look(page, "live-safety-judged");
});

test("a name kept apart is asked by relay, shown for a term when another agrees, and told", async ({
  page,
}) => {
  test.setTimeout(240_000);
  const resident = county.resident();
  const water = county.officer("handler", (o) => o.login.startsWith("water"));
  const roads = county.officer("handler", (o) =>
    o.login.startsWith("transport"),
  );
  const auditor = county.officer("auditor");
  const supervisor = county.officer("supervisor");

  async function household(local: string, path: string) {
    await page.setViewportSize({ width: 390, height: 844 });
    await county.at(page, local);
    await page.context().clearCookies();
    await page.goto("/sign-in");
    await page.getByLabel("卡号").fill(resident.card_number);
    await page.getByLabel("密码").fill(resident.pin);
    await page.getByRole("button", { name: "登录", exact: true }).click();
    await expect(title(page)).toHaveText("我的户");
    await page.goto(path);
    await settled(page);
  }

  // Asked for while filing.
  await household("2026-03-16T09:00", "/ask");
  await page.getByLabel("事情经过").fill("夜里有人偷接水管，我不敢说。");
  await next(page);
  await page.getByRole("radio", { name: "求助", exact: true }).check();
  await next(page);
  const receipt = await finishes(page, "发短信", async () => {
    await page.getByLabel("不让办理的人知道我是谁").check();
    await look(page, "live-safety-reply");
  });
  await main(page).getByRole("link", { name: "我家的诉求" }).click();
  await settled(page);
  await main(page)
    .getByRole("link", { name: /偷接水管/ })
    .click();
  await settled(page);
  const mine = new URL(page.url()).pathname;
  await expect(main(page)).toContainText("还没有人看过");
  await look(page, "live-safety-mine");

  // The office that handles it sees the village, and nobody's name.
  await comes(
    page,
    supervisor,
    "2026-03-16T10:00",
    `/desk/matters?queue=all&q=${encodeURIComponent("偷接水管")}`,
  );
  await main(page)
    .getByRole("link", { name: /偷接水管/ })
    .first()
    .click();
  await settled(page);
  const path = new URL(page.url()).pathname;
  await press(page, "转办");
  await pick(dialog(page).getByLabel("单位", { exact: true }), "云岭县水利局");
  await send(page, "转办");
  await comes(page, water, "2026-03-16T11:00", path);
  await press(page, "接办");
  await send(page, "接办");
  await expect(main(page)).toContainText("保密的姓名");
  await expect(main(page)).not.toContainText(resident.head_name);
  await look(page, "live-safety-kept");
  // A question reaches them without an address.
  const question = await press(page, "提问");
  await question.getByRole("button", { name: "发送" }).click();
  await expect(question.getByRole("alert")).toContainText("请写几个字");
  await question.getByLabel("问题", { exact: true }).fill("接口在几号楼？");
  await send(page, "发送");
  await household("2026-03-16T12:00", mine);
  await page.getByLabel("您的回答").fill("三号楼后面。");
  await page.getByRole("button", { name: "提交回答" }).click();
  await expect(main(page)).toContainText("三号楼后面。");
  await comes(page, water, "2026-03-16T13:00", path);
  await expect(main(page)).toContainText("三号楼后面。");
  await expect(main(page)).not.toContainText(resident.head_name);
  const asking = await press(page, "申请查看身份");
  await asking.getByRole("button", { name: "申请查看身份" }).click();
  await expect(asking.getByRole("alert")).toContainText("需要填写");
  await asking.getByLabel("依据").fill("《城市供水条例》第三十条");
  await asking.getByLabel("理由").fill("要到户查表。");
  await send(page, "申请查看身份");
  await expect(main(page)).toContainText("待决定");

  // Somebody else decides; the household hears at once.
  await comes(page, auditor, "2026-03-16T14:00", "/desk/unmaskings");
  await expect(main(page)).toContainText("要到户查表。");
  await look(page, "live-safety-deciding");
  const deciding = await press(page, "作出决定");
  await deciding.getByLabel("同意，限期查看").check();
  await send(page, "作出决定");
  await expect(main(page)).toContainText("没有待决定的申请");
  await household("2026-03-16T15:00", mine);
  await expect(main(page)).toContainText("要到户查表。");
  await look(page, "live-safety-told");

  // A look is written down; when the term is over it is hidden again.
  await comes(page, water, "2026-03-17T09:00", path);
  const looking = await press(page, "查看是谁提出的");
  await looking.getByLabel("理由").fill("今天上门。");
  await send(page, "查看是谁提出的");
  await expect(main(page)).toContainText(resident.head_name);
  await look(page, "live-safety-shown");
  await comes(page, water, "2026-03-20T09:00", path);
  await expect(main(page)).toContainText("已恢复保密");
  await expect(main(page)).not.toContainText(resident.head_name);
  await expect(
    main(page).getByRole("button", { name: "查看是谁提出的" }),
  ).toHaveCount(0);

  // What the law wants reported goes to one office, with what is needed and no more.
  const report = await press(page, "依法报告");
  await report.getByLabel("儿童受到侵害").check();
  await pick(report.getByLabel("报告给哪个单位"), "交通运输局");
  await report.getByLabel("转交的内容").fill("夜里孩子一人在水边，身上有伤。");
  await lookAt(page, "live-safety-reporting");
  await send(page, "依法报告");
  await comes(page, roads, "2026-03-20T10:00", "/desk/reports");
  await main(page).getByRole("link", { name: "儿童受到侵害" }).first().click();
  await settled(page);
  await expect(main(page)).toContainText("孩子一人在水边");
  await press(page, "我们已接手");
  await expect(main(page)).toContainText("已接手");
  await look(page, "live-safety-report");

  // The household may be named again, and nobody else may name it.
  await household("2026-03-20T11:00", mine);
  await page.getByRole("button", { name: "不再保密" }).click();
  await expect(
    page.getByRole("button", { name: "为我的姓名保密" }),
  ).toBeVisible();
  await comes(page, water, "2026-03-20T12:00", path);
  await expect(main(page)).toContainText(resident.head_name);
  expect(receipt).not.toBe("");
});
