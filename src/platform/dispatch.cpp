// SPDX-License-Identifier: EUPL-1.2
#include "platform/dispatch.h"

#include <latch>

#include "core/log.h"
#include "core/text.h"
#include "http/known.h"
#include "http/pack.h"
#include "platform/audit.h"
#include "platform/county_of.h"
#include "platform/dispatch_job.h"
#include "platform/keys.h"
#include "platform/sessions.h"

namespace huiyin {
namespace {

constexpr db::Sql kCounty{"platform.county", "SELECT 1 FROM counties WHERE county = $1"};

std::vector<std::string_view> Segments(std::string_view path) {
  std::vector<std::string_view> segments;
  size_t from = 1;
  while (from <= path.size()) {
    const size_t slash = std::min(path.find('/', from), path.size());
    segments.push_back(path.substr(from, slash - from));
    from = slash + 1;
  }
  return segments;
}

// A session, else an address: whose turn it is among those who wait.
uint64_t WhoAsks(const http::Request& request) {
  const auto token = TokenOf(request);
  return std::hash<std::string_view>()(token ? std::string_view(token->text) : std::string_view(request.peer));
}

bool IsSafe(std::string_view method) { return method == "GET" || method == "HEAD"; }

// A segment of a pattern is a literal, "{name}", or "{name}" with an ending: "{code}.json".
struct Parameter {
  std::string_view name;
  std::string_view ending;
};
std::optional<Parameter> ParameterOf(std::string_view segment) {
  if (!segment.starts_with('{')) return std::nullopt;
  const size_t close = segment.find('}');
  return Parameter{segment.substr(1, close - 1), segment.substr(close + 1)};
}

bool Fits(std::string_view pattern, std::string_view segment) {
  const auto parameter = ParameterOf(pattern);
  if (!parameter) return pattern == segment;
  return segment.size() > parameter->ending.size() && segment.ends_with(parameter->ending);
}

std::string_view MediaType(const http::Request& request) {
  const auto type = request.Header("content-type").value_or("");
  return Trim(type.substr(0, type.find(';')));
}

}  // namespace

Dispatch::Dispatch(Services services, std::vector<Module> modules, DispatchOptions options)
    : services_(services), modules_(std::move(modules)), read_log_(services_.reads, services_.database, SystemRandom()) {
  for (const Module& module : modules_) {
    for (const Route& route : module.routes) patterns_.push_back({Segments(route.pattern), &route});
  }
  // Literal segments win over parameters: /matters/similar before /matters/{id}.
  std::stable_sort(patterns_.begin(), patterns_.end(), [](const Pattern& a, const Pattern& b) {
    const auto literals = [](const Pattern& p) {
      return std::count_if(p.segments.begin(), p.segments.end(),
                           [](std::string_view s) { return !s.starts_with('{'); });
    };
    return literals(a) > literals(b);
  });
  workers_ = std::make_unique<WorkerPool>(options.workers, options.max_queue);
  slow_workers_ = std::make_unique<WorkerPool>(options.slow_workers, options.max_queue / 8 + 1);
  if (services_.replicas != nullptr) replica_workers_ = std::make_unique<WorkerPool>(options.replica_workers, options.max_queue);
}

Dispatch::~Dispatch() {
  StopTicking();
  workers_.reset();
  slow_workers_.reset();
  replica_workers_.reset();
}

const Route* Dispatch::Find(const http::Request& request,
                            std::map<std::string, std::string, std::less<>>& params,
                            bool& path_known) const {
  const auto segments = Segments(request.path);
  const std::string_view method = request.method == "HEAD" ? "GET" : std::string_view(request.method);
  for (const Pattern& pattern : patterns_) {
    if (pattern.segments.size() != segments.size()) continue;
    bool matches = true;
    for (size_t i = 0; i < segments.size() && matches; ++i) {
      matches = Fits(pattern.segments[i], segments[i]);
    }
    if (!matches) continue;
    path_known = true;
    if (pattern.route->method != method) continue;
    for (size_t i = 0; i < segments.size(); ++i) {
      if (const auto parameter = ParameterOf(pattern.segments[i])) {
        params.emplace(parameter->name, segments[i].substr(0, segments[i].size() - parameter->ending.size()));
      }
    }
    return pattern.route;
  }
  return nullptr;
}

bool Dispatch::IsUpload(const http::Request& head) const {
  std::map<std::string, std::string, std::less<>> params;
  bool known = false;
  const Route* route = Find(head, params, known);
  return route != nullptr && route->raw_body;
}

void Dispatch::Handle(http::Request request, Reply reply) noexcept { HandlePart(std::move(request), false, std::move(reply)); }

void Dispatch::HandlePart(http::Request request, bool is_part, Reply reply) noexcept {
  auto job = std::make_shared<Job>();
  job->is_part = is_part;
  job->request = std::move(request);
  job->reply = std::move(reply);
  try {
    bool path_known = false;
    job->route = Find(job->request, job->params, path_known);
    if (job->route == nullptr) throw Problem(path_known ? 405 : 404, path_known ? "method_not_allowed" : "not_found");
    if (is_part && !job->route->may_wait) throw Problem(422, "sync.not_an_operation");
    // What waits for the writer waits where it holds up no other read.
    WorkerPool& pool = job->route->prepare || job->route->prepare_as || job->route->shows_reads ? *slow_workers_
                       : replica_workers_ && job->route->reads == Reads::kMayLag               ? *replica_workers_
                                                                                               : *workers_;
    if (!pool.Post(WhoAsks(job->request), [this, job] { Begin(job); })) {
      Problem busy(503, "busy");
      busy.retry_after_s = 1;
      throw busy;
    }
  } catch (...) {
    Fail(job, std::current_exception());
  }
}

http::Response Dispatch::HandleNow(http::Request request) {
  std::latch finished(1);
  http::Response answer;
  Handle(std::move(request), [&](http::Response response) {
    answer = std::move(response);
    finished.count_down();
  });
  finished.wait();
  return answer;
}

void Dispatch::Begin(std::shared_ptr<Job> job) {
  try {
    const http::Request& request = job->request;
    job->now = services_.clock.Now();
    job->token = TokenOf(request);
    // Another host of the same domain could have set the plain one.
    if (job->token && job->token->from_cookie && services_.cookies_need_https && !job->token->from_host_cookie) job->token.reset();
    // A cookie is sent by the browser whoever asks; the header is not (ASVS 3.5).
    if (job->token && job->token->from_cookie && !IsSafe(request.method) &&
        request.Header("x-huiyin") != "web") {
      Forbidden("sessions.csrf");
    }
    if (!job->route->raw_body && !request.body.empty()) {
      const std::string_view type = MediaType(request);
      if (type != "application/json" && type != "application/merge-patch+json") {
        throw Problem(415, "unsupported_media_type", {{"", "json_expected", std::string(type)}});
      }
      job->body = ParseJsonObject(request.body);
    }
    if (job->route->split) return BeginBatch(job);
    if (job->route->prepare || job->route->prepare_as) {
      job->county = services_.default_county;
      // Nobody makes the slow step work who could not use what it makes.
      if (job->route->session != Session::kNone) {
        services_.database.Read([&](db::Tx& tx) { job->actor = Admit(*job, tx, job->county); });
      }
      job->prepared = job->route->prepare ? job->route->prepare(services_, request, job->body ? &*job->body : nullptr)
                                          : job->route->prepare_as(services_, request, job->county, job->actor);
    }
    if (IsSafe(request.method) || job->route->reads_only) RunRead(job);
    else RunWrite(job);
  } catch (...) {
    Fail(job, std::current_exception());
  }
}

Actor Dispatch::Admit(const Job& job, db::Tx& tx, County& county) const {
  const Route& route = *job.route;
  Actor actor;
  const auto named = NamedCounty(job.request);
  if (named && *named != county) {
    if (!tx.Any(kCounty, *named)) throw Problem(421, "unknown_county", {{"Huiyin-County", "unknown_value", FormatCounty(*named)}});
    county = *named;
  }
  // A session of another county says nothing here.
  if (job.token && (!named || job.token->county == *named)) {
    if (auto found = Authenticate(tx, *job.token, job.now, &session_uses_)) {
      actor = std::move(*found);
      county = job.token->county;
    }
  }
  const bool needs_session = route.session != Session::kNone && route.session != Session::kOptional;
  if (needs_session && actor.kind == Actor::Kind::kPublic) {
    if (route.stranger) {
      Context ctx{.tx = tx, .services = services_, .request = job.request, .county = county, .zone = services_.zone,
                  .now = job.now, .actor = actor, .params = job.params};
      route.stranger(ctx);
    }
    Unauthenticated();
  }
  // The page then asks whoever sits there to sign in as the other.
  if (route.session == Session::kOfficer && !actor.IsOfficer()) Forbidden("sessions.other_kind");
  if (route.session == Session::kResident && !actor.IsResident()) Forbidden("sessions.other_kind");
  if (actor.IsOfficer() && actor.must_change_password && needs_session && !route.before_password_change) {
    Forbidden("sessions.password_must_be_changed");
  }
  if (actor.must_set_second_step && needs_session && !route.before_second_step && !route.before_password_change) {
    Forbidden("sessions.second_step_must_be_set");
  }
  if (route.action && actor.IsOfficer() && !CouldEver(actor, *route.action)) Forbidden();
  return actor;
}

http::Response Dispatch::InTransaction(Job& job, db::Tx& tx) {
  job.county = services_.default_county;
  job.actor = Admit(job, tx, job.county);
  Context ctx{.tx = tx, .services = services_, .request = job.request, .county = job.county,
              .zone = services_.zone, .now = job.now, .actor = job.actor, .params = job.params,
              .body = job.body ? &*job.body : nullptr, .prepared = job.prepared};

  const bool is_kept = !IsSafe(job.request.method) && !job.route->reads_only && !job.route->split;
  const auto key = is_kept ? job.request.Header("idempotency-key") : std::nullopt;
  if (!key) {
    http::Response response = job.route->handle(ctx);
    job.reads = std::move(ctx.reads);
    return response;
  }

  if (auto stored = AnswerOf(ctx, *key)) return std::move(*stored);
  http::Response response = job.route->handle(ctx);
  job.reads = std::move(ctx.reads);
  // Replies that open a session or show a password carry a secret and are never kept.
  if (response.status < 300 && job.route->session != Session::kNone && !job.route->has_secret_reply) KeepAnswer(ctx, *key, response);
  return response;
}

void Dispatch::RunRead(const std::shared_ptr<Job>& job) {
  if (job->route->shows_reads) {
    County county = services_.default_county;
    services_.database.Read([&](db::Tx& tx) { Admit(*job, tx, county); });
    SealOf(county);
  }
  if (!ReadBehind(*job)) services_.database.Read([&](db::Tx& tx) { job->response = InTransaction(*job, tx); });
  if (!job->reads.empty()) WriteDownReads(*job);
  if (job->route->is_reference) http::LeaveOutKnown(job->request, job->response);
  if (job->route->is_packed || job->route->is_reference) http::Pack(job->request, job->response);
  Finish(job, std::move(job->response));
}

bool Dispatch::ReadBehind(Job& job) {
  if (services_.replicas == nullptr || job.route->reads != Reads::kMayLag) return false;
  const auto context = [&](db::Tx& tx) {
    return Context{.tx = tx, .services = services_, .request = job.request, .county = job.county,
                   .zone = services_.zone, .now = job.now, .actor = job.actor, .params = job.params};
  };
  // Who asks, and whether they may: a session that was ended a moment ago is ended.
  services_.database.Read([&](db::Tx& tx) {
    job.county = services_.default_county;
    job.actor = Admit(job, tx, job.county);
    if (!job.route->admit) return;
    Context ctx = context(tx);
    job.route->admit(ctx);
  });
  Instant as_of;
  const bool is_read = services_.replicas->Read([&](db::Tx& tx, std::chrono::milliseconds age) {
    Context ctx = context(tx);
    as_of = Instant{job.now.ms - age.count()};
    ctx.as_of = as_of;
    job.response = job.route->handle(ctx);
    job.reads = std::move(ctx.reads);
  });
  if (is_read) job.response.headers.emplace_back("Huiyin-As-Of", FormatInstant(as_of));
  return is_read;
}

// A read that cannot be written down does not happen: this throws then.
void Dispatch::WriteDownReads(const Job& job) {
  std::string records;
  for (const AuditEntry& entry : job.reads) {
    audit::AppendRecord(records, entry, job.actor, job.request.peer, job.now, services_.random);
  }
  read_log_.Append(job.county, records);
}

void Dispatch::RunWrite(const std::shared_ptr<Job>& job) {
  services_.database.WriteLater(
      [this, job](db::Tx& tx) {
        job->response = InTransaction(*job, tx);
        Context ctx{.tx = tx, .services = services_, .request = job->request, .county = job->county,
                    .zone = services_.zone, .now = job->now, .actor = job->actor};
        for (const AuditEntry& entry : job->reads) audit::Append(ctx, entry);
      },
      db::Durability::kDisk,
      [this, job](std::exception_ptr error) {
        if (error) Fail(job, error);
        else Finish(job, std::move(job->response));
      });
}

void Dispatch::Finish(const std::shared_ptr<Job>& job, http::Response response) {
  job->reply(std::move(response));
}

void Dispatch::Fail(const std::shared_ptr<Job>& job, std::exception_ptr error) {
  http::Response response;
  try {
    std::rethrow_exception(error);
  } catch (const Problem& problem) {
    response = ProblemReply(problem, job->request.request_id);
  } catch (const std::exception& other) {
    log::Error("request_failed", {{"request_id", job->request.request_id},
                                  {"route", job->route ? std::string(job->route->pattern) : ""},
                                  {"what", other.what()}});
    response = ProblemReply(Problem(500, "internal"), job->request.request_id);
  }
  job->reply(std::move(response));
}

}  // namespace huiyin
