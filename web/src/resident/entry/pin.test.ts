import { expect, test } from "vitest";
import { pinFault } from "./pin";

test.each([
  ["", "required"],
  ["12345", "not_a_pin"],
  ["1234567890123", "not_a_pin"],
  ["12a456", "not_a_pin"],
  ["111111", "too_easy"],
  ["123456", "too_easy"],
  ["890123", "too_easy"],
  ["654321", "too_easy"],
  ["802914", undefined],
])("the PIN %j is %s", (pin, fault) => {
  expect(pinFault(pin)).toBe(fault);
});
