// SPDX-License-Identifier: EUPL-1.2
// /healthz (the process runs), /readyz (it can read and has the disk), /metrics
// (Prometheus) and /openapi.yaml.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/archiver.h"
#include "app/reload.h"
#include "app/traffic.h"
#include "http/server.h"
#include "platform/module.h"

namespace huiyin::app {

struct DatabaseState {
  std::string name;    // its folder's; empty when it is the only one
  bool is_up = true;   // it was opened, and answered when it was last asked
  db::Counters counters;
  std::vector<db::ReplicaState> replicas;
  const Archiver* archiver = nullptr;  // when one is kept
};

class Health {
 public:
  Health(std::function<std::vector<DatabaseState>()> databases, const OnReload& on_reload);
  Module Describe();
  void Watch(const http::ServerCounters& counters) { counters_ = &counters; }
  void Watch(std::shared_ptr<const http::Certificates> certificates) { certificates_ = std::move(certificates); }
  void Watch(const Traffic& traffic) { traffic_ = &traffic; }
  void SetStopping() { stopping_ = true; }

  // Without asking a database: what an installation of several says.
  http::Response Metrics() const;
  http::Response Ready() const;
  http::Response Contract() const;

 private:
  std::function<std::vector<DatabaseState>()> databases_;
  const OnReload& on_reload_;
  std::shared_ptr<const std::string> contract_;
  std::atomic<const http::ServerCounters*> counters_{nullptr};
  std::shared_ptr<const http::Certificates> certificates_;
  std::atomic<const Traffic*> traffic_{nullptr};
  std::atomic<bool> stopping_{false};
};

}  // namespace huiyin::app
