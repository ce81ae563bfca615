// SPDX-License-Identifier: EUPL-1.2
#include "app/reload.h"

#include <exception>

#include "core/log.h"

namespace huiyin::app {

void OnReload::Add(std::string name, std::function<void()> read) {
  things_.push_back({std::move(name), std::move(read)});
}

void OnReload::Run() {
  log::Info("reload", {{"things", std::to_string(things_.size())}});
  for (const Thing& thing : things_) {
    try {
      thing.read();
      ++done_;
      log::Info("reloaded", {{"what", thing.name}});
    } catch (const std::exception& error) {
      ++failed_;
      log::Error("reload_failed", {{"what", thing.name}, {"why", error.what()}});
    }
  }
}

}  // namespace huiyin::app
