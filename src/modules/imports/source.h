// SPDX-License-Identifier: EUPL-1.2
// Bytes of a file as they come: plain, .gz or .xz, and from GB18030 to UTF-8. Sources are
// read in one thread and never go back.
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace huiyin::imports {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // How many bytes were read; 0 at the end and after a failure.
  virtual size_t Read(std::span<char> to) = 0;
  // A code when the bytes could not be read: "unreadable", "broken_archive", "too_large",
  // "not_utf8". Empty when all is well.
  const std::string& failure() const { return failure_; }

 protected:
  std::string failure_;
};

// `bytes` must outlive the source.
std::unique_ptr<ByteSource> FromText(std::string_view bytes);
// By its name: .gz and .xz are unpacked. Reading fails with "too_large" beyond `max_bytes`
// of unpacked text.
std::unique_ptr<ByteSource> FromFile(const std::filesystem::path& file, uint64_t max_bytes);
// GB18030 in, UTF-8 out.
std::unique_ptr<ByteSource> FromGb18030(std::unique_ptr<ByteSource> source);

enum class Encoding { kUtf8, kGb18030, kBroken };
struct EncodingFound {
  Encoding encoding = Encoding::kUtf8;
  int64_t broken_line = 0;  // the first line that is not UTF-8, when broken
  std::string failure;      // of the source
};
// Reads the source to its end. What is not UTF-8 and does not look like UTF-8 with some
// wrong bytes in it is taken for GB18030, the encoding of older spreadsheets.
EncodingFound FindEncoding(ByteSource& source);

}  // namespace huiyin::imports
