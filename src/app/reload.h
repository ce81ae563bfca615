// SPDX-License-Identifier: EUPL-1.2
// What a running server reads anew on SIGHUP. Whoever can be reloaded adds itself; one that
// cannot be read keeps what it had, and the others are read all the same.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

namespace huiyin::app {

class OnReload {
 public:
  // `read` throws std::exception with the reason when what it finds cannot be used, and has
  // changed nothing then. REQUIRES: before Run is called for the first time.
  void Add(std::string name, std::function<void()> read);
  // Reads everything anew, in the order added, and says in the log what came of each.
  void Run();

  uint64_t done() const { return done_; }      // since the start, one for each thing read
  uint64_t failed() const { return failed_; }

 private:
  struct Thing {
    std::string name;
    std::function<void()> read;
  };
  std::vector<Thing> things_;
  std::atomic<uint64_t> done_{0};
  std::atomic<uint64_t> failed_{0};
};

}  // namespace huiyin::app
