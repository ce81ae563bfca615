import { expect, type Page } from "@playwright/test";
import { look } from "../support/page";
import { Elsewhere, fillDate, officer, test } from "./office";
import {
  arrive,
  enterPin,
  expectState,
  hasReference,
  installed,
  newDisk,
  openPhone,
} from "./phone";

interface Household {
  revision: number;
  head_id: string;
  area_code: string;
  pairing: { id: string; officer_id: string };
  sections: Record<string, Record<string, unknown>>;
  residents: Resident[];
}
interface Resident {
  id: string;
  name: string;
  sex: string;
  birth_date: string;
  relation: string;
  state: string;
  note?: string;
}

// Another than in the other stories: an officer has ten phones at most.
const liaison = () => {
  const first = officer("liaison").login;
  return officer("liaison", ({ login }) => login !== first);
};
const today = () =>
  new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Shanghai" }).format();
const present = ({ residents }: Household) =>
  residents.filter(({ state }) => state === "present");
const notHead = (home: Household) =>
  present(home).filter(({ relation }) => relation !== "head");

/** Without a network a page opens by its link: an address that is typed would ask for the PIN. */
async function openHome(page: Page, id: string) {
  await page.locator(".bar-name").click();
  await page.locator(`.home-name[href$="${id}"]`).click();
  await expect(page.locator("#section-housing")).toBeVisible();
}

async function writeVisit(page: Page, id: string, diary: string) {
  await openHome(page, id);
  await page.getByRole("link", { name: "写走访记录" }).first().click();
  await page.getByLabel("见到户主").check();
  await page.getByLabel("日记").fill(diary);
  await page.getByRole("button", { name: "保存走访" }).click();
  await expect(page.locator("main")).toContainText("已经记在这部手机上");
}
async function editRooms(page: Page, rooms: string) {
  await page
    .locator("#section-housing")
    .getByRole("link", { name: "修改" })
    .click();
  await page.getByLabel("房间数").fill(rooms);
  await page.getByRole("button", { name: "保存" }).click();
}
const keep = (page: Page) =>
  page.getByRole("button", { name: "保存在手机上" }).click();

/** Further households for an officer who has too few for the story: such as nobody has yet. */
async function giveMore(admin: Elsewhere, officer_id: string, n: number) {
  const { items } = await admin.get<{ items: { id: string }[] }>(
    "households?limit=200",
  );
  for (const { id } of items) {
    if (n === 0) return;
    const { items: pairings } = await admin.get<{ items: unknown[] }>(
      `pairings?household_id=${id}`,
    );
    if (pairings.length > 0) continue;
    await admin.post("pairings", {
      household_id: id,
      officer_id,
      from: today(),
    });
    n -= 1;
  }
  throw new Error("no household is without an officer");
}

/** To the act about this household, and why it was set aside. */
async function decide(page: Page, id: string, outcome: string) {
  await page.goto("/field/waiting");
  await enterPin(page);
  await page
    .locator(".wait")
    .filter({ has: page.locator(`a[href$="${id}"]`) })
    .getByRole("link", { name: "去处理" })
    .click();
  await expect(page.locator("main")).toContainText(outcome);
}
async function giveUp(page: Page, reason: string) {
  await page.getByText("不要了").click();
  await page.getByLabel("为什么").fill(reason);
  await page.getByRole("button", { name: "放弃这一件" }).click();
}
const expectAside = (page: Page, n: number) =>
  n > 0
    ? expectState(page, "待处理", n)
    : expect(page.locator(".state-aside")).toHaveCount(0);

test("what happened at the office meanwhile: each act not taken says why, and a person decides", async ({
  baseURL,
}) => {
  test.setTimeout(240_000);
  const me = liaison();
  const desk = await Elsewhere.officer(me);
  const admin = await Elsewhere.officer(officer("administrator"));
  const { officer: self } = await desk.get<{ officer: { id: string } }>(
    "sessions/current",
  );
  type Homes = { items: { id: string }[] };
  const mine = () => desk.get<Homes>("households?mine=true&limit=50");
  const near = new Set((await mine()).items.map(({ id }) => id));
  await giveMore(admin, self.id, 5);
  const field = await admin.post<{ id: string }>("fields", {
    section: "housing",
    name: "well_depth",
    label_zh: "水井深度",
    label_en: "Depth of the well",
    type: "text",
  });
  const read = (id: string) =>
    desk.get<Household>(`households/${id}?purpose=visit`);
  const { items } = await mine();
  const homes = await Promise.all(
    items.map(async ({ id }) => ({ id, ...(await read(id)) })),
  );
  const free = new Set(homes);
  /** A household of its own for each act. */
  const take = (
    fits: (home: (typeof homes)[number]) => boolean = () => true,
  ) => {
    const found = [...free].find(fits);
    if (!found) throw new Error("no household fits");
    free.delete(found);
    return found;
  };
  // What is out of the officer's reach once it is somebody else's would be told as not found.
  const isNear = ({ id }: { id: string }) => near.has(id);
  const [moved, handed, given] = [take(isNear), take(isNear), take(isNear)];
  const family = take((home) => notHead(home).length >= 2);
  const without = take((home) => notHead(home).length >= 1);
  const consented = take((home) => home.sections["income"] !== undefined);
  const [ruled, grown] = [take(), take()];
  const known = present(moved)[0];
  const [gone] = notHead(without);
  const [heir] = notHead(family);
  if (!known || !gone || !heir) throw new Error("too few people");

  const { context, page } = await openPhone(newDisk(), baseURL);
  await page.goto("/field/");
  await arrive(page, me);
  await installed(page);
  await expect(page.locator(".home").first()).toBeVisible({ timeout: 20_000 });
  await hasReference(page);
  await context.setOffline(true);

  await openHome(page, moved.id);
  await editRooms(page, "3");
  await writeVisit(page, handed.id, "换人以前去过。");
  await openHome(page, given.id);
  await editRooms(page, "4");
  await openHome(page, without.id);
  await page.getByRole("button", { name: gone.name }).click();
  await page.getByLabel("在外地点").fill("省城");
  await keep(page);
  await openHome(page, family.id);
  await page.getByRole("link", { name: "家庭变动" }).click();
  await page.getByRole("button", { name: "新户主" }).click();
  await page.getByLabel("新户主", { exact: true }).selectOption(heir.id);
  await fillDate(page.locator("main"), "哪一天", today());
  await keep(page);
  await openHome(page, consented.id);
  await page
    .locator("#section-income")
    .getByRole("link", { name: "修改" })
    .click();
  await page.getByLabel("务工").fill("1234");
  await page.getByRole("button", { name: "保存" }).click();
  await openHome(page, ruled.id);
  await page
    .locator("#section-housing")
    .getByRole("link", { name: "修改" })
    .click();
  await page.getByLabel("水井深度").fill("十二米");
  await page.getByRole("button", { name: "保存" }).click();
  await openHome(page, grown.id);
  await page.getByRole("button", { name: "增加成员" }).click();
  await page.getByLabel("姓名").fill(known.name);
  await page.getByLabel(known.sex === "male" ? "男" : "女").check();
  await fillDate(page.locator("main"), "出生日期", known.birth_date);
  await page.getByLabel("与户主关系").selectOption("other");
  await keep(page);
  await expectState(page, "只在本机", 8);

  // The office, meanwhile.
  const event = (id: string, body: object) =>
    desk.post(`households/${id}/life_events`, { date: today(), ...body });
  await event(without.id, { kind: "death", resident_id: gone.id });
  await event(family.id, { kind: "new_head", new_head_id: heir.id });
  await event(moved.id, {
    kind: "move_out",
    members: present(moved).map(({ id }) => id),
  });
  await desk.remove(`households/${consented.id}/consents/income`);
  await admin.remove(`fields/${field.id}`);
  for (const { pairing } of [handed, given])
    await admin.post(`pairings/${pairing.id}/end`, {
      until: today(),
      reason: "轮换",
    });

  await context.setOffline(false);
  await expectAside(page, 8);
  await page.goto("/field/waiting");
  await enterPin(page);
  await expect(page.locator(".wait")).toHaveCount(8);
  await look(page, "field-aside");

  await decide(page, moved.id, "这户已销户");
  // What was written is there to be read, though it can go nowhere.
  await expect(page.locator("dl.fields")).toContainText("房间数");
  await look(page, "field-closed");
  await giveUp(page, "已经搬走，另行说明");
  await expectAside(page, 7);

  await decide(page, given.id, "这一件要由现在的联系人来写");
  await expect(page.getByLabel("为什么仍由您来写")).toHaveCount(0);
  await look(page, "field-not-allowed");
  await giveUp(page, "已经告诉现在的联系人");
  await expectAside(page, 6);

  await decide(page, handed.id, "这户已不由您联系");
  await page.getByRole("button", { name: "写明理由并发送" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await page.getByLabel("为什么仍由您来写").fill("交接以前去的");
  await look(page, "field-not-mine");
  await page.getByRole("button", { name: "写明理由并发送" }).click();
  await expectAside(page, 5);

  await decide(page, without.id, "这个人已不在这户");
  await look(page, "field-gone");
  // Written anew it must not become somebody new.
  await page.getByRole("link", { name: "重新写这一件" }).click();
  await expect(page.locator("main")).toContainText("这个人已不在这户");
  await expect(page.getByRole("button", { name: "保存在手机上" })).toHaveCount(
    0,
  );
  await page.goBack();
  await giveUp(page, "已经去世");
  await expectAside(page, 4);

  await decide(page, family.id, "户主有了变化");
  await look(page, "field-head");
  await giveUp(page, "已经登记");
  await expectAside(page, 3);

  await decide(page, grown.id, "这个人可能已经登记过");
  await expect(page.locator("main .row")).toContainText(known.name);
  await look(page, "field-duplicate");
  await page.getByRole("button", { name: "不是同一个人，照样登记" }).click();
  await expectAside(page, 2);

  await decide(page, ruled.id, "县里的规定变了");
  await expect(page.locator("dl.fields")).toContainText("十二米");
  await look(page, "field-rule");
  await giveUp(page, "这一项不再登记");
  await expectAside(page, 1);

  await decide(page, consented.id, "住户没有同意记这一项");
  await look(page, "field-consent");
  await page.getByRole("link", { name: "记录同意" }).click();
  const income = page.locator("section, .panel").filter({ hasText: "收入" });
  await income.getByRole("button", { name: "记录同意" }).first().click();
  await page.getByLabel("口头").check();
  await keep(page);
  await expectState(page, "只在本机", 0);
  await decide(page, consented.id, "住户没有同意记这一项");
  await page.getByRole("button", { name: "再发一次" }).click();
  // What had stood there was erased with the consent: whether the new value holds is a person's to say.
  await expect(page.locator(".wait-why")).toContainText("别人也改了同一项", {
    timeout: 20_000,
  });
  await decide(page, consented.id, "别人也改了同一项");
  await page.locator(".conflict").getByRole("radio").nth(1).check();
  await page.getByRole("button", { name: "按这样处理" }).click();
  await expectAside(page, 0);

  await expect
    .poll(async () => (await read(consented.id)).sections["income"], {
      timeout: 20_000,
    })
    .toMatchObject({ wages_fen: 123_400 });
  await expect
    .poll(async () => present(await read(grown.id)).map(({ name }) => name), {
      timeout: 20_000,
    })
    .toContain(known.name);
  // The visit written with a reason is there, once.
  const supervisor = await Elsewhere.officer(officer("supervisor"));
  const { items: visits } = await supervisor.get<{
    items: { diary?: string }[];
  }>(`visits?household_id=${handed.id}&limit=50`);
  expect(visits.filter(({ diary }) => diary === "换人以前去过。")).toHaveLength(
    1,
  );
  await context.close();
});
