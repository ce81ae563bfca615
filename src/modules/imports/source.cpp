// SPDX-License-Identifier: EUPL-1.2
#include "modules/imports/source.h"

#include <iconv.h>
#include <lzma.h>
#include <zlib.h>

#include <cerrno>
#include <fstream>

namespace huiyin::imports {
namespace {

constexpr size_t kChunk = 64 * 1024;
constexpr uint64_t kXzMemory = 256ULL * 1024 * 1024;

class TextSource : public ByteSource {
 public:
  explicit TextSource(std::string_view bytes) : rest_(bytes) {}
  size_t Read(std::span<char> to) override {
    const size_t size = std::min(to.size(), rest_.size());
    std::copy_n(rest_.data(), size, to.data());
    rest_.remove_prefix(size);
    return size;
  }

 private:
  std::string_view rest_;
};

class PlainFile : public ByteSource {
 public:
  PlainFile(const std::filesystem::path& file, uint64_t max) : in_(file, std::ios::binary), left_(max) {
    if (!in_) failure_ = "unreadable";
  }
  size_t Read(std::span<char> to) override {
    if (!failure_.empty()) return 0;
    in_.read(to.data(), static_cast<std::streamsize>(to.size()));
    const auto size = static_cast<size_t>(in_.gcount());
    if (in_.bad()) failure_ = "unreadable";
    if (size > left_) {
      failure_ = "too_large";
      return 0;
    }
    left_ -= size;
    return size;
  }

 private:
  std::ifstream in_;
  uint64_t left_;
};

class GzipFile : public ByteSource {
 public:
  GzipFile(const std::filesystem::path& file, uint64_t max) : file_(gzopen(file.c_str(), "rb")), left_(max) {
    if (file_ == nullptr) failure_ = "unreadable";
  }
  ~GzipFile() override {
    if (file_ != nullptr) gzclose(file_);
  }
  GzipFile(const GzipFile&) = delete;
  size_t Read(std::span<char> to) override {
    if (!failure_.empty()) return 0;
    const int size = gzread(file_, to.data(), static_cast<unsigned>(to.size()));
    if (size < 0) failure_ = "broken_archive";
    else if (static_cast<uint64_t>(size) > left_) failure_ = "too_large";
    if (!failure_.empty()) return 0;
    left_ -= static_cast<uint64_t>(size);
    return static_cast<size_t>(size);
  }

 private:
  gzFile file_;
  uint64_t left_;
};

class XzFile : public ByteSource {
 public:
  XzFile(const std::filesystem::path& file, uint64_t max) : in_(file, std::ios::binary), left_(max) {
    if (!in_) failure_ = "unreadable";
    else if (lzma_stream_decoder(&stream_, kXzMemory, LZMA_CONCATENATED) != LZMA_OK) failure_ = "broken_archive";
  }
  ~XzFile() override { lzma_end(&stream_); }
  XzFile(const XzFile&) = delete;
  size_t Read(std::span<char> to) override {
    if (!failure_.empty() || done_) return 0;
    stream_.next_out = reinterpret_cast<uint8_t*>(to.data());
    stream_.avail_out = to.size();
    while (stream_.avail_out > 0 && !done_) {
      if (stream_.avail_in == 0 && in_) {
        in_.read(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
        stream_.next_in = reinterpret_cast<const uint8_t*>(buffer_.data());
        stream_.avail_in = static_cast<size_t>(in_.gcount());
      }
      const lzma_ret result = lzma_code(&stream_, in_ ? LZMA_RUN : LZMA_FINISH);
      done_ = result == LZMA_STREAM_END;
      if (result != LZMA_OK && !done_) {
        failure_ = "broken_archive";
        return 0;
      }
    }
    const size_t size = to.size() - stream_.avail_out;
    if (size > left_) {
      failure_ = "too_large";
      return 0;
    }
    left_ -= size;
    return size;
  }

 private:
  std::ifstream in_;
  lzma_stream stream_ = LZMA_STREAM_INIT;
  std::array<char, kChunk> buffer_;
  bool done_ = false;
  uint64_t left_;
};

class Gb18030 : public ByteSource {
 public:
  explicit Gb18030(std::unique_ptr<ByteSource> source)
      : source_(std::move(source)), converter_(iconv_open("UTF-8", "GB18030")) {
    // The converter is part of the C library's own package.
    if (converter_ == reinterpret_cast<iconv_t>(-1)) failure_ = "not_utf8";
  }
  ~Gb18030() override {
    if (converter_ != reinterpret_cast<iconv_t>(-1)) iconv_close(converter_);
  }
  Gb18030(const Gb18030&) = delete;
  size_t Read(std::span<char> to) override {
    for (;;) {
      if (!failure_.empty()) return 0;
      if (held_ == 0 || starved_) {
        const size_t size = source_->Read(std::span(buffer_).subspan(held_));
        if (size == 0) {
          failure_ = source_->failure();
          if (failure_.empty() && held_ > 0) failure_ = "not_utf8";  // half a character at the end
          return 0;
        }
        held_ += size;
        starved_ = false;
      }
      char* in = buffer_.data();
      char* out = to.data();
      size_t in_left = held_;
      size_t out_left = to.size();
      const size_t result = iconv(converter_, &in, &in_left, &out, &out_left);
      if (result == static_cast<size_t>(-1) && errno == EILSEQ) failure_ = "not_utf8";
      if (result == static_cast<size_t>(-1) && errno == EINVAL) starved_ = true;
      std::memmove(buffer_.data(), in, in_left);
      held_ = in_left;
      const size_t made = to.size() - out_left;
      if (made > 0) return made;
    }
  }

 private:
  std::unique_ptr<ByteSource> source_;
  iconv_t converter_;
  std::array<char, kChunk> buffer_;
  size_t held_ = 0;
  bool starved_ = false;
};

// Counts what is well formed and what is not, across chunks.
class Utf8Counter {
 public:
  void Take(std::string_view bytes) {
    for (char c : bytes) Take(static_cast<unsigned char>(c));
  }
  void Finish() {
    if (wanted_ > 0) Break();
  }
  int64_t good = 0;
  int64_t bad = 0;
  int64_t first_bad_line = 0;

 private:
  void Take(unsigned char c) {
    if (c == '\n') ++line_;
    if (wanted_ > 0) {
      const bool fits = (c & 0xC0) == 0x80 && c >= least_ && c <= most_;
      least_ = 0x80;
      most_ = 0xBF;
      if (fits) {
        if (--wanted_ == 0) ++good;
        return;
      }
      Break();
    }
    if (c < 0x80) return;
    if (c >= 0xC2 && c <= 0xDF) wanted_ = 1;
    else if (c >= 0xE0 && c <= 0xEF) wanted_ = 2;
    else if (c >= 0xF0 && c <= 0xF4) wanted_ = 3;
    else return Break();
    // Overlong forms, surrogates and what lies beyond Unicode are no characters.
    if (c == 0xE0) least_ = 0xA0;
    if (c == 0xED) most_ = 0x9F;
    if (c == 0xF0) least_ = 0x90;
    if (c == 0xF4) most_ = 0x8F;
  }
  void Break() {
    wanted_ = 0;
    if (++bad == 1) first_bad_line = line_;
  }

  int wanted_ = 0;
  unsigned char least_ = 0x80;
  unsigned char most_ = 0xBF;
  int64_t line_ = 1;
};

}  // namespace

std::unique_ptr<ByteSource> FromText(std::string_view bytes) { return std::make_unique<TextSource>(bytes); }

std::unique_ptr<ByteSource> FromFile(const std::filesystem::path& file, uint64_t max_bytes) {
  if (file.extension() == ".gz") return std::make_unique<GzipFile>(file, max_bytes);
  if (file.extension() == ".xz") return std::make_unique<XzFile>(file, max_bytes);
  return std::make_unique<PlainFile>(file, max_bytes);
}

std::unique_ptr<ByteSource> FromGb18030(std::unique_ptr<ByteSource> source) {
  return std::make_unique<Gb18030>(std::move(source));
}

EncodingFound FindEncoding(ByteSource& source) {
  Utf8Counter counter;
  std::vector<char> buffer(kChunk);
  while (const size_t size = source.Read(buffer)) counter.Take({buffer.data(), size});
  counter.Finish();
  EncodingFound found{.failure = source.failure()};
  if (counter.bad == 0) return found;
  // Chinese in GB18030 is hardly ever well-formed UTF-8 by chance.
  found.encoding = counter.good > 4 * counter.bad ? Encoding::kBroken : Encoding::kGb18030;
  found.broken_line = counter.first_bad_line;
  return found;
}

}  // namespace huiyin::imports
