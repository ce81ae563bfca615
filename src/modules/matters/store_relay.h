// SPDX-License-Identifier: EUPL-1.2
// Rows of relayed questions; RelaysOf and ForgetRelays are told in relay.h.
#pragma once

#include "modules/matters/relay.h"

namespace huiyin::matters {

void InsertRelay(db::Tx& tx, County county, const MatterId& matter, const Relay& relay);
// Its answer.
void SaveRelay(db::Tx& tx, County county, const MatterId& matter, const Relay& relay);

}  // namespace huiyin::matters
