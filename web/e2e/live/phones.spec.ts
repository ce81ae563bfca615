import { webcrypto } from "node:crypto";
import { expect, type Page } from "@playwright/test";
import { expectAccessible } from "../support/page";
import {
  dialog,
  Elsewhere,
  officer,
  open,
  settled,
  show,
  signIn,
  test,
  title,
} from "./office";

const { subtle } = webcrypto;
const text = (plain: string) => new TextEncoder().encode(plain);

/** What a phone does that keeps an act for the server: only the server can open it. */
async function sealed(plain: string, serverKey: string): Promise<string> {
  const open = Buffer.from(serverKey, "base64url");
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const server = await subtle.importKey("raw", open, curve, true, []);
  const own = await subtle.generateKey(curve, true, ["deriveBits"]);
  const ephemeral = Buffer.from(await subtle.exportKey("raw", own.publicKey));
  const shared = await subtle.deriveBits(
    { name: "ECDH", public: server },
    own.privateKey,
    256,
  );
  const key = await subtle.deriveKey(
    {
      name: "HKDF",
      hash: "SHA-256",
      salt: Buffer.concat([ephemeral, open]),
      info: text("huiyin outbox"),
    },
    await subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]),
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt"],
  );
  const iv = webcrypto.getRandomValues(new Uint8Array(12));
  const cipher = await subtle.encrypt(
    { name: "AES-GCM", iv },
    key,
    text(plain),
  );
  return Buffer.concat([ephemeral, iv, Buffer.from(cipher)]).toString(
    "base64url",
  );
}

interface Registered {
  id: string;
  server_key: string;
  token: string;
}

const fresh = () =>
  webcrypto.randomUUID().replace(/^(.{14})4/, (_, head: string) => `${head}7`);

/** Somebody no other story signs in as: their last phone and their last visit. */
const liaison = () => officer("liaison", (one) => one !== officer("liaison"));

async function bothWidths(page: Page, name: string) {
  await show(page, `${name}-1280`);
  await page.setViewportSize({ width: 390, height: 844 });
  await settled(page);
  await show(page, `${name}-390`);
  await page.setViewportSize({ width: 1280, height: 900 });
}

async function inEnglish(page: Page, name: string) {
  await page.getByRole("button", { name: "English" }).click();
  await bothWidths(page, name);
  await page.getByRole("button", { name: "中文" }).click();
}

test.use({ viewport: { width: 1280, height: 900 } });

test("a lost phone is signed out, and what it had not sent is entered by a supervisor", async ({
  page,
}) => {
  test.setTimeout(120_000);
  const me = liaison();
  const phone = await Elsewhere.officer(me);
  const device = await phone.post<Registered>("sync/devices", {
    id: fresh(),
    name: "红米手机",
  });
  const mine = await phone.get<{
    items: { id: string; head_name: string }[];
  }>("households?mine=true&limit=1");
  const home = mine.items[0];
  if (!home) throw new Error(`${me.login} has no household.`);

  await signIn(page, me);
  await page.getByRole("link", { name: me.name }).click();
  await expect(title(page)).toHaveText("我的账号");
  const phones = page.getByRole("region", { name: "带着资料的手机" });
  await expect(phones.getByRole("listitem")).toHaveCount(1);
  await expect(phones).toContainText("红米手机");
  await expectAccessible(page);
  await bothWidths(page, "phones");
  await inEnglish(page, "phones-en");
  await phones.getByRole("button", { name: "退出：红米手机" }).click();
  await expect(phones).toContainText("红米手机已经退出");
  await expect(phones).toContainText("退出时间");
  await expect(phone.get("sync/changes")).rejects.toThrow(/401/);

  const visit = { id: fresh(), body: { id: fresh() } };
  const operation = {
    id: visit.id,
    record: home.id,
    method: "POST",
    path: "/api/v1/visits",
    body: {
      id: visit.body.id,
      household_id: home.id,
      at: new Date(Date.now() - 3_600_000).toISOString(),
      met: "head",
      diary: "屋顶修好了，老人身体好",
    },
  };
  const damaged = fresh();
  // Whoever is signed in on it by now: what counts is the token.
  const sent = await page.request.post("/api/v1/sync/sealed", {
    headers: { "X-Huiyin": "web" },
    data: {
      device_id: device.id,
      token: device.token,
      items: [
        {
          id: visit.id,
          sealed: await sealed(JSON.stringify(operation), device.server_key),
        },
        { id: damaged, sealed: "ZGFtYWdlZA" },
      ],
    },
  });
  expect(await sent.json()).toMatchObject({
    ended: true,
    results: [{ state: "quarantined" }, { state: "quarantined" }],
  });

  await signIn(page, officer("supervisor"));
  await page.getByRole("link", { name: "离任人员手机里的工作" }).click();
  await settled(page);
  const entry = page.getByRole("article", { name: "走访" });
  await expect(entry).toContainText(home.head_name);
  await expect(entry).toContainText("屋顶修好了，老人身体好");
  await expect(entry).toContainText(me.name);
  await expect(entry).toContainText("见到户主");
  await expectAccessible(page);
  await bothWidths(page, "quarantine");
  await inEnglish(page, "quarantine-en");

  await entry.getByRole("button", { name: "以我的名义登记" }).click();
  await dialog(page).getByRole("button", { name: "以我的名义登记" }).click();
  await expect(dialog(page).getByRole("alert")).toContainText("理由");
  await dialog(page).getByLabel("理由").fill("手机丢了，替他补录");
  await show(page, "quarantine-entering-1280");
  await dialog(page).getByRole("button", { name: "以我的名义登记" }).click();
  await expect(entry).toHaveCount(0);

  const broken = page.getByRole("article", { name: "打不开的一条" });
  await expect(
    broken.getByRole("button", { name: "以我的名义登记" }),
  ).toHaveCount(0);
  await broken.getByRole("button", { name: "不予登记" }).click();
  await dialog(page).getByLabel("理由").fill("打不开，当事人说没有别的");
  await dialog(page).getByRole("button", { name: "不予登记" }).click();
  await expect(page.locator("main")).toContainText("没有待处理的");

  const supervisor = await Elsewhere.officer(officer("supervisor"));
  const entered = await supervisor.get<{ diary: string; reason: string }>(
    `visits/${visit.body.id}`,
  );
  expect(entered).toMatchObject({
    diary: "屋顶修好了，老人身体好",
    reason: "手机丢了，替他补录",
  });
  await open(page, `/desk/visits/${home.id.slice(0, 6)}-${visit.body.id}`);
  await expect(page.locator("main")).toContainText("屋顶修好了");

  // Another one is lost, and its officer cannot be reached.
  const other = await Elsewhere.officer(me);
  await other.post("sync/devices", { id: fresh(), name: "旧手机" });
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
  await dialog(page).getByRole("button", { name: "退出：旧手机" }).click();
  await expect(dialog(page)).toContainText("旧手机已经退出");
  await show(page, "officer-phones-1280");
  await expect(other.get("sync/changes")).rejects.toThrow(/401/);
});
