import { expect, test } from "vitest";
import { newId } from "./id";

test("an id tells its time, its version and sorts by time", () => {
  const id = newId(Date.UTC(2026, 10, 21));
  expect(id).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  expect(Number.parseInt(id.replace(/-/g, "").slice(0, 12), 16)).toBe(
    Date.UTC(2026, 10, 21),
  );
  expect(newId(1) < newId(2)).toBe(true);
});
