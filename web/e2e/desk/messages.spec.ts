import { expect } from "@playwright/test";
import { id } from "../support/county";
import { mockDesk } from "../support/desk";
import { look, test } from "../support/page";

const at = "2026-11-24T02:00:00.000Z";
const messages = [
  {
    ...{ id: id(701), kind: "matter.late", at, matter_id: id(300) },
    title: "诉求已逾期",
    text: "诉求7K3M-9QXT-4“水渠坏了”已逾期，应在2026-11-23 23:59前答复，现由水务局负责。",
  },
  {
    ...{ id: id(702), kind: "calendar.missing", at },
    title: "缺少下一年日历",
    text: "<b>2027</b>年的节假日安排还没有载入。",
  },
  {
    ...{ id: id(703), kind: "matter.order", at, read_at: at },
    title: "收到督办单",
    text: "督查室就诉求发来督办单。",
  },
];
const letters = [
  {
    ...{ id: id(711), way: "letter", kind: "matter.answered", at },
    ...{ state: "waiting", receipt: "7K3M-9QXT-4", matter_id: id(300) },
  },
  {
    ...{ id: id(712), way: "window", kind: "matter.accepted", at },
    ...{ state: "waiting", receipt: "8K3M-9QXT-5", problem: "sms_failed" },
  },
];
const letter = {
  ...letters[0],
  language: "zh-CN",
  title: "诉求已答复",
  text: "您的诉求（回执7K3M-9QXT-4）已由水务局答复。\n\n换了闸门。",
  to: { name: "王建国", address: "老街5号", phone: "" },
};
const page1 = (items: unknown[]) => ({ items, next_cursor: null });

test.beforeEach(({ page }) =>
  page.clock.setFixedTime(new Date("2026-11-25T04:00:00.000Z")),
);

test("the bar says how many messages wait, and reading one counts down", async ({
  page,
}) => {
  const read: string[] = [];
  await mockDesk(page, {
    lines: [
      [
        "GET",
        /^\/inbox$/,
        () => ({ ...page1(messages), unread: 2 - read.length }),
      ],
      [
        "POST",
        /^\/inbox\/.*\/reading$/,
        (path, route) => {
          read.push(path);
          void route.fulfill({ status: 204 });
        },
      ],
    ],
  });
  await page.goto("/desk/");
  const link = page.getByRole("banner").getByRole("link", { name: /消息/ });
  await expect(link).toContainText("2");
  await link.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("消息");
  // What people wrote is text and nothing else.
  await expect(page.getByText("<b>2027</b>年")).toBeVisible();
  await look(page, "desk-inbox");
  await page
    .getByRole("button", { name: "把“缺少下一年日历”标为已读" })
    .press("Enter");
  await expect(link).toContainText("1");
  await expect(page.getByRole("button", { name: /标为已读/ })).toHaveCount(1);
  expect(read).toEqual([`/inbox/${id(702)}/reading`]);
  await page.getByRole("link", { name: "诉求已逾期" }).click();
  await expect(page).toHaveURL(new RegExp(`/desk/matters/${id(300)}$`));
  expect(read.length).toBe(2);
});

test("a letter is opened, printed and done with", async ({ page }) => {
  let done = false;
  await mockDesk(page, {
    roles: ["clerk"],
    lines: [
      ["GET", /^\/letters$/, () => page1(done ? letters.slice(1) : letters)],
      [
        "GET",
        /^\/letters\/.+$/,
        () =>
          done ? { ...letter, state: "done", done_at: at, to: {} } : letter,
      ],
      [
        "POST",
        /^\/letters\/.+\/printed$/,
        (_path, route) => {
          done = true;
          void route.fulfill({ status: 204 });
        },
      ],
    ],
  });
  await page.addInitScript(() => {
    Object.assign(window, { printed: 0 });
    window.print = () =>
      void (window as unknown as { printed: number }).printed++;
  });
  await page.goto("/desk/letters");
  await expect(page.getByText("短信没有送达")).toBeVisible();
  await look(page, "desk-letters");
  await page.getByRole("link", { name: "答复 7K3M-9QXT-4" }).click();
  await expect(page.getByText("老街5号")).toBeVisible();
  await look(page, "desk-letter");
  await page.getByRole("button", { name: "打印", exact: true }).click();
  expect(
    await page.evaluate(
      () => (window as unknown as { printed: number }).printed,
    ),
  ).toBe(1);
  // On paper stands the letter and nothing of the office.
  await page.emulateMedia({ media: "print" });
  await expect(page.getByRole("navigation")).toBeHidden();
  await expect(page.getByRole("button", { name: "已打印寄出" })).toBeHidden();
  await expect(page.getByText("换了闸门")).toBeVisible();
  await page.emulateMedia({ media: "screen" });
  await page.getByRole("button", { name: "已打印寄出" }).click();
  await expect(
    page.getByRole("status").filter({ hasText: "已清除" }),
  ).toBeVisible();
  await expect(page.getByText("老街5号")).toHaveCount(0);
});

test("a matter shows who was told and what did not arrive", async ({
  page,
}) => {
  const sent = [
    {
      ...{ id: id(721), kind: "matter.answered", at, channel: "sms" },
      ...{ to: "resident", address: "139****1234", state: "failed", tries: 11 },
      problem: "http_503",
    },
    {
      ...{ id: id(722), kind: "matter.assigned", at, channel: "inbox" },
      ...{ to: "officer", name: "孙琦", state: "sent", tries: 0, read_at: at },
    },
  ];
  await mockDesk(page, {
    lines: [["GET", /^\/matters\/[^/]+\/messages$/, () => page1(sent)]],
  });
  await page.goto(`/desk/matters/${id(300)}`);
  await page.getByText("告知了谁，送到没有").click();
  await expect(page.getByText("139****1234")).toBeVisible();
  await expect(page.getByText("没有送达")).toBeVisible();
  await look(page, "desk-matter-messages");
});
