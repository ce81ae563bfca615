// SPDX-License-Identifier: EUPL-1.2
// Households leave the program only as a table that two officers answer for; every
// household in it can read that it was in it.
#include <cstdio>
#include <fstream>

#include "app/commands.h"
#include "core/text.h"
#include "modules/households/households.h"
#include "modules/org/org.h"

namespace huiyin::app {
namespace {

constexpr int kPiece = 500;

// The officer with that login, with all roles, as an actor.
Actor ActorOf(db::Tx& tx, County county, std::string_view option, const std::string& login) {
  const auto place = org::FindLogin(tx, LowerAscii(login));
  const auto officer = place && place->county == county ? org::FindOfficer(tx, county, place->officer) : std::nullopt;
  if (!officer || !officer->is_active) throw std::runtime_error(fmt::format("--{}: there is no active officer with the login {}", option, login));
  Actor actor;
  actor.kind = Actor::Kind::kOfficer;
  actor.officer = officer->id;
  actor.unit = officer->unit_id;
  actor.name = officer->name;
  for (const org::RoleRow& row : org::RolesOf(tx, county, officer->id)) actor.roles.push_back(row.held);
  return actor;
}

struct Signatures {
  Actor requester;
  Actor approver;
};

Signatures Sign(db::Tx& tx, County county, const Arguments& arguments, const std::string& area) {
  if (!org::FindArea(tx, county, area)) throw std::runtime_error("there is no area " + area);
  Signatures signatures{ActorOf(tx, county, "requested-by", arguments.Need("requested-by")),
                        ActorOf(tx, county, "approved-by", arguments.Need("approved-by"))};
  if (signatures.requester.officer == signatures.approver.officer) {
    throw std::runtime_error("an export is approved by a second officer, not by the one who asks for it");
  }
  if (May(signatures.requester, Action::kHouseholdsExport, {.area = area}) != Decision::kAllowed) {
    throw std::runtime_error(arguments.Need("requested-by") + " may not export households of " + area);
  }
  if (May(signatures.approver, Action::kExportsApprove, {.area = area}) != Decision::kAllowed) {
    throw std::runtime_error(arguments.Need("approved-by") + " is no leader, auditor or administrator over " + area);
  }
  return signatures;
}

// Written down before it is shown; a household reads of it where it reads who looked.
void NoteExport(const OpenCounty& county, const Signatures& signatures, const std::string& reason,
                const std::vector<households::Exported>& piece) {
  WithContext(county, [&](Context& ctx) {
    ctx.actor = signatures.requester;
    for (const households::Exported& each : piece) {
      ctx.Audit({.act = "export.read", .resource = "household", .resource_id = each.household.id,
                 .household = each.household.id, .purpose = "other", .reason = reason});
    }
  });
}

int Export(std::span<const std::string> args) {
  const Arguments arguments(args, {"data", "county", "area", "approved-by", "requested-by", "reason", "out"});
  const std::string reason(Trim(arguments.Need("reason")));
  if (reason.empty() || CountCharacters(reason) > 500) throw Usage("--reason wants 1 to 500 characters");
  const std::string to = arguments.Need("out");
  if (std::filesystem::exists(to)) throw std::runtime_error(to + ": is there already");
  OpenCounty county = OpenData(arguments.Need("data"));
  if (const auto code = arguments.Get("county")) {
    const auto parsed = ParseCounty(*code);
    if (!parsed) throw Usage("--county wants six digits");
    county.services->default_county = *parsed;
  }
  const County of = county.services->default_county;
  const std::string area = arguments.Get("area").value_or(FormatCounty(of));

  Signatures signatures;
  county.database->Read([&](db::Tx& tx) { signatures = Sign(tx, of, arguments, area); });
  const std::string told = reason + "（批准：" + signatures.approver.name + "）";
  WithContext(county, [&](Context& ctx) {
    ctx.actor = signatures.requester;
    ctx.Audit({.act = "households.export_begun", .resource = "area", .resource_id = org::AreaEventId(area), .purpose = "other", .reason = told});
    ctx.actor = signatures.approver;
    ctx.Audit({.act = "households.export_approved", .resource = "area", .resource_id = org::AreaEventId(area), .purpose = "other", .reason = reason});
  });

  std::ofstream out(to, std::ios::binary);
  std::filesystem::permissions(to, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  out << households::ExportHeading();
  std::optional<households::Household> last;
  int64_t count = 0;
  for (;;) {
    std::vector<households::Exported> piece;
    county.database->Read([&](db::Tx& tx) { piece = households::ExportPiece(tx, of, area, last ? &*last : nullptr, kPiece); });
    if (piece.empty()) break;
    NoteExport(county, signatures, told, piece);
    for (const households::Exported& each : piece) out << households::ExportLines(each);
    count += static_cast<int64_t>(piece.size());
    last = piece.back().household;
    fmt::print(stderr, "\r{} households", count);
  }
  if (!out.flush()) throw std::runtime_error(to + ": cannot be written");
  fmt::print(stderr, "\n");
  fmt::print("{} households of {} are in {}; each can read that it was exported, by whom and why\n", count, area, to);
  return 0;
}

}  // namespace

extern const Command kHouseholdsExport;
const Command kHouseholdsExport = {
    "households export", "write households to a table that two officers answer for",
    R"(huiyin households export --data DIR --out FILE.csv --reason TEXT
                         --requested-by LOGIN --approved-by LOGIN [--area CODE]

The officer who asks must be allowed to export the area; a second one who is a leader, an
auditor or an administrator over it approves. Both are written to the audit log, and every
household reads in its own record that it was exported, by whom and why.

The table has the columns of huiyin households import, one row a person, without identity
numbers.)",
    Export};

}  // namespace huiyin::app
