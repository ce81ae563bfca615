// SPDX-License-Identifier: EUPL-1.2
// What one process serves: the routing table, and behind it for each database a dispatch of its
// own, with its own workers, writer, clocks and sender. What waits for one database takes
// nothing from another: a hung one stops its own counties, and no others.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "app/commands.h"
#include "app/health.h"
#include "app/routing_table.h"
#include "modules/org/org.h"
#include "modules/outbox/sender.h"
#include "platform/dispatch.h"

namespace huiyin::app {

struct InstallationOptions {
  DispatchOptions dispatch;
  bool cookies_need_https = false;
  // Requests of one database that may be under way; beyond that 503, so that a slow one does
  // not take the whole edge.
  int max_in_flight_of_one = 2048;
  Clock* clock = nullptr;  // absent: the machine's
  // A replica that is further behind is not asked.
  std::chrono::milliseconds replica_lag{10'000};
  // The archive of a folder, before it is opened; absent for none.
  std::function<std::optional<ArchiveOptions>(const std::filesystem::path& dir)> archive = [](const auto&) { return std::nullopt; };
  std::function<outbox::Carriers()> carriers = [] { return outbox::Carriers{}; };
};

class Installation {
 public:
  // With one folder it is opened here, and what is wrong with it is thrown. With a table of
  // several each is opened by itself, again and again until it can be; Start does not wait.
  // `on_reload` is told of in the metrics.
  Installation(RoutingTable table, InstallationOptions options, const OnReload& on_reload);
  ~Installation();

  void Watch(const http::ServerCounters& counters) { health_.Watch(counters); }
  void Watch(std::shared_ptr<const http::Certificates> certificates) { health_.Watch(std::move(certificates)); }
  void Watch(const Traffic& traffic) { health_.Watch(traffic); }
  // Asks the only database for something and waits for what it says, be it that it is not there.
  void Ask() const;
  // Begins what happens by itself: ticks, nights, messages.
  void Start();
  // Another table in place of this one, while requests go on. What it has as this one has it stays as it
  // is; databases that are new are opened, those that are elsewhere now are opened there once what is
  // under way where they were is answered, and those it does not have are closed. Does not wait for
  // any of it. REQUIRES: after Start, one thread at a time.
  void Change(RoutingTable table);
  // Calls `reply` once, from any thread. Never throws.
  void Handle(http::Request request, http::Reply reply) noexcept;
  bool IsUpload(const http::Request& head) const;

  // What is under way comes to its end, batches of phones at the next act; who asks after the health hears it.
  void SetStopping();
  // No more by itself; what was read last is in the chain when this returns.
  void Stop();

  // Of the only folder: its first county. Absent in a table of several.
  std::optional<County> only_county() const;
  // How many databases there are, and how many of them are open.
  size_t size() const { return Now()->places.size(); }
  int county_count() const { return static_cast<int>(Now()->table.places.size()); }
  // A clock that needs to know the county it is for; before Start.
  void SetClock(Clock& clock);
  const Services& only_services() const { return *Now()->places.front()->county.services; }

 private:
  // A database of the table.
  struct Place {
    std::filesystem::path dir;
    std::string name;
    std::string addresses;                   // what its folder and the table said of where it is
    std::vector<std::string> replica_urls;   // of the table
    std::unique_ptr<FolderLock> lock;
    OpenCounty county;
    std::unique_ptr<db::Replicas> replicas;  // absent: there are none
    std::vector<org::CountyName> counties;
    std::unique_ptr<Dispatch> dispatch;
    std::unique_ptr<outbox::Sender> sender;
    std::optional<ArchiveOptions> archive;
    std::unique_ptr<Archiver> archiver;
    std::atomic<bool> is_open{false};
    std::atomic<int> in_flight{0};
    std::atomic<bool> is_retired{false};  // not of the table any more
    // Opens it, or goes on trying, after what was in its folder before has come to its end.
    std::thread opener;
    std::shared_ptr<Place> before;
  };
  // The table as it is at one moment, and the database of each of its folders.
  struct Routing {
    RoutingTable table;
    std::vector<std::shared_ptr<Place>> places;
  };

  std::shared_ptr<const Routing> Now() const;
  static std::shared_ptr<Place> MakePlace(const RoutingTable& table, const std::filesystem::path& dir);
  void Open(Place& place);
  std::unique_ptr<db::Replicas> OpenReplicas(const Place& place) const;
  void MakeDispatch(Place& place);
  void StartPlace(Place& place);
  void KeepOpening(Place& place);
  void TellMissing(const Place& place) const;
  // Nothing more is asked of it; when this returns, nothing of it is under way and what was read last
  // is in the chain.
  static void Close(Place& place);
  void Retire(Place& place);
  static Place& PlaceFor(const Routing& routing, http::Request& request);
  http::Response ListCounties() const;
  std::vector<DatabaseState> States() const;

  InstallationOptions options_;
  Health health_;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::shared_ptr<const Routing> routing_;
  std::vector<std::thread> retiring_;
  bool stopping_ = false;
};

}  // namespace huiyin::app
