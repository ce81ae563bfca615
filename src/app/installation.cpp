// SPDX-License-Identifier: EUPL-1.2
#include "app/installation.h"

#include "app/wiring.h"
#include "core/log.h"
#include "core/text.h"
#include "modules/org/org.h"
#include "platform/county_of.h"

namespace huiyin::app {
namespace {

constexpr std::chrono::seconds kOpenAgain{5};

Services Served(const Services& services, const InstallationOptions& options) {
  return {.database = services.database, .clock = options.clock ? *options.clock : services.clock, .random = services.random,
          .files = services.files, .reads = services.reads, .field_key = services.field_key,
          .default_county = services.default_county, .zone = services.zone, .cookies_need_https = options.cookies_need_https};
}

[[noreturn]] void DatabaseAway() {
  Problem problem(503, "storage_unavailable");
  problem.retry_after_s = kOpenAgain.count();
  throw problem;
}

// A host as the table has it: in lower case, without port.
std::string HostOf(const http::Request& request) {
  const std::string_view host = request.Header("host").value_or("");
  return LowerAscii(host.substr(0, host.find(':')));
}

// Given back when the reply is, from whatever thread.
class Seat {
 public:
  Seat(std::atomic<int>& taken, int limit) : taken_(taken) {
    if (taken_.fetch_add(1) < limit) return;
    taken_.fetch_sub(1);
    DatabaseAway();
  }
  ~Seat() { taken_.fetch_sub(1); }
  Seat(const Seat&) = delete;

 private:
  std::atomic<int>& taken_;
};

}  // namespace

Installation::Installation(RoutingTable table, InstallationOptions options, const OnReload& on_reload)
    : table_(std::move(table)), options_(std::move(options)), health_([this] { return States(); }, on_reload) {
  for (const auto& dir : table_.folders) {
    auto place = std::make_unique<Place>();
    place->dir = dir;
    place->name = dir.filename().string();
    places_.push_back(std::move(place));
  }
  if (places_.size() == 1) Open(*places_.front());
}

Installation::~Installation() { Stop(); }

void Installation::Open(Place& place) {
  if (!std::filesystem::exists(place.dir)) throw std::runtime_error(place.dir.string() + ": there is no such folder");
  if (place.lock == nullptr) place.lock = std::make_unique<FolderLock>(place.dir);
  place.archive = options_.archive(place.dir);
  place.county = OpenData(place.dir);
  if (place.county.services->default_county.code == 0) {
    throw std::runtime_error("there is no county in this database yet: huiyin county create, or huiyin demo");
  }
  place.county.database->Read([&](db::Tx& tx) { place.counties = org::Counties(tx); });
  place.replicas = OpenReplicas(place.dir);
}

std::unique_ptr<db::Replicas> Installation::OpenReplicas(const std::filesystem::path& dir) const {
  std::vector<std::string> urls = ReplicaUrls(dir);
  if (const auto named = table_.replicas.find(dir); named != table_.replicas.end()) {
    for (const std::string& url : named->second) {
      if (std::find(urls.begin(), urls.end(), url) == urls.end()) urls.push_back(url);
    }
  }
  if (urls.empty()) return nullptr;
  const auto primary = DatabaseUrl(dir);
  if (!primary) throw std::runtime_error(dir.string() + ": its records are in a file, which has no replicas");
  return db::OpenReplicas({.primary = *primary, .replicas = std::move(urls), .readers = options_.dispatch.replica_workers,
                           .bound = options_.replica_lag});
}

void Installation::MakeDispatch(Place& place) {
  place.county.services = std::make_unique<Services>(Served(*place.county.services, options_));
  place.county.services->replicas = place.replicas.get();
  auto modules = AllModules();
  modules.push_back(health_.Describe());
  place.dispatch = std::make_unique<Dispatch>(*place.county.services, std::move(modules), options_.dispatch);
  place.sender = std::make_unique<outbox::Sender>(*place.county.services, options_.carriers());
}

void Installation::StartPlace(Place& place) {
  MakeDispatch(place);
  if (place.archive) {
    place.archiver = std::make_unique<Archiver>(*place.county.services, place.dir, place.county.watch, *place.archive);
    place.archiver->Start();
  }
  place.dispatch->StartTicking(500);
  place.sender->Start(1000);
  place.is_open = true;
}

void Installation::KeepOpening(Place& place) {
  std::string said;
  for (;;) {
    try {
      Open(place);
      StartPlace(place);
      for (const auto& [county, index] : table_.places) {
        const bool is_here = std::any_of(place.counties.begin(), place.counties.end(), [&](const org::CountyName& n) { return n.county == county; });
        if (places_[index].get() == &place && !is_here) {
          log::Warn("county_not_in_its_database", {{"county", FormatCounty(county)}, {"database", place.name}});
        }
      }
      log::Info("database_open", {{"database", place.name}});
      return;
    } catch (const std::exception& error) {
      if (said != error.what()) log::Error("database_not_open", {{"database", place.name}, {"what", error.what()}});
      said = error.what();
    }
    std::unique_lock lock(mutex_);
    if (wake_.wait_for(lock, kOpenAgain, [this] { return stopping_; })) return;
  }
}

void Installation::Start() {
  {
    const std::lock_guard lock(mutex_);
    started_ = true;
  }
  if (places_.size() == 1) return StartPlace(*places_.front());
  for (const auto& place : places_) {
    place->opener = std::thread([this, &place = *place] { KeepOpening(place); });
  }
}

void Installation::Stop() {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    stopping_ = true;
  }
  wake_.notify_all();
  for (const auto& place : places_) {
    if (place->opener.joinable()) place->opener.join();
    place->sender.reset();
    if (!place->is_open) continue;
    place->dispatch->StopTicking();
    try {
      place->dispatch->SealNow();
    } catch (const std::exception& error) {
      // What is in the journal of reads comes into the chain when the database is there again.
      log::Error("not_sealed", {{"database", place->name}, {"what", error.what()}});
    }
    if (place->archiver) place->archiver->Stop();
  }
}

size_t Installation::open() const {
  return static_cast<size_t>(std::count_if(places_.begin(), places_.end(), [](const auto& place) { return place->is_open.load(); }));
}

std::optional<County> Installation::only_county() const {
  if (places_.size() > 1) return std::nullopt;
  return places_.front()->county.services->default_county;
}

void Installation::Ask() const {
  const Place& place = *places_.front();
  if (places_.size() > 1 || !place.is_open) return;
  try {
    place.county.database->Read([](db::Tx& tx) { org::Counties(tx); });
  } catch (const std::exception&) {
    // That it is away is what it says.
  }
}

void Installation::SetClock(Clock& clock) { options_.clock = &clock; }

bool Installation::IsUpload(const http::Request& head) const {
  for (const auto& place : places_) {
    if (place->is_open) return place->dispatch->IsUpload(head);  // each has the same routes
  }
  return false;
}

Installation::Place& Installation::PlaceFor(http::Request& request) {
  if (places_.size() == 1) return *places_.front();
  auto county = CountyOf(request);
  if (!county) {
    const auto host = table_.hosts.find(HostOf(request));
    if (host != table_.hosts.end()) county = host->second;
  }
  if (!county) throw Problem(400, "county_needed", {{"Huiyin-County", "required", "six digits"}});
  const auto place = table_.PlaceOf(*county);
  if (!place) throw Problem(421, "unknown_county", {{"Huiyin-County", "unknown_value", FormatCounty(*county)}});
  if (!request.Header(kCountyHeader)) request.headers.emplace_back(kCountyHeader, FormatCounty(*county));
  return *places_[*place];
}

http::Response Installation::ListCounties() const {
  JsonWriter w;
  w.BeginObject().Key("items").BeginArray();
  for (const auto& [county, index] : table_.places) {
    const Place& place = *places_[index];
    w.BeginObject().Field("county", FormatCounty(county));
    bool is_known = false;
    if (place.is_open) {
      for (const org::CountyName& named : place.counties) {
        if (named.county != county) continue;
        is_known = true;
        w.Field("name", named.name).Field("name_en", named.name_en);
      }
    }
    if (!is_known) w.Field("name", FormatCounty(county)).Field("name_en", FormatCounty(county));
    w.Field("is_available", is_known && !place.county.database->counters().is_refusing).EndObject();
  }
  w.EndArray().Key("next_cursor").Null().EndObject();
  return JsonReply(200, w);
}

std::vector<DatabaseState> Installation::States() const {
  std::vector<DatabaseState> states;
  for (const auto& place : places_) {
    DatabaseState state{.name = places_.size() == 1 ? "" : place->name, .is_up = place->is_open};
    if (place->is_open) {
      state.counters = place->county.database->counters();
      state.is_up = !state.counters.is_refusing;
      state.archiver = place->archiver.get();
      if (place->replicas) state.replicas = place->replicas->states();
    }
    states.push_back(std::move(state));
  }
  return states;
}

void Installation::Handle(http::Request request, http::Reply reply) noexcept {
  const std::string request_id = request.request_id;
  try {
    if (places_.size() > 1) {
      // What is asked of the installation and of no county.
      if (request.path == "/healthz") return reply({.status = 200, .content_type = "text/plain; charset=utf-8", .headers = {}, .body = "ok\n"});
      if (request.path == "/readyz") return reply(health_.Ready());
      if (request.path == "/metrics") return reply(health_.Metrics());
      if (request.path == "/openapi.yaml") return reply(health_.Contract());
      if (request.path == "/api/v1/counties" && request.method == "GET") return reply(ListCounties());
    }
    Place& place = PlaceFor(request);
    if (!place.is_open) DatabaseAway();
    auto seat = std::make_shared<Seat>(place.in_flight, options_.max_in_flight_of_one);
    place.dispatch->Handle(std::move(request), [seat, reply](http::Response response) { reply(std::move(response)); });
  } catch (const Problem& problem) {
    reply(ProblemReply(problem, request_id));
  } catch (const std::exception& error) {
    log::Error("request_failed", {{"request_id", request_id}, {"what", error.what()}});
    reply(ProblemReply(Problem(500, "internal"), request_id));
  }
}

}  // namespace huiyin::app
