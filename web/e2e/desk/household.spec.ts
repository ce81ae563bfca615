import { expect } from "@playwright/test";
import { mockDesk, refuse } from "../support/desk";
import { look, lookAt, test } from "../support/page";

const address = "/desk/households/990101-0192f3a4-7c1e-7abc-8def-000000000100";

test("a record opens for a purpose, and for a reason where no relation is known", async ({
  page,
}) => {
  const asked: URL[] = [];
  await mockDesk(page, {
    lines: [
      [
        "GET",
        /^\/households\/[^/]+$/,
        (path, route) =>
          refuse(403, { code: "access.reason_needed" })(path, route),
      ],
    ],
  });
  page.on("request", (request) => asked.push(new URL(request.url())));
  await page.goto(address);
  await expect(page.getByText("户情资料只为办事打开")).toBeVisible();
  const reads = () => asked.filter((url) => /v1\/households\//.test(url.href));
  expect(reads()).toEqual([]);
  await look(page, "desk-gate");
  await page.getByLabel("走访", { exact: true }).check();
  await page.getByRole("button", { name: "打开" }).click();
  await expect(page.getByText("没有查到您与这一户的工作关系")).toBeVisible();
  await page.getByRole("button", { name: "打开" }).click();
  await expect(page.getByRole("alert")).toContainText("请写明理由");
});

test("ten sections, people and all that goes on stand on one page", async ({
  page,
}) => {
  await mockDesk(page);
  await page.goto(`${address}?purpose=visit`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("张德顺");
  await look(page, "desk-household");
});

test("a clash shows both values and overwrites nothing", async ({ page }) => {
  let tries = 0;
  const sent: unknown[] = [];
  await mockDesk(page, {
    lines: [
      [
        "PATCH",
        /\/sections\/housing$/,
        (path, route) => {
          sent.push(route.request().postDataJSON());
          tries += 1;
          if (tries > 1) return { name: "housing", fields: {}, revision: 9 };
          return refuse(412, {
            code: "stale",
            revision: 8,
            changes: [
              {
                field: "rooms",
                value: 6,
                by: "李建国",
                at: "2026-11-21T01:00:00.000Z",
              },
            ],
          })(path, route);
        },
      ],
    ],
  });
  await page.goto(`${address}?purpose=visit`);
  await page.getByRole("button", { name: /修改.*住房/ }).click();
  await page.getByLabel("房间数").fill("5");
  await lookAt(page, "desk-section-edit");
  await page.getByRole("button", { name: "保存" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("李建国");
  await expect(dialog).toContainText("6");
  await lookAt(page, "desk-conflict");
  await dialog.getByLabel("您写的").check();
  await dialog.getByRole("button", { name: "按选择保存" }).click();
  await expect(dialog).toHaveCount(0);
  expect(sent).toEqual([{ rooms: 5 }, { rooms: 5 }]);
});

test("when the head dies, another head is asked for", async ({ page }) => {
  let sent: unknown;
  await mockDesk(page);
  page.on("request", (request) => {
    if (request.method() === "POST") sent = request.postDataJSON();
  });
  await page.goto(`${address}?purpose=visit`);
  await page.getByLabel("家庭变动").selectOption("death");
  await page.getByRole("button", { name: "填写变动" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("谁去世了").selectOption({ index: 1 });
  await expect(dialog.getByLabel("新户主", { exact: true })).toBeVisible();
  await dialog
    .getByLabel("新户主", { exact: true })
    .selectOption({ label: "周玉珍 配偶" });
  await dialog.getByLabel("张小雨与新户主的关系").selectOption("grandchild");
  await dialog.getByLabel("年").fill("2026");
  await dialog.getByLabel("月").fill("11");
  await dialog.getByLabel("日").fill("20");
  await lookAt(page, "desk-life-event");
  await dialog.getByRole("button", { name: "记录变动" }).click();
  await expect(dialog).toHaveCount(0);
  expect(sent).toMatchObject({
    kind: "death",
    date: "2026-11-20",
    relations: [{ relation: "grandchild" }],
  });
});

test("somebody who may be known already is shown before saving", async ({
  page,
}) => {
  await mockDesk(page);
  await page.goto(`${address}?purpose=visit`);
  await page.getByRole("button", { name: "增加成员" }).click();
  await page.getByRole("dialog").getByLabel("姓名").fill("张小雨");
  await expect(page.getByText("可能已经登记过")).toBeVisible();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /历史.*住房/ }).click();
  await expect(page.getByRole("dialog")).toContainText("房间数");
});
