import { expect } from "@playwright/test";
import { mockDesk } from "../support/desk";
import { look, test } from "../support/page";

test("my households stand by what is due", async ({ page }) => {
  await mockDesk(page);
  await page.goto("/desk/mine");
  await expect(page.getByRole("row")).toHaveCount(5);
  await look(page, "desk-mine");
  await page.goto("/desk/households");
  await expect(page.getByRole("row")).toHaveCount(5);
  await look(page, "desk-register");
});

test("a visit is written once; a sentence becomes a promise", async ({
  page,
}) => {
  let sent: Record<string, unknown> = {};
  await mockDesk(page, {
    lines: [
      [
        "POST",
        /^\/visits$/,
        (_path, route) => {
          sent = route.request().postDataJSON();
          return { id: "990101-0192f3a4-7c1e-7abc-8def-000000000420" };
        },
      ],
    ],
  });
  await page.goto(
    "/desk/visits/new?household=990101-0192f3a4-7c1e-7abc-8def-000000000100",
  );
  await page.getByRole("button", { name: "保存走访" }).click();
  await expect(page.getByRole("alert")).toContainText("请选择见到谁");
  await page.getByLabel("见到户主").check();
  const diary = page.getByLabel("日记");
  await diary.fill("水管夏天起就漏。下周一带水务站的人来看。");
  await diary.press("End");
  await diary.press("ArrowLeft");
  await page.getByRole("button", { name: "记为承诺" }).click();
  await expect(page.getByLabel("承诺 1")).toHaveValue(
    "下周一带水务站的人来看。",
  );
  await diary.press("Home");
  await page.getByRole("button", { name: "登记为诉求" }).click();
  const promise = page.getByRole("group", { name: "什么时候以前" });
  await promise.getByLabel("年").fill("2026");
  await promise.getByLabel("月").fill("11");
  await promise.getByLabel("日").fill("30");
  await look(page, "desk-visit-new");
  await page.getByRole("button", { name: "保存走访" }).click();
  await expect(page).toHaveURL(/matter=/);
  expect(sent).toMatchObject({
    met: "head",
    promises: [{ due: "2026-11-30" }],
  });
  await expect(page.getByText("要登记的诉求")).toBeVisible();
  await look(page, "desk-visit");
});

test("a date that is already complete is changed box by box", async ({
  page,
}) => {
  await mockDesk(page);
  await page.goto(
    "/desk/visits/new?household=990101-0192f3a4-7c1e-7abc-8def-000000000100",
  );
  const made = page.getByRole("group", { name: "哪天走访的" });
  for (const [box, wanted] of [
    ["日", "3"],
    ["月", "9"],
  ] as const) {
    await made.getByLabel(box).press("ControlOrMeta+a");
    await made.getByLabel(box).pressSequentially(wanted);
    await expect(made.getByLabel(box)).toHaveValue(wanted);
  }
  await expect(made.getByLabel("日")).toHaveValue("3");
});

test("nobody in: a neighbour's word is enough", async ({ page }) => {
  await mockDesk(page);
  await page.goto(
    "/desk/visits/new?household=990101-0192f3a4-7c1e-7abc-8def-000000000100",
  );
  await page.getByLabel("家里没人").check();
  await expect(page.getByText("怎么找到他们")).toBeVisible();
  await look(page, "desk-visit-absent");
});

test("plans, promises and visits made", async ({ page }) => {
  await mockDesk(page);
  await page.goto("/desk/visits");
  await look(page, "desk-visits");
  await page.getByRole("button", { name: "承诺", exact: true }).click();
  await expect(page).toHaveURL(/show=promises/);
});
