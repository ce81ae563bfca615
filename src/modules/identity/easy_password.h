// SPDX-License-Identifier: EUPL-1.2
// Passwords that are guessed first. Nothing is asked of a password but its length and that it is
// none of these (docs/security.md lists the words).
#pragma once

#include <string_view>

namespace huiyin::identity {

// Whether it holds the login, is little more than one of the listed words, or repeats one
// character or one run.
bool IsEasyPassword(std::string_view password, std::string_view login);

}  // namespace huiyin::identity
