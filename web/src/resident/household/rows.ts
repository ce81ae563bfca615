import { type OwnField, ownTitle, showOwn } from "../../households/own";
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
  named: OwnField[],
): Row[] {
  const fields = (household.sections[section] ?? {}) as Fields;
  const custom = (fields.custom ?? {}) as Fields;
  const own = named.filter((field) => field.section === section);
  return [
    ...sections[section].map((spec) => ({
      name: fieldTitle(section, spec.name),
      value: showValue(spec, fields[spec.name]),
      action: dispute(section, spec.name),
    })),
    ...own.map((field) => ({
      name: ownTitle(field),
      value: showOwn(field, custom[field.name]),
      action: dispute(section, `custom.${field.name}`),
    })),
  ];
}
