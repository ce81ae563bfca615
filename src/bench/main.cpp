// SPDX-License-Identifier: EUPL-1.2
#include <sys/resource.h>

#include <cstdio>

#include "app/commands.h"
#include "bench/child.h"
#include "bench/measure.h"

namespace huiyin::bench {
namespace {

constexpr std::string_view kHelp = R"(huiyin-bench NAME=DIR [NAME=DIR] [--seconds S] [--out FILE] [--only WORD]
             [--scratch DIR] [--program FILE]

Measures each county's figures against their limits; DIR is a data folder with an
accounts.json, as `huiyin demo` makes it, and is only read. With two counties, the smaller
first, it also tells how the figures grow.

  --seconds S     of each measured span (3)
  --only WORD     figures of requests whose name has it
  --out FILE      where the figures go as JSON (results.json)
  --scratch DIR   for the copies that are measured (beside FILE)
  --program FILE  the huiyin to measure (beside this program)
)";

namespace fs = std::filesystem;

int Run(std::span<const std::string> args) {
  const app::Arguments arguments(args, {"seconds", "out", "only", "scratch", "program"});
  if (arguments.words().empty()) throw app::Usage("name a county");
  const fs::path out = fs::absolute(arguments.Get("out").value_or("results.json"));
  fs::create_directories(out.parent_path());
  Settings settings;
  settings.program = arguments.Get("program").value_or((fs::read_symlink("/proc/self/exe").parent_path() / "huiyin").string());
  settings.scratch = fs::absolute(arguments.Get("scratch").value_or((out.parent_path() / "scratch").string()));
  settings.only = arguments.Get("only").value_or("");
  settings.seconds = std::stod(arguments.Get("seconds").value_or("3"));

  std::vector<Figure> all;
  std::vector<std::vector<Figure>> counties;
  for (const std::string& word : arguments.words()) {
    const size_t equals = word.find('=');
    if (equals == std::string::npos) throw app::Usage(word + ": NAME=DIR is wanted");
    counties.push_back(MeasureCounty(settings, word.substr(0, equals), word.substr(equals + 1)));
    all.insert(all.end(), counties.back().begin(), counties.back().end());
  }
  if (counties.size() == 2) {
    const auto growth = MeasureGrowth(counties[0], counties[1]);
    all.insert(all.end(), growth.begin(), growth.end());
  }
  PrintTable(all);
  WriteResults(out, all);
  return std::all_of(all.begin(), all.end(), [](const Figure& figure) { return figure.errors == 0; }) ? 0 : 1;
}

int Main(std::span<const std::string> args) {
  if (args.empty() || args[0] == "--help" || args[0] == "-h") {
    fmt::print(args.empty() ? stderr : stdout, "{}", kHelp);
    return args.empty() ? 2 : 0;
  }
  try {
    return Run(args);
  } catch (const Interrupted&) {
    fmt::print(stderr, "huiyin-bench: interrupted\n");
    return 130;
  } catch (const app::Usage& usage) {
    fmt::print(stderr, "huiyin-bench: {}\n\n{}", usage.what(), kHelp);
    return 2;
  } catch (const std::exception& error) {
    fmt::print(stderr, "huiyin-bench: {}\n", error.what());
    return 1;
  }
}

}  // namespace
}  // namespace huiyin::bench

int main(int argc, char** argv) {
  // Each connection is a file: the soft limit of a shell is often 1024.
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  huiyin::bench::WatchForInterrupt();
  const std::vector<std::string> args(argv + 1, argv + argc);
  return huiyin::bench::Main(args);
}
