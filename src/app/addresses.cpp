// SPDX-License-Identifier: EUPL-1.2
// Where a folder's records are when they are on a PostgreSQL, and where else they may be read. An
// address may hold a password: it stands in files of the owner's, and in no message.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "app/commands.h"
#include "db/postgres.h"

namespace huiyin::app {
namespace {

namespace fs = std::filesystem;

// The file is its owner's alone from its first byte, and whole under its name.
void WriteAddresses(const fs::path& file, const std::string& lines) {
  const fs::path made = file.string() + ".new";
  fs::remove(made);
  const int fd = ::open(made.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, S_IRUSR | S_IWUSR);
  const bool written = fd >= 0 && ::write(fd, lines.data(), lines.size()) == static_cast<ssize_t>(lines.size()) && ::fsync(fd) == 0;
  if (fd >= 0) ::close(fd);
  if (!written) throw std::runtime_error(made.string() + ": cannot be written");
  fs::rename(made, file);
}

}  // namespace

std::optional<std::string> DatabaseUrl(const fs::path& dir) {
  std::ifstream in(dir / "database");
  std::string url;
  if (!std::getline(in, url) || url.empty()) return std::nullopt;
  if (!db::IsPostgresUrl(url)) throw std::runtime_error((dir / "database").string() + ": not a postgres:// address");
  return url;
}

void SetDatabaseUrl(const fs::path& dir, const std::string& url) { WriteAddresses(dir / "database", url + "\n"); }

void NameDatabase(const fs::path& dir, const std::string& url) {
  if (!db::IsPostgresUrl(url)) throw Usage("--database wants postgres://..., or nothing for DIR/huiyin.db");
  const auto known = DatabaseUrl(dir);
  if (known == url) return;
  if (known) throw Usage("--database: " + (dir / "database").string() + " names another one");
  if (fs::exists(dir / "huiyin.db")) {
    throw Usage("--database: there are records in " + (dir / "huiyin.db").string() + " already: huiyin move carries them over");
  }
  fs::create_directories(dir);
  SetDatabaseUrl(dir, url);
}

std::vector<std::string> ReplicaUrls(const fs::path& dir) {
  std::ifstream in(dir / "replicas");
  std::vector<std::string> urls;
  for (std::string url; in >> url;) {
    if (!db::IsPostgresUrl(url)) throw std::runtime_error((dir / "replicas").string() + ": not a postgres:// address");
    urls.push_back(url);
  }
  return urls;
}

void NameReplicas(const fs::path& dir, const std::string& urls) {
  if (urls == "none") {
    fs::remove(dir / "replicas");
    return;
  }
  std::istringstream in(urls);
  std::string lines;
  for (std::string url; in >> url;) {
    if (!db::IsPostgresUrl(url)) throw Usage("--replica wants postgres://..., several with spaces between them, or none");
    lines += url + "\n";
  }
  if (lines.empty()) throw Usage("--replica wants postgres://..., several with spaces between them, or none");
  if (!DatabaseUrl(dir)) throw Usage("--replica: the records are in a file, which has none (--database says where else)");
  WriteAddresses(dir / "replicas", lines);
}

}  // namespace huiyin::app
