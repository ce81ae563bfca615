// SPDX-License-Identifier: EUPL-1.2
#include "core/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace huiyin::log {
namespace {

spdlog::logger& Logger() {
  static const auto logger = [] {
    auto made = spdlog::stderr_logger_mt("huiyin");
    made->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
    return made;
  }();
  return *logger;
}

std::string Line(std::string_view event, Pairs pairs) {
  std::string line(event);
  for (const auto& [key, value] : pairs) {
    line.append(" ").append(key).append("=\"");
    for (char c : value) {
      if (c == '"' || c == '\\') line += '\\';
      line += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
    line += '"';
  }
  return line;
}

}  // namespace

void Info(std::string_view event, Pairs pairs) { Logger().info(Line(event, pairs)); }
void Warn(std::string_view event, Pairs pairs) { Logger().warn(Line(event, pairs)); }
void Error(std::string_view event, Pairs pairs) { Logger().error(Line(event, pairs)); }

}  // namespace huiyin::log
