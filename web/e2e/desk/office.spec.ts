import { expect } from "@playwright/test";
import { mockDesk, refuse } from "../support/desk";
import { look, lookAt, test } from "../support/page";

test("the wall's figures open the matters they count", async ({ page }) => {
  await mockDesk(page, { roles: ["supervisor"] });
  await page.goto("/desk/wall");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("诉求");
  await look(page, "desk-wall");
  await page
    .getByRole("row", { name: /白马乡/ })
    .getByRole("link", { name: "6", exact: true })
    .click();
  await expect(page).toHaveURL(/queue=late&area=990101105/);
});

test("pairing: coverage, a proposal and what was weighed", async ({ page }) => {
  await mockDesk(page, { roles: ["administrator"] });
  await page.goto("/desk/pairing");
  await expect(page.getByText("93.6%")).toBeVisible();
  await look(page, "desk-pairing");
  await page.getByRole("button", { name: "生成结对方案" }).click();
  await page.getByRole("button", { name: "生成方案" }).click();
  await expect(page).toHaveURL(/proposals/);
  await expect(page.getByText("干部的户数都满了")).toBeVisible();
  await look(page, "desk-proposal");
});

test("rotation due shows itself where the pairing office begins", async ({
  page,
}) => {
  await mockDesk(page, { roles: ["administrator"] });
  await page.goto("/desk");
  const panel = page.getByRole("region", { name: "到期轮换" });
  await expect(panel.getByRole("listitem")).toHaveCount(1);
  await look(page, "desk-home-rotation");
  await page.goto("/desk/pairing");
  await panel.getByRole("link", { name: "全部" }).click();
  await expect(page).toHaveURL(/rotation/);
});

test("contact cards and sealed slips print in one run", async ({ page }) => {
  await mockDesk(page, { roles: ["administrator"] });
  await page.goto("/desk/pairing/cards?area=990101103207");
  await expect(page.locator(".slip")).toHaveCount(3);
  await look(page, "desk-cards");
  await page.goto("/desk/pairing/slips?area=990101103207");
  await page.getByRole("button", { name: "发卡并生成密封条" }).click();
  await expect(page.locator(".slip")).toHaveCount(3);
  await look(page, "desk-slips");
  await page.emulateMedia({ media: "print" });
  await expect(page.getByRole("navigation")).toHaveCount(0);
  await page.screenshot({ path: "screenshots/desk-slips-print.png" });
});

test("the auditor reads the log and verifies the chain", async ({ page }) => {
  await mockDesk(page, { roles: ["auditor"] });
  await page.goto("/desk/audit");
  await page.getByRole("button", { name: "现在核对" }).click();
  await expect(page.getByText("记录链完整")).toBeVisible();
  await look(page, "desk-audit");
});

test("an export is asked for by one and approved by another", async ({
  page,
}) => {
  await mockDesk(page, { roles: ["leader"] });
  await page.goto("/desk/exports");
  await expect(page.getByText("年度核对").first()).toBeVisible();
  await expect(page.getByRole("button", { name: "申请导出" })).toHaveCount(0);
  await look(page, "desk-exports");
  await page.getByRole("button", { name: "不批准" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "不批准" }).click();
  await expect(dialog.getByRole("alert")).toBeVisible();
  await dialog.getByRole("button", { name: "取消" }).click();
  await page.getByRole("button", { name: "批准", exact: true }).click();
  await lookAt(page, "desk-exports-approve");
  await dialog.getByRole("button", { name: "批准", exact: true }).click();
  await expect(page.getByText("已经保存")).toBeVisible();
});

test("the administrator asks for an export and fetches what was approved", async ({
  page,
}) => {
  await mockDesk(page, { roles: ["administrator"] });
  await page.goto("/desk/exports");
  await expect(page.getByRole("link", { name: "下载" })).toBeVisible();
  await page.getByRole("button", { name: "申请导出" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("导出什么").selectOption("households");
  await dialog.getByLabel("用途").fill("年度核对");
  await lookAt(page, "desk-exports-ask");
  await dialog.getByRole("button", { name: "申请导出" }).click();
  await expect(page.getByText("已经保存")).toBeVisible();
});

const pages = [
  ...["officers", "units", "areas", "categories", "rules"],
  ...["calendars", "settings", "fields", "imports", "upkeep"],
];
for (const name of pages) {
  test(`administration: ${name}`, async ({ page }) => {
    await mockDesk(page, { roles: ["administrator"] });
    await page.goto(`/desk/admin/${name}`);
    await expect(page.locator(".panel, table").first()).toBeVisible();
    await look(page, `desk-admin-${name}`);
    const add = page.getByRole("button", { name: "新增", exact: true });
    if (await add.count()) {
      await add.click();
      await lookAt(page, `desk-admin-${name}-add`);
    }
  });
}

test("a new officer's password is shown once", async ({ page }) => {
  await mockDesk(page, { roles: ["administrator"] });
  await page.goto("/desk/admin/officers");
  await page.getByRole("button", { name: "新增", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("姓名").fill("李建国");
  await dialog.getByLabel("账号").fill("li");
  const unit = dialog.getByRole("combobox", { name: "单位" });
  await unit.fill("水");
  await dialog.locator(".combo-option").first().click();
  await dialog.getByRole("button", { name: "保存" }).click();
  await expect(page.getByText("kato-7vem-9rul-3dip")).toBeVisible();
});

test("a field the software does not record is refused with the reason", async ({
  page,
}) => {
  await mockDesk(page, {
    roles: ["administrator"],
    lines: [
      [
        "POST",
        /^\/fields$/,
        refuse(422, {
          code: "boundaries.protected_category",
          errors: [
            {
              field: "label_zh",
              code: "boundaries.protected_category",
              detail: "本系统不登记宗教信仰。",
            },
          ],
        }),
      ],
    ],
  });
  await page.goto("/desk/admin/fields");
  await page.getByRole("button", { name: "新增", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("放在哪个板块").selectOption("residence");
  await dialog.getByLabel("中文名称").fill("宗教");
  await dialog.getByLabel("英文名称").fill("Religion");
  await dialog.getByLabel("代码").fill("religion");
  await dialog.getByLabel("填写方式").selectOption("text");
  await dialog.getByRole("button", { name: "保存" }).click();
  await expect(dialog.getByRole("alert")).toContainText("宗教");
});

test("an import says what is wrong row by row", async ({ page }) => {
  await mockDesk(page, { roles: ["administrator"] });
  await page.goto("/desk/admin/imports");
  await page.getByLabel("导入什么").selectOption("households");
  await page.getByLabel("选择文件").setInputFiles({
    name: "households.csv",
    mimeType: "text/csv",
    buffer: Buffer.from("a,b\n1,2\n"),
  });
  await page.getByRole("button", { name: "检查文件" }).click();
  await expect(page.getByText("没有这一天")).toBeVisible();
  await look(page, "desk-import-refused");
});
