/** A small made-up county for looking at pages: every name and number in it is invented. */
const id = (n: number) =>
  `990101-0192f3a4-7c1e-7abc-8def-${String(n).padStart(12, "0")}`;

export const unit = {
  id: id(1),
  name: "云岭镇便民服务中心",
  area_code: "990101103",
};
const station = {
  id: id(2),
  name: "云岭镇水务站",
  area_code: "990101103",
};

export const session = (roles: string[]) => ({
  officer: {
    id: id(10),
    name: "王秀兰",
    post: "窗口负责人",
    phone: "0990-5550101",
    languages: ["zh"],
    unit,
    roles: roles.map((role, place) => ({
      id: id(20 + place),
      role,
      unit_id: unit.id,
      area_code: "990101",
    })),
  },
  county: { code: "990101", name: "青川源县" },
  today: "2026-11-21",
  calendar_known_until: "2026-12-31",
});

const working = {
  sentence_zh:
    "从收到次日11月17日起算，5个工作日，到11月23日24时截止；跳过了周末2天。",
  sentence_en:
    "Counted from November 17, the day after it was received: 5 working days, ending at midnight on November 23; 2 weekend days were skipped.",
  article: "回音默认时限（参照《济南市12345市民服务热线条例》第二十四条）",
  first_day: "2026-11-17",
  days: 5,
  unit: "working_days",
  counted: [17, 18, 19, 20, 23].map((day) => ({ date: `2026-11-${day}` })),
  skipped: [
    { date: "2026-11-16", why: "start" },
    { date: "2026-11-21", why: "weekend" },
    { date: "2026-11-22", why: "weekend" },
  ],
};

export const clock = {
  rule: "hotline.answer",
  article: working.article,
  started_at: "2026-11-16T01:20:00.000Z",
  due_at: "2026-11-23T15:59:59.999Z",
  late: false,
  working,
};

const owner = {
  unit_id: unit.id,
  unit_name: unit.name,
  officer_id: id(10),
  officer_name: "王秀兰",
  since: "2026-11-16T01:20:00.000Z",
};
const household = {
  id: id(100),
  register_number: "103207-0031",
  head_name: "张德顺",
};

export const matters = [
  ["三组的水管裂了半个月，一直没人来修", "assigned", "2026-11-20", true],
  ["反映通组路塌方，学生上学要绕行", "received", "2026-11-23", false],
  ["申请老房子危房鉴定", "assigned", "2026-11-25", false],
  ["咨询独生子女父母养老补贴怎么办理", "answered", "2026-11-28", false],
  ["希望把路灯装到四组岔路口", "assigned", "2026-12-04", false],
].map(([title, state, due, late], place) => ({
  id: id(200 + place),
  receipt: ["7K3M-9QXT-4", "2B8H-R4VN-6", "M5TD-0WJC-9", "Q1XZ-8FGA-2"][
    place % 4
  ],
  title,
  kind: ["report", "help", "help", "question", "suggestion"][place],
  channel: ["counter", "phone", "visit", "web", "meeting"][place],
  state,
  category: ["water.supply", "road.repair", "housing.danger", undefined][
    place % 4
  ],
  owner: place === 1 ? { ...owner, officer_name: undefined } : owner,
  offered_to: place === 0 ? station : undefined,
  household: place === 4 ? undefined : household,
  anonymous: place === 4,
  area_code: "990101103207003",
  area_name: "云岭镇 河湾村 三组",
  received_at: "2026-11-16T01:20:00.000Z",
  due_at: `${String(due)}T15:59:59.999Z`,
  late,
  soon: place === 1,
  moves: place,
  returned: place === 2,
  asks_count: 1 + (place % 3),
}));

const asks = [
  { id: id(301), text: "修好三组的水管" },
  {
    id: id(302),
    text: "停水期间安排送水",
    unit_id: station.id,
    unit_name: station.name,
  },
];

export const matter = {
  ...matters[0],
  text: "三组的水管裂了半个月，路上全是水，家里一滴水都没有。打过两次电话，一直没人来修。老人在家，挑水要走一里路。\n希望快点修好，修好以前能不能送点水来。",
  contact: { name: "张德顺", phone: "13900000001", how: "phone" },
  entered_by: "王秀兰",
  asks,
  clock,
  clocks: [clock],
  co_handlers: [station],
  pending_return: {
    reason: "这段管道属于县水务公司的主管网，不归镇水务站维护。",
    unit_id: station.id,
    unit_name: station.name,
    at: "2026-11-18T03:00:00.000Z",
    decide_by: "2026-11-20T15:59:59.999Z",
    decider_unit_name: unit.name,
  },
  extensions: [
    {
      id: id(310),
      rule: "hotline.extend",
      article: "回音默认时限",
      days: 3,
      unit: "working_days",
      reason: "需要从县里调管材，后天才能到。",
      state: "asked",
      asked_at: "2026-11-19T03:00:00.000Z",
      asked_by: "李建国",
    },
  ],
  answers: [],
  judgements: [],
  attachments: [],
  events: [
    ["received", "2026-11-16T01:20:00.000Z", undefined, unit.name],
    ["assigned", "2026-11-16T02:10:00.000Z", unit.name, station.name],
    ["returned", "2026-11-18T03:00:00.000Z", station.name, unit.name],
    ["extension_asked", "2026-11-19T03:00:00.000Z", station.name, undefined],
    ["noted", "2026-11-19T06:00:00.000Z", undefined, undefined],
  ].map(([kind, at, from, to], place) => ({
    id: id(320 + place),
    seq: place + 1,
    at,
    kind,
    actor: { kind: "officer", name: "王秀兰", unit_name: unit.name },
    text:
      kind === "returned"
        ? "这段管道属于县水务公司的主管网，不归镇水务站维护。"
        : kind === "noted"
          ? "已电话告诉张德顺，明天上午先送水。"
          : undefined,
    from_unit_name: from,
    to_unit_name: to,
    told: kind !== "noted",
  })),
  may: [
    "update",
    "assignment",
    "acceptance",
    "return",
    "return_decision",
    "co_handlers",
    "answer",
    "extension",
    "extension_decision",
    "judgement",
    "appeal",
    "withdrawal",
    "reminder",
    "note",
    "merge",
    "attachment",
  ],
  revision: 4,
};

export const standing = {
  id: id(205),
  receipt: "7K3M-9QXT-4",
  state: "received",
  owner,
  clock,
  asks,
  revision: 1,
};

export const similar = [
  {
    id: id(201),
    receipt: "2B8H-R4VN-6",
    title: "三组停水一个星期了",
    state: "assigned",
    text: "三组从上周就没有水",
    area_name: "云岭镇 河湾村 三组",
    unit_name: station.name,
    received_at: "2026-11-14T01:20:00.000Z",
    score: 0.8,
  },
];

export const units = [unit, station].map((one) => ({
  ...one,
  area_name: "云岭镇",
  kind: "township",
  phone: "0990-5550100",
  active: true,
  revision: 1,
}));

export { household, id, owner, station };
