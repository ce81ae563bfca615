import { newId } from "../../lib/id";
import type { HouseholdRecord, Kept, Operation } from "./operation";

/** Who works with this phone: what is done here bears their name before the server says so. */
export interface Self {
  id: string;
  name: string;
  unit_name: string;
}

type Visit = NonNullable<HouseholdRecord["visits"]>[number];
type Matter = NonNullable<HouseholdRecord["matters"]>[number];
type Resident = HouseholdRecord["residents"][number];
export type Shown = HouseholdRecord & {
  /** Ids of what is only here yet. */ here: string[];
};

const text = (value: unknown) => (typeof value === "string" ? value : "");

function visitOf(
  { at, body = {} }: Operation,
  record: HouseholdRecord,
  self: Self,
): Visit {
  const promises = (body["promises"] ?? []) as {
    id?: string;
    text: string;
    due: string;
  }[];
  return {
    id: text(body["id"]),
    household_id: record.id,
    officer_id: self.id,
    officer_name: self.name,
    unit_name: self.unit_name,
    at: text(body["at"]) || at,
    met: body["met"] as Visit["met"],
    diary: text(body["diary"]),
    ...(text(body["words"]) && {
      words: [
        {
          at: text(body["at"]) || at,
          text: text(body["words"]),
          by: self.name,
        },
      ],
    }),
    promises: promises.map((promise) => ({
      id: promise.id ?? newId(),
      household_id: record.id,
      officer_id: self.id,
      officer_name: self.name,
      text: promise.text,
      due: promise.due,
      state: "open",
      late: false,
    })) as Visit["promises"],
    revision: 1,
  };
}

function matterOf({ at, body = {} }: Operation, self: Self): Matter {
  const asks = (body["asks"] ?? []) as unknown[];
  const words = text(body["title"]) || text(body["text"]);
  return {
    id: text(body["id"]),
    receipt: text(body["receipt"]),
    title: words.slice(0, 40),
    kind: (body["kind"] ?? "help") as Matter["kind"],
    channel: "visit",
    state: "received",
    owner: { unit_name: self.unit_name } as Matter["owner"],
    received_at: at,
    late: false,
    asks_count: Math.max(1, asks.length),
  };
}

/** The fields of an edit: all of its body but what goes along with it. */
function fieldsOf({ body = {} }: Operation): Record<string, unknown> {
  const { base: _, visit_id: __, ...fields } = body;
  return fields;
}

type Fields = Record<string, unknown>;

/** The county's own fields lie within one, and are changed one by one too. */
function changedSection(fields: Fields, operation: Operation): Fields {
  const { custom, ...changed } = fieldsOf(operation);
  return {
    ...fields,
    ...changed,
    ...(custom !== undefined && {
      custom: { ...(fields["custom"] as Fields), ...(custom as Fields) },
    }),
  };
}

const sectionsOf = (record: Shown, name: string, fields: Fields) => ({
  sections: {
    ...record.sections,
    [name]: fields,
  } as HouseholdRecord["sections"],
});

/** What is taken back is erased at the office; here it is not shown any more. */
function consented(record: Shown, name: string, method: string): Shown {
  const withdrawn = method === "DELETE";
  const states = record.section_states ?? {};
  const consent = withdrawn ? ("withdrawn" as const) : ("given" as const);
  return {
    ...record,
    ...(withdrawn && sectionsOf(record, name, {})),
    section_states: { ...states, [name]: { ...states[name], consent } },
  };
}

const personOf = (record: Shown, body: Fields) =>
  ({
    state: "present",
    languages: [],
    care: [],
    revision: 1,
    household_id: record.id,
    ...body,
  }) as unknown as Resident;

/** Who lives there after an event of the family, as far as a phone can say: the office goes by its rules. */
function happened(record: Shown, body: Fields): Resident[] {
  const list = (value: unknown) => (value ?? []) as string[];
  const kind = text(body["kind"]);
  const gone = [
    ...(kind === "death" ? [text(body["resident_id"])] : []),
    ...list(body["members"]),
  ];
  const state = kind === "death" ? ("dead" as const) : ("moved_out" as const);
  const related = new Map(
    (
      (body["relations"] ?? []) as { resident_id: string; relation: string }[]
    ).map(({ resident_id, relation }) => [resident_id, relation]),
  );
  const head = kind === "split" ? "" : text(body["new_head_id"]);
  const after = record.residents.map((one): Resident => {
    if (gone.includes(one.id))
      return { ...one, state, until: text(body["date"]) };
    if (one.id === head) return { ...one, relation: "head" };
    const relation = related.get(one.id);
    if (relation && kind !== "split")
      return { ...one, relation: relation as Resident["relation"] };
    // Until the office says how the others are related now.
    return head && one.relation === "head"
      ? { ...one, relation: "other" }
      : one;
  });
  const comer = body["resident"] as Fields | undefined;
  return comer ? [...after, personOf(record, comer)] : after;
}

function put(record: Shown, operation: Operation, self: Self): Shown {
  const { method, path, body = {} } = operation;
  const here = [...record.here, text(body["id"]) || operation.id];
  const section = /\/sections\/([a-z_]+)(\?|$)/.exec(path)?.[1];
  if (section) {
    const sections = record.sections as Record<string, Fields>;
    const changed = changedSection(sections[section] ?? {}, operation);
    return { ...record, here, ...sectionsOf(record, section, changed) };
  }
  const consent = /\/consents\/([a-z_]+)(\?|$)/.exec(path)?.[1];
  if (consent) return { ...consented(record, consent, method), here };
  if (/\/life_events(\?|$)/.test(path)) {
    const residents = happened(record, body);
    const head = residents.find(
      ({ relation, state }) => relation === "head" && state === "present",
    );
    return {
      ...record,
      here,
      residents,
      ...(head && { head_id: head.id, head_name: head.name }),
    };
  }
  const resident = /\/residents\/([^/?]+)(\?|$)/.exec(path)?.[1];
  if (resident && method === "PATCH") {
    const residents = record.residents.map((one) =>
      one.id === resident ? { ...one, ...fieldsOf(operation) } : one,
    );
    return { ...record, here, residents };
  }
  if (/\/residents(\?|$)/.test(path) && method === "POST")
    return {
      ...record,
      here,
      residents: [...record.residents, personOf(record, body)],
    };
  const [, visit, beneath] =
    /^\/api\/v1\/visits\/([^/?]+)\/(words|addenda)$/.exec(path) ?? [];
  if (visit && beneath) {
    const note = { at: operation.at, text: text(body["text"]), by: self.name };
    const place = beneath as "words" | "addenda";
    const visits = (record.visits ?? []).map((one) =>
      one.id === visit
        ? { ...one, [place]: [...(one[place] ?? []), note] }
        : one,
    );
    return { ...record, here, visits };
  }
  if (path === "/api/v1/visits")
    return {
      ...record,
      here,
      visits: [visitOf(operation, record, self), ...(record.visits ?? [])],
    };
  if (path === "/api/v1/matters")
    return {
      ...record,
      here,
      matters: [matterOf(operation, self), ...(record.matters ?? [])],
    };
  return { ...record, here };
}

/** The record with what was done here and the server has not merged yet. */
export function shown(
  record: HouseholdRecord,
  kept: Kept[],
  self: Self,
): Shown {
  return kept
    .filter(
      ({ operation, standing }) =>
        operation.record === record.id &&
        (standing === "here" || standing === "received"),
    )
    .reduce<Shown>((so, { operation }) => put(so, operation, self), {
      ...record,
      here: [],
    });
}
