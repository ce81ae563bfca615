// SPDX-License-Identifier: EUPL-1.2
#include "app/archive.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstring>

#include "core/crypto.h"

namespace huiyin::app {
namespace {

namespace fs = std::filesystem;

constexpr size_t kBlock = 512;
constexpr size_t kChunk = 1 << 20;
constexpr uint64_t kMostManifest = 1ULL << 30;
constexpr std::string_view kFirst = "HUIYIN-BACKUP";
constexpr std::string_view kWhatThisIs =
    "A backup of a county's records in Huiyin. Restore it with: huiyin restore FILE --data DIR --key huiyin.key\n";

// Where the fields of a tar's head lie (POSIX ustar).
struct Field {
  size_t at;
  size_t size;
};
constexpr Field kName{0, 100}, kMode{100, 8}, kSize{124, 12}, kSum{148, 8}, kType{156, 1}, kMagic{257, 8};

void SetText(std::string& head, Field field, std::string_view text) { head.replace(field.at, text.size(), text); }

// Twelve octal digits less one; beyond 8 GiB the binary form that every tar of today reads.
void SetSize(std::string& head, uint64_t bytes) {
  if (bytes < (1ULL << 33)) return SetText(head, kSize, fmt::format("{:011o}", bytes));
  head[kSize.at] = static_cast<char>(0x80);
  for (size_t i = 0; i < 8; ++i) head[kSize.at + kSize.size - 1 - i] = static_cast<char>(bytes >> (8 * i));
}

uint64_t SumOf(std::string_view head) {
  uint64_t sum = 0;
  for (size_t i = 0; i < kBlock; ++i) {
    sum += i >= kSum.at && i < kSum.at + kSum.size ? ' ' : static_cast<unsigned char>(head[i]);
  }
  return sum;
}

std::optional<uint64_t> Octal(std::string_view text) {
  text = text.substr(0, text.find_first_of(std::string_view(" \0", 2)));
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, 8);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<uint64_t> SizeOf(std::string_view head) {
  if (static_cast<unsigned char>(head[kSize.at]) != 0x80) return Octal(head.substr(kSize.at, kSize.size));
  uint64_t bytes = 0;
  for (size_t i = kSize.size - 8; i < kSize.size; ++i) bytes = bytes << 8 | static_cast<unsigned char>(head[kSize.at + i]);
  return bytes;
}

// Only what a backup holds, and nothing that leads out of the folder.
bool IsOurs(std::string_view name) {
  if (name == "huiyin.db" || name == "huiyin.key") return true;
  const bool is_within = name.starts_with("files/") || name.starts_with("reads/") || name.starts_with("messages/");
  return is_within && name.find("..") == std::string_view::npos && name.find("//") == std::string_view::npos &&
         name.find('\\') == std::string_view::npos && name.back() != '/';
}

void Flush(const fs::path& path, int flags) {
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC);
  if (fd < 0 || ::fsync(fd) != 0) {
    if (fd >= 0) ::close(fd);
    throw std::runtime_error(path.string() + ": cannot be flushed to disk");
  }
  ::close(fd);
}

// One pass over an archive.
class Reader {
 public:
  Reader(const fs::path& file, const fs::path* folder) : in_(file, std::ios::binary), folder_(folder) {
    if (!in_) throw ArchiveError(file.string() + ": cannot be read");
  }

  json::object Run() {
    std::string name;
    uint64_t bytes = 0;
    if (!Next(name, bytes) || name != kFirst) throw ArchiveError("this is no backup of Huiyin");
    Skip(bytes);
    while (Next(name, bytes) && name != "MANIFEST") {
      if (!IsOurs(name)) throw ArchiveError("damaged: it holds " + name + ", which no backup does");
      if (!found_.emplace(name, Take(name, bytes)).second) throw ArchiveError("damaged: " + name + " is in it twice");
    }
    if (name != "MANIFEST" || bytes > kMostManifest) throw ArchiveError("damaged: it ends before its list of files");
    const std::string manifest = Text(bytes);
    if (!Next(name, bytes) || name != "MANIFEST.sha256" || Text(bytes) != Hex(AsView(Sha256(manifest))) + "\n") {
      throw ArchiveError("damaged: its list of files was changed or cut short");
    }
    return Compare(manifest);
  }

 private:
  struct Found {
    uint64_t bytes;
    std::string sha256;
  };

  // False at the end.
  bool Next(std::string& name, uint64_t& bytes) {
    std::string head(kBlock, '\0');
    in_.read(head.data(), kBlock);
    name.clear();
    if (in_.gcount() != static_cast<std::streamsize>(kBlock)) return false;
    if (head.find_first_not_of('\0') == std::string::npos) return false;
    const auto size = SizeOf(head);
    const bool is_tar = std::string_view(head).substr(kMagic.at, 5) == "ustar";
    if (!is_tar || !size || Octal(std::string_view(head).substr(kSum.at, kSum.size)) != SumOf(head) || head[kType.at] != '0') {
      if (found_.empty()) throw ArchiveError("this is no backup of Huiyin");
      throw ArchiveError("damaged: what follows " + found_.rbegin()->first + " cannot be read");
    }
    name = head.substr(0, std::min(head.find('\0'), kName.size));
    bytes = *size;
    return true;
  }

  Found Take(const std::string& name, uint64_t bytes) {
    std::ofstream out;
    if (folder_ != nullptr) {
      fs::create_directories((*folder_ / name).parent_path());
      out.open(*folder_ / name, std::ios::binary);
    }
    Sha256Stream hash;
    Each(bytes, [&](std::string_view piece) {
      hash.Add(piece);
      if (folder_ != nullptr) out.write(piece.data(), static_cast<std::streamsize>(piece.size()));
    });
    if (folder_ != nullptr) {
      out.close();
      if (!out) throw std::runtime_error((*folder_ / name).string() + ": cannot be written (is the disk full?)");
      Flush(*folder_ / name, O_RDWR);
    }
    return {bytes, Hex(AsView(hash.Finish()))};
  }

  std::string Text(uint64_t bytes) {
    std::string text;
    Each(bytes, [&](std::string_view piece) { text += piece; });
    return text;
  }
  void Skip(uint64_t bytes) { Each(bytes, [](std::string_view) {}); }

  void Each(uint64_t bytes, const std::function<void(std::string_view)>& take) {
    uint64_t left = bytes + (kBlock - bytes % kBlock) % kBlock;
    while (left > 0) {
      const auto want = static_cast<std::streamsize>(std::min<uint64_t>(left, kChunk));
      in_.read(buffer_.data(), want);
      if (in_.gcount() != want) throw ArchiveError("damaged: it was cut short");
      if (bytes > 0) take({buffer_.data(), static_cast<size_t>(std::min<uint64_t>(bytes, static_cast<uint64_t>(want)))});
      bytes -= std::min<uint64_t>(bytes, static_cast<uint64_t>(want));
      left -= static_cast<uint64_t>(want);
    }
  }

  json::object Compare(const std::string& text) {
    json::object manifest = ParseJsonObject(text);
    size_t listed = 0;
    for (const json::value& each : manifest.at("files").as_array()) {
      const std::string name(each.at("name").as_string());
      const auto found = found_.find(name);
      if (found == found_.end()) throw ArchiveError("damaged: " + name + " is missing");
      if (found->second.sha256 != std::string_view(each.at("sha256").as_string())) {
        throw ArchiveError("damaged: " + name + " is not what was backed up");
      }
      ++listed;
    }
    if (listed != found_.size()) throw ArchiveError("damaged: it holds more than its list");
    return manifest;
  }

  std::ifstream in_;
  const fs::path* folder_;
  std::vector<char> buffer_ = std::vector<char>(kChunk);
  std::map<std::string, Found> found_;
};

}  // namespace

ArchiveWriter::ArchiveWriter(const fs::path& file) : file_(file) {
  // Its owner's alone from the first byte on.
  const int fd = ::open(file.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (fd < 0) throw std::runtime_error(file.string() + (errno == EEXIST ? ": is there already" : ": cannot be written"));
  ::close(fd);
  out_.open(file, std::ios::binary);
  Head(std::string(kFirst), kWhatThisIs.size());
  Put(kWhatThisIs);
  Pad(kWhatThisIs.size());
}

bool ArchiveWriter::AddFile(const std::string& name, const fs::path& from) {
  std::ifstream in(from, std::ios::binary);
  if (!in) return false;
  // What grows while it is read is taken up to where it was.
  const uint64_t bytes = fs::file_size(from);
  Head(name, bytes);
  Sha256Stream hash;
  std::vector<char> buffer(kChunk);
  for (uint64_t left = bytes; left > 0;) {
    in.read(buffer.data(), static_cast<std::streamsize>(std::min<uint64_t>(left, kChunk)));
    const std::string_view piece(buffer.data(), static_cast<size_t>(in.gcount()));
    if (piece.empty()) throw std::runtime_error(from.string() + ": became shorter while it was read");
    hash.Add(piece);
    Put(piece);
    left -= piece.size();
  }
  Pad(bytes);
  Note(name, bytes, AsView(hash.Finish()));
  return true;
}

void ArchiveWriter::AddText(const std::string& name, std::string_view text) {
  Head(name, text.size());
  Put(text);
  Pad(text.size());
  Note(name, text.size(), AsView(Sha256(text)));
}

void ArchiveWriter::Finish(json::object manifest) {
  manifest["files"] = std::exchange(files_, {});
  const std::string text = json::serialize(manifest) + "\n";
  const std::string hash = Hex(AsView(Sha256(text))) + "\n";
  for (const auto& [name, body] : {std::pair{"MANIFEST", &text}, std::pair{"MANIFEST.sha256", &hash}}) {
    Head(name, body->size());
    Put(*body);
    Pad(body->size());
  }
  Put(std::string(2 * kBlock, '\0'));
  out_.close();
  if (!out_) throw std::runtime_error(file_.string() + ": cannot be written (is the disk full?)");
  Flush(file_, O_RDWR);
  Flush(fs::absolute(file_).parent_path(), O_RDONLY | O_DIRECTORY);
}

void ArchiveWriter::Head(const std::string& name, uint64_t bytes) {
  if (name.size() >= kName.size) throw std::runtime_error(name + ": too long a name for a backup");
  std::string head(kBlock, '\0');
  SetText(head, kName, name);
  SetText(head, kMode, "0000600");
  SetText(head, {108, 8}, "0000000");
  SetText(head, {116, 8}, "0000000");
  SetSize(head, bytes);
  SetText(head, {136, 12}, "00000000000");
  SetText(head, kType, "0");
  SetText(head, kMagic, std::string_view("ustar\00000", 8));
  SetText(head, kSum, fmt::format("{:06o}", SumOf(head)));
  head[kSum.at + 7] = ' ';
  Put(head);
}

void ArchiveWriter::Pad(uint64_t bytes) { Put(std::string((kBlock - bytes % kBlock) % kBlock, '\0')); }

void ArchiveWriter::Put(std::string_view bytes) {
  if (!out_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()))) {
    throw std::runtime_error(file_.string() + ": cannot be written (is the disk full?)");
  }
}

void ArchiveWriter::Note(const std::string& name, uint64_t bytes, std::string_view hash) {
  files_.push_back({{"name", name}, {"bytes", bytes}, {"sha256", Hex(hash)}});
}

json::object VerifyArchive(const fs::path& file) { return Reader(file, nullptr).Run(); }
json::object ExtractArchive(const fs::path& file, const fs::path& folder) { return Reader(file, &folder).Run(); }

}  // namespace huiyin::app
