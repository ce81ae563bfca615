// SPDX-License-Identifier: EUPL-1.2
#include "http/static_files.h"

#include <zlib.h>

#include <fstream>
#include <stdexcept>

#include "core/text.h"
#include "http/response_head.h"

namespace huiyin::http {
namespace {

constexpr std::string_view kContentSecurityPolicy =
    "default-src 'self'; img-src 'self' blob: data:; style-src 'self'; script-src 'self'; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; "
    "object-src 'none'; worker-src 'self'; manifest-src 'self'";

struct FileType {
  std::string_view extension;
  std::string_view content_type;
  bool is_compressible;
};
constexpr std::array<FileType, 21> kFileTypes{{
    {".html", "text/html; charset=utf-8", true},
    {".js", "text/javascript; charset=utf-8", true},
    {".mjs", "text/javascript; charset=utf-8", true},
    {".css", "text/css; charset=utf-8", true},
    {".json", "application/json", true},
    {".map", "application/json", true},
    {".webmanifest", "application/manifest+json", true},
    {".txt", "text/plain; charset=utf-8", true},
    {".md", "text/markdown; charset=utf-8", true},
    {".xml", "application/xml", true},
    {".yaml", "application/yaml", true},
    {".svg", "image/svg+xml", true},
    {".wasm", "application/wasm", true},
    {".ttf", "font/ttf", true},
    {".woff2", "font/woff2", false},
    {".png", "image/png", false},
    {".jpg", "image/jpeg", false},
    {".webp", "image/webp", false},
    {".ico", "image/x-icon", false},
    {".pdf", "application/pdf", false},
    {".gz", "application/gzip", false},
}};

// Null when the path ends in no type known here.
const FileType* TypeOf(std::string_view path) {
  for (const auto& type : kFileTypes) {
    if (path.ends_with(type.extension)) return &type;
  }
  return nullptr;
}

std::string ReadWhole(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (!file.good() && !file.eof()) throw std::runtime_error("cannot read " + path.string());
  return bytes;
}

// Level 6: level 9 is a percent smaller and takes three times as long, at every start.
std::string Gzip(const std::string& bytes) {
  constexpr int kGzipFormat = 16;
  z_stream stream{};
  if (deflateInit2(&stream, 6, Z_DEFLATED, MAX_WBITS + kGzipFormat, 8, Z_DEFAULT_STRATEGY) !=
      Z_OK) {
    return "";
  }
  std::string packed(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const int end = deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return end == Z_STREAM_END ? packed : "";
}

// FNV-1a. The tag only has to change when the file does; nobody gains by a collision.
std::string TagOf(const std::string& bytes) {
  uint64_t hash = 0xcbf29ce484222325ULL;
  for (char c : bytes) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  }
  return fmt::format("{:016x}", hash);
}

// Calls `take` for each member of a comma-separated header.
template <class Take>
void ForEachMember(std::string_view list, Take take) {
  while (!list.empty()) {
    const size_t end = list.find(',');
    take(Trim(list.substr(0, end)));
    list = end == std::string_view::npos ? std::string_view{} : list.substr(end + 1);
  }
}

// "gzip", "gzip;q=0.5" or "*", but not with a weight of zero.
bool AcceptsGzip(const Request& request) {
  const auto header = request.Header("accept-encoding");
  if (!header) return false;
  std::optional<bool> gzip;
  bool any = false;
  ForEachMember(*header, [&](std::string_view member) {
    const size_t end = member.find(';');
    const std::string_view name = Trim(member.substr(0, end));
    bool is_wanted = true;
    if (end != std::string_view::npos) {
      const std::string_view weight = Trim(member.substr(end + 1));
      if (weight.starts_with("q=")) {
        is_wanted = weight.find_first_of("123456789") != std::string_view::npos;
      }
    }
    if (name == "gzip") gzip = is_wanted;
    if (name == "*") any = is_wanted;
  });
  return gzip.value_or(any);
}

bool HasCurrent(const Request& request, std::string_view quoted_tag) {
  const auto header = request.Header("if-none-match");
  if (!header) return false;
  bool matches = false;
  ForEachMember(*header, [&](std::string_view member) {
    if (member.starts_with("W/")) member.remove_prefix(2);
    if (member == "*" || member == quoted_tag) matches = true;
  });
  return matches;
}

bool IsHidden(const std::filesystem::path& relative) {
  for (const auto& part : relative) {
    if (part.string().starts_with('.') && part != ".well-known") return true;
  }
  return false;
}

}  // namespace

StaticFiles::StaticFiles(const std::filesystem::path& folder) {
  namespace fs = std::filesystem;
  if (!fs::is_directory(folder)) return;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const fs::path relative = entry.path().lexically_relative(folder);
    if (!entry.is_regular_file() || IsHidden(relative)) continue;
    const std::string path = fmt::format("/{}", relative.generic_string());
    File file{.content_type = "application/octet-stream", .bytes = ReadWhole(entry.path())};
    const FileType* type = TypeOf(path);
    if (type) file.content_type = type->content_type;
    if (type && type->is_compressible) {
      file.gzip = Gzip(file.bytes);
      if (file.gzip.size() >= file.bytes.size()) file.gzip.clear();
    }
    file.tag = TagOf(file.bytes);
    files_.emplace(path, std::move(file));
  }
}

std::optional<Response> StaticFiles::Serve(const Request& request) const {
  if (request.method != "GET" && request.method != "HEAD") return std::nullopt;
  if (files_.empty() || request.path.starts_with("/api/")) return std::nullopt;
  const File* file = Find(request.path);
  if (!file && !TypeOf(request.path) && !request.path.starts_with("/assets/")) {
    file = FindPage(request.path);
  }
  if (!file) return EdgeProblem(404, "not_found");

  const bool is_packed = !file->gzip.empty() && AcceptsGzip(request);
  const std::string tag = '"' + file->tag + (is_packed ? "-gz\"" : "\"");
  Response response{.content_type = file->content_type};
  auto& headers = response.headers;
  headers.emplace_back("ETag", tag);
  // The names under /assets/ carry a hash of what is in them.
  headers.emplace_back(
      "Cache-Control",
      request.path.starts_with("/assets/") ? "public, max-age=31536000, immutable" : "no-cache");
  headers.emplace_back("Content-Security-Policy", kContentSecurityPolicy);
  if (!file->gzip.empty()) headers.emplace_back("Vary", "Accept-Encoding");
  if (HasCurrent(request, tag)) {
    response.status = 304;
    return response;
  }
  if (is_packed) headers.emplace_back("Content-Encoding", "gzip");
  response.body = is_packed ? file->gzip : file->bytes;
  return response;
}

const StaticFiles::File* StaticFiles::Find(std::string_view path) const {
  const auto found = files_.find(path);
  return found == files_.end() ? nullptr : &found->second;
}

const StaticFiles::File* StaticFiles::FindPage(std::string_view path) const {
  if (path == "/desk" || path.starts_with("/desk/")) {
    if (const File* desk = Find("/desk/index.html")) return desk;
  }
  return Find("/index.html");
}

}  // namespace huiyin::http
