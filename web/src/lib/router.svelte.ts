import type { Component } from "svelte";
import { match, type Params } from "./match";

export interface Route {
  path: string;
  /** A page takes its path's parameters as props; which ones, its own file says. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  load: () => Promise<{ default: Component<any> }>;
}

interface Place {
  path: string;
  query: URLSearchParams;
}

const read = (): Place => ({
  path: location.pathname,
  query: new URLSearchParams(location.search),
});

let place = $state.raw<Place>(read());
let moves = 0;
let mayLeave = () => true;

export const path = () => place.path;
export const query = (name: string) => place.query.get(name) ?? "";
export const queryAll = (name: string) => place.query.getAll(name);

/** Whether the reader came here by a link of ours: then the heading takes the focus. */
export const hasMoved = () => moves > 0;

export function go(to: string, { replace = false } = {}) {
  if (!mayLeave()) return;
  if (replace) history.replaceState(null, "", to);
  else history.pushState(null, "", to);
  arrive();
  scrollTo(0, 0);
}

/** Puts what a list is narrowed to into the address, without leaving the page. */
export function setQuery(values: Record<string, string>) {
  const wanted = new URLSearchParams(place.query);
  for (const [name, value] of Object.entries(values)) {
    if (value) wanted.set(name, value);
    else wanted.delete(name);
  }
  const text = wanted.toString();
  history.replaceState(null, "", place.path + (text ? `?${text}` : ""));
  place = read();
}

/** Asks before unsaved work is left behind. Returns how to stop asking. */
export function guard(question: () => string | undefined): () => void {
  const ask = (event: BeforeUnloadEvent) => {
    if (question() !== undefined) event.preventDefault();
  };
  mayLeave = () => {
    const text = question();
    return text === undefined || confirm(text);
  };
  addEventListener("beforeunload", ask);
  return () => {
    mayLeave = () => true;
    removeEventListener("beforeunload", ask);
  };
}

function arrive() {
  moves += 1;
  place = read();
}

/** Follows links within this application without loading a page. */
export function startRouter(isOurs: (path: string) => boolean) {
  addEventListener("popstate", arrive);
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
      return;
    const link = (event.target as Element).closest("a");
    if (!link || link.target || link.hasAttribute("download")) return;
    if (link.origin !== location.origin || !isOurs(link.pathname)) return;
    if (link.hash && link.pathname === location.pathname) return;
    event.preventDefault();
    go(link.pathname + link.search);
  });
}

export function find(
  routes: Route[],
  wanted: string,
): { route: Route; params: Params } | undefined {
  for (const route of routes) {
    const params = match(route.path, wanted);
    if (params) return { route, params };
  }
  return undefined;
}
