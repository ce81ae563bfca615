import { expect } from "@playwright/test";
import { mockDesk, refuse } from "../support/desk";
import { look, test } from "../support/page";

test("a matter is taken by keyboard, from the words to the receipt", async ({
  page,
}) => {
  let sent: Record<string, unknown> = {};
  await mockDesk(page);
  page.on("request", (request) => {
    if (request.method() === "POST") sent = request.postDataJSON();
  });
  await page.goto("/desk/intake");
  await expect(page.getByLabel("事情经过")).toBeFocused();
  await page.keyboard.type("1、三组的水管裂了，快点修\n2、修好以前送水");
  await expect(page.getByText("有 1 件相近的")).toBeVisible();
  await page.getByRole("button", { name: "按行拆分正文" }).click();
  await expect(page.getByLabel("第 2 点", { exact: true })).toHaveValue(
    "修好以前送水",
  );
  await page.getByRole("combobox", { name: "分类" }).fill("水");
  await expect(page.locator(".combo-option")).toHaveCount(2);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await look(page, "desk-intake");
  await page.getByLabel("事情经过").press("Control+Enter");
  await expect(page.getByText("7K3M-9QXT-4")).toBeVisible();
  expect(sent).toMatchObject({
    channel: "counter",
    category: "water.supply",
    asks: [{ text: "三组的水管裂了，快点修" }, { text: "修好以前送水" }],
  });
  await look(page, "desk-receipt");
});

test("what the server refuses is told at its field", async ({ page }) => {
  await mockDesk(page, {
    lines: [
      [
        "POST",
        /^\/matters$/,
        refuse(422, {
          code: "invalid_input",
          errors: [{ field: "contact.phone", code: "not_a_phone" }],
        }),
      ],
    ],
  });
  await page.goto("/desk/intake");
  await page.getByLabel("事情经过").fill("水管裂了");
  await page.getByLabel("电话").fill("abc");
  await page.getByRole("button", { name: "登记并出回执" }).click();
  await expect(page.locator("#field-contact-phone-error")).toContainText(
    "电话号码",
  );
});

test("a complaint can name an official, and nobody of the complainant", async ({
  page,
}) => {
  await mockDesk(page);
  await page.goto("/desk/intake");
  await page.getByLabel("类型").selectOption("complaint");
  await page.getByLabel("投诉的是谁").selectOption("officer");
  await expect(page.getByRole("combobox", { name: "工作人员" })).toBeVisible();
  await page.getByLabel("不留姓名").check();
  await expect(page.getByRole("combobox", { name: "是哪一户" })).toHaveCount(0);
});
