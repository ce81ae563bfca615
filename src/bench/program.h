// SPDX-License-Identifier: EUPL-1.2
// The program itself in this process, on a database that records: what the engine is asked
// by a request. REQUIRES: no server has the folder open.
#pragma once

#include <filesystem>
#include <functional>
#include <vector>

#include "bench/client.h"
#include "bench/record.h"
#include "platform/dispatch.h"

namespace huiyin::bench {

class Program {
 public:
  explicit Program(const std::filesystem::path& data);

  // Answers `count` requests, one after the other, leaving no trace of them. Throws
  // std::runtime_error when an answer has another status.
  std::vector<Recording> Record(const std::function<Call()>& next, size_t count, int expected_status);

 private:
  http::Response Answer(const Call& call);

  std::unique_ptr<db::Database> database_;
  RecordingDatabase recorder_;
  std::unique_ptr<Dispatch> dispatch_;
};

}  // namespace huiyin::bench
