import type { Operation } from "../keeping/operation";

type Asked = Pick<Operation, "path" | "body">;

/**
 * A matter that nobody of this office may read: about an officer or a unit, or of somebody whose name
 * is kept apart, or who gave none. It hangs on no household on this phone, and what it says is shown
 * to nobody once it was written down, not even to whoever wrote it.
 */
export const isSheltered = ({ path, body = {} }: Asked): boolean =>
  path === "/api/v1/matters" &&
  ["about_officer_id", "about_unit_id", "about_text"].some(
    (name) => body[name] !== undefined,
  );

/** Nothing of it is tied to a household, here or at the office. */
export const isApart = ({ path, body = {} }: Asked): boolean =>
  path === "/api/v1/matters" &&
  (isSheltered({ path, body }) ||
    body["anonymous"] === true ||
    body["confidential"] === true);
