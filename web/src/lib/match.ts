export type Params = Record<string, string>;

/** The parameters of a path under a pattern such as `/receipts/:receipt`, or undefined. */
export function match(pattern: string, path: string): Params | undefined {
  const wanted = split(pattern);
  const given = split(path);
  if (wanted.length !== given.length) return undefined;
  const params: Params = {};
  for (const [place, part] of wanted.entries()) {
    const value = given[place] ?? "";
    if (part.startsWith(":")) params[part.slice(1)] = decode(value);
    else if (part !== value) return undefined;
  }
  return params;
}

const split = (path: string) => path.split("/").filter((part) => part !== "");

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
