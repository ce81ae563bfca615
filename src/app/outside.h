// SPDX-License-Identifier: EUPL-1.2
// How messages leave the house, as the command line says: options that serve takes and check
// looks at. Secrets are read from files, never from the command line.
#pragma once

#include "app/commands.h"
#include "modules/outbox/sender.h"

namespace huiyin::app {

// The names of the options, for Arguments.
std::vector<std::string_view> OutsideOptions();
extern const char* const kOutsideHelp;

struct Outside {
  std::optional<outbox::SmsGateway> sms;
  std::optional<outbox::MailServer> mail;
};
// Throws std::runtime_error with what is wrong, and Usage where an option lacks another.
Outside ReadOutside(const Arguments& arguments);
outbox::Carriers CarriersOf(const Outside& outside);
// Lays the county's own languages, DIR/messages/*.json, over the shipped ones; returns their
// files. Throws std::runtime_error with the file and what is wrong in it.
std::vector<std::string> AddLanguages(const std::filesystem::path& data);

}  // namespace huiyin::app
