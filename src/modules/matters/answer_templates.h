// SPDX-License-Identifier: EUPL-1.2
// Sentences an office may begin an answer with: shipped ones (data/answer_templates.csv), and
// what a county adds or changes. Fields in double braces are filled from the matter; whoever
// answers reads it over and finishes it.
#pragma once

#include "modules/matters/views.h"
#include "platform/module.h"

namespace huiyin::matters {

using TemplateId = Id<struct AnswerTemplateTag>;

struct AnswerTemplate {
  TemplateId id;
  std::string category;  // holds for it and all below; empty: any
  std::string outcome;   // empty: any
  std::string language;  // a BCP 47 tag
  std::string title;
  std::string text;
  bool is_active = true;
  int64_t revision = 1;
};

// The fields a text may name, with braces: {{subject}} {{receipt}} {{unit}} {{place}} {{phone}} {{due}}
std::span<const std::string_view> TemplateFields();
// Names that stand in braces and are none of those, in order.
std::vector<std::string> UnknownFields(std::string_view text);
// What each field says; a field with nothing to say leaves nothing.
std::string Fill(std::string_view text, const std::map<std::string, std::string, std::less<>>& says);
bool Fits(const AnswerTemplate& one, std::string_view category);

std::vector<AnswerTemplate> AllTemplates(db::Tx& tx, County county);

std::vector<Route> TemplateRoutes();

}  // namespace huiyin::matters
