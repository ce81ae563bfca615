/**
 * Calls `refresh` at an interval while the page is seen, and at once when it is seen again after
 * longer than that. Returns how to stop.
 */
export function whileSeen(
  refresh: () => unknown,
  every: number,
  page: Pick<
    Document,
    "visibilityState" | "addEventListener" | "removeEventListener"
  > = document,
): () => void {
  let last = Date.now();
  const look = () => {
    if (page.visibilityState !== "visible") return;
    if (Date.now() - last < every) return;
    last = Date.now();
    void refresh();
  };
  // More often than it acts, so that a page seen again does not wait for a whole round.
  const timer = setInterval(look, Math.max(1000, every / 10));
  page.addEventListener("visibilitychange", look);
  return () => {
    clearInterval(timer);
    page.removeEventListener("visibilitychange", look);
  };
}
