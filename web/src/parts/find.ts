/** One thing found: what it is known by, and what tells it from its namesakes. */
export interface Option {
  value: string;
  text: string;
  note?: string;
  /** Tells two options of one value apart in a list. */
  key?: string;
  /** Where it is, for forms that ask for the area too. */
  area?: { code: string; name: string };
}
export type Find = (q: string) => Promise<Option[]>;

/**
 * Where a form looks things up: the desk asks the server, a phone what it took along. A form leaves
 * out what it cannot look up.
 */
export interface Sources {
  areas: Find;
  /** A person, for acts on people. */
  people?: Find;
  /** A household, by anybody in it. */
  households?: Find;
  categories: Find;
  units: Find;
  officers?: Find;
}
