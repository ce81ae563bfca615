import { expect, test } from "vitest";
import { pinFault } from "./pin";

test.each([
  ["", "required"],
  ["12345", "not_a_pin"],
  ["1234567890123", "not_a_pin"],
  ["12a456", "not_a_pin"],
  ["111111", "weak_pin"],
  ["123456", "weak_pin"],
  ["890123", "weak_pin"],
  ["654321", "weak_pin"],
  ["802914", undefined],
])("the PIN %j is %s", (pin, fault) => {
  expect(pinFault(pin)).toBe(fault);
});
