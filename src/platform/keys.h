// SPDX-License-Identifier: EUPL-1.2
// Idempotency keys: what a request with one was answered, for whoever sends it again. Kept per
// actor, so that nobody gets another's answer by guessing a key.
#pragma once

#include <optional>
#include <string>

#include "platform/context.h"

namespace huiyin {

// The answer the key was given before; absent for a new one. Throws 422 "idempotency_key_reused"
// when it came with another request.
std::optional<http::Response> AnswerOf(Context& ctx, std::string_view key);
void KeepAnswer(Context& ctx, std::string_view key, const http::Response& response);
// Whatever comes with this key from now on is refused as reused.
void UseUpKey(Context& ctx, std::string_view key);
// The same of an officer's who does not ask.
void UseUpKeyOf(Context& ctx, const OfficerId& officer, std::string_view key);
// Whether the officer's key was used or used up.
bool IsUsedKeyOf(Context& ctx, const OfficerId& officer, std::string_view key);

}  // namespace huiyin
