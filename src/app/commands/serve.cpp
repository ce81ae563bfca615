// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <fstream>

#include <sys/resource.h>

#include "app/archiver.h"
#include "app/commands.h"
#include "app/installation.h"
#include "app/notify.h"
#include "app/outside.h"
#include "app/reload.h"
#include "app/traffic.h"
#include "app/training_clock.h"
#include "app/wiring.h"
#include "core/log.h"
#include "http/server.h"
#include "http/static_files.h"

namespace huiyin::app {
namespace {

struct Address {
  std::string host = "127.0.0.1";
  uint16_t port = 8080;
};

Address ReadAddress(std::string_view text) {
  const size_t colon = text.rfind(':');
  int port = -1;
  if (colon != std::string_view::npos) {
    const std::string_view digits = text.substr(colon + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error != std::errc() || end != digits.data() + digits.size()) port = -1;
  }
  if (port < 0 || port > 65535 || colon == 0) throw Usage("--listen wants ADDRESS:PORT, such as 127.0.0.1:8080");
  std::string host(text.substr(0, colon));
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return {host, static_cast<uint16_t>(port)};
}

// Each connection is a file: the soft limit of a shell is often 1024.
void AllowManyFiles() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

bool IsServed(std::string_view path) {
  return path.starts_with("/api/") || path.starts_with("/open311/") || path == "/healthz" || path == "/readyz" ||
         path == "/metrics" || path == "/openapi.yaml";
}

constexpr int kNowhere = 99;  // no province has this code

// What the edge speaks TLS with: read now, and anew whenever it is asked to.
class TlsFiles {
 public:
  // Both options or neither.
  static std::unique_ptr<TlsFiles> Of(const Arguments& arguments, Clock& clock) {
    const auto chain = arguments.Get("tls-certificate");
    const auto key = arguments.Get("tls-key");
    if (!chain && !key) return nullptr;
    if (!chain) throw Usage("--tls-key wants --tls-certificate beside it");
    if (!key) throw Usage("--tls-certificate wants --tls-key beside it");
    return std::make_unique<TlsFiles>(*chain, *key, clock);
  }
  TlsFiles(std::filesystem::path chain, std::filesystem::path key, Clock& clock)
      : chain_(std::move(chain)), key_(std::move(key)), clock_(clock),
        certificates_(std::make_shared<http::Certificates>(http::Certificate::Read(chain_, key_))) {
    Tell();
  }

  // Throws what Certificate::Read throws; the one in use stays then.
  void ReadAnew() {
    certificates_->Use(http::Certificate::Read(chain_, key_));
    Tell();
  }
  const std::shared_ptr<http::Certificates>& certificates() const { return certificates_; }

 private:
  void Tell() const {
    const int64_t left_ms = certificates_->Current()->expires_at().ms - clock_.Now().ms;
    const auto days = std::to_string(left_ms / kDay);
    if (left_ms < kSoonMs) log::Warn("certificate_ends_soon", {{"days_left", days}});
    else log::Info("certificate", {{"days_left", days}});
  }

  static constexpr int64_t kSoonMs = 14 * kDay;
  std::filesystem::path chain_;
  std::filesystem::path key_;
  Clock& clock_;
  std::shared_ptr<http::Certificates> certificates_;
};

http::Proxies ReadProxies(const Arguments& arguments) {
  const auto text = arguments.Get("trusted-proxy");
  if (!text) return {};
  try {
    return http::Proxies::Read(*text);
  } catch (const std::invalid_argument& wrong) {
    throw Usage(fmt::format("--trusted-proxy: '{}' is neither an address nor a range such as 10.0.0.0/8", wrong.what()));
  }
}

// What the edge refused since it was last told, by code and without saying whom.
void TellRefusals(const http::ServerCounters& counters, std::array<uint64_t, http::kRefusals.size()>& told) {
  for (size_t i = 0; i < told.size(); ++i) {
    const uint64_t now = counters.refused[i].load();
    if (now != told[i]) log::Warn("refused", {{"code", std::string(http::kRefusals[i])}, {"times", std::to_string(now - told[i])}});
    told[i] = now;
  }
}

// Until one that ends the server; SIGHUP only has it read things anew.
int WaitForEnd(const sigset_t& signals, const http::ServerCounters& counters, const Installation& installation, OnReload& on_reload) {
  std::array<uint64_t, http::kRefusals.size()> told{};
  const auto watchdog = WatchdogPeriod();
  const auto wait = std::min(watchdog.value_or(std::chrono::seconds(10)), std::chrono::milliseconds(10'000));
  auto next_telling = std::chrono::steady_clock::now();
  for (;;) {
    const timespec period{wait.count() / 1000, wait.count() % 1000 * 1'000'000};
    const int signal = sigtimedwait(&signals, nullptr, &period);
    if (watchdog) {
      // A server that cannot even ask its database whether it is there is started anew.
      installation.Ask();
      Notify("WATCHDOG=1");
    }
    if (std::chrono::steady_clock::now() >= next_telling) {
      TellRefusals(counters, told);
      next_telling = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    }
    if (signal == SIGHUP) on_reload.Run();
    else if (signal > 0) return signal;
  }
}

// A limit of the edge; what is not given stays as it is.
template <class Number>
void ReadLimit(const Arguments& arguments, std::string_view name, int64_t unit, Number& limit) {
  const auto text = arguments.Get(name);
  if (!text) return;
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc() || end != text->data() + text->size() || value < 1 || value > 1'000'000) {
    throw Usage("--" + std::string(name) + " is a number from 1 to 1000000");
  }
  limit = Number(value * unit);
}

void ReadLimits(const Arguments& arguments, http::ServerOptions& options) {
  ReadLimit(arguments, "max-connections", 1, options.max_connections);
  ReadLimit(arguments, "max-in-flight", 1, options.max_in_flight);
  ReadLimit(arguments, "max-body-kib", 1024, options.max_body_bytes);
  ReadLimit(arguments, "max-upload-kib", 1024, options.max_upload_bytes);
  ReadLimit(arguments, "max-buffered-kib", 1024, options.max_buffered_bytes);
  ReadLimit(arguments, "head-seconds", 1000, options.header_timeout);
  ReadLimit(arguments, "body-seconds", 1000, options.body_timeout);
  ReadLimit(arguments, "idle-seconds", 1000, options.idle_timeout);
}

RoutingTable ReadTable(const Arguments& arguments) {
  const auto file = arguments.Get("routes");
  if (file && (arguments.Get("data") || arguments.Get("database") || arguments.Get("replica"))) {
    throw Usage("--routes names the data folders: it goes without --data, --database and --replica");
  }
  if (file) return RoutingTable::ReadFile(*file);
  const std::filesystem::path dir = arguments.Need("data");
  if (const auto url = arguments.Get("database")) NameDatabase(dir, *url);
  if (const auto urls = arguments.Get("replica")) NameReplicas(dir, *urls);
  if (const auto key = arguments.Get("key")) NameKey(dir, *key);
  return RoutingTable::OneFolder(dir);
}

void SetLogForm(const std::string& form) {
  if (form != "text" && form != "json") throw Usage("--log-form is text or json");
  log::SetForm(form == "json" ? log::Form::kJson : log::Form::kText);
}

// A number with its smallest and greatest; what is not given is `otherwise`.
int ReadNumber(const Arguments& arguments, std::string_view name, int otherwise, int most) {
  int value = otherwise;
  ReadLimit(arguments, name, 1, value);
  if (value > most) throw Usage(fmt::format("--{} is a number from 1 to {}", name, most));
  return value;
}

// Said in the folder, so that every command that opens it leaves its log to the archive.
std::optional<ArchiveOptions> NameArchive(const Arguments& arguments, const std::filesystem::path& dir, bool is_only) {
  namespace fs = std::filesystem;
  const auto folder = arguments.Get("archive");
  const fs::path mark = ArchivedMark(dir);
  if (!folder) {
    for (const char* option : {"archive-days", "archive-base-hours", "archive-log-mb"}) {
      if (arguments.Get(option)) throw Usage("--" + std::string(option) + " is about --archive DIR, which is not there");
    }
    if (fs::exists(mark)) fs::remove(mark);
    return std::nullopt;
  }
  if (DatabaseUrl(dir) && !is_only) return std::nullopt;
  if (DatabaseUrl(dir)) throw Usage("--archive is for records in a file: PostgreSQL archives its own log (docs/operations.md)");
  const fs::path whole_archive = fs::absolute(*folder).lexically_normal();
  ArchiveOptions options{.folder = is_only ? whole_archive : whole_archive / dir.filename(),
                         .base_every = std::chrono::hours(ReadNumber(arguments, "archive-base-hours", 24, 24 * 31)),
                         .keep = std::chrono::hours(24) * ReadNumber(arguments, "archive-days", 7, 3650),
                         .most_log_bytes = int64_t{ReadNumber(arguments, "archive-log-mb", 1024, 1 << 20)} << 20};
  fs::path whole = fs::absolute(dir).lexically_normal();
  if (whole.filename().empty()) whole = whole.parent_path();
  if (std::mismatch(whole.begin(), whole.end(), options.folder.begin(), options.folder.end()).first == whole.end()) {
    throw Usage("--archive: put it outside of the county's folder, best on another disk");
  }
  std::string named;
  if (std::ifstream in(mark); in) std::getline(in, named);
  if (named != options.folder.string()) {
    // Nobody knows what that archive missed until now.
    std::ofstream(dir / "archived.gap") << "";
    std::ofstream(mark) << options.folder.string() << "\n";
  }
  return options;
}

int Serve(std::span<const std::string> args) {
  std::vector<std::string_view> known = {"data", "listen", "web", "threads", "workers", "https-cookies!", "training-clock", "database", "replica", "replica-lag-seconds", "routes", "key",
                                         "tls-certificate", "tls-key", "trusted-proxy", "max-in-flight-of-one",
                                         "max-connections", "max-in-flight", "max-body-kib", "max-upload-kib", "max-buffered-kib",
                                         "head-seconds", "body-seconds", "idle-seconds", "archive", "archive-days", "archive-base-hours", "archive-log-mb",
                                         "log-form", "log-requests!"};
  for (const std::string_view option : OutsideOptions()) known.push_back(option);
  const Arguments arguments(args, known);
  SetLogForm(arguments.Get("log-form").value_or("text"));
  const Outside outside = ReadOutside(arguments);
  const Address address = ReadAddress(arguments.Get("listen").value_or("127.0.0.1:8080"));
  const http::Proxies proxies = ReadProxies(arguments);
  const auto tls = TlsFiles::Of(arguments, SystemClock());

  // Signals are waited for, not handled: every thread made after this inherits the mask.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is a full disk, not the end
  AllowManyFiles();

  RoutingTable table = ReadTable(arguments);
  const auto routes = arguments.Get("routes");
  AddLanguages(routes ? std::filesystem::absolute(*routes).parent_path() : table.folders.front());
  InstallationOptions served;
  if (const auto workers = arguments.Get("workers")) served.dispatch.workers = std::max(1, std::atoi(workers->c_str()));
  ReadLimit(arguments, "max-in-flight-of-one", 1, served.max_in_flight_of_one);
  served.replica_lag = std::chrono::seconds(ReadNumber(arguments, "replica-lag-seconds", 10, 3600));
  served.cookies_need_https = tls || arguments.Flag("https-cookies");
  served.carriers = [&outside] { return CarriersOf(outside); };
  served.archive = [&arguments, is_only = !routes](const std::filesystem::path& dir) { return NameArchive(arguments, dir, is_only); };
  OnReload on_reload;
  if (tls) on_reload.Add("certificate", [&tls] { tls->ReadAnew(); });
  Installation installation(std::move(table), served, on_reload);
  if (routes) on_reload.Add("routes", [&installation, file = *routes] { installation.Change(RoutingTable::ReadFile(file)); });
  if (tls) installation.Watch(tls->certificates());
  std::unique_ptr<TrainingClock> training;
  if (const auto file = arguments.Get("training-clock")) {
    const auto county = installation.only_county();
    if (!county || county->code / 10000 != kNowhere) {
      throw Usage("--training-clock is for counties that do not exist (codes 99....): a real term runs by the real time");
    }
    training = std::make_unique<TrainingClock>(*file, installation.only_services().zone);
    installation.SetClock(*training);
  }
  const http::StaticFiles web(arguments.Get("web").value_or(ShippedWeb().string()));

  http::ServerOptions options;
  options.address = address.host;
  options.port = address.port;
  if (const auto threads = arguments.Get("threads")) options.threads = std::max(1, std::atoi(threads->c_str()));
  ReadLimits(arguments, options);
  if (tls) options.certificates = tls->certificates();
  options.is_https = served.cookies_need_https;
  options.proxies = proxies;
  options.now = [&training] { return training ? training->Now() : SystemClock().Now(); };
  options.is_upload = [&installation](const http::Request& head) { return installation.IsUpload(head); };
  Traffic traffic(AllModules(), arguments.Flag("log-requests"));
  installation.Watch(traffic);
  installation.Start();
  http::Server server(options, [&](http::Request request, http::Reply reply) {
    if (!IsServed(request.path)) {
      if (auto page = web.Serve(request)) return reply(std::move(*page));
    }
    reply = traffic.Counted(request, std::move(reply));
    installation.Handle(std::move(request), std::move(reply));
  });
  installation.Watch(server.counters());
  server.Start();
  fmt::print("Huiyin serves {} on {}://{}:{}\n", installation.only_county() ? fmt::format("county {}", installation.only_county()->code)
             : fmt::format("{} counties in {} databases", installation.county_count(), installation.size()),
             tls ? "https" : "http", address.host, server.port());
  std::fflush(stdout);
  Notify("READY=1");

  const int signal = WaitForEnd(signals, server.counters(), installation, on_reload);
  Notify("STOPPING=1");
  log::Info("stopping", {{"signal", std::to_string(signal)}});
  installation.SetStopping();
  server.Stop(std::chrono::seconds(10));
  installation.Stop();
  return 0;
}

}  // namespace

extern const Command kServe;
const std::string kHelp = std::string(R"(huiyin serve --data DIR [--listen 127.0.0.1:8080]

  --data DIR       the county's folder (huiyin.db, files, huiyin.key)
  --database URL   postgres://... : the records are there and not in the folder. It is kept in
                   DIR/database, so that the other commands find it too
  --replica 'URL ...'  standbys of that PostgreSQL which reports, figures and exports may come from; kept
                   in DIR/replicas until it says otherwise, "none" ends it
  --replica-lag-seconds N (10)   one that is further behind is not asked
  --key FILE       where the key of encrypted fields is, when not DIR/huiyin.key: apart from the
                   data. Kept in DIR/key-file, so that the other commands find it too
  --listen A:P     address and port; port 0 lets the system choose one and prints it
  --routes FILE    instead of --data: which county is in which data folder, one line each
                   (docs/operations.md). A database that cannot be reached stops its own
                   counties only. SIGHUP reads it anew: counties and databases come and go
                   while the others are served; a file with a fault changes nothing
  --web DIR        the built web pages, when they are not beside the program
  --threads N      threads of the edge (2)
  --workers N      threads that answer reads (2)
  --tls-certificate FILE --tls-key FILE   speak TLS 1.2 and 1.3, and nothing else, on this port:
                   PEM, the server's own certificate first, then those that vouch for it; the
                   key without a password and readable by its owner (and group) only. SIGHUP
                   reads both anew; a pair that cannot be used leaves the old one in use
  --https-cookies  behind a proxy that speaks TLS: mark the session cookie Secure, and tell
                   browsers to come by TLS only. --tls-certificate does so by itself
  --trusted-proxy A[/BITS],...  whose X-Forwarded-For counts for where a request came from, as
                   wrong tries are counted by it; nobody's does unless named
  --log-form F     text (as it is), or json: an object a line
  --log-requests   a line for every request, not only for those that failed or took a second
  --training-clock FILE  the time is what FILE says (2026-03-08T10:00) and goes on from there;
                   write it again and weeks pass. For made-up counties (codes 99....) only

  --archive DIR    keeps an archive in DIR, best on another disk, from which the county comes back
                   as of any instant (huiyin restore --from DIR --at WHEN); with --routes one
                   below DIR for each folder
  --archive-days N (7)  how far back;  --archive-base-hours N (24)  a whole copy so often;
  --archive-log-mb N (1024)  what may wait for it when its disk is full or slow, before there is a gap

  Limits, beyond which a request is refused (docs/operations.md):
  --max-connections N (20000)  --max-in-flight N (4096)     --max-body-kib N (2048)
  --max-upload-kib N (65536)   --max-buffered-kib N (524288)
  --max-in-flight-of-one N (2048), of one database of several
  --head-seconds N (10)        --body-seconds N (60)        --idle-seconds N (60)

Without these two gateways, what would go by SMS or mail waits at the window to be told:

)") + kOutsideHelp;
const Command kServe = {"serve", "serve a county's data folder", kHelp, Serve};

}  // namespace huiyin::app
