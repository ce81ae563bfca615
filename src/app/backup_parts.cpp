// SPDX-License-Identifier: EUPL-1.2
#include "app/backup_parts.h"

#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>

#include "core/crypto.h"
#include "db/migrate.h"

namespace huiyin::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kKeyCheck = "huiyin: is this the key?";

void Flush(const fs::path& path, int flags) {
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC);
  const bool is_flushed = fd >= 0 && ::fsync(fd) == 0;
  if (fd >= 0) ::close(fd);
  if (!is_flushed) throw std::runtime_error(path.string() + ": cannot be flushed to disk");
}

}  // namespace

int Schema() { return db::Migrations().empty() ? 0 : db::Migrations().back().number; }

Scratch::Scratch(fs::path p) : path(std::move(p)) {
  fs::remove_all(path);
  fs::create_directories(path);
  fs::permissions(path, fs::perms::owner_all);
}

Scratch::~Scratch() {
  std::error_code ignored;
  fs::remove_all(path, ignored);
}

std::string ReadKey(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string key(33, '\0');
  in.read(key.data(), 33);
  if (in.gcount() != 32) throw std::runtime_error(file.string() + ": not a key of 32 bytes");
  key.resize(32);
  return key;
}

std::string KeyCheckOf(std::string_view key) {
  Sha256Hash as_hash{};
  std::copy(key.begin(), key.end(), as_hash.begin());
  return Hex(KeyedHash(kKeyCheck, as_hash));
}

audit::Verification VerifyChain(const fs::path& database, County county) {
  const auto copy = db::OpenSqlite({.file = database, .readers = 1});
  audit::Verification check;
  copy->Read([&](db::Tx& tx) { check = audit::Verify(tx, county); });
  if (!check.whole) throw std::runtime_error("the audit chain is broken at entry " + std::to_string(check.first_break));
  return check;
}

void FlushFile(const fs::path& file) { Flush(file, O_RDWR); }
void FlushFolder(const fs::path& folder) { Flush(folder, O_RDONLY | O_DIRECTORY); }

}  // namespace huiyin::app
