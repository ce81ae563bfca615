import { expect } from "@playwright/test";
import { mockDesk, refuse } from "../support/desk";
import { look, test } from "../support/page";

const out = refuse(401, { code: "unauthenticated" });

test("a wrong password is told, and the way in stays open", async ({
  page,
}) => {
  await mockDesk(page, {
    lines: [
      ["GET", /^\/sessions\/current$/, out],
      [
        "POST",
        /^\/sessions$/,
        refuse(401, { code: "sessions.wrong_password" }),
      ],
    ],
  });
  await page.goto("/desk/");
  await expect(page.getByLabel("账号")).toBeFocused();
  await page.getByRole("button", { name: "登录" }).click();
  await expect(page.getByRole("alert")).toContainText("请输入账号");
  await page.getByLabel("账号").fill("wang");
  await page.getByLabel("密码").fill("not this one");
  await page.getByRole("button", { name: "登录" }).click();
  await expect(page.getByRole("alert")).toContainText("账号或密码不对");
  await look(page, "desk-sign-in");
});

test("whoever is signed in as a household is asked to sign in, not sent away", async ({
  page,
}) => {
  await mockDesk(page, {
    lines: [
      [
        "GET",
        /^\/sessions\/current$/,
        refuse(403, { code: "sessions.other_kind" }),
      ],
    ],
  });
  await page.goto("/desk/");
  await expect(page.getByLabel("账号")).toBeFocused();
});

test("too many tries say when to come back", async ({ page }) => {
  await mockDesk(page, {
    lines: [
      ["GET", /^\/sessions\/current$/, out],
      [
        "POST",
        /^\/sessions$/,
        (_path, route) =>
          void route.fulfill({
            status: 429,
            headers: { "Retry-After": "300" },
            json: { status: 429, code: "sessions.locked" },
          }),
      ],
    ],
  });
  await page.goto("/desk/");
  await page.getByLabel("账号").fill("wang");
  await page.getByLabel("密码").fill("again");
  await page.getByLabel("密码").press("Enter");
  await expect(page.getByRole("alert")).toContainText("5 分钟");
});

test("a one-time password is changed before anything else", async ({
  page,
}) => {
  await mockDesk(page, {
    lines: [
      [
        "GET",
        /^\/sessions\/current$/,
        refuse(403, { code: "sessions.password_must_be_changed" }),
      ],
    ],
  });
  await page.goto("/desk/matters");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(
    "设置新密码",
  );
  await look(page, "desk-password");
});

for (const roles of [
  ["liaison"],
  ["clerk", "handler"],
  ["supervisor"],
  ["administrator"],
]) {
  test(`the home page of ${roles.join(" and ")}`, async ({ page }) => {
    await mockDesk(page, { roles });
    await page.goto("/desk/");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(
      "王秀兰，您好",
    );
    await look(page, `desk-home-${roles[0]}`);
  });
}

test("one character finds households, by keyboard alone", async ({ page }) => {
  await mockDesk(page);
  await page.goto("/desk/");
  const box = page.getByRole("combobox", { name: "找户、找人" });
  await box.fill("张");
  await expect(page.getByRole("option")).toHaveCount(4);
  await box.press("ArrowDown");
  await box.press("Enter");
  await expect(page).toHaveURL(/\/desk\/households\//);
});
