import { expect } from "@playwright/test";
import { look } from "../support/page";
import { act, send } from "./acts";
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
}
interface Unit {
  id: string;
  name: string;
  area_code: string;
}

test.use({ viewport: { width: 1280, height: 900 }, actionTimeout: 10_000 });

const clerk = () => officer("clerk", ({ login }) => login.startsWith("centre"));
const water = () =>
  officer("handler", ({ login }) => login.startsWith("water"));
const roads = () =>
  officer("handler", ({ login }) => login.startsWith("transport"));

/** To the roads and back to the counter, which sends it to the water bureau: they take it. */
async function throughRoadsToWater(text: string) {
  const counter = await Elsewhere.officer(clerk());
  const matter = await counter.post<Matter>("matters", {
    text,
    category: "environment.sewage",
  });
  await counter.post(`matters/${matter.id}/assignment`, {
    unit_id: roads().unit_id,
  });
  const handler = await Elsewhere.officer(roads());
  await handler.post(`matters/${matter.id}/return`, {
    reason: "污水不归交通部门",
  });
  await counter.post(`matters/${matter.id}/return_decision`, {
    agreed: true,
    unit_id: water().unit_id,
  });
  const taker = await Elsewhere.officer(water());
  await taker.post(`matters/${matter.id}/acceptance`, {});
}

test("a dispatch list is made, proposes the unit, holds it to its work, and learns from what comes back", async ({
  page,
}) => {
  test.setTimeout(150_000);
  const administrator = officer("administrator");

  // The administrator says whose drinking water is.
  await signIn(page, administrator);
  await open(page, "/desk/admin");
  await page.getByRole("main").getByRole("link", { name: "派单目录" }).click();
  await settled(page);
  await page.getByRole("button", { name: "新增一条" }).click();
  await dialog(page).getByRole("button", { name: "保存" }).click();
  await expect(dialog(page).getByRole("alert")).toContainText(
    "请从列表里选一个单位",
  );
  await pick(dialog(page).getByLabel("分类"), "水质");
  await pick(dialog(page).getByLabel("承办单位"), "水利局");
  await dialog(page).getByLabel("说明").fill("本县三定方案");
  await show(page, "dispatch-add");
  await send(page, "保存");
  const table = page.getByRole("table", { name: /派单目录/ });
  await expect(table).toContainText("水质");
  await expect(table).toContainText("水利局");
  // Twice for the same is refused, and the one that is there is named.
  await page.getByRole("button", { name: "新增一条" }).click();
  await pick(dialog(page).getByLabel("分类"), "水质");
  await pick(dialog(page).getByLabel("承办单位"), "交通运输局");
  await dialog(page).getByRole("button", { name: "保存" }).click();
  await expect(dialog(page).getByRole("alert")).toContainText("水利局");
  await dialog(page).getByRole("button", { name: "取消" }).click();

  // The clerk sees whose it is while taking it, and sends it from the receipt.
  await signIn(page, clerk());
  await open(page, "/desk/intake");
  await page.getByLabel("事情经过").fill("自来水有铁锈味，喝不得。");
  await pick(page.getByLabel("分类"), "水质");
  await expect(page.locator("main")).toContainText(
    "按派单目录归云岭县水利局办",
  );
  await show(page, "dispatch-intake");
  await page.getByRole("button", { name: "登记并出回执" }).click();
  await expect(title(page)).toHaveText("已经登记");
  await show(page, "dispatch-receipt");
  await page.getByRole("button", { name: "现在就派过去" }).click();
  await expect(dialog(page).getByLabel("单位")).toHaveValue("云岭县水利局");
  await show(page, "dispatch-assign");
  await dialog(page).getByRole("button", { name: "转办" }).click();
  await expect(page.locator("main")).toContainText("已经派出");
  await page.getByRole("link", { name: "打开这件诉求" }).click();
  await settled(page);
  const matter = page.url();

  // The unit it names has no way to return it, and is told what it can do.
  await signIn(page, water());
  await open(page, matter);
  await expect(
    page.getByRole("button", { name: "退回", exact: true }),
  ).toHaveCount(0);
  await expect(page.locator("main")).toContainText("所以不能退回");
  await show(page, "dispatch-kept");
  await page.getByRole("button", { name: "提出修改建议" }).click();
  await pick(dialog(page).getByLabel("承办单位"), "卫生健康局");
  await dialog(page)
    .getByLabel("理由")
    .fill("水质检测由卫生部门负责，我们只管供水。");
  await show(page, "dispatch-propose");
  await send(page, "提出修改建议");
  await open(page, "/desk/dispatch");
  await expect(page.locator("main")).toContainText("改由云岭县卫生健康局办");
  // Whoever looks it up finds it, and what was said before.
  await pick(page.getByLabel("分类"), "水质");
  await page.getByRole("button", { name: "查询" }).click();
  await expect(
    page.getByRole("status").filter({ hasText: "归云岭县水利局办" }),
  ).toBeVisible();
  await look(page, "live-dispatch-list");
  await page.getByRole("link", { name: /沿革/ }).first().click();
  await settled(page);
  await expect(page.getByRole("table")).toContainText("现行");

  // Sewage goes to the roads and comes back, three times.
  for (const text of ["污水漫上路面。", "排污管堵了。", "化粪池满溢。"])
    await throughRoadsToWater(text);
  await signIn(page, administrator);
  await open(page, "/desk/admin/dispatch");
  const pattern = page.getByRole("listitem").filter({ hasText: "污水" });
  await expect(pattern).toContainText("三件以上从云岭县交通运输局退出来");
  await look(page, "live-dispatch-proposals");
  await pattern.getByRole("button", { name: "采纳", exact: true }).click();
  await expect(dialog(page).getByLabel("承办单位")).toHaveValue("云岭县水利局");
  await send(page, "采纳");
  await expect(table).toContainText("污水");
  // The other is declined, with the reason.
  const byHand = page.getByRole("listitem").filter({ hasText: "卫生健康局" });
  await byHand.getByRole("button", { name: "不采纳" }).click();
  await dialog(page).getByRole("button", { name: "不采纳" }).click();
  await expect(dialog(page).getByRole("alert")).toBeVisible();
  await dialog(page).getByLabel("理由").fill("检测归卫生，供水整改归水利。");
  await send(page, "不采纳");
  await expect(page.locator("main")).not.toContainText(
    "改由云岭县卫生健康局办",
  );
  await page.getByRole("button", { name: "未采纳" }).click();
  await expect(page.locator("main")).toContainText("检测归卫生");

  // Another unit from today; the old entry stays to be looked up.
  await table
    .getByRole("row")
    .filter({ hasText: "水质" })
    .getByRole("button", { name: /改单位/ })
    .click();
  await pick(dialog(page).getByLabel("承办单位"), "卫生健康局");
  await send(page, "改单位");
  await table
    .getByRole("row")
    .filter({ hasText: "水质" })
    .getByRole("link", { name: /沿革/ })
    .click();
  await settled(page);
  await expect(page.getByRole("row")).toHaveCount(3);
  await look(page, "live-dispatch-history");
});

test("a village passes up what it cannot settle, and the resident reads who can", async ({
  page,
}) => {
  test.setTimeout(90_000);
  const admin = await Elsewhere.officer(officer("administrator"));
  const found = await admin.get<{ items: Unit[] }>(
    "units?q=" + encodeURIComponent("村民委员会") + "&limit=1",
  );
  const village = found.items[0];
  if (!village) throw new Error("no village has an office");
  const made = await admin.post<{ password: string }>("officers", {
    name: "盘村办",
    login: "cun.ban",
    unit_id: village.id,
    post: "驻村干部",
    roles: [
      { role: "liaison", unit_id: village.id, area_code: village.area_code },
    ],
  });
  await page.goto("/desk/");
  await page.getByLabel("账号").fill("cun.ban");
  await page.getByLabel("密码").fill(made.password);
  await page.getByRole("button", { name: "登录" }).click();
  await page.getByLabel("现在的密码").fill(made.password);
  const password = "村口大树 下雨也不漏";
  await page.getByLabel("新密码", { exact: true }).fill(password);
  await page.getByLabel("再输一遍新密码").fill(password);
  await page.getByRole("button", { name: "更换密码" }).click();
  await expect(page.getByRole("button", { name: "退出登录" })).toBeVisible();

  const own: Account = { ...officer("liaison"), login: "cun.ban", password };
  const there = await Elsewhere.officer(own);
  const matter = await there.post<Matter>("matters", {
    text: "修路占了我家的地，补偿款一直没到。",
    category: "land.requisition",
    area_code: village.area_code,
  });
  await open(page, `/desk/matters/${matter.id}`);
  await expect(page.locator("main")).toContainText("这里办不了");
  await look(page, "live-passing-up");
  const dialogue = await act(page, "上交");
  const to = await dialogue.getByLabel("单位").inputValue();
  expect(to).not.toBe("");
  await dialogue.getByRole("button", { name: "上交" }).click();
  await expect(dialogue.getByRole("alert")).toBeVisible();
  await dialogue
    .getByLabel("理由")
    .fill("补偿标准由县里定，村里核实了面积，材料都在里面。");
  await show(page, "passing-up-form");
  await send(page, "上交");
  await expect(page.locator("main")).toContainText("这里办不了，上交");
  await show(page, "passed-up");

  // The resident, with the receipt alone.
  await page.context().clearCookies();
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page, `/receipts/${matter.receipt}`);
  await expect(page.locator("main")).toContainText(`办不了，${to}能办`);
  await show(page, "passed-up-receipt");
});
