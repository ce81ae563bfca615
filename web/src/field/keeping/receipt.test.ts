import { expect, it } from "vitest";
import { makeReceipt } from "./receipt";

// The server takes these: tests/sync/phones.py makes them the same way and sends thousands.
it.each([
  [[24, 26, 2, 16, 31, 25, 19, 30], "RT2G-ZSKY-Y"],
  [[8, 4, 16, 7, 31, 28, 30, 24], "84G7-ZWYR-9"],
  [[3, 5, 5, 23, 10, 19, 16, 13], "355Q-AKGD-S"],
  [[15, 8, 23, 30, 4, 0, 30, 16], "F8QY-40YG-Z"],
])("makes the server's check character", (values, receipt) => {
  expect(makeReceipt(values)).toBe(receipt);
});

it("is another one each time", () => {
  expect(new Set(Array.from({ length: 100 }, () => makeReceipt())).size).toBe(
    100,
  );
});
