import { expect, type Page } from "@playwright/test";
import { accounts } from "./accounts";
import {
  type Account,
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
  asks: { id: string }[];
}

test.use({ viewport: { width: 1280, height: 900 } });

const clerk = () => officer("clerk", ({ login }) => login.startsWith("centre"));
const water = () =>
  officer("handler", ({ login }) => login.startsWith("water"));
const roads = () =>
  officer("handler", ({ login }) => login.startsWith("transport"));

/** A matter of several points, taken at the counter by somebody else. */
async function taken(text: string, asks: string[], more = {}): Promise<Matter> {
  const counter = await Elsewhere.officer(clerk());
  return counter.post("matters", {
    channel: "counter",
    kind: "help",
    text,
    asks: asks.map((one) => ({ text: one })),
    ...more,
  });
}

async function sentTo(account: Account, matter: Matter) {
  const counter = await Elsewhere.officer(clerk());
  const unit_id = account.unit_id;
  await counter.post(`matters/${matter.id}/assignment`, { unit_id });
}

/** Opens an act's dialog on the page of the matter. */
async function act(page: Page, name: string) {
  await page
    .getByRole("group", { name: "可以做的" })
    .getByRole("button", { name, exact: true })
    .click();
  return dialog(page);
}
async function send(page: Page, name: string) {
  await dialog(page).getByRole("button", { name, exact: true }).click();
  await expect(dialog(page)).toHaveCount(0);
  await settled(page);
}

test("a clerk takes what people say: asks split out, likeness shown, nobody named, judged at the window", async ({
  page,
}) => {
  const like = await taken("七组的路灯坏了三盏，晚上看不见路。", ["修好路灯"]);
  await signIn(page, clerk());
  await open(page, "/desk/intake");

  await page.getByRole("button", { name: "登记并出回执" }).click();
  await expect(page.getByRole("alert")).toContainText("有地方需要改");
  await page
    .getByLabel("事情经过")
    .fill("七组的路灯坏了三盏\n水渠边的护栏断了\n垃圾桶两周没人清");
  const similar = page.getByRole("complementary", { name: "可能重复的" });
  await expect(similar).toContainText(like.receipt);
  await page.getByRole("button", { name: "按行拆分正文" }).click();
  await expect(page.getByLabel("第 3 点", { exact: true })).toHaveValue(
    "垃圾桶两周没人清",
  );
  const resident = accounts().residents[0];
  await pick(page.getByLabel("是哪一户"), resident?.head_name ?? "");
  await show(page, "clerk-intake");
  await page.keyboard.press("Control+Enter");
  await expect(title(page)).toHaveText("已经登记");
  await expect(page.locator(".receipt dd > ol > li")).toHaveCount(3);
  await show(page, "clerk-receipt");

  // Nobody named, no household: the words are enough.
  await page.getByRole("button", { name: "登记下一件" }).click();
  await page.getByLabel("事情经过").fill("有人半夜往河里倒废料。");
  await page.getByLabel("不留姓名").check();
  await expect(page.getByLabel("是哪一户")).toHaveCount(0);
  await page.getByRole("button", { name: "登记并出回执" }).click();
  await expect(page.locator(".receipt")).toContainText("没有留姓名");
  await page.getByRole("link", { name: "打开这件诉求" }).click();
  await settled(page);
  await expect(page.locator("main")).toContainText("不留姓名");

  // Somebody who has no telephone says at the window whether it is solved.
  const answered = await taken("自来水发黄。", ["换水管"]);
  await sentTo(water(), answered);
  const handler = await Elsewhere.officer(water());
  await handler.post(`matters/${answered.id}/acceptance`, {});
  await handler.post(`matters/${answered.id}/answer`, {
    text: "水管已经换好。",
    asks: [{ id: answered.asks[0]?.id, outcome: "done", text: "换好了" }],
  });
  await open(page, `/desk/matters/${answered.id}`);
  const judgement = await act(page, "代记评价");
  await judgement.getByLabel("解决了", { exact: true }).check();
  await judgement.getByLabel("怎么问的").selectOption("counter");
  await judgement.getByLabel("满意程度").selectOption("5");
  await judgement.getByLabel("原话").fill("水清了，谢谢。");
  await show(page, "clerk-judgement");
  await send(page, "代记评价");
  await expect(page.locator("main")).toContainText("已办结");
  await expect(page.locator("main")).toContainText("水清了，谢谢。");
});

test("a handling unit returns with a reason, and the sender decides", async ({
  page,
}) => {
  const matter = await taken("去镇上的路塌了一半。", ["修路"]);
  await sentTo(water(), matter);
  await signIn(page, water());
  await open(page, `/desk/matters/${matter.id}`);
  await act(page, "退回");
  await dialog(page).getByLabel("理由").fill("道路由交通部门管。");
  await send(page, "退回");
  await expect(page.locator("main")).toContainText("退回，等待决定");
  await show(page, "handler-return");

  await signIn(page, clerk());
  await open(page, "/desk/matters?queue=returned");
  await expect(page.getByRole("table")).toContainText(matter.receipt);
  await open(page, `/desk/matters/${matter.id}`);
  const decision = await act(page, "决定退回");
  await expect(decision).toContainText("道路由交通部门管。");
  await decision.getByLabel("同意退回", { exact: true }).check();
  await pick(decision.getByLabel("改由哪个单位办理"), "交通运输局");
  await show(page, "clerk-return-decision");
  await send(page, "决定退回");
  await expect(page.locator("main")).toContainText("已转给");

  await signIn(page, roads());
  await open(page, "/desk/matters");
  await expect(page.getByRole("table")).toContainText(matter.receipt);
});

test("a handling unit works with another, asks for time and answers point by point", async ({
  page,
}) => {
  test.setTimeout(120_000);
  const matter = await taken("水池漏水，路也冲坏了，还想要补偿。", [
    "修水池",
    "修路",
    "补偿两千元",
  ]);
  await sentTo(water(), matter);
  await signIn(page, water());
  await open(page, `/desk/matters/${matter.id}`);
  await act(page, "接办");
  await send(page, "接办");
  await expect(page.locator("main")).toContainText("办理中");

  await act(page, "请单位协办");
  await pick(dialog(page).getByLabel("单位", { exact: true }), "交通运输局");
  await dialog(page).getByLabel("修路").check();
  await send(page, "请单位协办");
  await expect(
    page.getByRole("complementary", { name: "基本情况" }),
  ).toContainText("交通运输局");

  await act(page, "申请延期");
  await expect(dialog(page).getByLabel("依据哪条规则")).not.toHaveValue("");
  await dialog(page).getByLabel("延长多少天").fill("5");
  await dialog(page).getByLabel("理由").fill("要等水泥到货。");
  await show(page, "handler-extension");
  await send(page, "申请延期");
  await expect(page.locator("main")).toContainText("申请延期，等待审批");

  await signIn(page, officer("supervisor"));
  await open(page, `/desk/matters/${matter.id}`);
  const due = await page.locator(".due").first().textContent();
  const decision = await act(page, "审批延期");
  await expect(decision).toContainText("要等水泥到货。");
  await decision.getByLabel("同意延期", { exact: true }).check();
  await send(page, "审批延期");
  await expect(page.locator("main")).toContainText("已同意延期");
  await expect(page.locator(".due").first()).not.toHaveText(due ?? "");
  await show(page, "supervisor-extension");

  // The other unit answers the point it was given, and no other.
  await signIn(page, roads());
  await open(page, `/desk/matters/${matter.id}`);
  await act(page, "答复");
  await expect(dialog(page).getByLabel("结果")).toHaveCount(1);
  await dialog(page).getByLabel("总的答复").fill("路面已经补好。");
  await dialog(page).getByLabel("结果").selectOption("done");
  await dialog(page).getByLabel("这一点的答复").fill("补了二十米。");
  await send(page, "答复");

  await signIn(page, water());
  await open(page, `/desk/matters/${matter.id}`);
  await act(page, "答复");
  await dialog(page).getByLabel("总的答复").fill("水池修好，补偿不能给。");
  await dialog(page).getByLabel("结果").nth(0).selectOption("done");
  await dialog(page).getByLabel("这一点的答复").nth(0).fill("换了池底。");
  await dialog(page).getByLabel("结果").nth(1).selectOption("refused");
  await dialog(page).getByLabel("这一点的答复").nth(1).fill("没有这项补偿。");
  await dialog(page).getByRole("button", { name: "答复", exact: true }).click();
  await expect(dialog(page).getByRole("alert")).toContainText("请写明依据");
  await show(page, "handler-refusal");
  await dialog(page)
    .getByLabel("依据", { exact: true })
    .fill("《村民自治章程》第十条");
  await send(page, "答复");
  await expect(page.locator("main")).toContainText("已答复待评价");
  await expect(page.locator("main")).toContainText("《村民自治章程》第十条");
  await expect(page.locator("main")).toContainText("怎么申请复查");
  await show(page, "handler-answered");

  // The resident reads the same on the receipt.
  await page.context().clearCookies();
  await page.goto(`/receipts/${matter.receipt}`);
  await settled(page);
  await expect(page.locator("main")).toContainText("《村民自治章程》第十条");
  await expect(page.locator("main")).toContainText("要等水泥到货。");
});

test("a supervisor opens a figure down to the record, and reminds", async ({
  page,
}) => {
  await signIn(page, officer("supervisor"));
  await open(page, "/desk/wall");
  await show(page, "supervisor-wall");
  for (const name of ["在办", "已超期", "重新办理", "已答复待评价"]) {
    await open(page, "/desk/wall");
    const figure = page
      .locator(".figures-row")
      .getByRole("link", { name: new RegExp(name) });
    const counted = Number(
      (await figure.locator(".figure-number").textContent())?.replace(",", ""),
    );
    await figure.click();
    await settled(page);
    const more = page.getByRole("button", { name: "更多" });
    while (await more.isVisible()) {
      await more.click();
      await settled(page);
    }
    await expect(page.locator("main .queue-title")).toHaveCount(counted);
  }
  await open(page, "/desk/wall");
  const late = page
    .getByRole("table", { name: "按单位" })
    .locator("a.late-text");
  await late.first().click();
  await settled(page);
  await show(page, "supervisor-late");
  await page.locator("main .queue-title").first().click();
  await settled(page);
  await act(page, "催办");
  await dialog(page).getByLabel("催办内容").fill("请本周内答复群众。");
  await send(page, "催办");
  await expect(page.locator("main")).toContainText("请本周内答复群众。");

  await signIn(page, officer("leader"));
  await open(page, "/desk/wall");
  const area = page.getByRole("table", { name: "按区域" }).getByRole("link");
  await area.first().click();
  await settled(page);
  await show(page, "leader-township");
});

test("a supervisor orders, the unit answers the order, and it is sent back and then accepted", async ({
  page,
}) => {
  const matter = await taken("泵站旁的井盖丢了，晚上有人踩空。", ["补上井盖"]);
  await sentTo(water(), matter);
  const unit = await Elsewhere.officer(water());
  await unit.post(`matters/${matter.id}/acceptance`, {});

  await signIn(page, officer("supervisor"));
  await open(page, `/desk/matters/${matter.id}`);
  await act(page, "督办");
  await dialog(page).getByLabel("要做什么").fill("今天先围起来，三天内补上。");
  await send(page, "督办");
  await expect(page.locator("main article")).toContainText("待回复");
  await show(page, "order-given");

  await signIn(page, water());
  await open(page, "/desk/orders");
  const waiting = page.getByRole("article").filter({ hasText: "三天内补上" });
  await waiting.getByRole("button", { name: "回复督办" }).click();
  await dialog(page).getByLabel("办了什么，结果怎样").fill("已围起来。");
  await send(page, "回复督办");
  await expect(waiting).toHaveCount(0);

  await signIn(page, officer("supervisor"));
  await open(page, "/desk/orders?queue=to_decide");
  const answered = page.getByRole("article").filter({ hasText: "三天内补上" });
  await answered.getByRole("button", { name: "认可或退回" }).click();
  await dialog(page).getByLabel("不认可，重新办").check();
  await dialog(page).getByLabel("还差什么").fill("井盖还没有补。");
  await show(page, "order-decision");
  await send(page, "认可或退回");
  await expect(answered).toHaveCount(0);

  // The matter itself is answered; the supervisor's own order still waits to be looked at.
  await unit.post(`matters/${matter.id}/answer`, {
    text: "井盖已补上。",
    asks: [{ id: matter.asks[0]?.id, outcome: "done", text: "已补上" }],
  });
  await open(page, "/desk/orders?queue=to_decide");
  await answered.getByRole("button", { name: "认可或退回" }).click();
  await dialog(page).getByLabel("认可", { exact: true }).check();
  await send(page, "认可或退回");
  await open(page, `/desk/matters/${matter.id}`);
  await expect(page.locator("main article")).toContainText("已认可");
});

test("an auditor reads the log, proves the chain, and has complaints that those they are about cannot find", async ({
  page,
}) => {
  const accused = water();
  const counter = await Elsewhere.officer(clerk());
  const { items } = await counter.get<{
    items: { id: string; name: string }[];
  }>(`officers?q=${encodeURIComponent(accused.name)}`);
  const about = items.find(({ name }) => name === accused.name);
  const words = "水利局的人张口就骂人，还要我请吃饭。";
  const complaint = await counter.post<Matter>("matters", {
    channel: "counter",
    kind: "complaint",
    text: words,
    about_officer_id: about?.id,
  });

  await signIn(page, officer("auditor"));
  await open(page, "/desk/audit");
  await expect(
    page.getByRole("region", { name: "需要我办理的投诉" }),
  ).toContainText("水利局的人张口就骂人");
  await page.getByRole("button", { name: "现在核对" }).click();
  await expect(page.getByText(/记录链完整，共 [0-9,]+ 条/)).toBeVisible();
  await pick(page.getByLabel("谁", { exact: true }), clerk().name);
  await settled(page);
  await expect(page.locator("main tbody tr").first()).toContainText(
    clerk().name,
  );
  await pick(page.getByLabel("做了什么"), "登记诉求");
  await settled(page);
  await expect(page.locator("main tbody tr").first()).toContainText("登记诉求");
  await expect(page.locator("main tbody")).not.toContainText("登录");
  await show(page, "auditor-log");
  await open(page, `/desk/matters/${complaint.id}`);
  await expect(page.locator("main")).toContainText(words);
  await show(page, "auditor-complaint");

  await signIn(page, accused);
  await open(page, `/desk/matters/${complaint.id}`);
  await expect(page.locator("main")).toContainText("找不到这条记录");
  for (const queue of ["unit", "mine", "open", "all"]) {
    await open(page, `/desk/matters?queue=${queue}&q=张口就骂人`);
    await expect(page.locator("main .queue-title")).toHaveCount(0);
    await expect(page.locator("main")).not.toContainText(complaint.receipt);
  }
});
