import type { Route } from "@playwright/test";
import { clock, id, station, unit } from "./county";

type Line = [string, RegExp, (path: string, route: Route) => unknown];
const list = (items: unknown[]) => ({ items, next_cursor: null });

const counts = (n: number) => ({
  open: 40 + n,
  late: 3 * n,
  soon: 5,
  answered: 12,
  reopened: n,
});
const places = [
  ["990101103", "云岭镇"],
  ["990101104", "石门乡"],
  ["990101105", "白马乡"],
];
const wall = {
  at: "2026-11-21T02:00:00.000Z",
  area: { code: "990101", name: "青川源县", level: "county", revision: 1 },
  total: counts(4),
  by_area: places.map(([area_code, area_name], place) => ({
    ...{ area_code, area_name },
    ...counts(place),
  })),
  by_unit: [unit, station].map((one, place) => ({
    unit_id: one.id,
    unit_name: one.name,
    ...counts(place + 1),
  })),
};
const coverage = places.map(([area_code, area_name], place) => ({
  ...{ area_code, area_name },
  households: 1200 + place * 300,
  paired: 1123 + place * 40,
  rate: (1123 + place * 40) / (1200 + place * 300),
}));
const proposal = {
  id: id(800),
  area_code: "990101103207",
  state: "proposed",
  created_at: "2026-11-21T02:00:00.000Z",
  items: ["张德顺", "李桂芳"].map((head_name, place) => ({
    household_id: id(100 + place),
    register_number: `103207-003${place}`,
    head_name,
    area_name: "河湾村 三组",
    officer_id: id(10),
    officer_name: "王秀兰",
    unit_name: unit.name,
    kept: place === 0,
    weighed: {
      distance: 0.9,
      language: 1,
      load: 0.6,
      quota: 0.4,
      bond: 1 - place,
    },
  })),
  next_cursor: null,
  summary: {
    ...{ households: 210, placed: 204, kept: 180, new: 24, unplaced: 6 },
    ...{ officers: 60, largest_load: 5, mean_load: 3.4 },
  },
  unplaced: [
    {
      household_id: id(109),
      head_name: "刘春梅",
      area_name: "河湾村 四组",
      reason: "no_quota_left",
    },
  ],
};
const cards = ["张德顺", "李桂芳", "陈永福"].map((head_name, place) => ({
  household_id: id(100 + place),
  register_number: `103207-003${place}`,
  head_name,
  area_name: "河湾村 三组",
  address: "水井旁第二户",
  officer_name: "王秀兰",
  officer_post: "窗口负责人",
  officer_phone: "0990-5550101",
  unit_name: unit.name,
  languages: ["zh", "bo"],
}));
const slips = cards.map((card, place) => ({
  ...card,
  card_number: `990101-7K3M-9QXT-${place}`,
  first_code: "483 920 175 6",
}));
const officers = [
  {
    id: id(10),
    name: "王秀兰",
    login: "wang",
    unit,
    post: "窗口负责人",
    rank: "other",
    roles: [
      { id: id(20), role: "clerk", unit_id: unit.id, area_code: "990101103" },
    ],
    active: true,
    households: 3,
    revision: 1,
  },
];
const rules = [
  {
    key: "hotline.answer",
    step: "answer",
    holds_from: "2000-01-01",
    kinds: ["help"],
    channels: [],
    by_key_only: false,
    priority: 10,
    term: { days: 5, unit: "working_days" },
    needs_approval: false,
    pauses: [],
    article: "回音默认时限",
    text_zh: "日常诉求自收到之日起五个工作日内答复您。",
    text_en: "An everyday request is answered within five working days.",
  },
];
const languages = [
  { code: "zh", label_zh: "汉语", label_en: "Chinese" },
  { code: "bo", label_zh: "藏语", label_en: "Tibetan" },
];
const settings = {
  county: { code: "990101", name: "青川源县" },
  zone: "Asia/Shanghai",
  quotas: [
    { rank: "leader", label_zh: "领导", label_en: "Leader", households: 5 },
  ],
  visit_duties: [
    {
      key: "household",
      label_zh: "每户走访",
      label_en: "Visits a household",
      ...{ for: "household", act: "visit", times: 3, months: 12 },
    },
  ],
  purposes: [
    {
      section: "income",
      consent: true,
      purpose_zh: "核对惠民补贴",
      purpose_en: "To check benefits",
    },
  ],
  languages,
  retention: [{ kind: "matter_texts", days: 3650 }],
  ...{ rotation_months: 24, soon_days: 1, silence_days: 10, revision: 3 },
  ...{ quiet_from: "21:00", quiet_until: "08:00" },
  second_step_roles: ["administrator"],
};
const wanted = {
  ...{ id: id(700), kind: "households", area_code: "990101103" },
  ...{ area_name: "云岭镇", reason: "年度核对", state: "waiting" },
  ...{ requested_by: "李建国", requested_at: "2026-11-20T01:00:00.000Z" },
  ...{ expires_at: "2026-12-04T01:00:00.000Z", can: ["approval", "refusal"] },
};
const approved = {
  ...{ ...wanted, id: id(701), kind: "matters", state: "approved" },
  ...{ decided_by: "陈晓", decided_at: "2026-11-20T02:00:00.000Z" },
  ...{ note: "同意", can: ["file"] },
};
const nights = [
  {
    ...{ name: "counters", odd: true },
    ...{ started_at: "2026-11-20T18:00:00.000Z" },
    ...{ ended_at: "2026-11-20T18:00:04.000Z", found: { differences: 2 } },
  },
  {
    ...{ name: "retention", odd: false },
    ...{ started_at: "2026-11-20T18:00:04.000Z" },
    ...{ ended_at: "2026-11-20T18:00:05.000Z", found: { matter_texts: 12 } },
  },
];
const log = [
  {
    seq: 1042,
    at: "2026-11-21T01:00:00.000Z",
    actor: { kind: "officer", name: "王秀兰", unit_name: unit.name },
    action: "household.read",
    household_id: id(100),
    purpose: "visit",
    hash: "9f2c0a61d0d34b7791aa",
  },
];
export const importRefused = {
  id: id(850),
  kind: "households",
  state: "refused",
  rows: 1203,
  errors: [
    { row: 17, column: "出生日期", code: "not_a_date", detail: "没有这一天" },
    { row: 40, code: "duplicate", detail: "和第 12 行重复" },
  ],
  errors_count: 2,
  summary: { new: 0, changed: 0, same: 0 },
  created_at: "2026-11-21T01:00:00.000Z",
};

export const office: Line[] = [
  ["GET", /^\/wall$/, () => wall],
  ["GET", /^\/pairings\/coverage$/, () => list(coverage)],
  ["GET", /^\/pairings\/contact_cards$/, () => list(cards)],
  [
    "GET",
    /^\/pairings\/rotation_due$/,
    () => list([{ ...cards[0], id: id(1), from: "2024-01-01" }]),
  ],
  ["POST", /^\/pairing_proposals$/, () => proposal],
  ["GET", /^\/pairing_proposals\/[^/]+$/, () => proposal],
  ["POST", /^\/household_cards$/, () => ({ items: slips })],
  ["GET", /^\/officers$/, () => list(officers)],
  [
    "POST",
    /^\/officers$/,
    () => ({ ...officers[0], password: "kato-7vem-9rul-3dip" }),
  ],
  ["GET", /^\/rules$/, () => list(rules)],
  [
    "GET",
    /\/explanation$/,
    () => ({
      rule: "hotline.answer",
      from: "2026-11-21",
      holds_from: "2000-01-01",
      due_at: clock.due_at,
      working: clock.working,
    }),
  ],
  [
    "GET",
    /^\/calendars$/,
    () =>
      list([
        {
          year: 2026,
          known: true,
          holidays: 33,
          makeup_workdays: 6,
          source: "国务院办公厅通知",
        },
      ]),
  ],
  ["GET", /^\/settings$/, () => settings],
  ["GET", /^\/languages$/, () => ({ items: languages, next_cursor: null })],
  ["GET", /^\/exports$/, () => list([wanted, approved])],
  ["POST", /^\/exports$/, () => wanted],
  ["POST", /^\/exports\/[^/]+\/(approval|refusal)$/, () => approved],
  ["GET", /^\/upkeep$/, () => list(nights)],
  [
    "GET",
    /^\/retention$/,
    () => list([{ kind: "matter_texts", days: 3650, due: 12 }]),
  ],
  ["GET", /^\/audit$/, () => list(log)],
  [
    "GET",
    /^\/audit\/verification$/,
    () => ({
      ok: true,
      entries: 1042,
      head: "9f2c0a61",
      checked_at: "2026-11-21T02:00:00.000Z",
    }),
  ],
  ["POST", /^\/imports$/, () => importRefused],
];
