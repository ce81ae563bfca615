// SPDX-License-Identifier: EUPL-1.2
// A program started for a measurement. It never outlives the bench: it is stopped when its
// owner goes, and killed by the kernel should the bench itself be killed.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace huiyin::bench {

class Child {
 public:
  // Starts `command`; what it writes to standard error goes to `log`.
  Child(const std::vector<std::string>& command, const std::filesystem::path& log);
  ~Child();
  Child(const Child&) = delete;

  // The next line of its standard output. Throws std::runtime_error when it ends or stays
  // silent that long.
  std::string ReadLine(std::chrono::milliseconds patience);
  // Asks it to end, waits, and makes it end. May be called twice.
  void Stop();

  // Processor time it has used, in user and kernel mode together.
  int64_t CpuMicros() const;
  // Memory of its own: what is mapped from files is not counted, since the page cache is
  // shared and given back when needed.
  int64_t AnonymousKib() const;

 private:
  bool HasEnded() const;

  std::string name_;
  pid_t pid_ = -1;
  int output_ = -1;
  std::string unread_;
};

// What the kernel says of a process: processor time in user and kernel mode together.
struct ProcessStat {
  pid_t parent = 0;
  int64_t own_us = 0;
  int64_t children_us = 0;  // of children that have ended and were waited for
};
// Absent when there is no such process.
std::optional<ProcessStat> StatOf(pid_t pid);
// Of a process and of all it ever started, one generation deep.
int64_t FamilyCpuMicros(pid_t pid);

// ^C and SIGTERM end a measurement in order. Call once, before any thread is started.
void WatchForInterrupt();
struct Interrupted : std::runtime_error {
  Interrupted() : std::runtime_error("interrupted") {}
};
// Throws Interrupted after such a signal. Every loop of a measurement calls it.
void CheckInterrupt();

}  // namespace huiyin::bench
