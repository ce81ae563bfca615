import { expect, type Page } from "@playwright/test";
import { officer, test } from "./office";
import { arrive, installed, newDisk, openPhone, pin as digits } from "./phone";

/**
 * How long a phone takes to its first usable screen: from a cold start without a network, on a processor
 * slowed four times, with 500 households. MEASURE=1 is the measured form (best of five, held to the goal);
 * without it one try, held to five times the goal, since other tests run beside it.
 */
const measured = process.env.MEASURE === "1";
const goal = 1000;
const households = 500;

type Answer = {
  items: { household_id: string; record: Record<string, unknown> }[];
};

/** As many households as an officer may have: the real answer, again and again under other ids. */
async function fill(page: Page) {
  await page.route("**/api/v1/sync/changes*", async (route) => {
    const answer = await route.fetch();
    const body = (await answer.json()) as Answer;
    const items = Array.from({ length: households }, (_, n) => {
      const { household_id, record } = body.items[n % body.items.length] ?? {
        household_id: "",
        record: {},
      };
      const id = household_id.slice(0, -4) + n.toString(16).padStart(4, "0");
      return { household_id: id, record: { ...record, id } };
    });
    // All of them in one answer: what is older has no part in the first screen.
    const has_more = false;
    await route.fulfill({ json: { ...body, items, households, has_more } });
  });
}

/** When something is first on the screen, told by the page itself, in ms since its start. */
const appeared = (page: Page, selector: string) =>
  page.evaluate(
    (wanted) =>
      new Promise<number>((tell) => {
        const look = () => {
          if (!document.querySelector(wanted)) return false;
          requestAnimationFrame(() => tell(performance.now()));
          return true;
        };
        if (look()) return;
        const watch = new MutationObserver(() => look() && watch.disconnect());
        watch.observe(document, { childList: true, subtree: true });
      }),
    selector,
  );

async function coldStart(disk: string, baseURL: string | undefined) {
  const { context, page } = await openPhone(disk, baseURL);
  await context.setOffline(true);
  const slow = await context.newCDPSession(page);
  await slow.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  await page.goto("/field/", { waitUntil: "commit" });
  const pin = await appeared(page, "#field-pin");
  await page.getByLabel("数字密码").fill(digits);
  // From the officer's press, not from when the test began to look for the button.
  const pressed = page.evaluate(
    () =>
      new Promise<number>((tell) =>
        addEventListener("submit", () => tell(performance.now()), {
          capture: true,
          once: true,
        }),
      ),
  );
  const shown = appeared(page, ".home");
  await page.getByRole("button", { name: "打开", exact: true }).click();
  const list = (await shown) - (await pressed);
  await expect(page.locator(".page-head")).toContainText(String(households));
  await context.close();
  return { pin, list };
}

test("the first screen of a cold start with 500 households", async ({
  baseURL,
}) => {
  test.setTimeout(180_000);
  const disk = newDisk();
  const { context, page } = await openPhone(disk, baseURL);
  await fill(page);
  await page.goto("/field/");
  await arrive(page, officer("liaison"));
  await installed(page);
  await expect(page.locator(".page-head")).toContainText(String(households));
  await page.unrouteAll({ behavior: "wait" });
  await context.close();

  const tries = [];
  for (let n = 0; n < (measured ? 5 : 1); n++)
    tries.push(await coldStart(disk, baseURL));
  for (const { pin, list } of tries)
    console.log(
      `to the PIN ${Math.round(pin)} ms, from the PIN to the list ${Math.round(list)} ms`,
    );
  const best = Math.min(...tries.map(({ pin, list }) => pin + list));
  expect(best).toBeLessThan(measured ? goal : 5 * goal);
});
