import type { Route } from "@playwright/test";
import { household, id, matters, unit } from "./county";

type Line = [string, RegExp, (path: string, route: Route) => unknown];
const list = (items: unknown[]) => ({ items, next_cursor: null });

const plans = [
  {
    id: id(400),
    household_id: household.id,
    head_name: "张德顺",
    area_name: "河湾村 三组",
    address: "水井旁第二户",
    officer_id: id(10),
    officer_name: "王秀兰",
    on: "2026-11-24",
    note: "看看水管修好没有",
    reply: "other_time",
    reply_on: "2026-11-25",
    created_at: "2026-11-20T02:00:00.000Z",
  },
];
const promises = [
  {
    id: id(410),
    household_id: household.id,
    head_name: "张德顺",
    officer_id: id(10),
    officer_name: "王秀兰",
    text: "联系水务站，三天内把水管修好",
    due: "2026-11-20",
    state: "open",
    late: true,
  },
  {
    id: id(411),
    household_id: household.id,
    head_name: "张德顺",
    officer_id: id(10),
    officer_name: "王秀兰",
    text: "带合作医疗的政策单子来",
    due: "2026-11-01",
    state: "kept",
    late: false,
    fulfilled_at: "2026-10-30T02:00:00.000Z",
    fulfilment: "走访时送到了",
  },
];
export const households = ["张德顺", "李桂芳", "陈永福", "刘春梅"].map(
  (head_name, place) => ({
    id: id(100 + place),
    register_number: `103207-00${31 + place}`,
    head_name,
    area_code: "990101103207003",
    area_name: "云岭镇 河湾村 三组",
    address: "水井旁第二户",
    residents: 3 + place,
    last_visit_at: place === 3 ? undefined : "2026-09-02T02:00:00.000Z",
    next_due_at: `2026-11-${19 + place * 4}T15:59:59.999Z`,
    next_due_kind: ["visit", "promise", "matter", "plan"][place],
    open_matters: place % 2,
    open_promises: place % 3,
    paired_officer_id: id(10),
    paired_officer_name: "王秀兰",
  }),
);
export const people = [
  ["张德顺", "male", "1957-03-02", "head"],
  ["周玉珍", "female", "1960-11-19", "spouse"],
  ["张小雨", "female", "2015-06-01", "grandchild"],
].map(([name, sex, birth_date, relation], place) => ({
  id: id(500 + place),
  household_id: household.id,
  name,
  sex,
  birth_date,
  relation,
  state: "present",
  care: place === 2 ? ["left_behind_child"] : [],
  phone: place === 0 ? "13900000001" : undefined,
  id_number_masked: place === 0 ? "9901***********12" : undefined,
  revision: 1,
}));
const visit = {
  id: id(420),
  household_id: household.id,
  register_number: household.register_number,
  head_name: "张德顺",
  area_name: "河湾村 三组",
  officer_id: id(10),
  officer_name: "王秀兰",
  unit_name: unit.name,
  at: "2026-09-02T02:00:00.000Z",
  met: "head",
  diary:
    "张德顺在家，腰不太好。说水管夏天起就漏，接水要走一里路。孙女小雨的爸妈在外面打工，过年才回来。",
  words: [
    { at: "2026-09-05T02:00:00.000Z", text: "说得对，水管确实是六月就漏了。" },
  ],
  addenda: [],
  promises,
  matters: [{ ...matters[0] }],
  revision: 1,
};
export const record = {
  id: household.id,
  register_number: household.register_number,
  area_code: "990101103207003",
  area_name: "云岭镇 河湾村 三组",
  head_id: id(500),
  head_name: "张德顺",
  state: "open",
  opened: "full",
  may: [
    "section.update",
    "resident.update",
    "life_event.create",
    "consent.update",
    "visit.create",
    "matter.create",
    "card.issue",
  ],
  sections: {
    residence: {
      address: "水井旁第二户",
      landform: "mountain",
      has_road: true,
    },
    population: { residents: 3, male: 1, female: 2, elders: 2, children: 1 },
    housing: { structure: "brick_timber", rooms: 4, danger_grade: "B" },
    land: { paddy_m2: 1334, dry_m2: 2000 },
    livestock: { pigs: 2, poultry: 12 },
    income: { year: 2025, farming_fen: 620000, wages_fen: 1800000 },
    expenditure: {},
    difficulties: { items: ["water"], text: "夏天停水" },
    plans: { text: "想养五十只鸡" },
    measures: {
      items: [
        { id: id(600), text: "接通自来水", state: "doing", due: "2026-12-10" },
      ],
    },
  },
  section_states: {
    housing: { changed_at: "2026-09-02T02:00:00.000Z", changed_by: "王秀兰" },
    income: { consent: "given" },
  },
  residents: people,
  pairing: {
    id: id(430),
    household_id: household.id,
    officer_id: id(10),
    officer_name: "王秀兰",
    officer_phone: "0990-5550101",
    unit_name: unit.name,
    kind: "named",
    from: "2025-03-01",
    rotation_due_on: "2027-03-01",
  },
  visits: [visit],
  visit_plans: plans,
  matters: matters.slice(0, 2),
  promises,
  attachments: [],
  consents: [
    {
      section: "income",
      state: "given",
      purpose_zh: "核对惠民补贴",
      purpose_en: "To check benefits",
      given_at: "2025-03-01T02:00:00.000Z",
    },
  ],
  card: { issued_at: "2025-03-01T02:00:00.000Z", activated: true },
  revision: 7,
};

const card = { card_number: "990101-7K3M-9QXT-4", first_code: "483 920 1756" };
const versions = [
  {
    revision: 6,
    at: "2026-09-02T02:00:00.000Z",
    officer_name: "王秀兰",
    unit_name: unit.name,
    visit_id: id(420),
    fields: { rooms: 4 },
    changes: [{ field: "rooms", before: 3, after: 4 }],
  },
];
const duplicates = [
  {
    ...{ id: id(700), name: "张小雨", birth_year: 2015 },
    household_id: id(101),
    register_number: "103207-0032",
    head_name: "李桂芳",
    area_code: "990101103207003",
    area_name: "河湾村 三组",
    why: ["name", "birth_date"],
    score: 0.9,
  },
];

export const register: Line[] = [
  ["GET", /^\/fields$/, () => list([])],
  ["GET", /\/sections\/\w+\/history$/, () => list(versions)],
  ["GET", /^\/residents\/duplicates$/, () => list(duplicates)],
  ["GET", /\/reads$/, () => list([])],
  ["POST", /\/card$/, () => card],
  ["POST", /\/life_events$/, () => ({})],
  ["GET", /^\/households$/, () => list(households)],
  ["GET", /^\/residents$/, () => list([])],
  ["GET", /^\/households\/[^/]+$/, () => record],
  ["GET", /^\/visits\/[^/]+$/, () => visit],
  ["GET", /^\/visits$/, () => list([visit])],
  ["GET", /^\/visit_plans$/, () => list(plans)],
  ["GET", /^\/promises$/, () => list(promises)],
];
