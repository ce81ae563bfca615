import { expect, test } from "vitest";
import type { Draft } from "./draft.svelte";
import { bodyOf, isProtected, stepAfter, stepBefore } from "./steps";

const draft = (wanted: Partial<Draft>): Draft => ({
  id: "0192f3a4-7c1e-7abc-8def-0123456789ab",
  own: false,
  text: " 路灯坏了 ",
  kind: "",
  target: "",
  unitId: "",
  unitName: "",
  person: "",
  officerId: "",
  officerName: "",
  points: [""],
  areaCode: "",
  areaName: "",
  category: "",
  categoryName: "",
  how: "",
  confidential: false,
  name: "",
  phone: "",
  address: "",
  email: "",
  language: "",
  follows: "",
  ...wanted,
});

test("only a complaint asks who is meant", () => {
  expect(stepAfter({ kind: "help" }, "/ask/kind")).toBe("/ask/points");
  expect(stepAfter({ kind: "complaint" }, "/ask/kind")).toBe("/ask/whom");
  expect(stepBefore({ kind: "complaint" }, "/ask/points")).toBe("/ask/whom");
  expect(stepBefore({ kind: "help" }, "/ask")).toBe("/");
});

test("the text alone is enough", () => {
  expect(bodyOf(draft({}))).toEqual({
    id: "0192f3a4-7c1e-7abc-8def-0123456789ab",
    channel: "web",
    kind: "help",
    text: "路灯坏了",
  });
});

test("who wants to stay unnamed is not named, whatever was typed before", () => {
  const typed = {
    name: "李桂芳",
    phone: "139",
    address: "石桥",
    how: "anonymous",
  };
  const body = bodyOf(draft(typed));
  expect(body.anonymous).toBe(true);
  expect(body.contact).toBeUndefined();
  expect(JSON.stringify(body)).not.toContain("李桂芳");
});

test("a name kept apart is sent along, and not when there is none", () => {
  const wanted = { how: "phone", phone: "139", confidential: true };
  expect(bodyOf(draft(wanted)).confidential).toBe(true);
  expect(
    bodyOf(draft({ ...wanted, how: "anonymous" })).confidential,
  ).toBeUndefined();
});

test("a complaint changed into something else complains of nobody", () => {
  const wanted = { kind: "help", target: "unit", unitId: "990101-u" } as const;
  expect(isProtected(wanted)).toBe(false);
  expect(bodyOf(draft(wanted)).about_unit_id).toBeUndefined();
  expect(bodyOf(draft({ ...wanted, kind: "complaint" })).about_unit_id).toBe(
    "990101-u",
  );
});

test("whom it is about is said in words where no list has them", () => {
  const wanted = {
    kind: "complaint",
    target: "other",
    person: " 管水的老孙 ",
  } as const;
  const body = bodyOf(draft({ ...wanted, unitId: "990101-u" }));
  expect(body.about_text).toBe("管水的老孙");
  expect(body.about_unit_id).toBeUndefined();
  expect(bodyOf(draft({ ...wanted, target: "thing" })).about_text).toBe(
    undefined,
  );
});

test("points left empty are not points", () => {
  expect(bodyOf(draft({ points: ["", " 换灯 ", ""] })).asks).toEqual([
    { text: "换灯" },
  ]);
});
