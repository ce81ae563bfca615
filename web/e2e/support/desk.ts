import type { Page, Route } from "@playwright/test";
import * as county from "./county";
import { office } from "./office";
import { register } from "./register";

type Answer = (path: string, route: Route) => unknown;
type Line = [method: string, path: RegExp, answer: Answer];

const list = (items: unknown[]) => ({ items, next_cursor: null });

const matters: Line[] = [
  ["GET", /^\/matters$/, () => list(county.matters)],
  ["GET", /^\/matters\/similar$/, () => list(county.similar)],
  ["GET", /^\/matters\/[^/]+$/, () => county.matter],
  ["POST", /^\/matters(\/.*)?$/, () => county.standing],
];

const categories = [
  ["water", undefined, "饮水与水利", "Water"],
  ["water.supply", "water", "饮水供应", "Drinking water supply"],
  ["road", undefined, "道路与出行", "Roads and travel"],
  ["road.repair", "road", "道路维修", "Road repair"],
].map(([code, parent, zh, en]) => ({
  ...{ code, parent, zh, en },
  active: true,
  revision: 1,
}));

const areas = [
  ["990101103", "云岭镇", "township"],
  ["990101103207", "河湾村", "village"],
  ["990101103207003", "三组", "group"],
].map(([code, name, level]) => ({ code, name, level, revision: 1 }));

const organisation: Line[] = [
  ["GET", /^\/categories$/, () => list(categories)],
  ["GET", /^\/areas$/, () => list(areas)],
  ["GET", /^\/units$/, () => list(county.units)],
  ["GET", /^\/inbox$/, () => ({ ...list([]), unread: 0 })],
  ["POST", /^\/attachments$/, () => ({ id: county.id(900) })],
];

export interface Mock {
  roles?: string[];
  /** Answers of this test, asked before the common ones. */
  lines?: Line[];
}

/** Answers the desk's requests from the made-up county. */
export async function mockDesk(page: Page, { roles, lines = [] }: Mock = {}) {
  const own: Line[] = [
    [
      "GET",
      /^\/sessions\/current$/,
      () => county.session(roles ?? ["clerk", "handler", "liaison"]),
    ],
  ];
  const all = [
    ...lines,
    ...own,
    ...matters,
    ...organisation,
    ...office,
    ...register,
  ];
  await page.route("**/api/v1/**", async (route) => {
    const request = route.request();
    const path = new URL(request.url()).pathname.replace("/api/v1", "");
    const line = all.find(
      ([method, wanted]) => method === request.method() && wanted.test(path),
    );
    const answer = line?.[2](path, route);
    if (line && answer === undefined) return; // the line answered by itself
    await route.fulfill({
      status: line ? (request.method() === "POST" ? 201 : 200) : 404,
      contentType: "application/json",
      json: answer ?? { status: 404, code: "not_found" },
    });
  });
}

/** An answer that refuses. */
export const refuse =
  (status: number, body: object): Answer =>
  (_path, route) => {
    void route.fulfill({
      status,
      contentType: "application/problem+json",
      json: { status, ...body },
    });
  };
