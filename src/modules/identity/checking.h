// SPDX-License-Identifier: EUPL-1.2
// The slow steps of signing in: secrets are held against their hashes before the transaction,
// which then decides what was found and writes it down.
#pragma once

#include <any>

#include "modules/identity/second_step.h"

namespace huiyin::identity {

// What the slow step found out; the transaction after it decides and writes it down.
struct Checked {
  std::string account;      // attempts' subject
  std::string address;
  County county;
  Uuid subject;
  bool known = false;
  bool right = false;
  bool not_activated = false;
  std::string new_hash;     // of the new password or PIN, when one was given
  bool needs_code = false;  // the officer has a second step
  TypedCode code;
};

// Of POST sessions: login, password, and the code of the second step if there is one.
std::any CheckLogin(const Services& services, const http::Request& request, const json::object* body);
// Of POST resident_sessions and card_activations.
std::any CheckCard(const Services& services, const http::Request& request, const json::object* body);
std::any CheckActivation(const Services& services, const http::Request& request, const json::object* body);
// Of a change of one's own password or PIN: `old` and `new`.
std::any CheckChange(const Services& services, const http::Request& request, const json::object* body);
// Of acts on one's own second step: `password`, and `code` where `needs_code`.
std::any CheckOwnPassword(const Services& services, const http::Request& request, const json::object* body);
std::any CheckOwnCode(const Services& services, const http::Request& request, const json::object* body);

// A text of the body that must be there; 422 naming it otherwise.
std::string NeedSecret(const json::object* body, std::string_view name, size_t max_bytes);

}  // namespace huiyin::identity
