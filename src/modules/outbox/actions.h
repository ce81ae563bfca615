// SPDX-License-Identifier: EUPL-1.2
// What the rest of the module does with messages beside writing them.
#pragma once

#include "modules/outbox/rules.h"
#include "modules/outbox/store.h"

namespace huiyin::outbox {

const Neighbours& TheNeighbours();
QuietHours QuietHoursOf(db::Tx& tx, County county);
// Whether the actor may know who it goes to.
bool MayName(Context& ctx, const Actor& actor, const Message& message);
// Whether the actor may know of what the message is about.
bool MayKnow(Context& ctx, const Actor& actor, const Message& message);
// Somebody at the window tells the resident what could not be sent. REQUIRES: a message that
// left, or was to leave, the house.
void AskWindow(Context& ctx, const Message& unsent);

}  // namespace huiyin::outbox
