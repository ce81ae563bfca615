import { createHmac } from "node:crypto";
import { expect, type Page } from "@playwright/test";
import { expectAccessible } from "../support/page";
import { accounts } from "./accounts";
import {
  Elsewhere,
  officer,
  open,
  settled,
  show,
  signIn,
  test,
  title,
} from "./office";

/** What the authenticator on a telephone shows now (RFC 6238). */
function codeOf(secret: string): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret.replace(/\s/g, "")]
    .map((letter) => letters.indexOf(letter).toString(2).padStart(5, "0"))
    .join("");
  const bytes = bits.match(/.{8}/g) ?? [];
  const key = Buffer.from(bytes.map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const hash = createHmac("sha1", key).update(counter).digest();
  const number = hash.readUInt32BE((hash[19] ?? 0) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

/** Somebody no other story signs in as. */
const clerk = () => officer("clerk", (one) => one !== officer("clerk"));

async function narrow(page: Page, name: string) {
  await page.setViewportSize({ width: 390, height: 844 });
  await settled(page);
  await show(page, name);
  await page.setViewportSize({ width: 1280, height: 900 });
}

test.use({ viewport: { width: 1280, height: 900 } });

test("an officer sees where they are signed in, and ends what is not theirs", async ({
  page,
}) => {
  const me = clerk();
  const lost = await Elsewhere.officer(me);
  const lent = await Elsewhere.officer(me);
  const forgotten = await Elsewhere.officer(me);
  await signIn(page, me);
  await page.getByRole("link", { name: me.name }).click();
  await expect(title(page)).toHaveText("我的账号");
  const sessions = page.getByRole("region", { name: "登录在哪些地方" });
  await expect(sessions.getByRole("listitem")).toHaveCount(4);
  await expect(sessions).toContainText(
    "Linux 电脑，Chrome 浏览器 （就是这里）",
  );
  await expect(sessions).toContainText("127.0.0.1");
  await expectAccessible(page);
  await show(page, "account-1280");
  await narrow(page, "account-390");

  await sessions
    .getByRole("button", { name: /^退出：/ })
    .first()
    .click();
  await expect(sessions.getByRole("status")).toContainText("已经退出");
  await expect(sessions.getByRole("listitem")).toHaveCount(3);
  await sessions.getByRole("button", { name: "退出其他所有登录" }).click();
  await expect(sessions.getByRole("status")).toContainText(
    "已经退出其他 2 处登录",
  );
  await expect(sessions).toContainText("没有登录在其他地方");
  for (const elsewhere of [lost, lent, forgotten])
    await expect(elsewhere.get("sessions/current")).rejects.toThrow(/401/);
  await page.reload();
  await settled(page);
  await expect(title(page)).toHaveText("我的账号");
});

test("an officer sets up a second step, is asked for it, loses the telephone and is helped", async ({
  page,
}) => {
  test.setTimeout(120_000);
  const me = clerk();
  await signIn(page, me);
  await open(page, "/desk/account");
  const step = page.getByRole("region", { name: "登录的第二步" });
  await step.getByRole("button", { name: "设置第二步" }).click();
  await step.getByRole("button", { name: "继续" }).click();
  await expect(step.getByRole("alert")).toContainText("请输入密码");
  await step.getByLabel("密码").fill(me.password);
  await step.getByRole("button", { name: "继续" }).click();
  await expect(step.getByRole("img", { name: /二维码/ })).toBeVisible();
  const secret = (await step.locator(".secret").textContent()) ?? "";
  await expectAccessible(page);
  await show(page, "second-step-1280");
  await narrow(page, "second-step-390");

  await step.getByLabel("验证码").fill("12345");
  await step.getByRole("button", { name: "确认开启" }).click();
  await expect(step.getByRole("alert")).toContainText("验证码不对");
  await step.getByLabel("验证码").fill(codeOf(secret));
  await step.getByRole("button", { name: "确认开启" }).click();
  const codes = step.locator(".recovery-codes li");
  await expect(codes).toHaveCount(10);
  const recovery = (await codes.nth(4).textContent()) ?? "";
  await show(page, "recovery-codes-1280");
  await narrow(page, "recovery-codes-390");
  await step.getByRole("button", { name: "我已经抄好" }).click();
  await expect(step).toContainText("还有 10 个备用码没有用过");

  await page.getByRole("button", { name: "退出登录" }).click();
  await page.getByLabel("账号").fill(me.login);
  await page.getByLabel("密码").fill(me.password);
  await page.getByRole("button", { name: "登录" }).click();
  const code = page.getByLabel("验证码");
  await expect(code).toBeFocused();
  await expectAccessible(page);
  await show(page, "sign-in-code-1280");
  await page.getByRole("button", { name: "English" }).click();
  await narrow(page, "sign-in-code-en-390");
  await page.getByRole("button", { name: "中文" }).click();
  await code.fill("000000");
  await page.getByRole("button", { name: "登录" }).click();
  await expect(page.getByRole("alert")).toContainText("验证码不对");
  await code.fill(recovery.toUpperCase().replaceAll("-", " "));
  await page.getByRole("button", { name: "登录" }).click();
  await expect(page.getByRole("button", { name: "退出登录" })).toBeVisible();
  await open(page, "/desk/account");
  await expect(step).toContainText("还有 9 个备用码没有用过");
  await page.getByRole("button", { name: "English" }).click();
  await show(page, "account-en-1280");
  await narrow(page, "account-en-390");
  await page.getByRole("button", { name: "中文" }).click();

  await signIn(page, officer("administrator"));
  await open(page, "/desk/admin/officers");
  await page.getByLabel("姓名").fill(me.name);
  await page.getByRole("button", { name: "查找", exact: true }).click();
  await settled(page);
  await page
    .getByRole("row")
    .filter({ hasText: me.login })
    .getByRole("button", { name: /登录和角色/ })
    .click();
  const more = page.getByRole("dialog");
  await more.getByRole("button", { name: "取消登录的第二步" }).click();
  await expect(more).toContainText("第二步已经取消");
  await show(page, "officer-more-1280");

  await signIn(page, me);
  await open(page, "/desk/inbox");
  await expect(page.locator("main")).toContainText("登录的第二步已被取消");
});

test("a household sees where it is signed in", async ({ page }) => {
  const resident = accounts().residents.at(-1);
  if (!resident) throw new Error("The demo county has no household card.");
  const phone = await Elsewhere.resident(resident.card_number, resident.pin);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/sign-in");
  await page.getByLabel("卡号").fill(resident.card_number);
  await page.getByLabel("密码").fill(resident.pin);
  await page.getByRole("button", { name: "登录", exact: true }).click();
  await expect(title(page)).toHaveText("我的户");
  await page.getByRole("link", { name: "登录在哪些地方" }).click();
  await expect(title(page)).toHaveText("登录在哪些地方");
  await expect(page.locator(".session")).toHaveCount(2);
  await expectAccessible(page);
  await show(page, "resident-sessions-390");
  await page.getByRole("button", { name: "退出其他所有登录" }).click();
  await expect(page.getByRole("status").first()).toContainText(
    "已经退出其他 1 处登录",
  );
  await expect(phone.get("resident_sessions/current")).rejects.toThrow(/401/);
});
