import type { Schema } from "../../lib/api";
import { newId } from "../../lib/id";

type New = Schema<"MatterNew">;
type Channel = Schema<"Channel">;
type Kind = Schema<"MatterKind">;

/** What is known before anything is typed. */
export interface Known {
  id?: string;
  text?: string;
  visit?: string;
  household?: string;
  householdText?: string;
  follows?: string;
}

const fields = [
  ...(["text", "channel", "kind", "category", "categoryText"] as const),
  ...(["area", "areaText", "household", "householdText"] as const),
  ...(["asks", "follows", "anonymous", "confidential", "name"] as const),
  ...(["phone", "email", "address", "how", "firstWords"] as const),
  ...(["about", "aboutOfficer", "aboutOfficerText"] as const),
  ...(["aboutUnit", "aboutUnitText", "aboutText"] as const),
];
export type Typed = Pick<Draft, (typeof fields)[number]>;

/** The matter being written down. Only the text is needed; the rest as far as it is known. */
export class Draft {
  readonly id: string;
  readonly #visit: string;
  text = $state("");
  channel = $state<Channel>("counter");
  kind = $state<Kind>("help");
  category = $state("");
  categoryText = $state("");
  area = $state("");
  areaText = $state("");
  household = $state("");
  householdText = $state("");
  asks = $state<string[]>([]);
  follows = $state("");
  anonymous = $state(false);
  confidential = $state(false);
  name = $state("");
  phone = $state("");
  email = $state("");
  address = $state("");
  how = $state("");
  firstWords = $state("");
  about = $state("");
  aboutOfficer = $state("");
  aboutOfficerText = $state("");
  aboutUnit = $state("");
  aboutUnitText = $state("");
  /** Whom it is about in words, where nobody can be looked up. */
  aboutText = $state("");

  constructor(known: Known = {}) {
    this.id = known.id ?? newId();
    this.#visit = known.visit ?? "";
    this.text = known.text ?? "";
    this.household = known.household ?? "";
    this.householdText = known.householdText ?? "";
    this.follows = known.follows ?? "";
    if (this.#visit) this.channel = "visit";
  }

  /** What was typed so far, for taking it up again. */
  typed(): Typed {
    const typed: Record<string, unknown> = {};
    for (const name of fields) typed[name] = this[name];
    return $state.snapshot(typed) as unknown as Typed;
  }
  takeUp(typed: Partial<Typed>) {
    Object.assign(this, typed);
  }

  /** One ask a line, as people tend to write and letters tend to be laid out. */
  splitByLine() {
    this.asks = this.text
      .split(/\n|(?<=[\uff1b;])/)
      .map((line) =>
        line.replace(
          /^[\s\d\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341]{1,4}[\u3001.\uff0e)\uff09]/,
          "",
        ),
      )
      .map((line) => line.replace(/[\uff1b;\s]+$/, "").trim())
      .filter((line) => line !== "");
  }

  get #contact(): New["contact"] | undefined {
    const contact = {
      ...(this.name.trim() && { name: this.name.trim() }),
      ...(this.phone.trim() && { phone: this.phone.trim() }),
      ...(this.how === "email" &&
        this.email.trim() && { email: this.email.trim() }),
      ...((this.how === "letter" || this.how === "visit") &&
        this.address.trim() && { address: this.address.trim() }),
      ...(this.how && { how: this.how as "phone" }),
    };
    return Object.keys(contact).length > 0 ? contact : undefined;
  }

  /** A complaint about somebody goes past them; anything else names nobody. */
  get #target(): Partial<New> {
    if (this.kind !== "complaint") return {};
    if (this.about === "officer" && this.aboutOfficer)
      return { about_officer_id: this.aboutOfficer };
    if (this.about === "unit" && this.aboutUnit)
      return { about_unit_id: this.aboutUnit };
    if (this.about && this.aboutText.trim())
      return { about_text: this.aboutText.trim() };
    return {};
  }

  get #person(): Partial<New> {
    if (this.anonymous) return { anonymous: true };
    return {
      ...(this.household && { household_id: this.household }),
      ...(this.#contact && { contact: this.#contact }),
    };
  }

  /** The same person and words, for a matter that somebody brought before. */
  membership(): Schema<"MemberNew"> {
    const { anonymous, ...person } = this.#person;
    return { id: this.id, text: this.text.trim().slice(0, 4000), ...person };
  }

  body(): New {
    const asks = this.asks
      .map((text) => ({ text: text.trim() }))
      .filter(({ text }) => text !== "");
    return {
      id: this.id,
      channel: this.channel,
      kind: this.kind,
      text: this.text.trim(),
      ...(asks.length > 0 && { asks }),
      ...(this.category && { category: this.category }),
      ...(this.follows.trim() && { follows: this.follows.trim() }),
      ...(this.area && { area_code: this.area }),
      ...(this.#visit && !this.anonymous && { visit_id: this.#visit }),
      ...(this.firstWords && {
        first_words_at: `${this.firstWords}T00:00:00+08:00`,
      }),
      ...this.#person,
      ...(this.confidential && !this.anonymous && { confidential: true }),
      ...this.#target,
    };
  }
}
