import {
  expect,
  request,
  type APIRequestContext,
  type Locator,
  type Page,
  test as base,
} from "@playwright/test";
import { test as quiet } from "../support/page";
import { accounts } from "./accounts";

export type Account = ReturnType<typeof accounts>["officers"][number];

export const title = (page: Page) => page.getByRole("heading", { level: 1 });

/** Somebody of the demo county whose role it is, and who fits. */
export function officer(
  role: string,
  fits: (one: Account) => boolean = () => true,
): Account {
  const found = accounts().officers.find(
    (one) => one.role === role && fits(one),
  );
  if (!found) throw new Error(`nobody fits as ${role}`);
  return found;
}

interface Watch {
  /** Requests that have not been answered yet. */
  open: number;
  begun: number;
  refused: string[];
}
const watches = new WeakMap<Page, Watch>();

/** A test that knows what its page is waiting for and what it was refused. */
export const test = quiet.extend<{ watched: undefined }>({
  watched: [
    async ({ page }, use) => {
      const watch: Watch = { open: 0, begun: 0, refused: [] };
      watches.set(page, watch);
      const over = () => (watch.open -= 1);
      page.on("request", () => {
        watch.open += 1;
        watch.begun += 1;
      });
      page.on("requestfinished", over);
      page.on("requestfailed", over);
      page.on("response", (response) => {
        const asksWhoIsThere = response.url().endsWith("/sessions/current");
        if (response.status() >= 400 && !asksWhoIsThere)
          watch.refused.push(`${response.status()} ${response.url()}`);
      });
      await use(undefined);
    },
    { auto: true },
  ],
});

/** Every answer of the program that was a refusal, for a story in which none should be. */
export const refused = (page: Page) => watchOf(page).refused;

function watchOf(page: Page): Watch {
  const watch = watches.get(page);
  if (!watch) throw new Error("This page is not watched.");
  return watch;
}

/** A page with its heading, nothing on the way, and nothing begun while we looked. */
export async function settled(page: Page) {
  const watch = watchOf(page);
  await expect(async () => {
    const begun = watch.begun;
    await expect(title(page)).toBeVisible();
    await expect(page.locator(".waiting")).toHaveCount(0, { timeout: 1000 });
    await page.waitForTimeout(80);
    expect(watch.open).toBe(0);
    expect(watch.begun).toBe(begun);
  }).toPass({ timeout: 15_000, intervals: [20, 50, 100] });
}

export async function open(page: Page, path: string) {
  await page.goto(path);
  await settled(page);
}

export async function signIn(page: Page, { login, password }: Account) {
  await page.context().clearCookies();
  await page.goto("/desk/");
  await page.getByLabel("账号").fill(login);
  await page.getByLabel("密码").fill(password);
  await page.getByRole("button", { name: "登录" }).click();
  await expect(page.getByRole("button", { name: "退出登录" })).toBeVisible();
  await settled(page);
}

/** What somebody else does meanwhile, without a browser: the same calls an outside client makes. */
export class Elsewhere {
  private constructor(private readonly calls: APIRequestContext) {}

  static async officer({ login, password }: Account): Promise<Elsewhere> {
    return Elsewhere.#come("sessions", { login, password });
  }
  static async resident(card_number: string, pin: string): Promise<Elsewhere> {
    return Elsewhere.#come("resident_sessions", { card_number, pin });
  }

  static async #come(door: string, data: object): Promise<Elsewhere> {
    const baseURL = base.info().project.use.baseURL;
    const guest = await request.newContext({ ...(baseURL && { baseURL }) });
    const session = await new Elsewhere(guest).post<{ token: string }>(
      door,
      data,
    );
    await guest.dispose();
    return new Elsewhere(
      await request.newContext({
        ...(baseURL && { baseURL }),
        extraHTTPHeaders: { Authorization: `Bearer ${session.token}` },
      }),
    );
  }

  async get<Answer>(path: string): Promise<Answer> {
    return this.#ask("get", path);
  }
  async post<Answer>(path: string, data: object): Promise<Answer> {
    return this.#ask("post", path, { data });
  }
  async remove(path: string): Promise<void> {
    const answer = await this.calls.delete(`/api/v1/${path}`);
    if (!answer.ok()) throw new Error(`delete ${path}: ${answer.status()}`);
  }
  async patch<Answer>(
    path: string,
    revision: number,
    data: object,
  ): Promise<Answer> {
    const headers = { "If-Match": `"${revision}"` };
    return this.#ask("patch", path, { data, headers });
  }

  async #ask<Answer>(
    verb: "get" | "post" | "patch",
    path: string,
    options = {},
  ): Promise<Answer> {
    const answer = await this.calls[verb](`/api/v1/${path}`, options);
    if (!answer.ok())
      throw new Error(
        `${verb} ${path}: ${answer.status()} ${await answer.text()}`,
      );
    return (await answer.json()) as Answer;
  }
}

/** The dialog that is open. */
export const dialog = (page: Page) => page.getByRole("dialog");

/** A date in its three boxes. */
export async function fillDate(place: Locator, label: string, date: string) {
  const group = place.getByRole("group", { name: label });
  const [year = "", month = "", day = ""] = date.split("-");
  await group.getByLabel("年").fill(year);
  await group.getByLabel("月").fill(String(Number(month)));
  await group.getByLabel("日").fill(String(Number(day)));
}

/** Types into a lookup and takes what is found under it. */
export async function pick(box: Locator, typed: string, note = "") {
  await box.fill(typed);
  const options = box.page().getByRole("option").filter({ hasText: typed });
  await options.filter({ hasText: note }).first().click();
}

/** A photograph, drawn here: no picture of anybody is in the tree. */
export async function picture(page: Page) {
  const base64 = await page.evaluate(() => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [640, 480];
    const brush = canvas.getContext("2d");
    if (!brush) throw new Error("nothing to draw with");
    brush.fillStyle = "#7a9e7e";
    brush.fillRect(0, 0, 640, 480);
    brush.fillStyle = "#4f6d8f";
    brush.fillRect(0, 300, 640, 60);
    return canvas.toDataURL("image/jpeg", 0.8).split(",")[1] ?? "";
  });
  return { mimeType: "image/jpeg", buffer: Buffer.from(base64, "base64") };
}

/** A picture of the page as it stands, for whoever looks at the run. */
export async function show(page: Page, name: string) {
  const fullPage = (await dialog(page).count()) === 0;
  await page.screenshot({ path: `screenshots/live-${name}.png`, fullPage });
}
