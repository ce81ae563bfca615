// SPDX-License-Identifier: EUPL-1.2
#include "core/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <chrono>

#include "core/time.h"

namespace huiyin::log {
namespace {

std::atomic<bool> is_json{false};

spdlog::logger& Logger() {
  static const auto logger = [] {
    auto made = spdlog::stderr_logger_mt("huiyin");
    made->set_pattern("%v");
    return made;
  }();
  return *logger;
}

// Also a line of text: what could end the line or the value is escaped, what is no UTF-8 stays.
void Escape(std::string& line, std::string_view value) {
  for (const char c : value) {
    if (c == '"' || c == '\\') line.append(1, '\\').append(1, c);
    else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) line += ' ';
    else line += c;
  }
}

std::string Line(std::string_view level, std::string_view event, Pairs pairs) {
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const std::string at = FormatInstant({now.time_since_epoch().count()});
  const bool json = is_json;
  std::string line = json ? fmt::format(R"({{"at":"{}","level":"{}","event":"{}")", at, level, event) : fmt::format("{} {} {}", at, level, event);
  for (const auto& [key, value] : pairs) {
    line += json ? fmt::format(R"(,"{}":")", key) : fmt::format(" {}=\"", key);
    Escape(line, value);
    line += '"';
  }
  if (json) line += '}';
  return line;
}

}  // namespace

void SetForm(Form form) { is_json = form == Form::kJson; }
void SetLevel(Level level) {
  Logger().set_level(level == Level::kInfo ? spdlog::level::info : level == Level::kWarn ? spdlog::level::warn : spdlog::level::err);
}

void Info(std::string_view event, Pairs pairs) {
  if (Logger().should_log(spdlog::level::info)) Logger().info("{}", Line("info", event, pairs));
}
void Warn(std::string_view event, Pairs pairs) {
  if (Logger().should_log(spdlog::level::warn)) Logger().warn("{}", Line("warning", event, pairs));
}
void Error(std::string_view event, Pairs pairs) { Logger().error("{}", Line("error", event, pairs)); }

}  // namespace huiyin::log
