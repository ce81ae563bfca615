// SPDX-License-Identifier: EUPL-1.2
#include "core/text.h"
#include "modules/matters/columns.h"
#include "modules/matters/matters.h"
#include "modules/matters/neighbours.h"

namespace huiyin::matters {
namespace {

constexpr db::Sql kExported{"matters.exported",
                            "SELECT " HUIYIN_MATTER_COLUMNS
                            " FROM matters m WHERE m.county = $1 AND m.area_code >= $2 AND m.area_code < $3"
                            " AND m.is_protected = 0 ORDER BY m.received_at DESC, m.id DESC LIMIT $4"};

std::string Line(Names& names, const Matter& m) {
  const auto at = [](const std::optional<Instant>& instant) { return instant ? FormatInstant(*instant) : std::string(); };
  const std::string solved = !m.solved ? "" : *m.solved ? "yes" : "no";
  std::string line;
  for (const std::string& cell : {m.receipt, FormatInstant(m.received_at), m.area, m.channel, m.kind, m.category,
                                  std::string(StateName(m.state)), names.Unit(m.owner_unit), m.subject, m.text, at(m.due_at),
                                  at(m.answered_at), at(m.closed_at), solved}) {
    if (!line.empty()) line += ',';
    line += CsvCell(cell);
  }
  return line + "\r\n";
}

}  // namespace

std::string_view ExportHeading() {
  return "\xEF\xBB\xBFreceipt,received_at,area_code,channel,kind,category,state,unit,title,text,due_at,answered_at,"
         "closed_at,solved\r\n";
}

int64_t EachExported(Context& ctx, std::string_view area, int most,
                     const std::function<void(std::string_view line, const std::optional<HouseholdId>&)>& each) {
  Names names(ctx);
  int64_t count = 0;
  ctx.tx.Rows(kExported, [&](const db::Row& row) {
    if (++count > most) return;
    const Matter matter = ReadMatter(row);
    each(Line(names, matter), matter.household);
  }, ctx.county, area, AreaEnd(area), most + 1);
  return count;
}

}  // namespace huiyin::matters
