import { now } from "../lib/time";
import type { Draft } from "./keeping/drafts";
import { watch } from "./keeping/store";
import { phone } from "./session.svelte";

/** How long after the last stroke a form is kept. */
const pause = 300;

/**
 * The form of this page as it was left. To be called as a component is made; `ready` once it is known
 * whether there is one.
 */
export function useDraft<Value>(path: () => string, title: () => string) {
  const drafts = phone().drafts;
  let found = $state.raw<Draft<Value> | undefined>();
  let ready = $state(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;

  $effect(() => {
    void drafts.get<Value>(path()).then((draft) => {
      found = draft;
      ready = true;
    });
    return () => clearTimeout(timer);
  });

  return {
    get ready() {
      return ready;
    },
    /** As it was when the page was opened. */
    get found() {
      return found;
    },
    put(value: Value) {
      clearTimeout(timer);
      const draft = { path: path(), title: title(), at: now().toISOString() };
      timer = setTimeout(() => {
        if (!isOver) void drafts.put({ ...draft, value });
      }, pause);
    },
    /** It was kept as an act, or is not wanted any more. */
    async over() {
      isOver = true;
      clearTimeout(timer);
      await drafts.drop(path());
    },
  };
}

/** Every half filled form of this officer, kept up to date; undefined until the database answered. */
export function useDrafts() {
  const { drafts } = phone();
  let all = $state.raw<Draft[] | undefined>();
  $effect(() =>
    watch(
      () => drafts.count(),
      () => void drafts.all().then((found) => (all = found)),
    ),
  );
  return {
    get all() {
      return all;
    },
  };
}
