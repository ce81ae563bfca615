// SPDX-License-Identifier: EUPL-1.2
// The states of a matter and the deeds of its clocks are drawn in docs/states.md from the
// program's tables; HUIYIN_WRITE_DOCS=1 writes it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "modules/matters/rules.h"
#include "modules/matters/stages.h"

namespace huiyin::matters {
namespace {

std::string Document() {
  return "# The states of a matter\n\nDrawn from the program's tables (`src/modules/matters/rules.cpp`, `stages.cpp`); a "
         "test compares them.\n\n```mermaid\n" + StateDiagram() + "```\n\nWhat each act makes of each state; an empty "
         "cell: the act is refused (409).\n\n" + StateTable() +
         "\n# What clocks do by themselves\n\nEach deed happens once, in order, and late rather than never "
         "(`alarms.cpp`). How long each term is, is a rule of the county's.\n\n" + StageTable();
}

TEST(States, TheDocumentedOnesAreThoseInForce) {
  const std::string file = std::string(HUIYIN_SOURCE_DIR) + "/docs/states.md";
  if (std::getenv("HUIYIN_WRITE_DOCS") != nullptr) std::ofstream(file) << Document();
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  EXPECT_EQ(text.str(), Document());
}

}  // namespace
}  // namespace huiyin::matters
