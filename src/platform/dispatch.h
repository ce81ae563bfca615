// SPDX-License-Identifier: EUPL-1.2
// The life of a request: route, session, access, one transaction, one reply; the only
// commit and the only catch. Reads run on a worker with a snapshot; writes are queued for
// the writer and answered after their group is on disk; what a read must leave in the
// audit log is in the journal of reads before its reply leaves.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "http/request.h"
#include "platform/module.h"
#include "platform/read_log.h"
#include "platform/sessions.h"
#include "platform/worker_pool.h"

namespace huiyin {

struct DispatchOptions {
  int workers = 2;
  int slow_workers = 2;       // password hashes, images, files
  int replica_workers = 2;    // what may come from a replica: one that hangs holds up nothing else
  size_t max_queue = 4096;
};

class Dispatch {
 public:
  using Reply = std::function<void(http::Response)>;

  Dispatch(Services services, std::vector<Module> modules, DispatchOptions options = {});
  // REQUIRES: every request was answered.
  ~Dispatch();

  // Calls `reply` once, from any thread. Never throws.
  void Handle(http::Request request, Reply reply) noexcept;
  // The same, waited for: tests and the command line.
  http::Response HandleNow(http::Request request);

  // From now on a batch ends with the act it is at; what is left of it is told to be sent later.
  void EndBatches() { ends_batches_ = true; }

  // Seals the audit chain: what was done and read until now is in it when this returns.
  void SealNow();
  // The same, and every module's ticks once, for each county.
  void TickNow();
  // Does what is due of the night's work, or all of it, for each county.
  void NightNow(bool even_if_not_due = true);
  // Ticks every `period_ms` on a thread of its own until stopped or destroyed, and looks now and then
  // on another whether night work is due.
  void StartTicking(int64_t period_ms);
  void StopTicking();

  const std::vector<Module>& modules() const { return modules_; }
  const Services& services() const { return services_; }
  // Every route that takes raw bodies: the edge allows them more bytes.
  bool IsUpload(const http::Request& head) const;

 private:
  struct Job;
  struct Batch;
  void HandlePart(http::Request request, bool is_part, Reply reply) noexcept;
  void BeginBatch(const std::shared_ptr<Job>& job);
  void NextOf(const std::shared_ptr<Batch>& batch);
  const Route* Find(const http::Request& request, std::map<std::string, std::string, std::less<>>& params,
                    bool& path_known) const;
  void Begin(std::shared_ptr<Job> job);
  void RunRead(const std::shared_ptr<Job>& job);
  // From a replica, for a route that may lag. False when the database has to be asked.
  bool ReadBehind(Job& job);
  void WriteDownReads(const Job& job);
  void RunWrite(const std::shared_ptr<Job>& job);
  void Finish(const std::shared_ptr<Job>& job, http::Response response);
  void Fail(const std::shared_ptr<Job>& job, std::exception_ptr error);
  http::Response InTransaction(Job& job, db::Tx& tx);
  void RunDue(const Due& due, std::string_view module, County county, Zone zone, Instant now);
  void WriteAsSystem(County county, Zone zone, Instant now, const std::function<void(Context&)>& act);
  bool IsStopping();
  Actor Admit(const Job& job, db::Tx& tx, County& county) const;

  std::vector<std::pair<County, Zone>> Counties() const;
  void Seal(County county, Zone zone);
  void SealOf(County wanted);

  Services services_;
  std::vector<Module> modules_;
  audit::ReadLog read_log_;
  mutable SessionUses session_uses_;
  struct Pattern {
    std::vector<std::string_view> segments;
    const Route* route;
  };
  std::vector<Pattern> patterns_;
  std::unique_ptr<WorkerPool> workers_;
  std::unique_ptr<WorkerPool> slow_workers_;
  std::unique_ptr<WorkerPool> replica_workers_;  // absent without replicas

  std::atomic<bool> ends_batches_{false};

  std::mutex tick_mutex_;
  std::condition_variable tick_wake_;
  bool stopping_ = false;
  Instant last_housekeeping_;
  std::thread ticker_;
  std::thread night_watch_;
};

}  // namespace huiyin
