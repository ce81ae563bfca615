import type { Operation } from "../keeping/operation";

function pageOf({ path, record, body = {} }: Operation): string | undefined {
  const home = `/field/households/${record}`;
  const section = /\/sections\/([a-z_]+)/.exec(path)?.[1];
  if (section) return `${home}/sections/${section}?`;
  const person = /\/api\/v1\/residents\/([^/?]+)/.exec(path)?.[1];
  if (person) return `${home}/people/${person}?`;
  if (/\/residents(\?|$)/.test(path)) return `${home}/people/new?`;
  if (/\/life_events(\?|$)/.test(path))
    return `${home}/life?kind=${String(body["kind"])}&`;
  const beneath = /\/visits\/([^/]+)\/(words|addenda)$/.exec(path);
  if (beneath) return `${home}/visits/${beneath[1]}/${beneath[2]}?`;
  return undefined;
}

/** The page on which an act is written anew, in its own place; undefined where there is none. */
export function redo(operation: Operation): string | undefined {
  const page = pageOf(operation);
  return page && `${page}instead=${operation.id}`;
}
