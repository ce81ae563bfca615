import { type SectionName, sections } from "../../households/sections";
import { fieldTitle, showValue } from "../../households/show";
import type { Schema } from "../../lib/api";
import { t } from "../../lib/words.svelte";
import type { Row } from "../../ui/Summary.svelte";

type Fields = Record<string, unknown>;

const dispute = (section: SectionName, field: string) => ({
  href: `/household/dispute/${section}/${field}`,
  text: t("record.dispute"),
});

/** The lines of a section, the county's own fields last; each can be disputed. */
export function rowsOf(
  household: Schema<"MyHousehold">,
  section: SectionName,
): Row[] {
  const fields = (household.sections[section] ?? {}) as Fields;
  const own = Object.entries((fields.custom ?? {}) as Fields);
  return [
    ...sections[section].map((spec) => ({
      name: fieldTitle(section, spec.name),
      value: showValue(spec, fields[spec.name]),
      action: dispute(section, spec.name),
    })),
    ...own.map(([name, value]) => ({
      name,
      value: showValue({ name, kind: "text" }, value),
      action: dispute(section, `custom.${name}`),
    })),
  ];
}
