import createClient, { type Middleware } from "openapi-fetch";
import { chosenCounty, noteCountyNeeded } from "./county.svelte";
import { type Problem, problemOf, unreachable } from "./problem";
import type { components, paths } from "./schema";
import { noteServerTime } from "./time";
import { language } from "./words.svelte";

/** A shape of the contract: `Schema<"Matter">`. */
export type Schema<Name extends keyof components["schemas"]> =
  components["schemas"][Name];

// Another site's page cannot set this header, so the server can trust the cookie.
const ours = { "X-Huiyin": "web" };

/** The one door to the server. Paths, bodies and answers are typed by api/openapi.yaml. */
export const api = createClient<paths>({
  baseUrl: location.origin,
  headers: ours,
});

const manners: Middleware = {
  onRequest({ request }) {
    request.headers.set("Accept-Language", language());
    const county = chosenCounty();
    if (county) request.headers.set("Huiyin-County", county);
  },
  onResponse({ response }) {
    noteServerTime(response.headers.get("Date"));
  },
};
api.use(manners);

/** Where 401 says that a secret was wrong, not that the session has ended. */
const asksSecret = /\/((resident_)?sessions|card_activations|pin|password)$/;

/** Nobody is signed in, or a household where an officer is wanted, or the other way round. */
export const asksSignIn = ({ status, code }: Problem) =>
  status === 401 || code === "sessions.other_kind";

interface Reply<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

let onSignedOut: (problem: Problem) => void = () => {};

/** What the application does when the server no longer knows who is asking. */
export function whenSignedOut(act: (problem: Problem) => void) {
  onSignedOut = act;
}

async function reply<Data>(
  request: Promise<Reply<Data>>,
): Promise<Reply<Data>> {
  const answer = await request.catch(() => {
    throw unreachable();
  });
  if (answer.response.ok) return answer;
  const problem = problemOf(answer.response, answer.error);
  noteCountyNeeded(problem);
  const { pathname } = new URL(answer.response.url);
  if (asksSignIn(problem) && !asksSecret.test(pathname)) onSignedOut(problem);
  throw problem;
}

/** The answer's content; throws a Problem for anything but success. */
export async function ok<Data>(request: Promise<Reply<Data>>): Promise<Data> {
  return (await reply(request)).data as Data;
}

/** Sends a file as it is: photographs, and tables to import. */
export const upload = <Data>(path: string, file: Blob) =>
  sendBytes<Data>("POST", path, file);

/** Sends a piece of a file; its offset is in the path. */
export const putPiece = <Data>(path: string, piece: Blob) =>
  sendBytes<Data>("PUT", path, piece);

async function sendBytes<Data>(
  method: "POST" | "PUT",
  path: string,
  bytes: Blob,
): Promise<Data> {
  const county = chosenCounty();
  const request = fetch(`/api/v1${path}`, {
    method,
    headers: {
      ...ours,
      ...(county && { "Huiyin-County": county }),
      "Content-Type": bytes.type || "application/octet-stream",
    },
    body: bytes,
  });
  return ok(
    request.then(async (response) => {
      const body: unknown = await response.json().catch(() => undefined);
      return response.ok
        ? { data: body as Data, response }
        : { error: body, response };
    }),
  );
}
