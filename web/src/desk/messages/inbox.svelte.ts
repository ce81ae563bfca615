import { api, ok } from "../../lib/api";
import { Problem } from "../../lib/problem";

let unread = $state(0);

/** How many messages wait to be read; 100 stands for as many or more. */
export const countUnread = () => unread;
export const noteUnread = (count: number) => (unread = count);

/** Asked in passing: what fails here is told by the page that shows the messages. */
export async function askUnread() {
  const params = { query: { limit: 1 } };
  try {
    noteUnread((await ok(api.GET("/api/v1/inbox", { params }))).unread);
  } catch (failure) {
    if (!(failure instanceof Problem)) throw failure;
  }
}
