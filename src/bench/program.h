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

// Each request a second before the last: what the program numbers by the second is then
// different in every recording, though each is undone before the next.
class StepBack : public Clock {
 public:
  explicit StepBack(int64_t back_ms) : start_(SystemClock().Now() - back_ms) {}
  Instant Now() override { return start_ - steps_ * kSecond; }
  void Step() { ++steps_; }

 private:
  const Instant start_;
  int64_t steps_ = 0;
};

// The records of a data folder, wherever they are, without waiting for the disk.
std::unique_ptr<db::Database> OpenUnflushed(const std::filesystem::path& data);

// The services of a data folder, as the server puts them together.
Services Assemble(db::Database& database, Clock& clock, const std::filesystem::path& data);

class Program {
 public:
  // Its clock begins `back_ms` ago: what the server was just made to write is numbered by its second
  // and by those after, and one who writes again then would meet it.
  explicit Program(const std::filesystem::path& data, int64_t back_ms = 0);

  // What the night would do is done: whether a measurement falls between two and five says nothing then.
  void LetTheNightPass() { dispatch_->NightNow(false); }

  // Answers up to `count` requests, one after the other, until `next` gives one without a
  // target, leaving no trace of them. Throws
  // std::runtime_error when an answer has another status.
  std::vector<Recording> Record(const std::function<Call()>& next, size_t count, int expected_status);

 private:
  http::Response Answer(const Call& call);

  StepBack clock_;
  std::unique_ptr<db::Database> database_;
  RecordingDatabase recorder_;
  std::unique_ptr<Dispatch> dispatch_;
};

}  // namespace huiyin::bench
