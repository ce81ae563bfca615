import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { whileSeen } from "./live";

class Seen extends EventTarget {
  visibilityState: DocumentVisibilityState = "visible";
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("it refreshes at its interval while it is seen, and not while it is hidden", () => {
  const page = new Seen();
  const refresh = vi.fn();
  const stop = whileSeen(refresh, 30_000, page as never);
  vi.advanceTimersByTime(61_000);
  expect(refresh).toHaveBeenCalledTimes(2);
  page.visibilityState = "hidden";
  vi.advanceTimersByTime(600_000);
  expect(refresh).toHaveBeenCalledTimes(2);
  page.visibilityState = "visible";
  page.dispatchEvent(new Event("visibilitychange"));
  expect(refresh).toHaveBeenCalledTimes(3);
  stop();
  vi.advanceTimersByTime(600_000);
  expect(refresh).toHaveBeenCalledTimes(3);
});
