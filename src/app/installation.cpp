// SPDX-License-Identifier: EUPL-1.2
#include "app/installation.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

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
    : options_(std::move(options)), health_([this] { return States(); }, on_reload) {
  auto routing = std::make_shared<Routing>();
  for (const auto& dir : table.folders) routing->places.push_back(MakePlace(table, dir));
  routing->table = std::move(table);
  routing_ = routing;
  if (routing->places.size() == 1) Open(*routing->places.front());
}

Installation::~Installation() { Stop(); }

std::shared_ptr<const Installation::Routing> Installation::Now() const {
  const std::lock_guard lock(mutex_);
  return routing_;
}

std::shared_ptr<Installation::Place> Installation::MakePlace(const RoutingTable& table, const std::filesystem::path& dir) {
  auto place = std::make_shared<Place>();
  place->dir = dir;
  place->name = dir.filename().string();
  if (const auto named = table.replicas.find(dir); named != table.replicas.end()) place->replica_urls = named->second;
  for (const char* file : {"database", "replicas"}) {
    std::ifstream in(dir / file);
    place->addresses.append(std::istreambuf_iterator<char>(in), {});
    place->addresses += '\n';
  }
  for (const std::string& url : place->replica_urls) place->addresses += url + '\n';
  return place;
}

void Installation::Open(Place& place) {
  if (!std::filesystem::exists(place.dir)) throw std::runtime_error(place.dir.string() + ": there is no such folder");
  if (place.lock == nullptr) place.lock = std::make_unique<FolderLock>(place.dir);
  place.archive = options_.archive(place.dir);
  place.county = OpenData(place.dir);
  if (place.county.services->default_county.code == 0) {
    throw std::runtime_error("there is no county in this database yet: huiyin county create, or huiyin demo");
  }
  place.county.database->Read([&](db::Tx& tx) { place.counties = org::Counties(tx); });
  place.replicas = OpenReplicas(place);
}

std::unique_ptr<db::Replicas> Installation::OpenReplicas(const Place& place) const {
  std::vector<std::string> urls = ReplicaUrls(place.dir);
  for (const std::string& url : place.replica_urls) {
    if (std::find(urls.begin(), urls.end(), url) == urls.end()) urls.push_back(url);
  }
  if (urls.empty()) return nullptr;
  const auto primary = DatabaseUrl(place.dir);
  if (!primary) throw std::runtime_error(place.dir.string() + ": its records are in a file, which has no replicas");
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

void Installation::TellMissing(const Place& place) const {
  const auto routing = Now();
  for (const auto& [county, index] : routing->table.places) {
    const bool is_here = std::any_of(place.counties.begin(), place.counties.end(), [&](const org::CountyName& n) { return n.county == county; });
    if (routing->places[index].get() == &place && !is_here) {
      log::Warn("county_not_in_its_database", {{"county", FormatCounty(county)}, {"database", place.name}});
    }
  }
}

void Installation::KeepOpening(Place& place) {
  if (place.before) Retire(*place.before);
  place.before.reset();
  std::string said;
  for (bool is_wanted = true; is_wanted;) {
    try {
      Open(place);
      StartPlace(place);
      TellMissing(place);
      log::Info("database_open", {{"database", place.name}});
      return;
    } catch (const std::exception& error) {
      if (said != error.what()) log::Error("database_not_open", {{"database", place.name}, {"what", error.what()}});
      said = error.what();
    }
    std::unique_lock lock(mutex_);
    is_wanted = !wake_.wait_for(lock, kOpenAgain, [&] { return stopping_ || place.is_retired; });
  }
}

void Installation::Start() {
  const auto routing = Now();
  if (routing->places.size() == 1) return StartPlace(*routing->places.front());
  for (const auto& place : routing->places) {
    place->opener = std::thread([this, &place = *place] { KeepOpening(place); });
  }
}

void Installation::Close(Place& place) {
  // Whoever takes a seat after this sees that it is closed. Each that has one is answered in time, a
  // batch of a phone after the act it is at.
  const bool was_open = place.is_open.exchange(false);
  if (was_open) place.dispatch->EndBatches();
  while (place.in_flight > 0) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  place.sender.reset();
  if (place.dispatch == nullptr) return;
  place.dispatch->StopTicking();
  try {
    place.dispatch->SealNow();
  } catch (const std::exception& error) {
    // What is in the journal of reads comes into the chain when the database is there again.
    log::Error("not_sealed", {{"database", place.name}, {"what", error.what()}});
  }
  if (place.archiver) place.archiver->Stop();
}

void Installation::Retire(Place& place) {
  {
    const std::lock_guard lock(mutex_);
    place.is_retired = true;
  }
  wake_.notify_all();
  if (place.opener.joinable()) place.opener.join();
  Close(place);
  place.lock.reset();
  log::Info("database_closed", {{"database", place.name}});
}

void Installation::Change(RoutingTable table) {
  const auto old = Now();
  auto next = std::make_shared<Routing>();
  std::vector<std::shared_ptr<Place>> made;
  std::set<const Place*> kept;
  for (const auto& dir : table.folders) {
    auto place = MakePlace(table, dir);
    const auto known = std::find_if(old->places.begin(), old->places.end(), [&](const auto& one) { return one->dir == dir; });
    if (known != old->places.end()) {
      kept.insert(known->get());
      if ((*known)->addresses == place->addresses) {
        next->places.push_back(*known);
        continue;
      }
      place->before = *known;
    }
    made.push_back(place);
    next->places.push_back(std::move(place));
  }
  next->table = std::move(table);
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    routing_ = next;
    for (const auto& place : old->places) {
      if (!kept.contains(place.get())) retiring_.emplace_back([this, place] { Retire(*place); });
    }
  }
  for (const auto& place : made) {
    place->opener = std::thread([this, &place = *place] { KeepOpening(place); });
  }
  for (const auto& place : next->places) {
    if (place->is_open) TellMissing(*place);
  }
  log::Info("routes", {{"counties", std::to_string(next->table.places.size())}, {"databases", std::to_string(next->places.size())},
                       {"opened", std::to_string(made.size())}, {"closed", std::to_string(old->places.size() - kept.size())}});
}

void Installation::SetStopping() {
  health_.SetStopping();
  for (const auto& place : Now()->places) {
    if (place->is_open) place->dispatch->EndBatches();
  }
}

void Installation::Stop() {
  std::vector<std::thread> retiring;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    stopping_ = true;
    retiring.swap(retiring_);
  }
  wake_.notify_all();
  for (std::thread& thread : retiring) thread.join();
  for (const auto& place : Now()->places) {
    if (place->opener.joinable()) place->opener.join();
    Close(*place);
  }
}

std::optional<County> Installation::only_county() const {
  const auto routing = Now();
  if (routing->places.size() > 1) return std::nullopt;
  return routing->places.front()->county.services->default_county;
}

void Installation::Ask() const {
  const auto routing = Now();
  const Place& place = *routing->places.front();
  if (routing->places.size() > 1 || !place.is_open) return;
  try {
    place.county.database->Read([](db::Tx& tx) { org::Counties(tx); });
  } catch (const std::exception&) {
    // That it is away is what it says.
  }
}

void Installation::SetClock(Clock& clock) { options_.clock = &clock; }

bool Installation::IsUpload(const http::Request& head) const {
  const auto routing = Now();
  for (const auto& place : routing->places) {
    if (place->is_open) return place->dispatch->IsUpload(head);  // each has the same routes
  }
  return false;
}

Installation::Place& Installation::PlaceFor(const Routing& routing, http::Request& request) {
  const RoutingTable& table = routing.table;
  // The only folder, without a table, has every county.
  if (table.places.empty()) return *routing.places.front();
  auto county = CountyOf(request);
  if (!county) {
    const auto host = table.hosts.find(HostOf(request));
    if (host != table.hosts.end()) county = host->second;
  }
  if (!county && routing.places.size() == 1) return *routing.places.front();
  if (!county) throw Problem(400, "county_needed", {{"Huiyin-County", "required", "six digits"}});
  const auto place = table.PlaceOf(*county);
  if (!place) throw Problem(421, "unknown_county", {{"Huiyin-County", "unknown_value", FormatCounty(*county)}});
  if (!request.Header(kCountyHeader)) request.headers.emplace_back(kCountyHeader, FormatCounty(*county));
  return *routing.places[*place];
}

http::Response Installation::ListCounties() const {
  JsonWriter w;
  w.BeginObject().Key("items").BeginArray();
  const auto routing = Now();
  for (const auto& [county, index] : routing->table.places) {
    const Place& place = *routing->places[index];
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
  const auto routing = Now();
  for (const auto& place : routing->places) {
    DatabaseState state{.name = routing->places.size() == 1 ? "" : place->name, .is_up = place->is_open};
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
    const auto routing = Now();
    if (routing->places.size() > 1) {
      // What is asked of the installation and of no county.
      if (request.path == "/healthz") return reply({.status = 200, .content_type = "text/plain; charset=utf-8", .headers = {}, .body = "ok\n"});
      if (request.path == "/readyz") return reply(health_.Ready());
      if (request.path == "/metrics") return reply(health_.Metrics());
      if (request.path == "/openapi.yaml") return reply(health_.Contract());
      if (request.path == "/api/v1/counties" && request.method == "GET") return reply(ListCounties());
    }
    Place& place = PlaceFor(*routing, request);
    // First the seat: whoever closes the place waits for those who have one.
    auto seat = std::make_shared<Seat>(place.in_flight, options_.max_in_flight_of_one);
    if (!place.is_open) DatabaseAway();
    place.dispatch->Handle(std::move(request), [seat, reply](http::Response response) { reply(std::move(response)); });
  } catch (const Problem& problem) {
    reply(ProblemReply(problem, request_id));
  } catch (const std::exception& error) {
    log::Error("request_failed", {{"request_id", request_id}, {"what", error.what()}});
    reply(ProblemReply(Problem(500, "internal"), request_id));
  }
}

}  // namespace huiyin::app
