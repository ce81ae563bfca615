// SPDX-License-Identifier: EUPL-1.2
// What messages say. The sentences are data, one file a language (data/messages), built into
// the program; a county adds a language by a file beside its database.
//
//   {name}            the field of that name
//   [[ ... ]]         left out when a field within has no value
//   [[ ... | other ]] the other instead
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"
#include "core/time.h"
#include "modules/outbox/kinds.h"

namespace huiyin::outbox {

struct ShippedLanguage {
  const char* file;
  const char* text;
};
extern const ShippedLanguage kShippedLanguages[];
extern const int kShippedLanguageCount;

struct Said {
  std::string title;
  std::string text;
};
enum class Reader { kOfficer, kResident };

// The language of the messages that fits what somebody asked for ("zh" and "zh-Hans" are
// zh-CN); zh-CN when there is none.
std::string LanguageFor(std::string_view wanted);
std::vector<std::string> Languages();

// What the message says; a language that lacks the kind says it in zh-CN. Empty for a kind
// that has nothing for this reader.
Said Say(std::string_view language, std::string_view kind, Reader reader, const json::object& data, Zone zone);
// The few words that may leave the house unsealed: that there is news, never what.
std::string SaySms(std::string_view language, const json::object& data);
Said SayMail(std::string_view language, const json::object& data);

// Fills a template.
std::string Fill(std::string_view text, const json::object& data, Zone zone);
// The fields a template names, in order.
std::vector<std::string> FieldsIn(std::string_view text);

// Adds a language, or lays its sentences over one that is there. Throws std::runtime_error
// with what is wrong: not JSON, an unknown kind or field, an open bracket. REQUIRES: before
// anything is served.
void AddLanguage(std::string_view text);
// The template as it stands, for the tests that walk all of them; empty when there is none.
std::string TemplateOf(std::string_view language, std::string_view kind, std::string_view reader, std::string_view part);

}  // namespace huiyin::outbox
