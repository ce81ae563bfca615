// SPDX-License-Identifier: EUPL-1.2
#include "modules/attachments/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

#include "core/log.h"
#include "core/problem.h"

namespace huiyin::attachments {
namespace {

namespace fs = std::filesystem;

// A disk that is full or broken is the same to whoever sends a picture as it is to all others.
[[noreturn]] void Fail(const char* what) {
  log::Error("file_not_kept", {{"step", what}, {"errno", std::to_string(errno)}});
  throw Problem(503, "storage_unavailable");
}

class Descriptor {
 public:
  Descriptor(const fs::path& path, int flags) : number_(::open(path.c_str(), flags | O_CLOEXEC, 0640)) {
    if (number_ < 0) Fail("open");
  }
  ~Descriptor() { ::close(number_); }
  Descriptor(const Descriptor&) = delete;
  void Write(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t written = ::write(number_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) Fail("write");
      bytes.remove_prefix(static_cast<size_t>(written));
    }
  }
  void Sync() const {
    if (::fsync(number_) != 0) Fail("fsync");
  }

 private:
  int number_;
};

}  // namespace

fs::path PathOf(const fs::path& files, const Sha256Hash& hash, std::string_view variant) {
  const std::string name = Hex(AsView(hash));
  return files / name.substr(0, 2) / (name.substr(2) + std::string(variant));
}

void Store(const fs::path& path, std::string_view bytes, Random& random) {
  std::error_code missing;
  if (fs::file_size(path, missing) == bytes.size() && !missing) {
    // Young again, so that no sweep takes it before its row is there.
    fs::last_write_time(path, fs::file_time_type::clock::now(), missing);
    // Whoever wrote it may not have come to this yet.
    Descriptor(path.parent_path(), O_RDONLY | O_DIRECTORY).Sync();
    return;
  }
  const bool is_new_folder = fs::create_directories(path.parent_path());
  // A name of its own, so that two who send the same picture at once do not meet.
  const fs::path draft = path.parent_path() / fmt::format(".{:016x}.part", random.Next());
  try {
    const Descriptor file(draft, O_WRONLY | O_CREAT | O_EXCL);
    file.Write(bytes);
    file.Sync();
    fs::rename(draft, path);
  } catch (...) {
    std::error_code ignored;
    fs::remove(draft, ignored);
    throw;
  }
  Descriptor(path.parent_path(), O_RDONLY | O_DIRECTORY).Sync();
  if (is_new_folder) Descriptor(path.parent_path().parent_path(), O_RDONLY | O_DIRECTORY).Sync();
}

std::optional<std::string> Load(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace huiyin::attachments
