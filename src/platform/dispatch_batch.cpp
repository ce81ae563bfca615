// SPDX-License-Identifier: EUPL-1.2
// A batch: requests that a phone kept until it had a network, each done by itself. Nothing waits
// on a thread meanwhile: the end of one begins the next.
#include <set>

#include "core/problem.h"
#include "platform/dispatch_job.h"

namespace huiyin {

struct Dispatch::Batch {
  std::shared_ptr<Job> job;  // the batch's own request
  std::vector<Part> parts;
  std::vector<Done> done;
  std::set<std::string> failed;  // records of which a part was refused
  bool is_over = false;
};

namespace {

// The same person, from the same place, by the same session.
constexpr std::string_view kKept[] = {"authorization", "cookie", "x-huiyin", "host", "huiyin-county", "user-agent", "x-forwarded-for"};

// Who asks, or the server, cannot go on: what is left is sent again later.
bool EndsBatch(int status) { return status == 401 || status == 429 || status >= 500; }

}  // namespace

void Dispatch::BeginBatch(const std::shared_ptr<Job>& job) {
  auto batch = std::make_shared<Batch>();
  batch->job = job;
  services_.database.Read([&](db::Tx& tx) {
    job->county = services_.default_county;
    job->actor = Admit(*job, tx, job->county);
    Context ctx{.tx = tx, .services = services_, .request = job->request, .county = job->county, .zone = services_.zone,
                .now = job->now, .actor = job->actor, .params = job->params, .body = job->body ? &*job->body : nullptr};
    if (job->route->admit) job->route->admit(ctx);
    batch->parts = job->route->split(ctx);
  });
  for (size_t i = 0; i < batch->parts.size(); ++i) {
    http::Request& part = batch->parts[i].request;
    for (const auto& header : job->request.headers) {
      if (std::find(std::begin(kKept), std::end(kKept), header.first) != std::end(kKept)) part.headers.push_back(header);
    }
    part.peer = job->request.peer;
    part.request_id = fmt::format("{}.{}", job->request.request_id, i + 1);
    part.received_at = job->request.received_at;
  }
  NextOf(batch);
}

void Dispatch::NextOf(const std::shared_ptr<Batch>& batch) {
  while (batch->done.size() < batch->parts.size()) {
    Part& part = batch->parts[batch->done.size()];
    if (ends_batches_) batch->is_over = true;
    if (batch->is_over || (!part.record.empty() && batch->failed.contains(part.record))) {
      batch->done.emplace_back();
      continue;
    }
    return HandlePart(std::move(part.request), true, [this, batch, record = part.record](http::Response response) {
      if (EndsBatch(response.status)) batch->is_over = true;
      else if (response.status >= 300 && !record.empty()) batch->failed.insert(record);
      batch->done.push_back({std::move(response), true});
      NextOf(batch);
    });
  }
  const std::shared_ptr<Job> job = batch->job;
  job->prepared = std::move(batch->done);
  // Its own transaction is begun on a worker: this may be the writer's thread.
  if (workers_->Post(0, [this, job] {
        try {
          RunWrite(job);
        } catch (...) {
          Fail(job, std::current_exception());
        }
      })) return;
  Problem busy(503, "busy");
  busy.retry_after_s = 1;
  Fail(job, std::make_exception_ptr(busy));
}

}  // namespace huiyin
