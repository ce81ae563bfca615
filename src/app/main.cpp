// SPDX-License-Identifier: EUPL-1.2
#include <sys/stat.h>

#include <cstdio>

#include "app/commands.h"
#include "core/problem.h"

namespace huiyin::app {
namespace {

void PrintList(std::FILE* out) {
  fmt::print(out, "huiyin: casework for a county's front-line public service\n\nhuiyin COMMAND [--help] ...\n\n");
  for (const Command& command : Commands()) fmt::print(out, "  {:<22} {}\n", command.name, command.summary);
}

// The command whose one or two words begin the line, and how many words that took.
std::pair<const Command*, size_t> Find(std::span<const std::string> args) {
  for (size_t words = std::min<size_t>(2, args.size()); words > 0; --words) {
    std::string name = args[0];
    if (words == 2) name += " " + args[1];
    for (const Command& command : Commands()) {
      if (command.name == name) return {&command, words};
    }
  }
  return {nullptr, 0};
}

int Main(std::span<const std::string> args) {
  if (args.empty() || args[0] == "help" || args[0] == "--help" || args[0] == "-h") {
    PrintList(args.empty() ? stderr : stdout);
    return args.empty() ? 2 : 0;
  }
  const auto [command, words] = Find(args);
  if (command == nullptr) {
    fmt::print(stderr, "huiyin: there is no command \"{}\"\n\n", args[0]);
    PrintList(stderr);
    return 2;
  }
  const auto rest = args.subspan(words);
  for (const std::string& arg : rest) {
    if (arg == "--help" || arg == "-h") {
      fmt::print("{}\n", command->help);
      return 0;
    }
  }
  try {
    return command->run(rest);
  } catch (const Usage& usage) {
    fmt::print(stderr, "huiyin {}: {}\n\n{}\n", command->name, usage.what(), command->help);
    return 2;
  } catch (const Problem& problem) {
    fmt::print(stderr, "huiyin {}: {}\n", command->name, problem.code);
    for (const FieldError& error : problem.errors) {
      fmt::print(stderr, "  {}: {} {}\n", error.field, error.code, error.detail);
    }
    return 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "huiyin {}: {}\n", command->name, error.what());
    return 1;
  }
}

}  // namespace
}  // namespace huiyin::app

int main(int argc, char** argv) {
  // What the program writes (records, pictures, keys, exports) is its owner's alone.
  umask(S_IRWXG | S_IRWXO);
  const std::vector<std::string> args(argv + 1, argv + argc);
  return huiyin::app::Main(args);
}
