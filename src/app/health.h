// SPDX-License-Identifier: EUPL-1.2
// /healthz (the process runs), /readyz (it can read and has the disk), /metrics
// (Prometheus) and /openapi.yaml.
#pragma once

#include <atomic>
#include <memory>

#include "app/reload.h"
#include "http/server.h"
#include "platform/module.h"

namespace huiyin::app {

class Health {
 public:
  Health(db::Database& database, const OnReload& on_reload);
  Module Describe();
  void Watch(const http::ServerCounters& counters) { counters_ = &counters; }
  void SetStopping() { stopping_ = true; }

 private:
  http::Response Metrics() const;

  db::Database& database_;
  const OnReload& on_reload_;
  std::atomic<const http::ServerCounters*> counters_{nullptr};
  std::atomic<bool> stopping_{false};
};

}  // namespace huiyin::app
