import { expect, type Page } from "@playwright/test";
import {
  dialog,
  Elsewhere,
  fillDate,
  officer,
  open,
  picture,
  pick,
  settled,
  show,
  signIn,
  test,
  title,
} from "./office";

interface Person {
  id: string;
  name: string;
  relation: string;
  state: string;
}
interface Household {
  id: string;
  head_id: string;
  head_name: string;
  register_number: string;
  revision: number;
  residents: Person[];
}

test.use({ viewport: { width: 1280, height: 900 } });

const liaison = () => officer("liaison");

/** Their own households, largest first: what happens in a family takes people. */
async function ownHouseholds(elsewhere: Elsewhere): Promise<Household[]> {
  const { items } = await elsewhere.get<{ items: { id: string }[] }>(
    "households?mine=true&limit=50",
  );
  const records = await Promise.all(items.map(({ id }) => read(elsewhere, id)));
  return records.sort((a, b) => present(b).length - present(a).length);
}
const read = (elsewhere: Elsewhere, id: string) =>
  elsewhere.get<Household>(`households/${id}?purpose=visit`);
const present = ({ residents }: Household) =>
  residents.filter(({ state }) => state === "present");

/** One event of the family's menu. */
async function event(page: Page, kind: string) {
  await page.getByLabel("家庭变动").selectOption({ label: kind });
  await page.getByRole("button", { name: "填写变动" }).click();
  return dialog(page);
}
async function done(page: Page) {
  await dialog(page).getByRole("button", { name: "记录变动" }).click();
  await expect(dialog(page)).toHaveCount(0);
  await settled(page);
}

test("a liaison officer keeps a record: by due, a section, a clash, its history, a person", async ({
  page,
}) => {
  const elsewhere = await Elsewhere.officer(liaison());
  const [household] = await ownHouseholds(elsewhere);
  if (!household) throw new Error("the liaison officer has no household");
  await signIn(page, liaison());
  await open(page, "/desk/mine");
  await show(page, "liaison-mine");
  const due = await page
    .locator("main tbody time")
    .evaluateAll((all) => all.map((one) => one.getAttribute("datetime") ?? ""));
  expect(due.length).toBeGreaterThan(1);
  expect(due).toEqual([...due].sort());

  // Without a purpose nothing opens.
  await open(page, `/desk/households/${household.id}`);
  await page.getByLabel("走访", { exact: true }).check();
  await page.getByRole("button", { name: "打开" }).click();
  await expect(title(page)).toHaveText(household.head_name);
  await settled(page);
  await show(page, "liaison-household");

  await page.getByRole("button", { name: /修改.*住房/ }).click();
  await page.getByLabel("房间数").fill("7");
  const { revision } = await read(elsewhere, household.id);
  await elsewhere.patch(
    `households/${household.id}/sections/housing`,
    revision,
    { rooms: 6 },
  );
  await page.getByRole("button", { name: "保存" }).click();
  await expect(dialog(page)).toContainText("刚刚有人改过");
  await expect(dialog(page)).toContainText("6");
  await show(page, "liaison-clash");
  await dialog(page).getByLabel("您写的").check();
  await dialog(page).getByRole("button", { name: "按选择保存" }).click();
  await expect(dialog(page)).toHaveCount(0);
  await expect(page.locator("#section-housing")).toContainText("7");
  await page.getByRole("button", { name: /历史.*住房/ }).click();
  const versions = dialog(page).locator(".event");
  await expect(versions.nth(0)).toContainText("6 → 7");
  await expect(versions.nth(1)).toContainText("→ 6");
  await page.keyboard.press("Escape");

  // Somebody who is on a register already is seen before and after the attempt to save.
  const known = present(household).at(-1) as Person;
  const before = present(household).length;
  await page.getByRole("button", { name: "增加成员" }).click();
  await dialog(page).getByLabel("姓名").fill(known.name);
  await expect(dialog(page)).toContainText("可能已经登记过");
  await dialog(page).getByLabel("女", { exact: true }).check();
  await fillDate(dialog(page), "出生日期", "1990-02-03");
  await dialog(page).getByLabel("与户主关系").selectOption("other");
  await dialog(page).getByRole("button", { name: "保存" }).click();
  await dialog(page).getByLabel("看过了，不是同一个人").check();
  await show(page, "liaison-duplicate");
  await dialog(page).getByRole("button", { name: "保存" }).click();
  await expect(dialog(page)).toHaveCount(0);
  await settled(page);
  expect(present(await read(elsewhere, household.id)).length).toBe(before + 1);

  await page.getByText("全部改动").click();
  await expect(page.getByText("增加成员").last()).toBeVisible();
});

test("what happens in families is recorded by the liaison officer: all seven events", async ({
  page,
}) => {
  test.setTimeout(120_000);
  const elsewhere = await Elsewhere.officer(liaison());
  const [, household, other] = await ownHouseholds(elsewhere);
  if (!household || !other) throw new Error("too few households");
  const others = () =>
    read(elsewhere, household.id).then((record) =>
      present(record).filter(({ relation }) => relation !== "head"),
    );
  await signIn(page, liaison());
  await open(page, `/desk/households/${household.id}?purpose=visit`);

  let form = await event(page, "出生");
  await form.getByLabel("姓名").fill("田小满");
  await form.getByLabel("女", { exact: true }).check();
  await fillDate(form, "出生日期", "2026-01-05");
  await show(page, "liaison-birth");
  await done(page);
  await expect(page.getByRole("table", { name: "成员名单" })).toContainText(
    "田小满",
  );

  form = await event(page, "嫁入、娶入");
  await fillDate(form, "哪一天", "2026-02-01");
  await form.getByLabel("没有登记过").check();
  await form.getByLabel("姓名").fill("祁招娣");
  await form.getByLabel("女", { exact: true }).check();
  await fillDate(form, "出生日期", "1995-08-08");
  await form.getByLabel("与户主关系").selectOption("child_in_law");
  await done(page);
  await expect(page.getByRole("table", { name: "成员名单" })).toContainText(
    "祁招娣",
  );

  // Somebody of another household moves in: their old household loses them.
  const mover = present(other).find(({ relation }) => relation !== "head");
  if (!mover) throw new Error("nobody to move");
  form = await event(page, "迁入");
  await fillDate(form, "哪一天", "2026-02-02");
  await form.getByLabel("登记过，从别的户转来").check();
  await pick(form.getByLabel("是谁"), mover.name, other.head_name);
  await done(page);
  expect(present(await read(elsewhere, other.id))).not.toContainEqual(
    expect.objectContaining({ id: mover.id }),
  );

  form = await event(page, "迁出");
  await form.getByLabel(new RegExp(mover.name)).check();
  await fillDate(form, "哪一天", "2026-02-03");
  await form.getByLabel("新地址").fill("省城打工");
  await done(page);

  form = await event(page, "新户主");
  const [heir] = await others();
  await form.getByLabel("新户主", { exact: true }).selectOption(heir?.id ?? "");
  await fillDate(form, "哪一天", "2026-02-04");
  await done(page);
  await expect(title(page)).toHaveText(heir?.name ?? "");

  form = await event(page, "分户");
  await form
    .getByLabel(/祁招娣/)
    .first()
    .check();
  await fillDate(form, "哪一天", "2026-02-05");
  await form
    .getByLabel("新户的户主")
    .selectOption({ label: "祁招娣 儿媳或女婿" });
  await show(page, "liaison-split");
  await done(page);
  await expect(page.getByRole("table", { name: "成员名单" })).not.toContainText(
    "祁招娣",
  );

  // The head dies: without a new head nothing is recorded.
  const [next] = await others();
  form = await event(page, "去世");
  await form.getByLabel("谁去世了").selectOption(heir?.id ?? "");
  await fillDate(form, "哪一天", "2026-02-06");
  await form.getByRole("button", { name: "记录变动" }).click();
  await expect(form.getByRole("alert")).toContainText("需要填写");
  await form.getByLabel("新户主", { exact: true }).selectOption(next?.id ?? "");
  await show(page, "liaison-death");
  await done(page);
  await expect(title(page)).toHaveText(next?.name ?? "");
  await show(page, "liaison-family");
});

test("a visit: planned, written once with a picture, a promise and a matter; nobody in", async ({
  page,
}) => {
  const elsewhere = await Elsewhere.officer(liaison());
  const household = (await ownHouseholds(elsewhere))[3];
  if (!household) throw new Error("too few households");
  await signIn(page, liaison());
  await open(page, `/desk/households/${household.id}?purpose=visit`);
  await page.getByRole("button", { name: "计划走访" }).click();
  const day = await page.evaluate(() => {
    const soon = new Date(Date.now() + 3 * 86_400_000);
    return soon.toLocaleDateString("sv", { timeZone: "Asia/Shanghai" });
  });
  await fillDate(dialog(page), "哪天去", day);
  await dialog(page).getByLabel("说明").fill("看看水管");
  await dialog(page).getByRole("button", { name: "保存" }).click();
  await expect(dialog(page)).toHaveCount(0);
  await page
    .getByRole("listitem")
    .filter({ hasText: "看看水管" })
    .getByRole("link", { name: "写走访记录" })
    .click();
  await settled(page);

  await page.getByLabel("见到家人").check();
  const diary = page.getByLabel("日记");
  await diary.fill("水管夏天起就漏，接水要走一里路。下周三带水务站的人来看。");
  await diary.press("End");
  await diary.press("ArrowLeft");
  await page.getByRole("button", { name: "记为承诺" }).click();
  await fillDate(page.locator("main"), "什么时候以前", day);
  await diary.press("Home");
  await page.getByRole("button", { name: "登记为诉求" }).click();
  await page
    .getByLabel("添加照片")
    .setInputFiles({ name: "pipe.jpg", ...(await picture(page)) });
  await expect(page.locator("main img")).toHaveCount(1);
  await show(page, "liaison-visit-new");
  await page.context().setOffline(true);
  await page.getByRole("button", { name: "保存走访" }).click();
  await expect(page.getByRole("alert")).toContainText("连不上服务器");
  await expect(diary).toHaveValue(/接水要走一里路/);
  await page.context().setOffline(false);
  await page.getByRole("button", { name: "保存走访" }).click();
  await expect(page).toHaveURL(/\/desk\/visits\/[0-9]/);
  await settled(page);
  await expect(page.locator("main img")).toHaveCount(1);
  await expect(page.locator("main")).toContainText("下周三带水务站的人来看。");
  await show(page, "liaison-visit");

  // The sentence becomes a matter of this household, from this visit.
  const visit = page.url();
  await page.getByRole("link", { name: "登记诉求" }).last().click();
  await settled(page);
  await expect(page.getByLabel("事情经过")).toHaveValue(/水管夏天起就漏/);
  await page.getByRole("button", { name: "登记并出回执" }).click();
  await expect(page.locator(".receipt-number")).toBeVisible();
  await page.goto(visit);
  await settled(page);
  await expect(page.getByText("由此登记的诉求")).toBeVisible();

  // Nobody in: a neighbour's word is enough, and the record shows how to reach them.
  await open(page, `/desk/visits/new?household=${household.id}`);
  await page.getByLabel("家里没人").check();
  await page.getByLabel("现在在哪里").fill("县城，女儿家");
  await page.getByLabel("谁告诉的").fill("隔壁老陈");
  await show(page, "liaison-nobody-in");
  await page.getByRole("button", { name: "保存走访" }).click();
  await expect(page).toHaveURL(/\/desk\/visits\/[0-9]/);
  await settled(page);
  await expect(page.locator("main")).toContainText("县城，女儿家");
});
