// SPDX-License-Identifier: EUPL-1.2
// What the machine does when an alarm comes due. Called by the scheduler alone
// (alarms.cpp), which has set the next alarm before and saves the matter afterwards.
#pragma once

#include "modules/matters/matter.h"
#include "modules/matters/stages.h"
#include "platform/context.h"

namespace huiyin::matters {

void DoDeed(Context& ctx, Matter& matter, const Clock& clock, Deed deed);
// Nobody answered the order in its term: the next level orders, and at the top the same
// order is called late again after each further term.
void DoOrderLate(Context& ctx, const OrderId& order);

}  // namespace huiyin::matters
