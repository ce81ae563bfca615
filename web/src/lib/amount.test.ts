import { expect, test } from "vitest";
import { showMoney, showMu, toSquareMetres } from "./amount";

test("money shows its fen only when there are some", () => {
  expect(showMoney(1_234_500, "zh-CN")).toBe("¥12,345");
  expect(showMoney(1_234_567, "zh-CN")).toBe("¥12,345.67");
});

test("land is kept in square metres and shown in mu", () => {
  expect(showMu(2_000, "zh-CN")).toBe("3");
  expect(toSquareMetres(3)).toBe(2_000);
  expect(showMu(toSquareMetres(2.5), "zh-CN")).toBe("2.5");
});
