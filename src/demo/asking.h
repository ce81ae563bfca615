// SPDX-License-Identifier: EUPL-1.2
// The words of a request and of what is answered to it, put together as data/demo/README.md
// says, in the lengths that residents write.
#pragma once

#include "demo/census.h"
#include "demo/words.h"

namespace huiyin::demo {

// Who says it and where.
struct Asker {
  const Leaf* leaf = nullptr;
  std::string kind, channel;
  std::string township, village, group, unit, officer;
  double longest = 1600;  // characters
};

class Request {
 public:
  Request(const Words& words, const Asker& asker, Dice& dice);

  std::string title, text;
  std::vector<std::string> asks;

  // What the desk answers.
  struct Reply {
    std::string text;
    struct Part {
      std::string outcome, text, rule, redirected_to;
    };
    std::vector<Part> parts;  // one an ask
  };
  Reply Answer(std::string_view unit, std::string_view officer, std::string_view phone, Date received, Date on);
  std::string Fill(std::string_view text) { return slots_.Fill(text); }

 private:
  void WriteText(const Asker& asker);
  void WriteTitle(const Asker& asker);
  void WriteAsks(const Asker& asker);
  Reply::Part PartFor(const std::string& outcome, const std::string& other_unit);

  const Words& words_;
  const Leaf& leaf_;
  Dice& dice_;
  Slots slots_;
  bool is_praise_ = false;
  bool is_brief_ = false;
};

}  // namespace huiyin::demo
