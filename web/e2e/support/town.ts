import type { components } from "../../src/lib/schema";

/** A small made-up town; each shape is held to the contract by its type. */
type Schema<Name extends keyof components["schemas"]> =
  components["schemas"][Name];

const id = (last: number) =>
  `990101-0192f3a4-7c1e-7abc-8def-${last.toString(16).padStart(12, "0")}`;

export const clock: Schema<"Clock"> = {
  rule: "hotline.answer",
  article: "《济南市12345市民服务热线条例》第二十四条",
  started_at: "2026-11-20T02:30:00.000Z",
  due_at: "2026-11-27T15:59:59.999Z",
  working: {
    sentence_zh:
      "从2026年11月23日起计5个工作日，跳过2个休息日，到2026年11月27日为止。",
    sentence_en:
      "5 working days from 23 November 2026, skipping 2 rest days, until 27 November 2026.",
    article: "《济南市12345市民服务热线条例》第二十四条",
    first_day: "2026-11-23",
    days: 5,
    unit: "working_days",
    counted: [23, 24, 25, 26, 27].map((day) => ({ date: `2026-11-${day}` })),
    skipped: [
      { date: "2026-11-20", why: "start" },
      { date: "2026-11-21", why: "weekend" },
      { date: "2026-11-22", why: "weekend" },
    ],
  },
};

export const standing: Schema<"MatterStanding"> = {
  id: id(1),
  receipt: "7K3M-9QXT-4",
  state: "received",
  owner: { unit_id: id(2), unit_name: "云岭镇便民服务中心" },
  clock,
  asks: [],
  revision: 1,
};

export const receipt: Schema<"ReceiptStatus"> = {
  receipt: "7K3M-9QXT-4",
  kind: "help",
  title: "三组的水管裂了半个月",
  state: "assigned",
  held_by: "云岭镇水务站",
  held_by_phone: "0990-5550123",
  received_at: "2026-11-20T02:30:00.000Z",
  due_at: clock.due_at,
  late: false,
  moves: 1,
  journey: [
    {
      at: "2026-11-20T02:30:00.000Z",
      kind: "received",
      to_unit_name: "云岭镇便民服务中心",
    },
    {
      at: "2026-11-20T03:00:00.000Z",
      kind: "assigned",
      from_unit_name: "云岭镇便民服务中心",
      to_unit_name: "云岭镇水务站",
      text: "请到现场查看。",
    },
    {
      at: "2026-11-20T06:00:00.000Z",
      kind: "accepted",
      to_unit_name: "云岭镇水务站",
    },
  ],
  clock,
  asks: [
    { id: id(3), text: "修好三组的水管" },
    { id: id(4), text: "停水期间送水" },
  ],
  may: ["withdrawal"],
};

export const answered: Schema<"ReceiptStatus"> = {
  ...receipt,
  state: "answered",
  due_at: null,
  judge_until: "2026-12-10",
  answer: {
    at: "2026-11-24T08:00:00.000Z",
    text: "水管已经换好，11月23日下午恢复供水。",
    unit_name: "云岭镇水务站",
    officer_name: "何文",
    asks: [
      {
        id: id(3),
        text: "修好三组的水管",
        outcome: "done",
        answer: "换了12米管子。",
      },
      {
        id: id(4),
        text: "停水期间送水",
        outcome: "refused",
        answer: "停水不满24小时的不送水。",
        rule: "《云岭县供水应急办法》第八条",
        appeal: "收到答复30日内，可以向县水务局申请复查。",
      },
    ],
  },
  extensions: [
    {
      id: id(5),
      rule: "hotline.answer",
      article: "《办法》第九条",
      days: 3,
      unit: "working_days",
      reason: "要等配件从州里运来。",
      state: "granted",
      asked_at: "2026-11-21T01:00:00.000Z",
    },
  ],
  may: ["judgement", "appeal"],
};

export const household: Schema<"MyHousehold"> = {
  id: id(10),
  register_number: "990101103207-0042",
  area_code: "990101103207003",
  area_name: "云岭镇 石桥村 三组",
  head_name: "李桂芳",
  sections: {
    residence: {
      address: "石桥北路12号",
      landform: "mountain",
      has_road: true,
      has_safe_water: false,
    },
    population: { residents: 3, male: 1, female: 2, elders: 1 },
    housing: {
      structure: "brick_timber",
      rooms: 4,
      built_year: 1998,
      danger_grade: "B",
    },
    land: { paddy_m2: 2000, dry_m2: 1334 },
    livestock: { pigs: 2, poultry: 15 },
    income: {
      year: 2025,
      wages_fen: 3_250_000,
      farming_fen: 812_350,
      total_fen: 4_062_350,
    },
    difficulties: { items: ["water", "medical"], text: "老人要常年吃药。" },
    plans: { text: "想把老屋的屋顶翻修一下。" },
    measures: {},
  },
  section_states: {
    income: {
      changed_at: "2026-03-02T02:00:00.000Z",
      changed_by: "王海",
      consent: "given",
    },
    expenditure: { consent: "withdrawn" },
  },
  residents: [
    {
      id: id(11),
      household_id: id(10),
      name: "李桂芳",
      sex: "female",
      birth_date: "1962-05-14",
      relation: "head",
      state: "present",
      phone: "13900000042",
      id_number_masked: "9901**********0042",
      revision: 1,
    },
    {
      id: id(12),
      household_id: id(10),
      name: "陈小松",
      sex: "male",
      birth_date: "1988-01-02",
      relation: "child",
      state: "present",
      away_place: "在州城务工",
      care: ["disabled"],
      revision: 1,
    },
  ],
  pairing: {
    officer_id: id(20),
    officer_name: "王海",
    officer_post: "副镇长",
    officer_phone: "0990-5550188",
    unit_name: "云岭镇人民政府",
    languages: ["zh", "bo"],
    from: "2025-06-01",
  },
  visit_plans: [
    {
      id: id(30),
      household_id: id(10),
      officer_id: id(20),
      officer_name: "王海",
      on: "2026-11-28",
      note: "想看看屋顶。",
      created_at: "2026-11-20T02:00:00.000Z",
    },
  ],
  promises: [
    {
      id: id(31),
      household_id: id(10),
      officer_id: id(20),
      officer_name: "王海",
      text: "问清楚慢性病补助怎么办理",
      due: "2026-11-15",
      state: "open",
      late: true,
    },
  ],
  consents: [
    {
      section: "income",
      state: "given",
      purpose_zh: "核对可以享受的补助。",
      purpose_en: "To check which allowances apply.",
      given_at: "2026-03-02T02:00:00.000Z",
    },
  ],
  purposes: [
    {
      section: "income",
      consent: true,
      purpose_zh: "核对可以享受的补助。",
      purpose_en: "To check which allowances apply.",
    },
    {
      section: "expenditure",
      consent: true,
      purpose_zh: "了解负担最重的支出，安排帮扶。",
      purpose_en: "To see the heaviest expenses and plan support.",
    },
  ],
  revision: 7,
};

export const myMatters: Schema<"MyMatterSummary">[] = [
  {
    id: id(1),
    receipt: "7K3M-9QXT-4",
    kind: "help",
    title: "三组的水管裂了半个月",
    state: "answered",
    held_by: "云岭镇水务站",
    received_at: "2026-11-20T02:30:00.000Z",
    late: false,
    moves: 1,
    may: ["judgement", "appeal"],
  },
  {
    id: id(6),
    receipt: "2F8W-0TTC-9",
    kind: "question",
    title: "慢性病补助怎么办理",
    state: "assigned",
    held_by: "云岭县医疗保障局",
    received_at: "2026-11-02T02:30:00.000Z",
    due_at: "2026-11-09T15:59:59.999Z",
    late: true,
    moves: 3,
    may: ["withdrawal"],
  },
];

export const myMatter: Schema<"MyMatter"> = {
  ...answered,
  id: id(1),
  channel: "web",
  text: "三组的水管裂了半个月，一直没人来修。停水的时候希望能送水。",
};

export const visits: Schema<"Visit">[] = [
  {
    id: id(40),
    household_id: id(10),
    officer_id: id(20),
    officer_name: "王海",
    unit_name: "云岭镇人民政府",
    at: "2026-10-12T02:00:00.000Z",
    met: "head",
    diary: "桂芳大姐身体还好，屋顶漏雨。\n答应去问慢性病补助。",
    promises: household.promises ?? [],
    words: [{ at: "2026-10-13T02:00:00.000Z", text: "漏雨的是西边那间。" }],
    revision: 2,
  },
];

export const reads: Schema<"ReadEntry">[] = [
  {
    at: "2026-11-20T06:02:00.000Z",
    officer_name: "何文",
    unit_name: "云岭镇水务站",
    purpose: "matter",
    what: "household",
  },
  {
    at: "2026-11-18T01:12:00.000Z",
    officer_name: "周明",
    unit_name: "云岭县民政局",
    purpose: "other",
    reason: "核对补助名单",
    what: "section",
  },
];

export const measures: Schema<"Measure">[] = [
  {
    id: id(50),
    text: "翻修西屋屋顶",
    by_officer_name: "王海",
    due: "2026-12-20",
    state: "doing",
  },
  { id: id(51), text: "接入村里的安全饮水管", state: "planned" },
];

export const counties: Schema<"Area">[] = [
  {
    code: "990101",
    name: "云岭县",
    level: "county",
    parent: "9901",
    revision: 1,
  },
];
export const townships: Schema<"Area">[] = [
  {
    code: "990101103",
    name: "云岭镇",
    level: "township",
    parent: "990101",
    revision: 1,
  },
  {
    code: "990101104",
    name: "白河乡",
    level: "township",
    parent: "990101",
    revision: 1,
  },
];
export const villages: Schema<"Area">[] = [
  {
    code: "990101103207",
    name: "石桥村",
    level: "village",
    parent: "990101103",
    revision: 1,
  },
];

export const categories: Schema<"Category">[] = [
  { code: "water", zh: "饮水与水利", en: "Water", active: true, revision: 1 },
  {
    code: "water.supply",
    parent: "water",
    zh: "饮水供应",
    en: "Drinking water supply",
    active: true,
    revision: 1,
  },
  {
    code: "road",
    zh: "道路与出行",
    en: "Roads and travel",
    active: true,
    revision: 1,
  },
  {
    code: "road.repair",
    parent: "road",
    zh: "道路维修",
    en: "Road repair",
    active: true,
    revision: 1,
  },
];

export const units: Schema<"Unit">[] = [
  { id: id(2), name: "云岭镇便民服务中心", area_code: "990101103" },
  { id: id(60), name: "云岭镇水务站", area_code: "990101103" },
];

export const notices: Schema<"Notice">[] = [
  {
    id: id(70),
    area_code: "990101",
    kind: "calendar",
    title_zh: "2027年节假日安排尚未公布",
    title_en: "The holidays of 2027 are not announced yet",
    text_zh: "跨到2027年的期限先按周末估算。",
    text_en: "Terms that reach into 2027 are estimated by weekends.",
    published_at: "2026-11-10T02:00:00.000Z",
  },
];
export const heads: Schema<"Notice">[] = [19, 20].map((day) => ({
  id: id(80 + day),
  area_code: "990101",
  kind: "audit_head",
  title_zh: "每日校验码",
  title_en: "Day head",
  published_at: `2026-11-${day + 1}T00:00:00.000Z`,
  audit_head: {
    day: `2026-11-${day}`,
    seq: 120_000 + day,
    hash: "9f86d081884c7d65".repeat(4),
  },
}));

export const list = <Item>(items: Item[]) => ({ items, next_cursor: null });

export const places = {
  "GET /areas?level=county": list(counties),
  "GET /areas?parent=990101&": list(townships),
  "GET /areas?parent=990101103&": list(villages),
  "GET /areas?parent=": list([]),
};
