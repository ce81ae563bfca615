// SPDX-License-Identifier: EUPL-1.2
// The town with the register alone: what stands above it is played by the pairings the
// town was founded with, so that these tests fail for reasons of the register only.
#pragma once

#include "modules/households/households.h"
#include "modules/identity/identity.h"
#include "modules/org/org.h"
#include "tests/support/town.h"

namespace huiyin::households {

class RegisterTown : public testing::Town {
 protected:
  std::vector<Module> Modules() override {
    DisconnectAll();
    Connect({
        .is_related = [](Context& ctx, const huiyin::HouseholdId& id) {
          static constexpr db::Sql kPaired{"test.paired",
              "SELECT 1 FROM pairings WHERE county = $1 AND household_id = $2 AND officer_id = $3 AND until_on IS NULL"};
          return ctx.tx.Any(kPaired, ctx.county, id, ctx.actor.officer);
        },
        .paired_with = [](Context& ctx, const huiyin::OfficerId& officer) {
          static constexpr db::Sql kMine{"test.mine",
              "SELECT household_id FROM pairings WHERE county = $1 AND officer_id = $2 AND until_on IS NULL"};
          return ctx.tx.All(kMine, [](const db::Row& row) { return row.Ref<huiyin::HouseholdId>(0); }, ctx.county, officer);
        },
        .on_ended = [](Context& ctx, const huiyin::HouseholdId& id, Date on, std::string_view why) {
          static constexpr db::Sql kEnd{"test.end",
              "UPDATE pairings SET until_on = $3, end_reason = $4 WHERE county = $1 AND household_id = $2 AND until_on IS NULL"};
          ctx.tx.Run(kEnd, ctx.county, id, on, why);
        },
        .open_correction = [](Context& ctx, const Correction& correction) {
          const auto id = FormatId(ctx.county, NewUuid(ctx.now, ctx.random()));
          JsonWriter w = ctx.Writer();
          w.BeginObject().Field("id", id).Field("receipt", "7K3M-9QXT-4").Field("state", "received");
          w.Key("owner").BeginObject().Field("unit_id", id).Field("unit_name", "清水镇服务站").EndObject();
          w.Key("asks").BeginArray().BeginObject().Field("id", id).Field("text", correction.text).EndObject().EndArray();
          w.Field("revision", 1).EndObject();
          return JsonReply(201, w);
        },
    });
    return {org::Describe(), identity::Describe(), households::Describe()};
  }

  static std::string Path(std::string_view id, std::string_view rest = "") {
    return "/api/v1/households/" + std::string(id) + std::string(rest);
  }
};

}  // namespace huiyin::households
