// SPDX-License-Identifier: EUPL-1.2
#include "modules/attachments/uploads.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <system_error>

#include "core/log.h"
#include "core/problem.h"
#include "modules/attachments/files.h"
#include "modules/attachments/picture.h"

namespace huiyin::attachments {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFolder = "uploads";

[[noreturn]] void Fail(const char* what) {
  log::Error("upload_not_kept", {{"step", what}, {"errno", std::to_string(errno)}});
  throw Problem(503, "storage_unavailable");
}

// Held by one piece at a time: two that come at once are put one after the other.
class Held {
 public:
  explicit Held(const fs::path& path) : number_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640)) {
    if (number_ < 0) Fail("open");
    if (::flock(number_, LOCK_EX) != 0) {
      ::close(number_);
      Fail("lock");
    }
  }
  ~Held() { ::close(number_); }
  Held(const Held&) = delete;
  int64_t Size() const {
    struct stat found {};
    if (::fstat(number_, &found) != 0) Fail("stat");
    return found.st_size;
  }
  void Write(int64_t at, std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t written = ::pwrite(number_, bytes.data(), bytes.size(), at);
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) Fail("write");
      bytes.remove_prefix(static_cast<size_t>(written));
      at += written;
    }
    if (::fsync(number_) != 0) Fail("fsync");
  }

 private:
  int number_;
};

int64_t UploadedIn(const fs::path& folder) {
  int64_t bytes = 0;
  std::error_code ignored;
  for (auto at = fs::directory_iterator(folder, ignored); at != fs::directory_iterator(); at.increment(ignored)) {
    const auto size = at->file_size(ignored);
    if (!ignored) bytes += static_cast<int64_t>(size);
  }
  return bytes;
}

int64_t ReadOffset(const http::Request& request) {
  const auto text = request.Query("offset");
  if (!text) Invalid("offset", "required");
  int64_t offset = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), offset);
  if (error != std::errc() || end != text->data() + text->size() || offset < 0) Invalid("offset", "out_of_range");
  return offset;
}

// The last segment of the path.
Uuid IdOf(const http::Request& request, County county) {
  const auto id = ParseId(std::string_view(request.path).substr(request.path.rfind('/') + 1));
  if (!id || (id->county.code != 0 && id->county != county)) NotFound();
  return id->id;
}

std::any PutPiece(const Services& services, const http::Request& request, County county, const Actor& actor) {
  const Uuid id = IdOf(request, county);
  const int64_t offset = ReadOffset(request);
  if (request.body.empty()) Invalid("", "required");
  if (request.body.size() > kMostPiece) throw Problem(413, "too_large", {{"", "too_large", std::to_string(kMostPiece)}});
  return AddPiece(PlaceOf(services.files, county, actor.officer, id), offset, request.body);
}

http::Response Put(Context& ctx) {
  JsonWriter w = ctx.Writer();
  w.BeginObject().Field("id", ctx.PathId<Uuid>()).Field("received", std::any_cast<int64_t>(ctx.prepared)).EndObject();
  return JsonReply(200, w);
}

http::Response Get(Context& ctx) {
  const UploadPlace place = PlaceOf(ctx.services.files, ctx.county, ctx.actor.officer, ctx.PathId<Uuid>());
  JsonWriter w = ctx.Writer();
  w.BeginObject().Field("received", ReceivedOf(place)).EndObject();
  return JsonReply(200, w);
}

NightResult Sweep(const NightWork& work) {
  std::error_code ignored;
  int64_t removed = 0;
  const auto youngest = fs::file_time_type::clock::now() - std::chrono::milliseconds(kUploadKeptMs);
  const fs::path mine = work.services.files / kFolder / FormatCounty(work.county);
  for (auto at = fs::recursive_directory_iterator(mine, ignored); at != fs::recursive_directory_iterator(); at.increment(ignored)) {
    if (at->is_regular_file(ignored) && fs::last_write_time(at->path(), ignored) < youngest && fs::remove(at->path(), ignored)) ++removed;
  }
  return {.data = {{"uploads_removed", removed}}};
}

}  // namespace

UploadPlace PlaceOf(const fs::path& files, County county, const OfficerId& officer, const Uuid& id) {
  fs::path folder = files / kFolder / FormatCounty(county) / FormatUuid(officer);
  // Hidden: what copies the county's files leaves out what is not whole.
  fs::path file = folder / ("." + FormatUuid(id));
  return {std::move(folder), std::move(file)};
}

int64_t ReceivedOf(const UploadPlace& place) {
  std::error_code missing;
  const auto size = fs::file_size(place.file, missing);
  return missing ? 0 : static_cast<int64_t>(size);
}

int64_t AddPiece(const UploadPlace& place, int64_t offset, std::string_view bytes) {
  const auto end = offset + static_cast<int64_t>(bytes.size());
  if (offset > static_cast<int64_t>(kMostBytes) || end > static_cast<int64_t>(kMostBytes)) {
    throw Problem(413, "too_large", {{"", "too_large", std::to_string(kMostBytes)}});
  }
  std::error_code failed;
  const bool is_new = fs::create_directories(place.folder, failed);
  if (failed) Fail("folder");
  if (is_new || !fs::exists(place.file, failed)) {
    if (offset > 0) {
      Problem ahead(409, "sync.offset_ahead");
      ahead.extra["received"] = 0;
      throw ahead;
    }
    if (UploadedIn(place.folder) + end > kMostUploaded) Conflict("sync.uploads_full");
  }
  const Held file(place.file);
  const int64_t received = file.Size();
  if (offset > received) {
    Problem ahead(409, "sync.offset_ahead");
    ahead.extra["received"] = received;
    throw ahead;
  }
  // What a torn piece left of itself is there already.
  if (end <= received) return received;
  file.Write(received, bytes.substr(static_cast<size_t>(received - offset)));
  return end;
}

std::optional<std::string> LoadUpload(const UploadPlace& place) { return Load(place.file); }

void AddUploadRoutes(std::vector<Route>& routes) {
  constexpr auto kSend = Action::kMattersTake;
  // Nothing is written in a transaction: what has arrived is the file.
  routes.push_back({.method = "PUT", .pattern = "/api/v1/sync/uploads/{id}", .action = kSend, .handle = Put, .prepare_as = PutPiece,
                    .reads_only = true, .raw_body = true});
  routes.push_back({.method = "GET", .pattern = "/api/v1/sync/uploads/{id}", .action = kSend, .handle = Get});
}

Night SweepUploads() { return {"uploads", Sweep}; }

}  // namespace huiyin::attachments
