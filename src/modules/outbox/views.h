// SPDX-License-Identifier: EUPL-1.2
// Messages as the API shows them.
#pragma once

#include "modules/outbox/actions.h"
#include "modules/outbox/templates.h"

namespace huiyin::outbox {

// The first language of Accept-Language, else `otherwise`, as far as there are messages in it.
std::string LanguageAsked(const Context& ctx, std::string_view otherwise);
void WriteInboxMessage(Context& ctx, JsonWriter& w, const Message& message, Reader reader);

std::vector<Route> InboxRoutes();
std::vector<Route> LetterRoutes();

}  // namespace huiyin::outbox
