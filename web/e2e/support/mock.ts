import type { Page, Request } from "@playwright/test";

/** What the server is made to answer: a body, or a status with a body. */
type Answer = unknown;
export interface Refusal {
  refused: number;
  body: unknown;
  headers?: Record<string, string>;
}
const isRefusal = (answer: Answer): answer is Refusal =>
  typeof answer === "object" && answer !== null && "refused" in answer;

export interface Call {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Record<string, string>;
  body: unknown;
}

/**
 * Answers the calls of a page in place of the server. Keys are "GET /path"; the longest that
 * fits the call's path wins. Returns the calls as they were made, for the test to look at.
 */
export async function serve(
  page: Page,
  answers: Record<string, Answer>,
): Promise<Call[]> {
  const calls: Call[] = [];
  await page.route("**/api/v1/**", async (route) => {
    const call = read(route.request());
    calls.push(call);
    const answer = find(answers, call);
    if (answer === undefined) {
      await route.fulfill({
        status: 404,
        json: { status: 404, code: "not_found" },
      });
    } else if (isRefusal(answer)) {
      const { refused, body, headers = {} } = answer;
      await route.fulfill({ status: refused, json: body, headers });
    } else if (answer === null) {
      await route.fulfill({ status: 204 });
    } else {
      await route.fulfill({
        status: call.method === "POST" ? 201 : 200,
        json: answer,
      });
    }
  });
  return calls;
}

function read(request: Request): Call {
  const url = new URL(request.url());
  return {
    method: request.method(),
    path: url.pathname.replace("/api/v1", ""),
    query: url.searchParams,
    headers: request.headers(),
    body: request.postDataJSON(),
  };
}

function find(answers: Record<string, Answer>, call: Call): Answer {
  const full = `${call.method} ${call.path}?${call.query.toString()}`;
  const fits = Object.keys(answers).filter((key) => full.startsWith(key));
  const best = fits.sort((a, b) => b.length - a.length)[0];
  const answer = best === undefined ? undefined : answers[best];
  return typeof answer === "function"
    ? (answer as (call: Call) => Answer)(call)
    : answer;
}
