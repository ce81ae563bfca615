import { expect } from "@playwright/test";
import { accounts } from "./accounts";
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

test.use({ viewport: { width: 1280, height: 900 } });

interface Current {
  officer: { id: string };
}
interface Listed {
  items: { id: string; text?: string; owner?: { officer_name?: string } }[];
}

const leaving = () =>
  officer("liaison", ({ login }) => login.startsWith("township.101"));
const heir = () =>
  officer("leader", ({ login }) => login.startsWith("township.101"));

test("the pairing office sees coverage, weighs a proposal and applies it", async ({
  page,
}) => {
  await signIn(page, officer("supervisor"));
  await open(page, "/desk/pairing");
  const coverage = page.getByRole("table", { name: "结对覆盖" });
  await show(page, "pairing-coverage");
  await coverage.getByRole("link").first().click();
  await settled(page);
  await expect(page).toHaveURL(/area=/);
  await expect(coverage.getByRole("link").first()).toBeVisible();

  await page.getByRole("button", { name: "生成结对方案" }).click();
  await dialog(page).getByRole("button", { name: "生成方案" }).click();
  await expect(title(page)).toHaveText("结对方案");
  await settled(page);
  await expect(page.getByRole("columnheader", { name: "远近" })).toBeVisible();
  await show(page, "pairing-proposal");
  await page.getByRole("button", { name: "采用方案" }).click();
  await dialog(page).getByRole("button", { name: "采用方案" }).click();
  await expect(dialog(page)).toHaveCount(0);
  await settled(page);
  await expect(page.locator("main")).toContainText("已经采用。");
});

test("a leaving officer's households go over with their promises and matters", async ({
  page,
}) => {
  const from = await Elsewhere.officer(leaving());
  const to = await Elsewhere.officer(heir());
  const { items: households } = await from.get<Listed>(
    "households?mine=true&limit=200",
  );
  const [first] = households;
  if (!first) throw new Error("nothing to hand over");
  await from.post("visits", {
    household_id: first.id,
    at: new Date(Date.now() - 3_600_000).toISOString(),
    met: "head",
    diary: "屋顶漏雨。",
    promises: [{ text: "带一卷油毡来", due: "2099-01-01" }],
  });
  const desk = await Elsewhere.officer(officer("clerk"));
  const matter = await desk.post<{ id: string }>("matters", {
    channel: "phone",
    kind: "help",
    text: "屋顶漏雨，请人来看。",
    household_id: first.id,
  });
  const { unit_id } = leaving();
  await desk.post(`matters/${matter.id}/assignment`, { unit_id });
  const officer_id = (await from.get<Current>("sessions/current")).officer.id;
  await from.post(`matters/${matter.id}/acceptance`, { officer_id });

  await signIn(page, officer("supervisor"));
  await open(page, "/desk/pairing");
  await page.getByRole("button", { name: "交接" }).click();
  await pick(dialog(page).getByLabel("谁的户"), leaving().name, "青溪镇");
  await dialog(page).getByLabel("一位干部").check();
  await pick(dialog(page).getByLabel("接手的干部"), heir().name, "青溪镇");
  await dialog(page).getByLabel("理由").fill("调到县里工作");
  await show(page, "pairing-handover");
  await dialog(page).getByRole("button", { name: "交接", exact: true }).click();
  await expect(dialog(page)).toHaveCount(0);
  await settled(page);

  const left = await from.get<Listed>("households?mine=true&limit=200");
  expect(left.items).toEqual([]);
  await signIn(page, heir());
  await open(page, `/desk/households/${first.id}?purpose=visit`);
  await expect(page.locator("main")).toContainText("带一卷油毡来");
  await expect(page.locator("main")).toContainText(heir().name);
  await show(page, "pairing-inherited");
  const { owner } = await to.get<{ owner: { officer_name?: string } }>(
    `matters/${matter.id}`,
  );
  expect(owner.officer_name).toBe(heir().name);
});

test("one pairing is made and ended by hand, and a person gets somebody besides", async ({
  page,
}) => {
  await signIn(page, officer("supervisor"));
  await open(page, "/desk/pairing");
  await page.getByRole("link", { name: "现有结对" }).click();
  await settled(page);
  await show(page, "pairings");
  const row = page.locator("main tbody tr").first();
  const head = (await row.locator("th").textContent())?.trim().split(/\s/)[0];
  await row.getByRole("button", { name: /结束结对/ }).click();
  await dialog(page).getByRole("button", { name: "结束结对" }).click();
  await expect(dialog(page).getByRole("alert")).toContainText("请写明理由");
  await dialog(page).getByLabel("理由").fill("干部生病，先换人。");
  await dialog(page).getByRole("button", { name: "结束结对" }).click();
  await expect(dialog(page)).toHaveCount(0);

  await page.getByRole("button", { name: "单独结对" }).click();
  await dialog(page).getByLabel("联系户").check();
  await pick(dialog(page).getByLabel("户", { exact: true }), head ?? "");
  await pick(dialog(page).getByLabel("联系干部"), officer("liaison").name);
  await dialog(page).getByRole("button", { name: "结对", exact: true }).click();
  await expect(dialog(page)).toHaveCount(0);
  await expect(page.locator("main")).toContainText(
    `${head} 已和 ${officer("liaison").name} 结对。`,
  );

  await page.getByRole("button", { name: "单独结对" }).click();
  await dialog(page).getByLabel("老人").check();
  await pick(dialog(page).getByLabel("是谁"), head ?? "");
  await pick(dialog(page).getByLabel("联系干部"), heir().name);
  await show(page, "pairing-care");
  await dialog(page).getByRole("button", { name: "结对", exact: true }).click();
  await expect(dialog(page)).toHaveCount(0);
  await expect(page.locator("main")).toContainText(heir().name);
});

test("a village's contact cards and sealed first codes are printed in one run", async ({
  page,
}) => {
  const office = await Elsewhere.officer(officer("administrator"));
  const { items } = await office.get<{
    items: { area_code: string }[];
  }>("households?limit=1");
  const village = (items[0]?.area_code ?? "").slice(0, 12);
  expect(village).toHaveLength(12);
  const carded = accounts().residents.length;
  expect(carded).toBeGreaterThan(0);

  await signIn(page, officer("administrator"));
  await open(page, `/desk/pairing/cards?area=${village}`);
  const cards = await page.locator(".slip").count();
  expect(cards).toBeGreaterThan(10);
  await page.emulateMedia({ media: "print" });
  await show(page, "cards-print");
  await expect(page.getByRole("button", { name: "打印" })).toBeHidden();
  await page.emulateMedia({ media: "screen" });

  await open(page, `/desk/pairing/slips?area=${village}`);
  await page.getByRole("button", { name: "发卡并生成密封条" }).click();
  await expect(page.getByText(/共 \d+ 张，只显示这一次/)).toBeVisible();
  const codes = await page.locator(".slip .secret").allTextContents();
  expect(new Set(codes).size).toBe(codes.length);
  await page.emulateMedia({ media: "print" });
  await show(page, "slips-print");
  const sheet = await page.locator(".sheet").boundingBox();
  expect(sheet?.width, "as wide as the paper").toBeGreaterThan(1000);
  await page.emulateMedia({ media: "screen" });

  // The code on the slip opens the household's own page, once.
  const slip = page.locator(".slip").first();
  const number = await slip.locator("strong").textContent();
  const code = codes[0] ?? "";
  await page.context().clearCookies();
  page.on("dialog", (question) => void question.accept());
  await page.goto("/first-sign-in");
  await page.getByLabel("卡号").fill(number ?? "");
  await page.getByLabel("初始码").fill(code);
  await page.getByLabel("新密码", { exact: true }).fill("730518");
  await page.getByLabel("再输一遍新密码").fill("730518");
  await page.getByRole("button", { name: "设置密码并登录" }).click();
  await expect(title(page)).toHaveText("我的户");
});
