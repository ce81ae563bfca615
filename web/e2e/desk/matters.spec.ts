import { expect } from "@playwright/test";
import { mockDesk, refuse } from "../support/desk";
import { look, lookAt, test } from "../support/page";

test("the queue is walked and worked by keyboard", async ({ page }) => {
  await mockDesk(page);
  await page.goto("/desk/matters");
  await expect(page.getByRole("row")).toHaveCount(6);
  await look(page, "desk-queue");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  await expect(
    page.getByRole("link", { name: /三组的水管裂了/ }),
  ).toBeFocused();
  await page.keyboard.press("a");
  await expect(page.getByRole("dialog")).toContainText("接办");
  await page.getByRole("button", { name: "取消" }).click();
  await page.keyboard.press("r");
  await page.getByRole("button", { name: "退回", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("请写明理由");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/desk\/matters\/990101-/);
});

test("what the list is narrowed to stands in the address", async ({ page }) => {
  await mockDesk(page);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto("/desk/matters?queue=late&q=水管");
  await expect(page.getByRole("button", { name: "已超期" })).toHaveAttribute(
    "aria-current",
    "true",
  );
  await page.getByLabel("状态").selectOption("answered");
  await expect(page).toHaveURL(/state=answered/);
  const last = asked.filter((url) => url.includes("/api/v1/matters?")).at(-1);
  expect(last).toContain("queue=late");
  expect(last).toContain("state=answered");
});

test("a matter is one story, and every act asks what it needs", async ({
  page,
}) => {
  await mockDesk(page);
  await page.goto("/desk/matters/990101-0192f3a4-7c1e-7abc-8def-000000000200");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(
    "三组的水管裂了半个月，一直没人来修",
  );
  await look(page, "desk-matter");
  const acts = page.getByRole("group", { name: "可以做的" });
  for (const name of await acts.getByRole("button").allInnerTexts()) {
    await acts.getByRole("button", { name, exact: true }).click();
    await expect(page.getByRole("dialog")).toContainText(name);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);
  }
});

test("an answer gives each point its outcome", async ({ page }) => {
  let sent: unknown;
  await mockDesk(page);
  page.on("request", (request) => {
    if (request.method() === "POST") sent = request.postDataJSON();
  });
  await page.goto("/desk/matters/990101-0192f3a4-7c1e-7abc-8def-000000000200");
  await page.getByRole("button", { name: "答复", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("总的答复").fill("水管已经修好。");
  await dialog.getByLabel("结果").nth(0).selectOption("done");
  await dialog.getByLabel("这一点的答复").nth(0).fill("换了八十米水管。");
  await dialog.getByLabel("结果").nth(1).selectOption("refused");
  await dialog.getByLabel("这一点的答复").nth(1).fill("已经通水。");
  await dialog.getByRole("button", { name: "答复", exact: true }).click();
  await expect(dialog.getByRole("alert")).toContainText("请写明依据");
  await lookAt(page, "desk-answer");
  await dialog.getByLabel("依据").fill("供水办法第十条");
  await dialog.getByRole("button", { name: "答复", exact: true }).click();
  await expect(dialog).toHaveCount(0);
  expect(sent).toMatchObject({
    asks: [
      { outcome: "done", text: "换了八十米水管。" },
      { outcome: "refused", rule: "供水办法第十条" },
    ],
  });
});

test("a refusal of the server is said in a sentence", async ({ page }) => {
  await mockDesk(page, {
    lines: [
      [
        "POST",
        /\/note$/,
        refuse(409, { code: "matters.already_settled", detail: "x" }),
      ],
    ],
  });
  await page.goto("/desk/matters/990101-0192f3a4-7c1e-7abc-8def-000000000200");
  await page.getByRole("button", { name: "记一笔" }).click();
  await page.getByRole("dialog").getByLabel("说明").fill("x");
  await page
    .getByRole("dialog")
    .getByRole("button", { name: "记一笔" })
    .click();
  await expect(page.getByRole("alert")).toContainText("这件事已经办结");
});
