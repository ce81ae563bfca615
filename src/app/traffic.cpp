// SPDX-License-Identifier: EUPL-1.2
#include "app/traffic.h"

#include <algorithm>

#include "core/log.h"

namespace huiyin::app {
namespace {

constexpr std::chrono::seconds kSlow{1};

}  // namespace

Traffic::Traffic(const std::vector<Module>& modules, bool logs_all) : logs_all_(logs_all) {
  for (const Module& module : modules) {
    for (const Route& route : module.routes) {
      std::string_view rest = route.pattern;
      while (!rest.empty()) {
        rest.remove_prefix(1);
        const std::string_view segment = rest.substr(0, rest.find('/'));
        rest.remove_prefix(segment.size());
        if (!segment.starts_with('{')) words_.emplace(segment);
      }
    }
  }
}

std::string Shape(std::string_view path, const PathWords& words) {
  std::string shape;
  while (!path.empty()) {
    path.remove_prefix(1);  // the slash
    const std::string_view segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    shape += '/';
    shape += words.contains(segment) ? segment : "*";
  }
  return shape;
}

Traffic::Reply Traffic::Counted(const http::Request& request, Reply reply) {
  ++under_way_;
  const bool is_write = request.method != "GET" && request.method != "HEAD";
  return [this, is_write, began = std::chrono::steady_clock::now(), id = request.request_id, method = std::string(request.method),
          shape = Shape(request.path, words_), reply = std::move(reply)](http::Response response) {
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - began);
    --under_way_;
    Count(is_write, response.status, took);
    if (logs_all_ || response.status >= 500 || took >= kSlow) {
      const auto line = response.status >= 500 ? &log::Warn : &log::Info;
      line("request", {{"request_id", id}, {"method", method}, {"path", shape}, {"status", std::to_string(response.status)},
                       {"ms", fmt::format("{:.1f}", static_cast<double>(took.count()) / 1000)}});
    }
    reply(std::move(response));
  };
}

void Traffic::Count(bool is_write, int status, std::chrono::microseconds took) {
  Kind& kind = is_write ? writes_ : reads_;
  const int64_t ms = took.count() / 1000;
  const auto bound = std::upper_bound(kBounds.begin(), kBounds.end(), ms, [](int64_t value, int limit) { return value < limit; });
  kind.within[static_cast<size_t>(bound - kBounds.begin())].fetch_add(1, std::memory_order_relaxed);
  kind.microseconds.fetch_add(static_cast<uint64_t>(took.count()), std::memory_order_relaxed);
  statuses_[static_cast<size_t>(std::clamp(status / 100, 0, 5))].fetch_add(1, std::memory_order_relaxed);
}

void Traffic::Write(std::string& text) const {
  const auto out = std::back_inserter(text);
  text += "# HELP huiyin_replies_total Replies by the hundred of their status.\n# TYPE huiyin_replies_total counter\n";
  for (size_t i = 1; i < statuses_.size(); ++i) fmt::format_to(out, "huiyin_replies_total{{class=\"{}xx\"}} {}\n", i, statuses_[i].load());
  fmt::format_to(out, "# HELP huiyin_under_way Requests that are being answered.\n# TYPE huiyin_under_way gauge\nhuiyin_under_way {}\n", under_way_.load());
  text += "# HELP huiyin_request_seconds From the whole request to its reply.\n# TYPE huiyin_request_seconds histogram\n";
  for (const auto& [name, kind] : {std::pair{"read", &reads_}, std::pair{"write", &writes_}}) {
    uint64_t so_far = 0;
    for (size_t i = 0; i <= kBounds.size(); ++i) {
      so_far += kind->within[i].load();
      const std::string bound = i < kBounds.size() ? fmt::format("{}", kBounds[i] / 1000.0) : "+Inf";
      fmt::format_to(out, "huiyin_request_seconds_bucket{{kind=\"{}\",le=\"{}\"}} {}\n", name, bound, so_far);
    }
    fmt::format_to(out, "huiyin_request_seconds_sum{{kind=\"{}\"}} {}\nhuiyin_request_seconds_count{{kind=\"{}\"}} {}\n", name,
                   static_cast<double>(kind->microseconds.load()) / 1e6, name, so_far);
  }
}

}  // namespace huiyin::app
