import { api, ok, whenSignedOut } from "../lib/api";
import { recall, remember } from "../lib/preferences";
import { go, path } from "../lib/router.svelte";

// The cookie itself cannot be read here; this only says whether to show the way out.
let signedIn = $state(recall("signed_in") === "yes");

export const isSignedIn = () => signedIn;

export function setSignedIn(wanted: boolean) {
  signedIn = wanted;
  remember("signed_in", wanted ? "yes" : null);
}

export async function signIn(card_number: string, pin: string) {
  await ok(
    api.POST("/api/v1/resident_sessions", { body: { card_number, pin } }),
  );
  setSignedIn(true);
}

export async function activate(
  card_number: string,
  first_code: string,
  pin: string,
) {
  await ok(
    api.POST("/api/v1/card_activations", {
      body: { card_number, first_code, pin },
    }),
  );
  setSignedIn(true);
}

export async function signOut() {
  await ok(api.DELETE("/api/v1/resident_sessions/current"));
  setSignedIn(false);
}

/** A session that ended brings its household to the sign-in, and back here afterwards. */
export function watchSession() {
  whenSignedOut(() => {
    setSignedIn(false);
    if (path().startsWith("/household")) {
      go(`/sign-in?next=${encodeURIComponent(path())}`, { replace: true });
    }
  });
}

/** Where to go after signing in: a page of the household's own, or what it was about to send. */
export const afterSignIn = (next: string) =>
  /^\/household(\/|$)|^\/ask\/check$/.test(next) ? next : "/household";
