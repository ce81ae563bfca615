import { api, asksSignIn, ok, type Schema, whenSignedOut } from "../lib/api";
import { Problem } from "../lib/problem";

type Current = Schema<"SessionCurrent">;
export type Role = Schema<"Role">;

/**
 * Whether anybody is signed in; `password`: somebody who must choose a password first; `step`:
 * somebody who must set up a second step of signing in.
 */
type Standing = "unknown" | "out" | "password" | "step" | "in" | "failed";

let standing = $state<Standing>("unknown");
let current = $state.raw<Current | undefined>();

export const sessionStanding = () => standing;

/** Who is signed in. Only pages shown to somebody signed in may ask. */
export function me(): Current {
  if (!current) throw new Error("Nobody is signed in.");
  return current;
}

export const holds = (...roles: Role[]) =>
  me().officer.roles.some(({ role }) => roles.includes(role));

/** The widest area the officer's roles reach: where lists and figures begin. */
export function ownArea(): string {
  const { officer, county } = me();
  const areas = officer.roles.map(({ area_code }) => area_code);
  return areas.sort((a, b) => a.length - b.length)[0] ?? county.code;
}

const mustChange = "sessions.password_must_be_changed";

export async function loadSession() {
  try {
    current = await ok(api.GET("/api/v1/sessions/current"));
    standing = current.must_set_second_step ? "step" : "in";
  } catch (failure) {
    if (!(failure instanceof Problem)) throw failure;
    if (failure.code === mustChange) standing = "password";
    else standing = asksSignIn(failure) ? "out" : "failed";
  }
}

export async function signIn(login: string, password: string, code: string) {
  const body = { login, password, ...(code && { code }) };
  await ok(api.POST("/api/v1/sessions", { body }));
  await loadSession();
}

export async function changePassword(old: string, wanted: string) {
  const body = { old, new: wanted };
  await ok(api.POST("/api/v1/sessions/current/password", { body }));
  await loadSession();
}

/** Nothing of a household stays on the screen or in memory afterwards. */
export async function signOut() {
  await ok(api.DELETE("/api/v1/sessions/current"));
  location.assign("/desk/");
}

/** A session that ended shows the sign-in in place; the address and its page come back after it. */
export function watchSession() {
  whenSignedOut(() => (standing = "out"));
  api.use({
    async onResponse({ response }) {
      if (response.status !== 403) return;
      const problem = (await response
        .clone()
        .json()
        .catch(() => ({}))) as { code?: string };
      if (problem.code === mustChange) standing = "password";
    },
  });
}
