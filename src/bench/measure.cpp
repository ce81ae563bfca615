// SPDX-License-Identifier: EUPL-1.2
#include "bench/measure.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <thread>

#include "app/commands.h"
#include "bench/child.h"
#include "bench/client.h"
#include "bench/crowd.h"
#include "bench/due.h"
#include "bench/figures.h"
#include "bench/nginx.h"
#include "bench/program.h"
#include "bench/raw.h"
#include "bench/raw_connection.h"
#include "bench/sync.h"
#include "modules/matters/text_index.h"

namespace huiyin::bench {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr int kStarts = 5;
constexpr size_t kRecordedReads = 2'000;
constexpr size_t kElsewhere = 5;  // times fewer are recorded where each statement is a journey
constexpr double kRecordedASecond = 4'000;  // writes, for each the raw engine is given
constexpr int kIdle = 1'000;
constexpr int kFew = 4;
constexpr int64_t kDeeds = 10'000;
constexpr double kJudgedASecond = 2'500;  // each once: as many for the server as for the raw engine
constexpr size_t kJudgedLeast = 1'600;
constexpr size_t kWarmShare = 8;  // of what there is only once
constexpr double kLongestSeconds = 120;
constexpr int kIndexed = 500;  // matters in one transaction

double Millis(Clock::duration span) { return std::chrono::duration<double, std::milli>(span).count(); }

class Measurement {
 public:
  Measurement(const Settings& settings, std::string name, const fs::path& data)
      : settings_(settings), name_(std::move(name)), data_(settings.scratch / name_), figures_(name_) {
    Say("copying the county");
    fs::remove_all(data_);
    fs::create_directories(settings.scratch);
    fs::copy(data, data_, fs::copy_options::recursive);
  }
  ~Measurement() {
    server_.reset();
    std::error_code ignored;
    fs::remove_all(data_, ignored);
  }

  std::vector<Figure> Run() {
    if (app::DatabaseUrl(data_)) Settle();
    Say("the night's work");
    Program(data_).LetTheNightPass();
    StartServer();
    std::this_thread::sleep_for(std::chrono::seconds(1));
    figures_.Tell("memory_idle", static_cast<double>(server_->AnonymousKib()) / 1024, "MB", kIdleLimitMb);
    Say("signing in and looking around");
    crowd_ = std::make_unique<Crowd>(port_, data_ / "accounts.json");
    DriveReads();
    if (IsWanted("idle_connections")) LetManyWait();
    if (IsWanted("beside_a_heavy_user")) PutUpWithAHeavyUser();
    DriveWrites();
    figures_.Tell("memory_loaded", static_cast<double>(most_kib_) / 1024, "MB", kLoadedLimitMb);
    server_->Stop();
    server_.reset();
    FindFloors();
    if (IsWanted("sync_usable_500") || IsWanted("sync_first_500") || IsWanted("sync_daily")) SyncPhones();
    if (IsWanted("clocks") && engine_ == nullptr) LetClocksAct();
    Say("done");
    return figures_.Take();
  }

 private:
  void Say(std::string_view what) const {
    fmt::print(stderr, "{:6.1f} s  {}: {}\n", Millis(Clock::now() - start_) / 1000, name_, what);
  }

  // What a server does in its first minutes on another engine: the index of words made anew, and
  // the engine's own figures of its tables.
  void Settle() {
    Say("the index of words");
    const auto database = OpenUnflushed(data_);
    const County county = Assemble(*database, SystemClock(), data_).default_county;
    for (int added = kIndexed; added == kIndexed;) {
      CheckInterrupt();
      database->Write([&](db::Tx& tx) { added = matters::IndexWhatIsMissing(tx, county, kIndexed); });
    }
    database->Write([](db::Tx& tx) { tx.Script("ANALYZE"); });
    engine_ = RawConnection::Open(data_, false);
  }

  void StartServer() {
    Say("starting the server");
    std::vector<double> spans;
    for (int i = 0; i < kStarts; ++i) spans.push_back(StartOnce());
    std::sort(spans.begin(), spans.end());
    Figure& figure = figures_.Tell("start_to_ready", spans[spans.size() / 2], "ms", kReadyLimitMs);
    figure.p50_ms = spans[spans.size() / 2];
    figure.p99_ms = spans.back();
  }

  // Until it is ready, in ms.
  double StartOnce() {
    server_.reset();
    const auto start = Clock::now();
    server_ = std::make_unique<Child>(
        std::vector<std::string>{settings_.program.string(), "serve", "--data", data_.string(), "--listen", "127.0.0.1:0"},
        settings_.scratch / "server.log");
    const std::string line = server_->ReadLine(std::chrono::seconds(60));
    port_ = static_cast<uint16_t>(std::stoi(line.substr(line.rfind(':') + 1)));
    while (Ask(port_, {.target = "/readyz"}).status != 200) CheckInterrupt();
    return Millis(Clock::now() - start);
  }

  // The server's, and the engine's where that runs in processes of its own.
  int64_t CpuMicros() { return server_->CpuMicros() + (engine_ ? engine_->EngineCpuMicros() : 0); }

  // Drives the server and tells its processor time for one request.
  std::pair<Outcome, double> DriveServer(int connections, int expected_status, std::function<Call()> next, size_t ready = 0) {
    int64_t cpu = 0;
    const Outcome outcome = Drive(port_, {.connections = connections,
                                          .warm_s = std::min(1.0, settings_.seconds / 3),
                                          .warm_requests = ready / kWarmShare,
                                          .measure_s = ready > 0 ? kLongestSeconds : settings_.seconds,
                                          .expected_status = expected_status,
                                          .next = [&](std::string& out) {
                                            if (const Call call = next(); !call.target.empty()) out += ToHttp(call);
                                          },
                                          .begin = [&] { cpu = -CpuMicros(); },
                                          .end = [&] { cpu += CpuMicros(); }});
    most_kib_ = std::max(most_kib_, server_->AnonymousKib());
    return {outcome, static_cast<double>(cpu) / static_cast<double>(std::max<uint64_t>(outcome.requests, 1))};
  }

  const Call& Any(const std::vector<Call>& calls) { return calls[random_.Below(calls.size())]; }

  bool IsWanted(const std::string& name) const { return name.find(settings_.only) != std::string::npos; }

  void Miss(std::string_view name, Outcome& outcome) const {
    outcome.errors = 1;
    outcome.first_error = "the county has nothing to ask for";
    Say(fmt::format("{}: {}", name, outcome.first_error));
  }

  void DriveReads() {
    reads_ = {
        {.name = "household_by_id", .calls = &crowd_->household_reads, .peers_per_second = kPeersReadOne},
        {.name = "household_by_id_1", .calls = &crowd_->household_reads, .connections = 1, .bound = 0},
        {.name = "household_by_id_64", .calls = &crowd_->household_reads, .connections = 64, .bound = 0},
        {.name = "household_by_id_1000", .calls = &crowd_->household_reads, .connections = 1000, .bound = 0},
        {.name = "my_matters", .calls = &crowd_->my_matters, .peers_per_second = kPeersListMine},
        {.name = "my_households", .calls = &crowd_->my_households},
        {.name = "name_search_1", .calls = &crowd_->name_searches[0], .most_p99_ms = kSearchLimitMs},
        {.name = "name_search_2", .calls = &crowd_->name_searches[1], .most_p99_ms = kSearchLimitMs},
        {.name = "name_search_3", .calls = &crowd_->name_searches[2], .most_p99_ms = kSearchLimitMs},
        {.name = "matter_text_2", .calls = &crowd_->matter_searches[0], .most_p99_ms = kSearchLimitMs},
        {.name = "matter_text_4", .calls = &crowd_->matter_searches[1], .most_p99_ms = kSearchLimitMs},
        {.name = "likely_same", .calls = &crowd_->likely_same, .most_p99_ms = kSearchLimitMs},
        {.name = "wall", .calls = &crowd_->walls, .most_p99_ms = kWallLimitMs},
        {.name = "indicator", .calls = &crowd_->indicators, .most_p99_ms = kWallLimitMs},
    };
    std::erase_if(reads_, [this](const ReadFigure& figure) { return !IsWanted(figure.name); });
    for (ReadFigure& figure : reads_) {
      if (figure.calls->empty()) {
        Miss(figure.name, figure.outcome);
        continue;
      }
      Say(figure.name);
      std::tie(figure.outcome, figure.cpu_us) =
          DriveServer(figure.connections, 200, [&] { return Any(*figure.calls); });
    }
  }

  // A thousand who are there and ask nothing.
  void LetManyWait() {
    Say("idle_connections");
    const int64_t kib = server_->AnonymousKib();
    const IdleCrowd idle(port_, kIdle);
    std::this_thread::sleep_for(std::chrono::seconds(1));
    const int64_t cpu = server_->CpuMicros();
    std::this_thread::sleep_for(std::chrono::seconds(3));
    figures_.Tell("idle_connections_cpu", static_cast<double>(server_->CpuMicros() - cpu) / 3000, "ms a second", kIdleCpuMs);
    figures_.Tell("idle_connections_memory", static_cast<double>(server_->AnonymousKib() - kib) / 1024, "MB", kIdleMb);
  }

  // One officer asks the dearest question on as many connections as all the others together.
  void PutUpWithAHeavyUser() {
    if (crowd_->household_reads.empty() || crowd_->name_searches[0].empty()) return;
    Say("beside_a_heavy_user");
    const Call heavy = crowd_->name_searches[0].front();
    std::vector<Call> others;
    std::copy_if(crowd_->household_reads.begin(), crowd_->household_reads.end(), std::back_inserter(others),
                 [&](const Call& call) { return call.token != heavy.token; });
    const auto read = [&] { return DriveServer(kFew, 200, [&] { return Any(others); }); };
    const auto [alone, alone_us] = read();
    std::jthread user([&](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        Drive(port_, {.connections = kConnections, .warm_s = 0, .measure_s = 0.5, .next = [&](std::string& out) { out += ToHttp(heavy); }});
      }
    });
    const auto [beside, beside_us] = read();
    user.request_stop();
    user.join();
    Figure figure = figures_.Of("beside_a_heavy_user", beside, beside_us, kFew);
    figure.value = beside.p99_ms;
    figure.unit = "ms p99";
    figure.limit = alone.p99_ms;
    figure.limit_is = "the same without them";
    figure.bound = 1.1;
    figures_.Add(std::move(figure));
  }

  void DriveWrites() {
    if (crowd_->CanTakeMatters()) {
      const auto matter = [this] { return crowd_->NewMatter(); };
      writes_.push_back({.name = "matter_created_16", .connections = 16, .next = matter});
      writes_.push_back({.name = "matter_created_64", .connections = 64, .bound = 0.5, .peers_per_second = kPeersCreate, .next = matter});
    }
    if (crowd_->CanVisit()) {
      writes_.push_back({.name = "visit_created_64", .connections = 64, .bound = 0.5, .next = [this] { return crowd_->NewVisit(); }});
    }
    if (crowd_->CanTakeMatters() && IsWanted("judged_64")) {
      Say("matters that wait for a judgement");
      judgements_ = crowd_->Conclude(2 * std::max(kJudgedLeast, static_cast<size_t>(kJudgedASecond * settings_.seconds)));
      writes_.push_back({.name = "judged_64", .bound = 0.5, .next = [this] { return NextJudgement(); }, .ready = judgements_.size() / 2});
    }
    std::erase_if(writes_, [this](const WriteFigure& figure) { return !IsWanted(figure.name); });
    for (WriteFigure& figure : writes_) {
      Say(figure.name);
      std::tie(figure.outcome, figure.cpu_us) = DriveServer(figure.connections, 201, figure.next, figure.ready);
    }
    // What the server leaves over is as much as the raw engine may have.
    judged_ = 0;
    judgements_.erase(judgements_.begin(), judgements_.begin() + static_cast<std::ptrdiff_t>(judgements_.size() / 2));
  }

  // Nobody judges twice: the first half is the server's.
  Call NextJudgement() {
    const size_t end = server_ ? judgements_.size() / 2 : judgements_.size();
    return judged_ < end ? judgements_[judged_++] : Call{};
  }

  void FindFloors() {
    Say("recording what the engine is asked");
    std::vector<std::vector<Recording>> reads;
    std::vector<std::vector<Recording>> writes;
    {
      Program program(data_);
      for (const ReadFigure& figure : reads_) {
        reads.emplace_back();
        if (figure.outcome.errors == 0) {
          reads.back() = program.Record([&] { return Any(*figure.calls); }, kRecordedReads / (engine_ ? kElsewhere : 1), 200);
        }
      }
    }
    {
      Program program(data_, kDay);
      for (const WriteFigure& figure : writes_) {
        writes.emplace_back();
        if (figure.outcome.errors == 0) writes.back() = program.Record(figure.next, static_cast<size_t>(kRecordedASecond * settings_.seconds) / (engine_ ? kElsewhere : 1), 201);
      }
    }
    Say("the floors of reading");
    Nginx nginx(settings_.scratch / "nginx");
    const double short_span = std::max(0.5, settings_.seconds / 3);
    for (size_t i = 0; i < reads_.size(); ++i) {
      const ReadFigure& read = reads_[i];
      const RawReads engine = ReplayReads(data_, reads[i], short_span);
      const double bytes = std::round(read.outcome.body_bytes);
      if (bytes == 0) figures_.Add(read, {}, 0);
      else figures_.Add(read, engine, nginx.CpuPerRequest(static_cast<size_t>(bytes), kConnections, short_span));
    }
    Say("the raw engine's group commit");
    for (size_t i = 0; i < writes_.size(); ++i) {
      figures_.Add(writes_[i], ReplayWrites(data_, writes[i], writes_[i].connections, settings_.seconds));
    }
  }

  // The largest caseload there may be, on a phone that has nothing, and again after a day.
  void SyncPhones() {
    Say("phones");
    const auto liaison = GiveCaseload(data_, kCaseload);
    if (!liaison) return Say("no liaison, or too few households");
    StartOnce();
    const SyncCost cost = MeasureSync(port_, *liaison, [this] { return CpuMicros(); });
    Figure& usable = figures_.Tell("sync_usable_500", cost.usable_seconds, "s at 1 Mbit/s", kFirstLoadSeconds);
    usable.body_bytes = cost.usable_bytes;
    if (cost.households != kCaseload) usable.errors = 1;
    Figure& first = figures_.Tell("sync_first_500", cost.first_seconds, "s at 1 Mbit/s", kFirstLoadSeconds);
    first.body_bytes = cost.first_bytes;
    first.cpu_us = cost.first_cpu_us;
    if (cost.households != kCaseload) first.errors = 1;
    const auto [outcome, cpu] = DriveServer(kFew, 200, [&] { return cost.daily; });
    Figure& daily = figures_.Tell("sync_daily", cost.daily_bytes / 1000, "KB", kDailyKb);
    daily.body_bytes = cost.daily_bytes;
    daily.cpu_us = cpu;
    daily.errors = outcome.errors;
    daily.first_error = outcome.first_error;
    server_->Stop();
    server_.reset();
  }

  // A month passes at once; a thousand times nothing is due.
  void LetClocksAct() {
    Say("clocks that come due");
    const auto cost = MeasureDue(data_, settings_.scratch / "due-raw", kDeeds);
    if (!cost) return Say("no clock comes due");
    Figure acting{.county = name_, .name = fmt::format("clocks_act_{}", cost->deeds), .value = cost->PerSecond(),
                  .unit = "1/s", .limit = cost->RawPerSecond(),
                  .limit_is = "the raw engine committing the same statements", .bound = 0.5};
    acting.is_floor = false;
    acting.p50_ms = cost->p50_ms;
    acting.p99_ms = cost->p99_ms;
    acting.statements = cost->raw.statements;
    figures_.Add(std::move(acting));
    figures_.Tell("clocks_wait", cost->idle_us, "us", kIdleLookUs);
  }

  static constexpr int kConnections = 16;

  const Settings& settings_;
  std::string name_;
  fs::path data_;
  SeededRandom random_{7};
  std::unique_ptr<Child> server_;
  uint16_t port_ = 0;
  std::unique_ptr<Crowd> crowd_;
  std::vector<ReadFigure> reads_;
  std::vector<WriteFigure> writes_;
  std::vector<Call> judgements_;
  size_t judged_ = 0;
  std::unique_ptr<RawConnection> engine_;  // when it is elsewhere
  int64_t most_kib_ = 0;
  const Clock::time_point start_ = Clock::now();
  Figures figures_;
};

}  // namespace

std::vector<Figure> MeasureCounty(const Settings& settings, const std::string& name, const fs::path& data) {
  return Measurement(settings, name, data).Run();
}

}  // namespace huiyin::bench
