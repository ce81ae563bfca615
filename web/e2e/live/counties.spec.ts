// Two counties behind one address: whoever comes is asked once which one is meant.
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@playwright/test";
import {
  expectAccessible,
  expectNoOverflow,
  speak,
  test,
} from "../support/page";
import { show, title } from "./office";

const web = join(import.meta.dirname, "../..");
const huiyin = process.env.HUIYIN ?? "../build/huiyin";
const folder = join(web, ".live-counties");
const port = Number(process.env.WEB_PORT ?? 4188) + 6;
const address = `http://127.0.0.1:${port}`;
let server: ChildProcess;
let password = "";

function huiyinSays(...words: string[]) {
  return execFileSync(huiyin, words, { cwd: web, encoding: "utf8" });
}
function makeCounty(name: string, code: string) {
  const data = join(folder, code);
  huiyinSays(
    "county",
    "create",
    ...["--data", data, "--code", code],
    ...["--name", name],
  );
  return data;
}

test.beforeAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  makeCounty("永安县", "990101");
  const data = makeCounty("古叶县", "990102");
  const who = ["--login", "clerk", "--name", "受理员", "--role", "clerk"];
  const told = huiyinSays("user", "add", "--data", data, ...who);
  password = /password: (\S+)/.exec(told)?.[1] ?? "";
  const routes = join(folder, "routes");
  // The third county's folder is not there: its database cannot be opened.
  writeFileSync(routes, "990101 990101\n990102 990102\n990103 990103\n");
  server = spawn(
    huiyin,
    [
      "serve",
      "--routes",
      routes,
      "--listen",
      `127.0.0.1:${port}`,
      "--web",
      "dist",
    ],
    {
      cwd: web,
      stdio: "ignore",
    },
  );
  await expect
    .poll(
      () =>
        fetch(`${address}/readyz`).then(
          (reply) => reply.ok,
          () => false,
        ),
      { timeout: 30_000 },
    )
    .toBe(true);
});
test.afterAll(() => {
  server.kill();
});

test("a resident chooses the county once, and can choose another", async ({
  page,
}) => {
  await page.goto(`${address}/notices`);
  await expect(title(page)).toHaveText("您要找的是哪个县？");
  await expect(page.getByRole("button", { name: "990103" })).toBeDisabled();
  await expect(page.getByText("暂时连不上")).toBeVisible();
  await expectAccessible(page);
  await expectNoOverflow(page, "choosing a county");
  await show(page, "county-choice");

  await page.getByRole("button", { name: "古叶县" }).press("Enter");
  await expect(title(page)).toHaveText("公示栏");
  // Remembered: another page asks for the same county.
  const [asked] = await Promise.all([
    page.waitForRequest("**/api/v1/notices**"),
    page.reload(),
  ]);
  expect(asked.headers()["huiyin-county"]).toBe("990102");

  await page.getByRole("button", { name: "换一个县" }).click();
  await speak(page, "en");
  await expect(title(page)).toHaveText("Which county is it for?");
  await page.getByRole("button", { name: "永安县" }).click();
  await expect(title(page)).toHaveText("Notice board");
});

test("an officer signs in to the county that was chosen", async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto(`${address}/desk/`);
  await expect(title(page)).toHaveText("您要找的是哪个县？");
  await show(page, "county-choice-desk");
  await page.getByRole("button", { name: "古叶县" }).click();
  await page.getByLabel("账号").fill("clerk");
  await page.getByLabel("密码").fill(password);
  await page.getByRole("button", { name: "登录", exact: true }).click();
  await expect(title(page)).toHaveText(/密码/);
});
