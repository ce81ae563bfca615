// SPDX-License-Identifier: EUPL-1.2
#include "db/wal_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <cstring>
#include <stdexcept>
#include <vector>

namespace huiyin::db {
namespace {

static_assert(std::endian::native == std::endian::little, "sums are counted in this machine's order");

constexpr size_t kHead = 32;
constexpr size_t kFrameHead = 24;
constexpr size_t kIndexHead = 48;
constexpr uint32_t kMagic = 0x377f0682;  // sums over little-endian words

uint32_t Big(const char* at) {
  uint32_t number = 0;
  for (int i = 0; i < 4; ++i) number = number << 8 | static_cast<unsigned char>(at[i]);
  return number;
}
uint64_t Salt(const char* at) { return static_cast<uint64_t>(Big(at)) << 32 | Big(at + 4); }

void Add(uint32_t& sum1, uint32_t& sum2, const char* bytes, size_t size) {
  for (size_t i = 0; i < size; i += 8) {
    uint32_t first = 0;
    uint32_t second = 0;
    std::memcpy(&first, bytes + i, 4);
    std::memcpy(&second, bytes + i + 4, 4);
    sum1 += first + sum2;
    sum2 += second + sum1;
  }
}

bool ReadAll(int file, char* to, size_t size, uint64_t at) {
  while (size > 0) {
    const ssize_t got = ::pread(file, to, size, static_cast<off_t>(at));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    to += got;
    at += static_cast<uint64_t>(got);
    size -= static_cast<size_t>(got);
  }
  return true;
}

uint64_t PlaceOf(uint32_t frame) { return kHead + uint64_t{frame} * (kFrameHead + WalFile::kPage); }

}  // namespace

WalFile::WalFile(const std::filesystem::path& database)
    : log_(::open((database.string() + "-wal").c_str(), O_RDONLY | O_CLOEXEC)),
      index_(::open((database.string() + "-shm").c_str(), O_RDONLY | O_CLOEXEC)) {
  if (log_ < 0 || index_ < 0) throw std::runtime_error(database.string() + "-wal: cannot be opened");
}

// The index stays open until the process ends: SQLite holds locks on that file, and closing any
// descriptor of it would give all of them up.
WalFile::~WalFile() { ::close(log_); }

std::optional<WalPosition> WalFile::Committed() const {
  // The head of the index stands there twice and is written one after the other.
  std::array<char, 2 * kIndexHead> head{};
  if (!ReadAll(index_, head.data(), head.size(), 0)) return std::nullopt;
  if (std::memcmp(head.data(), head.data() + kIndexHead, kIndexHead) != 0) return std::nullopt;
  WalPosition end;
  std::memcpy(&end.frame, head.data() + 16, 4);
  std::memcpy(&end.sum1, head.data() + 24, 4);
  std::memcpy(&end.sum2, head.data() + 28, 4);
  end.salt = Salt(head.data() + 32);
  if (head[12] == 0 || end.frame == 0) return std::nullopt;
  return end;
}

bool WalFile::ReadHead(WalPosition& start) const {
  std::array<char, kHead> head{};
  if (!ReadAll(log_, head.data(), head.size(), 0)) return false;
  uint32_t sum1 = 0;
  uint32_t sum2 = 0;
  Add(sum1, sum2, head.data(), 24);
  if (Big(head.data()) != kMagic || Big(head.data() + 8) != kPage || Big(head.data() + 24) != sum1 || Big(head.data() + 28) != sum2) return false;
  start = {.salt = Salt(head.data() + 16), .frame = 0, .sum1 = sum1, .sum2 = sum2};
  return true;
}

std::optional<WalPosition> WalFile::At(uint64_t salt, uint32_t frame) const {
  WalPosition at;
  if (!ReadHead(at) || at.salt != salt) return std::nullopt;
  if (frame == 0) return at;
  std::array<char, kFrameHead> head{};
  if (!ReadAll(log_, head.data(), head.size(), PlaceOf(frame - 1)) || Salt(head.data() + 8) != salt) return std::nullopt;
  return WalPosition{.salt = salt, .frame = frame, .sum1 = Big(head.data() + 16), .sum2 = Big(head.data() + 20)};
}

bool WalFile::Read(WalPosition& from, uint32_t to, const Each& each) const {
  std::vector<char> frame(kFrameHead + kPage);
  while (from.frame < to) {
    if (!ReadAll(log_, frame.data(), frame.size(), PlaceOf(from.frame))) return false;
    const char* head = frame.data();
    if (Salt(head + 8) != from.salt) return false;
    uint32_t sum1 = from.sum1;
    uint32_t sum2 = from.sum2;
    Add(sum1, sum2, head, 8);
    Add(sum1, sum2, head + kFrameHead, kPage);
    if (Big(head + 16) != sum1 || Big(head + 20) != sum2) return false;
    each(Big(head), {head + kFrameHead, kPage}, Big(head + 4));
    from.sum1 = sum1;
    from.sum2 = sum2;
    ++from.frame;
  }
  return true;
}

}  // namespace huiyin::db
