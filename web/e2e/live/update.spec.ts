import { expect } from "@playwright/test";
import { createServer, request, type Server } from "node:http";
import { Elsewhere, officer, test } from "./office";
import {
  arrive,
  enterPin,
  expectState,
  installed,
  newDisk,
  openPhone,
} from "./phone";

const port = Number(process.env.WEB_PORT ?? 4188) + 5;
const address = `http://127.0.0.1:${port}`;

/** Between the phone and the county: it may hand out a newer app, and keep the office out of reach. */
class Between {
  newer = false;
  closed = false;
  #server: Server;

  constructor(to: string) {
    this.#server = createServer((asked, answer) => {
      if (this.closed && asked.url?.startsWith("/api/")) {
        answer.writeHead(503).end();
        return;
      }
      const { url = "/", method, headers } = asked;
      const passed = request(new URL(url, to), { method, headers }, (got) => {
        if (!this.newer || url !== "/field/sw.js") {
          answer.writeHead(got.statusCode ?? 502, got.headers);
          got.pipe(answer);
          return;
        }
        let text = "";
        got.on("data", (piece) => (text += String(piece)));
        got.on("end", () => {
          answer.setHeader("Content-Type", "text/javascript");
          answer.end(text.replace(/version = "\w+"/, 'version = "newer"'));
        });
      });
      // The whole text as it is, whatever the browser has of it.
      if (url === "/field/sw.js")
        for (const name of ["accept-encoding", "if-none-match"])
          passed.removeHeader(name);
      passed.on("error", () => answer.destroy());
      asked.pipe(passed);
    }).listen(port, "127.0.0.1");
  }
  stop() {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

test("a newer app waits for the form to be closed, and for the officer; unsent work outlives it", async ({
  baseURL,
}) => {
  test.setTimeout(120_000);
  const elsewhere = await Elsewhere.officer(officer("liaison"));
  const between = new Between(baseURL ?? "");
  const { context, page } = await openPhone(newDisk(), address);
  await page.goto("/field/");
  await arrive(page, officer("liaison"));
  await installed(page);
  // The households are here before the office is out of reach.
  const second = page.locator(".home-name").nth(1);
  await expect(second).toBeVisible();
  between.closed = true;
  await second.click();
  await page.getByRole("link", { name: "写走访记录" }).first().click();
  const id = /households\/([^/?]+)/.exec(page.url())?.[1] ?? "";
  await page.getByLabel("见到户主").check();
  await page.getByLabel("日记").fill("换版本以前写的。");
  await page.getByRole("button", { name: "保存走访" }).click();
  await expectState(page, "只在本机", 1);

  between.newer = true;
  await page.getByRole("link", { name: "写走访记录" }).first().click();
  await page.getByLabel("日记").fill("正写着。");
  await page.evaluate(async () => {
    await (await navigator.serviceWorker.ready).update();
  });
  const take = page.getByRole("button", { name: "换成新版本" });
  await take.click();
  await expect(page.getByText("还有表格开着")).toBeVisible();
  await expect(page.getByLabel("日记")).toHaveValue("正写着。");
  await page.getByLabel("日记").fill("");
  await page.locator(".back-link").click();
  await expect(page.getByRole("heading", { name: "住房" })).toBeVisible();
  const loaded = page.waitForEvent("load");
  await take.click();
  await loaded;
  await enterPin(page);
  await expectState(page, "只在本机", 1);
  await expect(take).toHaveCount(0);
  expect(await page.evaluate(() => caches.keys())).toEqual(["field-newer"]);

  between.closed = false;
  await page.getByRole("button", { name: "发送并更新" }).click();
  await expectState(page, "已入档", 1);
  const { items } = await elsewhere.get<{ items: { diary: string }[] }>(
    `visits?household_id=${id}&limit=50`,
  );
  expect(items.filter(({ diary }) => diary === "换版本以前写的。").length).toBe(
    1,
  );
  await context.close();
  between.stop();
});
