import { expect, type Page } from "@playwright/test";
import { look } from "../support/page";
import { Elsewhere, fillDate, officer, picture, test, title } from "./office";
import {
  choosePin,
  enterPin,
  expectState,
  hasReference,
  installed,
  newDisk,
  openPhone,
  signInAtPhone,
} from "./phone";

interface Household {
  revision: number;
  sections: { housing: { rooms?: number; note?: string } };
  residents: { id: string; name: string }[];
  matters: { receipt: string; title: string }[];
  attachments: { width: number; height: number; id: string }[];
}

/** A phone with its app and its households on the disk, and no network from here on. */
async function awayFrom(baseURL: string | undefined, nth: number) {
  const liaison = officer("liaison");
  const elsewhere = await Elsewhere.officer(liaison);
  const { context, page } = await openPhone(newDisk(), baseURL);
  await page.goto("/field/");
  await signInAtPhone(page, liaison);
  await choosePin(page);
  await expect(page.locator(".home").first()).toBeVisible({ timeout: 20_000 });
  await installed(page);
  await hasReference(page);
  await context.setOffline(true);
  await page.locator(".home-name").nth(nth).click();
  await expect(page.locator("#section-housing")).toBeVisible();
  const id = page.url().split("/").at(-1) ?? "";
  const household = () =>
    elsewhere.get<Household>(`households/${id}?purpose=visit`);
  return { context, page, elsewhere, id, household };
}

const place = "30.5728N 104.0668E";

/** The photograph as a camera makes it: with a segment of its own for what it knows of the moment. */
function withPlace(jpeg: Buffer): Buffer {
  const told = Buffer.from(`Exif\0\0MM\0*\0\0\0\b\0\0${place}`, "latin1");
  const head = Buffer.from([0xff, 0xe1, 0, told.length + 2]);
  const [start, rest] = [jpeg.subarray(0, 2), jpeg.subarray(2)];
  return Buffer.concat([start, head, told, rest]);
}

const keep = (page: Page) =>
  page.getByRole("button", { name: "保存在手机上" }).click();

test("at the door without a network: a section, a person, a matter with its receipt, a photograph", async ({
  baseURL,
  page: other,
}) => {
  test.setTimeout(180_000);
  await other.goto("/");
  const drawn = await picture(other);
  const photo = { ...drawn, buffer: withPlace(drawn.buffer) };
  const { context, page, id, household } = await awayFrom(baseURL, 1);
  const name = (await title(page).textContent()) ?? "";

  // A section: half filled, the browser closed, gone on with.
  await page
    .locator("#section-housing")
    .getByRole("link", { name: "修改" })
    .click();
  await page.getByLabel("房间数").fill("7");
  await page.waitForTimeout(600);
  await page.goto("/field/");
  await enterPin(page);
  await page
    .getByRole("region", { name: "没写完的" })
    .getByRole("link")
    .first()
    .click();
  await expect(page.getByLabel("房间数")).toHaveValue("7");
  await look(page, "field-section");
  await page.getByRole("button", { name: "保存" }).click();
  await expect(title(page)).toHaveText(name);
  await expectState(page, "只在本机", 1);
  await expect(page.locator("#section-housing")).toContainText("7");
  await expect(page.locator("#section-housing")).toContainText("只在本机");

  // Somebody who came to live there.
  await page.getByRole("link", { name: "增加成员" }).click();
  await page.getByLabel("姓名").fill("洛桑卓玛");
  await page.getByLabel("女").check();
  await fillDate(page.locator("main"), "出生日期", "1994-05-06");
  await page.getByLabel("与户主关系").selectOption({ label: "儿媳或女婿" });
  await keep(page);
  await expect(page.locator("main")).toContainText("洛桑卓玛");

  // A matter: the receipt holds at once and is read out.
  await page.getByRole("link", { name: "登记诉求" }).click();
  await page.getByLabel("事情经过").fill("村口的路灯坏了三盏，晚上看不见路。");
  await look(page, "field-matter");
  await page.getByRole("button", { name: "登记并给出回执" }).click();
  await expect(title(page)).toHaveText("已经登记");
  const receipt =
    (await page.locator(".receipt-number").textContent())?.trim() ?? "";
  expect(receipt).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]$/);
  await look(page, "field-receipt");
  // On paper: the receipt and nothing of the app.
  await page.emulateMedia({ media: "print" });
  await expect(page.locator(".receipt-number")).toBeVisible();
  await expect(page.locator(".state")).toBeHidden();
  await expect(page.getByRole("button", { name: "打印" })).toBeHidden();
  await page.screenshot({ path: "screenshots/field-receipt-paper.png" });
  await page.emulateMedia({ media: "screen" });
  await page.getByRole("link", { name: "回到这户" }).last().click();
  await expect(page.locator("main")).toContainText(receipt);

  // A photograph.
  await page.getByRole("link", { name: "拍照或选照片" }).click();
  await page
    .locator("input[type=file]")
    .setInputFiles({ name: "roof.jpg", ...photo });
  await expect(page.locator(".photo")).toBeVisible();
  await look(page, "field-photo");
  await page.getByRole("button", { name: "保存照片" }).click();
  await expect(page.locator(".photo")).toBeVisible();
  await expectState(page, "只在本机", 4);
  await look(page, "field-record");

  // Who handles what, without a network.
  await page.getByRole("link", { name: "谁办什么" }).first().click();
  await expect(page.locator("main .row").first()).toBeVisible();
  await look(page, "field-dispatch");

  // The browser does not tell of such bytes on their way: the page is asked for what it sends.
  await page.evaluate(() => {
    const real = window.fetch.bind(window);
    const sent: Blob[] = [];
    Object.assign(window, { sent: () => new Blob(sent).text() });
    window.fetch = (what, how) => {
      if (String(what).includes("/sync/uploads/")) sent.push(how?.body as Blob);
      return real(what, how);
    };
  });
  await context.setOffline(false);
  await expect
    .poll(async () => (await household()).matters.map((one) => one.receipt), {
      timeout: 30_000,
    })
    .toContain(receipt);
  const record = await household();
  expect(record.sections.housing.rooms).toBe(7);
  expect(record.residents.map((one) => one.name)).toContain("洛桑卓玛");
  // The photograph came in pieces, and is drawn anew by the server too.
  await expect
    .poll(
      async () =>
        (await household()).attachments.map((one) => [one.width, one.height]),
      { timeout: 30_000 },
    )
    .toContainEqual([640, 480]);
  // Where it was taken never left the phone.
  const sent = await page.evaluate(() =>
    (window as unknown as { sent: () => Promise<string> }).sent(),
  );
  expect(sent).toContain("JFIF");
  expect(sent.length).toBeGreaterThan(1000);
  expect(sent).not.toContain(place);
  const status = await fetch(`${baseURL}/api/v1/receipts/${receipt}`);
  expect(status.status).toBe(200);

  // What the office made of it came back: its term, with the working.
  await page.goto(`/field/households/${id}`);
  await enterPin(page);
  const taken = page.getByRole("link", { name: /村口的路灯/ });
  await expect(taken).toHaveAttribute("href", /\/matters\//, {
    timeout: 20_000,
  });
  await taken.click();
  await expect(page.locator("main")).toContainText(receipt);
  await expect(page.locator(".due").first()).toBeVisible();
  await look(page, "field-matter-story");
  await context.close();
});

test("somebody else changed the same: both values, whose it is, and a person decides", async ({
  baseURL,
}) => {
  test.setTimeout(120_000);
  const { context, page, elsewhere, id, household } = await awayFrom(
    baseURL,
    2,
  );
  const path = `households/${id}/sections/housing`;
  const before = await household();
  await page
    .locator("#section-housing")
    .getByRole("link", { name: "修改" })
    .click();
  await page.getByLabel("房间数").fill("8");
  await page.getByLabel("说明").fill("东屋漏雨");
  await page.getByRole("button", { name: "保存" }).click();
  await expectState(page, "只在本机", 1);
  // At the desk, meanwhile.
  await elsewhere.patch(path, before.revision, { rooms: 6 });
  await context.setOffline(false);
  await expectState(page, "待处理", 1);
  expect((await household()).sections.housing).toMatchObject({ rooms: 6 });

  await page.goto("/field/waiting");
  await enterPin(page);
  await page.getByRole("link", { name: "去处理" }).click();
  await expect(page.locator("main")).toContainText("别人也改了同一项");
  await expect(page.locator(".conflict")).toContainText("6");
  await expect(page.locator(".conflict")).toContainText("8");
  await expect(page.locator(".conflict")).toContainText(
    officer("liaison").name,
  );
  await look(page, "field-conflict");
  // Nothing is decided by not looking.
  await page.getByRole("button", { name: "按这样处理" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await page.getByLabel("都不对，另写").check();
  await page.getByLabel("房间数").fill("9");
  await page.getByRole("button", { name: "按这样处理" }).click();
  await expect(page.locator(".state-aside")).toHaveCount(0);
  await expect
    .poll(async () => (await household()).sections.housing, { timeout: 20_000 })
    .toMatchObject({ rooms: 9, note: "东屋漏雨" });
  await context.close();
});
