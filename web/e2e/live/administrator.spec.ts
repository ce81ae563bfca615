import { expect, type Page } from "@playwright/test";
import { accounts } from "./accounts";
import {
  dialog,
  Elsewhere,
  fillDate,
  officer,
  open,
  pick,
  settled,
  show,
  signIn,
  test,
} from "./office";
import { csv, xlsx } from "./sheet";

type File = ReturnType<typeof csv>;

test.use({ viewport: { width: 1280, height: 900 } });

async function check(page: Page, kind: string, file: File) {
  await open(page, "/desk/admin/imports");
  await page.getByLabel("导入什么").selectOption({ label: kind });
  await page.getByLabel("选择文件").setInputFiles(file);
  await page.getByRole("button", { name: "检查文件" }).click();
  await settled(page);
}
async function refused(page: Page, kind: string, file: File) {
  await check(page, kind, file);
  await expect(page.locator("main")).toContainText("什么都没有写入");
  return page.getByRole("table", { name: "需要改正的行" });
}
async function applied(page: Page, kind: string, file: File) {
  await check(page, kind, file);
  await expect(page.locator("main")).toContainText("检查通过");
  await page.getByRole("button", { name: "全部写入" }).click();
  await expect(page.locator("main")).toContainText("已全部写入");
}

test("an administrator brings in a township from files: wrong rows named, nothing half imported, twice changes nothing", async ({
  page,
}) => {
  test.setTimeout(120_000);
  const office = await Elsewhere.officer(officer("administrator"));
  const known = async (path: string) =>
    (await office.get<{ items: unknown[] }>(path)).items.length;
  await signIn(page, officer("administrator"));

  const areas = [
    "代码,名称",
    "990101188,石桥镇",
    "990101188200,桥头村",
    "990101188200001,一组",
  ];
  let wrong = await refused(
    page,
    "区域",
    csv("areas.csv", ...areas, "9901A1,错码村", "510104,外县"),
  );
  await expect(wrong.getByRole("row").nth(1)).toContainText("5");
  await expect(wrong.getByRole("row").nth(1)).toContainText("9901A1");
  await expect(wrong).toContainText("6");
  await show(page, "import-areas-wrong");
  expect(await known("areas?q=石桥")).toBe(0);
  await applied(page, "区域", csv("areas.csv", ...areas));
  expect(await known("areas?q=石桥")).toBe(1);
  await check(page, "区域", csv("areas.csv", ...areas));
  await expect(page.locator("main")).toContainText("新增 0，修改 0，不变 3");

  const units = "单位名称,区域代码,单位类型,上级单位";
  wrong = await refused(
    page,
    "单位",
    csv("units.csv", units, "石桥镇人民政府,990101188,飞船,"),
  );
  await expect(wrong).toContainText("单位类型");
  await applied(
    page,
    "单位",
    csv("units.csv", units, "石桥镇人民政府,990101188,乡镇,"),
  );

  const officers = "姓名,账号,单位,职务,角色";
  wrong = await refused(
    page,
    "人员",
    csv("officers.csv", officers, "冉小桥,ran.xq,没有的单位,干事,联系干部"),
  );
  await expect(wrong).toContainText("没有的单位");
  await applied(
    page,
    "人员",
    csv("officers.csv", officers, "冉小桥,ran.xq,石桥镇人民政府,干事,联系干部"),
  );
  const password = await page.locator("dd code").textContent();
  await show(page, "import-officers");

  const households = "户号,区域代码,姓名,与户主关系,性别,出生日期,住址";
  const family = [
    "SQ-1,990101188200001,盘大山,户主,男,1961-04-05,桥头第一户",
    "SQ-1,990101188200001,盘小妹,女儿,女,1990-01-02,桥头第一户",
  ];
  wrong = await refused(
    page,
    "户情",
    csv(
      "households.csv",
      households,
      ...family,
      "SQ-2,990101188200001,蓝阿婆,户主,女,1950-13-40,桥头第二户",
    ),
  );
  await expect(wrong.getByRole("row").nth(1)).toContainText(/^\s*4/);
  await expect(wrong.getByRole("row").nth(1)).toContainText(
    "出生日期没有这一天：1950-13-40",
  );
  await show(page, "import-households-wrong");
  expect(await known("households?q=盘大山")).toBe(0);
  wrong = await refused(
    page,
    "户情",
    csv("households.csv", `${households},民族`, `${family[0]},不写`),
  );
  await expect(wrong).toContainText("民族");
  await applied(page, "户情", xlsx("households.xlsx", households, ...family));
  expect(await known("households?q=盘大山")).toBe(1);
  await check(page, "户情", xlsx("households.xlsx", households, ...family));
  await expect(page.locator("main")).toContainText("新增 0，修改 0");
  await show(page, "import-households");

  // The officer of the file signs in with the password shown once, and must choose another.
  await page.context().clearCookies();
  await page.goto("/desk/");
  await page.getByLabel("账号").fill("ran.xq");
  await page.getByLabel("密码").fill(password ?? "");
  await page.getByRole("button", { name: "登录" }).click();
  await page.getByLabel("现在的密码").fill(password ?? "");
  await page
    .getByLabel("新密码", { exact: true })
    .fill("山高水长 过了桥就是家门口");
  await page.getByLabel("再输一遍新密码").fill("山高水长 过了桥就是家门口");
  await page.getByRole("button", { name: "更换密码" }).click();
  await expect(page.getByRole("button", { name: "退出登录" })).toBeVisible();
});

test("an administrator keeps rules, categories, rest days, quotas and the county's own fields", async ({
  page,
}) => {
  await signIn(page, officer("administrator"));
  const year = new Date().getFullYear() + 1;

  await open(page, "/desk/admin/categories");
  await page.getByRole("button", { name: "新增" }).click();
  await dialog(page).getByLabel("代码").fill("bridge");
  await dialog(page).getByLabel("中文名称").fill("桥梁维护");
  await dialog(page).getByLabel("英文名称").fill("Bridges");
  await pick(dialog(page).getByLabel("通常由谁办"), "交通运输局");
  await dialog(page).getByRole("button", { name: "保存" }).click();
  await expect(dialog(page)).toHaveCount(0);
  await expect(page.getByRole("table")).toContainText("桥梁维护");
  await show(page, "admin-categories");

  await open(page, "/desk/admin/rules");
  await page.getByRole("button", { name: "试算" }).first().click();
  await page.getByRole("button", { name: "试算", exact: true }).last().click();
  await page.getByRole("button", { name: "新增" }).click();
  const rule = dialog(page);
  await rule.getByLabel("规则", { exact: true }).fill("bridge.answer");
  await rule.getByLabel("用于哪一步").fill("answer");
  await fillDate(rule, "生效日期", `${year}-01-01`);
  await rule.getByLabel("长短").fill("7");
  await rule.getByLabel("单位", { exact: true }).selectOption("working_days");
  await rule.getByLabel("分类").fill("bridge");
  await rule.getByLabel("依据条文").fill("本县桥梁管理办法第三条");
  await rule.getByLabel("给群众看的说明（中文）").fill("七个工作日内答复。");
  await rule
    .getByLabel("给群众看的说明（英文）")
    .fill("Answered within seven working days.");
  await show(page, "admin-rule");
  await rule.getByRole("button", { name: "先看会怎样" }).click();
  const preview = page.getByRole("dialog", { name: /改了会怎样/ });
  await expect(preview).toContainText("这是一条新规则");
  await expect(preview).toContainText("hotline.answer");
  await expect(preview).toContainText("还没有放假安排");
  await show(page, "admin-rule-preview");
  await preview.getByRole("button", { name: /^确定/ }).click();
  await expect(rule).toHaveCount(0);
  await expect(page.getByRole("table")).toContainText("bridge.answer");

  await open(page, "/desk/admin/calendars");
  await page.getByRole("button", { name: /载入 \d+ 年/ }).click();
  await dialog(page).getByLabel("放假日").fill(`${year}-01-01 元旦`);
  await dialog(page).getByLabel("依据的通知").fill("试填");
  await dialog(page).getByRole("button", { name: "保存" }).click();
  await expect(dialog(page)).toHaveCount(0);
  await expect(page.getByRole("table")).toContainText("试填");
  await show(page, "admin-calendars");

  await open(page, "/desk/admin/settings");
  const quota = page.getByLabel(/结对户数$/).first();
  await quota.fill("9");
  await page.getByRole("button", { name: "保存" }).click();
  await expect(page.getByText("已经保存。")).toBeVisible();
  await open(page, "/desk/admin/settings");
  await expect(quota).toHaveValue("9");
  await show(page, "admin-settings");

  await open(page, "/desk/admin/fields");
  await page.getByRole("button", { name: "新增" }).click();
  const field = dialog(page);
  await field.getByLabel("放在哪个板块").selectOption("housing");
  await field.getByLabel("中文名称").fill("民族");
  await field.getByLabel("英文名称").fill("Group");
  await field.getByLabel("代码").fill("minzu");
  await field.getByLabel("填写方式").selectOption("text");
  await field.getByRole("button", { name: "保存" }).click();
  await expect(field.getByRole("alert")).toContainText("民族成份不登记");
  await field.getByLabel("中文名称").fill("上次换瓦");
  await field.getByLabel("英文名称").fill("Roof last tiled");
  await field.getByLabel("代码").fill("roof_tiled");
  await field.getByLabel("填写方式").selectOption("date");
  await field.getByRole("button", { name: "保存" }).click();
  await expect(field).toHaveCount(0);

  // The liaison officer fills it in by year, month and day; the household reads its name and value.
  const liaison = officer("liaison");
  const resident = accounts().residents.find(
    ({ officer_login }) => officer_login === liaison.login,
  );
  if (!resident) throw new Error("no household of theirs has a card");
  await signIn(page, liaison);
  await open(page, `/desk/households/${resident.household_id}?purpose=visit`);
  // Languages go by the names the county gives them, not by codes.
  await expect(page.locator("main")).toContainText(/普通话|云岭话|高山话/);
  await expect(page.locator("main")).not.toContainText("zh-");
  await page.getByRole("button", { name: /修改.*住房/ }).click();
  await fillDate(page.locator("#section-housing"), "上次换瓦", "2024-10-02");
  await page.getByRole("button", { name: "保存" }).click();
  await expect(page.locator("#section-housing")).toContainText("2024年10月2日");
  await page.context().clearCookies();
  await page.goto("/sign-in");
  await page.getByLabel("卡号").fill(resident.card_number);
  await page.getByLabel("密码").fill(resident.pin);
  await page.getByRole("button", { name: "登录", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("我的户");
  await open(page, "/household/record/housing");
  await expect(page.locator("main")).toContainText("上次换瓦");
  await expect(page.locator("main")).toContainText("2024年10月2日");
  await show(page, "resident-own-field");
});
