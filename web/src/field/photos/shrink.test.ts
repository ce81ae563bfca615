import { expect, it } from "vitest";
import { fit } from "./shrink";

it("fits a picture to what is kept, and makes none larger", () => {
  expect(fit({ width: 4000, height: 3000 })).toEqual({
    width: 1600,
    height: 1200,
  });
  expect(fit({ width: 1080, height: 4320 })).toEqual({
    width: 400,
    height: 1600,
  });
  expect(fit({ width: 800, height: 600 })).toEqual({ width: 800, height: 600 });
  expect(fit({ width: 9000, height: 2 })).toEqual({ width: 1600, height: 1 });
});
