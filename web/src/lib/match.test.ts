import { expect, test } from "vitest";
import { match } from "./match";

test("takes parameters out of a path", () => {
  expect(
    match("/receipts/:receipt/appeal", "/receipts/7K3M-9QXT-4/appeal"),
  ).toEqual({
    receipt: "7K3M-9QXT-4",
  });
});

test("a trailing slash is the same page", () => {
  expect(match("/desk", "/desk/")).toEqual({});
});

test("another path does not match", () => {
  expect(match("/receipts/:receipt", "/receipts")).toBeUndefined();
  expect(match("/receipts", "/notices")).toBeUndefined();
});

test("a broken escape is taken as written", () => {
  expect(match("/q/:text", "/q/%E6%B")).toEqual({ text: "%E6%B" });
});
