export type Values = Record<string, string | number>;

/**
 * Puts values into a sentence: `{name}` is replaced, `{n|day|days}` chooses by number.
 * A value that was not given stays visible, so that it is noticed.
 */
export function fill(sentence: string, values: Values): string {
  return sentence.replace(
    /\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g,
    (slot, name, one, many) => {
      const value = values[name as string];
      if (value === undefined) return slot;
      if (one === undefined) return String(value);
      return Number(value) === 1 ? one : many;
    },
  );
}
