// SPDX-License-Identifier: EUPL-1.2
#include "app/wiring.h"

#include <mutex>

#include "modules/attachments/attachments.h"
#include "modules/audit/audit_log.h"
#include "modules/exports/exports.h"
#include "modules/households/households.h"
#include "modules/identity/identity.h"
#include "modules/imports/imports.h"
#include "modules/matters/matters.h"
#include "modules/open311/open311.h"
#include "modules/org/org.h"
#include "modules/outbox/outbox.h"
#include "modules/pairings/pairings.h"
#include "modules/sync/sync.h"
#include "modules/terms/terms.h"
#include "modules/upkeep/upkeep.h"
#include "modules/visits/visits.h"

namespace huiyin {

namespace {

// Modules below are told what those above lend them: once, since each database of an installation asks
// for the modules as it opens, also while others are served.
void Introduce() {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  if (households::IsConnected()) return;
  households::Connect(attachments::Lend());
  households::Connect(pairings::Lend());
  households::Connect(visits::Lend());
  households::Connect(matters::Lend());
  visits::Connect({.matters = matters::MattersOfVisits});
  attachments::ConnectVisits(visits::KeepPictures());
  attachments::ConnectMatters(matters::KeepPictures());
  pairings::Connect({.promises = visits::HandOver, .matters = matters::HandOver});
  outbox::Connect({.may_know = matters::MayLearnOf, .may_name = matters::MayNameFor, .window_of = matters::WindowOf});
  identity::Connect({.tell_second_step_taken_off = [](Context& ctx, const OfficerId& officer) {
    outbox::ToOfficer(ctx, officer, {.kind = "account.second_step_off",
                                     .data = {{"officer", ctx.actor.name}, {"at", FormatInstant(ctx.now)}}});
  }});
  org::Connect({.owns_open_matters = matters::OwnsOpenMatters, .paired_households = pairings::LoadOf});
}

}  // namespace

std::vector<Module> AllModules() {
  Introduce();
  std::vector<Module> all = {
      org::Describe(),
      terms::Describe(),
      identity::Describe(),
      audit_log::Describe(matters::MayKnowOf),
      households::Describe(),
      attachments::Describe(),
      pairings::Describe(),
      visits::Describe(),
      outbox::Describe(),
      matters::Describe(),
      imports::Describe(),
      open311::Describe(),
      exports::Describe(),
      sync::Describe(),
  };
  all.push_back(upkeep::Describe(RetainedOf(all)));
  return all;
}

std::vector<Retained> RetainedOf(const std::vector<Module>& modules) {
  std::vector<Retained> retained;
  for (const Module& module : modules) retained.insert(retained.end(), module.retained.begin(), module.retained.end());
  return retained;
}

}  // namespace huiyin
