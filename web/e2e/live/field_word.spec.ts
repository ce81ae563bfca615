import { expect } from "@playwright/test";
import { look } from "../support/page";
import { accounts } from "./accounts";
import { Elsewhere, officer, test, title } from "./office";
import {
  arrive,
  enterPin,
  expectState,
  installed,
  newDisk,
  openPhone,
} from "./phone";

interface Visit {
  diary: string;
  words: { text: string; by?: string }[];
  addenda: { text: string; by?: string }[];
}
interface Status {
  id: string;
  state: string;
  judgement?: { solved: boolean; asked_by?: string };
}

/** A household with a card whose officer works at the door, and that officer. */
function home() {
  for (const resident of accounts().residents) {
    const liaison = accounts().officers.find(
      ({ login, role }) =>
        login === resident.officer_login && role === "liaison",
    );
    if (liaison) return { resident, liaison };
  }
  throw new Error("The demo county has no household card of a liaison's.");
}

test("what a household says at the door without a network is its own word: in a visit, later, and of an answer", async ({
  baseURL,
  page: atHome,
}) => {
  test.setTimeout(180_000);
  const { resident, liaison } = home();
  const id = resident.household_id;
  const desk = await Elsewhere.officer(liaison);
  const handler = officer(
    "handler",
    ({ unit_id }) => unit_id !== liaison.unit_id,
  );
  const bureau = await Elsewhere.officer(handler);
  const matter = await desk.post<{ id: string; asks: { id: string }[] }>(
    "matters",
    { text: "水渠堵了，田里进不了水。", household_id: id, channel: "visit" },
  );
  await desk.post(`matters/${matter.id}/assignment`, {
    unit_id: handler.unit_id,
  });
  await bureau.post(`matters/${matter.id}/acceptance`, {});
  await bureau.post(`matters/${matter.id}/answer`, {
    text: "水渠已经疏通。",
    asks: matter.asks.map((ask) => ({
      id: ask.id,
      outcome: "done",
      text: "已疏通",
    })),
  });

  const { context, page } = await openPhone(newDisk(), baseURL);
  await page.goto("/field/");
  await arrive(page, liaison);
  await installed(page);
  await expect(page.locator(".home").first()).toBeVisible();
  await page.goto(`/field/households/${id}`);
  await enterPin(page);
  await expect(page.locator("main")).toContainText("水渠堵了");
  await context.setOffline(true);

  // In the visit, beside what the officer writes.
  await page.getByRole("link", { name: "写走访记录" }).first().click();
  await page.getByLabel("见到户主").check();
  await page.getByLabel("日记").fill("看了田，水已经来了。");
  await page.getByLabel("住户的话").fill("早几天来就好了，秧苗死了一片。");
  await look(page, "field-visit-words");
  await page.getByRole("button", { name: "保存走访" }).click();
  await expect(page.locator("main")).toContainText("秧苗死了一片");

  // Their word on the answer: only where they asked for it.
  await page.getByRole("link", { name: "水渠堵了" }).first().click();
  await look(page, "field-matter-answered");
  await page.getByRole("link", { name: "代记住户的评价" }).click();
  await page.getByLabel("没有解决").check();
  await page.getByLabel("不满意", { exact: true }).check();
  await page.getByRole("button", { name: "保存在手机上" }).click();
  await expect(page.getByRole("alert")).toContainText("是住户请我代记的");
  await page.getByLabel("是住户请我代记的").check();
  await look(page, "field-judge");
  await page.getByRole("button", { name: "保存在手机上" }).click();
  await expectState(page, "只在本机", 2);
  await page.getByRole("link", { name: "水渠堵了" }).first().click();
  await expect(page.locator("main")).toContainText("代记的评价已记在本机");
  await expect(page.getByRole("link", { name: "代记住户的评价" })).toHaveCount(
    0,
  );

  await context.setOffline(false);
  await expect
    .poll(async () => (await desk.get<Status>(`matters/${matter.id}`)).state, {
      timeout: 30_000,
    })
    .not.toBe("answered");
  await expectState(page, "只在本机", 0);

  // Beneath a visit that the office has already.
  await context.setOffline(true);
  await page.goto(`/field/households/${id}`);
  await enterPin(page);
  await page
    .getByRole("link", { name: /给.*的走访补记/ })
    .first()
    .click();
  await page.getByRole("textbox", { name: "补记" }).fill("已转告水务局。");
  await look(page, "field-addendum");
  await page.getByRole("button", { name: "保存在手机上" }).click();
  await expect(title(page)).toHaveText(resident.head_name);
  await expect(page.locator("main")).toContainText("已转告水务局。");
  await context.setOffline(false);
  await expect
    .poll(
      async () => {
        const { items } = await desk.get<{ items: Visit[] }>(
          `visits?household_id=${id}`,
        );
        const visit = items.find(({ diary }) => diary.startsWith("看了田"));
        return [
          visit?.words.map(({ text, by }) => [text, by]),
          visit?.addenda.map(({ text }) => text),
        ];
      },
      { timeout: 30_000 },
    )
    .toEqual([
      [["早几天来就好了，秧苗死了一片。", liaison.name]],
      ["已转告水务局。"],
    ]);
  await context.close();

  // The household sees whose hand wrote it.
  const own = await Elsewhere.resident(resident.card_number, resident.pin);
  const mine = await own.get<Status>(`me/matters/${matter.id}`);
  expect(mine.judgement).toMatchObject({
    solved: false,
    asked_by: liaison.name,
  });
  await atHome.goto("/sign-in");
  await atHome.getByLabel("卡号").fill(resident.card_number);
  await atHome.getByLabel("密码").fill(resident.pin);
  await atHome.getByRole("button", { name: "登录", exact: true }).click();
  await expect(title(atHome)).toHaveText("我的户");
  await atHome.goto("/household/visits");
  await expect(atHome.locator("main")).toContainText(`${liaison.name}`);
  await expect(atHome.locator(".own-words").first()).toContainText(
    "代您家记的话",
  );
  await atHome.goto(`/household/matters/${matter.id}`);
  await expect(atHome.locator("main")).toContainText(`${liaison.name}代您记下`);
  await look(atHome, "household-judged-for");
});
