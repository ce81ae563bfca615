// SPDX-License-Identifier: EUPL-1.2
#include <sys/resource.h>

#include <cstdio>

#include "app/commands.h"
#include "bench/child.h"
#include "bench/figures.h"
#include "bench/measure.h"

namespace huiyin::bench {
namespace {

constexpr std::string_view kHelp = R"(huiyin-bench NAME=DIR [--seconds S] [--out FILE] [--only WORD]
             [--scratch DIR] [--program FILE]
huiyin-bench table PART.json... [--growth SMALLER:LARGER,...] [--out FILE]

Measures a county's figures against their limits; DIR is a data folder with an accounts.json,
as `huiyin demo` makes it, and is only read. `table` puts together what was measured one by
one, tells how the figures of one county grow in another, and prints it.

  --seconds S     of each measured span (3)
  --only WORD     figures of requests whose name has it
  --out FILE      where the figures go as JSON (results.json)
  --scratch DIR   for the copy that is measured (beside FILE)
  --program FILE  the huiyin to measure (beside this program)
)";

namespace fs = std::filesystem;

bool IsWhole(const Results& results) {
  return std::all_of(results.figures.begin(), results.figures.end(), [](const Figure& figure) { return figure.errors == 0; });
}

int Measure(std::span<const std::string> args) {
  const app::Arguments arguments(args, {"seconds", "out", "only", "scratch", "program"});
  if (arguments.words().size() != 1) throw app::Usage("name one county");
  const std::string& word = arguments.words().front();
  const size_t equals = word.find('=');
  if (equals == 0 || equals == std::string::npos) throw app::Usage(word + ": NAME=DIR is wanted");
  const fs::path out = fs::absolute(arguments.Get("out").value_or("results.json"));
  fs::create_directories(out.parent_path());
  Settings settings;
  settings.program = arguments.Get("program").value_or((fs::read_symlink("/proc/self/exe").parent_path() / "huiyin").string());
  settings.scratch = fs::absolute(arguments.Get("scratch").value_or((out.parent_path() / "scratch").string()));
  settings.only = arguments.Get("only").value_or("");
  settings.seconds = std::stod(arguments.Get("seconds").value_or("3"));
  const auto start = std::chrono::steady_clock::now();
  Results results;
  results.figures = MeasureCounty(settings, word.substr(0, equals), word.substr(equals + 1));
  results.parts.push_back({word.substr(0, equals), std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count()});
  PrintTable(results);
  WriteResults(out, results);
  return IsWhole(results) ? 0 : 1;
}

int Table(std::span<const std::string> args) {
  const app::Arguments arguments(args, {"growth", "out"});
  if (arguments.words().empty()) throw app::Usage("name what was measured");
  Results all;
  for (const std::string& file : arguments.words()) {
    const Results part = ReadResults(file);
    all.parts.insert(all.parts.end(), part.parts.begin(), part.parts.end());
    all.figures.insert(all.figures.end(), part.figures.begin(), part.figures.end());
  }
  std::vector<Figure> growth;
  std::string pairs = arguments.Get("growth").value_or("");
  for (size_t end = 0; !pairs.empty(); pairs.erase(0, end + 1)) {
    end = std::min(pairs.find(','), pairs.size());
    const std::string pair = pairs.substr(0, end);
    const size_t colon = pair.find(':');
    if (colon == std::string::npos) throw app::Usage(pair + ": SMALLER:LARGER is wanted");
    const auto grown = GrowthOf(all.figures, pair.substr(0, colon), pair.substr(colon + 1));
    growth.insert(growth.end(), grown.begin(), grown.end());
  }
  all.figures.insert(all.figures.end(), growth.begin(), growth.end());
  PrintTable(all);
  if (const auto out = arguments.Get("out")) WriteResults(*out, all);
  return IsWhole(all) ? 0 : 1;
}

int Main(std::span<const std::string> args) {
  if (args.empty() || args[0] == "--help" || args[0] == "-h") {
    fmt::print(args.empty() ? stderr : stdout, "{}", kHelp);
    return args.empty() ? 2 : 0;
  }
  try {
    return args[0] == "table" ? Table(args.subspan(1)) : Measure(args);
  } catch (const Interrupted&) {
    fmt::print(stderr, "huiyin-bench: interrupted\n");
    return 130;
  } catch (const app::Usage& usage) {
    fmt::print(stderr, "huiyin-bench: {}\n\n{}", usage.what(), kHelp);
    return 2;
  } catch (const std::exception& error) {
    fmt::print(stderr, "huiyin-bench: {}\n", error.what());
    return 3;
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
