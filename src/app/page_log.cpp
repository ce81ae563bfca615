// SPDX-License-Identifier: EUPL-1.2
#include "app/page_log.h"

#include <fcntl.h>
#include <unistd.h>
#include <zstd.h>

#include <array>
#include <cstring>
#include <fstream>
#include <memory>
#include <stdexcept>

namespace huiyin::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kBegin = "HUIYLOG2";
constexpr size_t kFileHead = kBegin.size() + sizeof(Sha256Hash);
constexpr std::string_view kMagic = "HYLB";
constexpr size_t kHead = 48;
constexpr size_t kChained = kHead + sizeof(Sha256Hash);
constexpr size_t kPage = db::WalFile::kPage;

template <class Number>
void Put(std::string& to, Number number) {
  to.append(reinterpret_cast<const char*>(&number), sizeof number);
}
template <class Number>
Number Get(std::string_view from, size_t at) {
  Number number{};
  std::memcpy(&number, from.data() + at, sizeof number);
  return number;
}

Sha256Hash Next(const Sha256Hash& chain, std::string_view head, std::string_view packed) {
  Sha256Stream hash;
  hash.Add(AsView(chain));
  hash.Add(head);
  hash.Add(packed);
  return hash.Finish();
}

// The same pages come again and again with a few bytes changed, some of them long after one another:
// matches are looked for over the whole of a block.
std::string Pack(const std::string& raw) {
  constexpr int kWindowLog = 23;
  const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> packer(ZSTD_createCCtx(), ZSTD_freeCCtx);
  const auto set = [&](ZSTD_cParameter parameter, int value) { return !ZSTD_isError(ZSTD_CCtx_setParameter(packer.get(), parameter, value)); };
  std::string packed(ZSTD_compressBound(raw.size()), '\0');
  if (packer && set(ZSTD_c_compressionLevel, 1) && set(ZSTD_c_windowLog, kWindowLog) && set(ZSTD_c_enableLongDistanceMatching, 1)) {
    const size_t size = ZSTD_compress2(packer.get(), packed.data(), packed.size(), raw.data(), raw.size());
    if (!ZSTD_isError(size)) {
      packed.resize(size);
      return packed;
    }
  }
  throw std::runtime_error("a block of the archive cannot be packed");
}

bool WriteAll(int fd, std::string_view bytes, uint64_t at) {
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(written));
    at += static_cast<uint64_t>(written);
  }
  return true;
}

}  // namespace

void BlockMaker::AddPage(uint32_t number, std::string_view bytes) {
  Put(open_, number);
  open_ += bytes;
  ++open_pages_;
}

void BlockMaker::EndCommit(Instant at, uint32_t pages_after) {
  Put(done_, at.ms);
  Put(done_, pages_after);
  Put(done_, open_pages_);
  done_ += open_;
  open_.clear();
  open_pages_ = 0;
  ++commits_;
}

Block BlockMaker::Take(Instant until, const db::WalPosition& place) {
  Block block{.commits = commits_, .until = until, .place = place, .pages = std::move(done_)};
  done_.clear();
  commits_ = 0;
  return block;
}

LogWriter::LogWriter(fs::path file, uint64_t bytes, const Sha256Hash& chain)
    : file_(std::move(file)), fd_(::open(file_.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600)), bytes_(bytes), chain_(chain) {
  const std::string head = std::string(kBegin) + std::string(AsView(chain));
  if (fd_ >= 0 && ::ftruncate(fd_, static_cast<off_t>(bytes)) == 0 && (bytes > 0 || WriteAll(fd_, head, 0))) {
    bytes_ = std::max<uint64_t>(bytes, kFileHead);
    return;
  }
  if (fd_ >= 0) ::close(fd_);
  throw std::runtime_error(file_.string() + ": cannot be written");
}

LogWriter::~LogWriter() { ::close(fd_); }

void LogWriter::Append(const Block& block) {
  const std::string packed = Pack(block.pages);
  std::string bytes(kMagic);
  Put(bytes, static_cast<uint32_t>(packed.size()));
  Put(bytes, static_cast<uint32_t>(block.pages.size()));
  Put(bytes, block.commits);
  Put(bytes, block.until.ms);
  Put(bytes, block.place.salt);
  Put(bytes, block.place.frame);
  Put(bytes, block.place.sum1);
  Put(bytes, block.place.sum2);
  Put(bytes, uint32_t{0});
  const Sha256Hash next = Next(chain_, bytes, packed);
  bytes += AsView(next);
  bytes += packed;
  if (!WriteAll(fd_, bytes, bytes_) || ::fdatasync(fd_) != 0) {
    // What stands behind the last whole block is written over by the next try, or cut off.
    if (::ftruncate(fd_, static_cast<off_t>(bytes_)) != 0) {}  // then it is cut off when it is read
    throw std::runtime_error(file_.string() + ": cannot be written (is the disk full?)");
  }
  bytes_ += bytes.size();
  chain_ = next;
}

LogEnd ReadLog(const fs::path& file, const std::optional<Sha256Hash>& chain, const std::function<bool(const Block&)>& each) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error(file.string() + ": cannot be read");
  const uint64_t size = fs::file_size(file);
  LogEnd end;
  std::string begin(kFileHead, '\0');
  end.is_cut = size < kFileHead;
  if (end.is_cut) return end;
  in.read(begin.data(), kFileHead);
  std::memcpy(end.chain.data(), begin.data() + kBegin.size(), end.chain.size());
  if (!begin.starts_with(kBegin)) throw std::runtime_error(file.string() + ": is no log of an archive");
  if (chain && *chain != end.chain) throw std::runtime_error(file.string() + ": does not follow what stands before it (is a file missing?)");
  end.bytes = kFileHead;
  while (end.bytes < size) {
    std::string head(kChained, '\0');
    end.is_cut = size - end.bytes < kChained;
    if (end.is_cut) return end;
    in.read(head.data(), kChained);
    const auto damaged = [&] { return std::runtime_error(fmt::format("{}: damaged behind byte {}", file.string(), end.bytes)); };
    if (!head.starts_with(kMagic)) throw damaged();
    const uint64_t packed_size = Get<uint32_t>(head, 4);
    end.is_cut = size - end.bytes - kChained < packed_size;
    if (end.is_cut) return end;
    std::string packed(packed_size, '\0');
    in.read(packed.data(), static_cast<std::streamsize>(packed_size));
    const Sha256Hash next = Next(end.chain, head.substr(0, kHead), packed);
    if (!in || AsView(next) != std::string_view(head).substr(kHead)) throw damaged();
    Block block{.commits = Get<uint32_t>(head, 12), .until = {Get<int64_t>(head, 16)},
                .place = {.salt = Get<uint64_t>(head, 24), .frame = Get<uint32_t>(head, 32), .sum1 = Get<uint32_t>(head, 36), .sum2 = Get<uint32_t>(head, 40)},
                .pages = std::string(Get<uint32_t>(head, 8), '\0')};
    if (ZSTD_decompress(block.pages.data(), block.pages.size(), packed.data(), packed.size()) != block.pages.size()) throw damaged();
    end.bytes += kChained + packed_size;
    end.chain = next;
    if (each && !each(block)) {
      end.last = std::move(block);
      return end;
    }
    block.pages.clear();
    end.last = std::move(block);
  }
  return end;
}

void EachCommit(const Block& block, const std::function<void(Instant, uint32_t, const std::vector<Page>&)>& each) {
  const std::string_view bytes = block.pages;
  size_t at = 0;
  std::vector<Page> pages;
  for (uint32_t i = 0; i < block.commits; ++i) {
    const Instant when{Get<int64_t>(bytes, at)};
    const auto after = Get<uint32_t>(bytes, at + 8);
    const auto count = Get<uint32_t>(bytes, at + 12);
    at += 16;
    pages.clear();
    for (uint32_t p = 0; p < count; ++p) {
      pages.push_back({Get<uint32_t>(bytes, at), bytes.substr(at + 4, kPage)});
      at += 4 + kPage;
    }
    each(when, after, pages);
  }
}

}  // namespace huiyin::app
