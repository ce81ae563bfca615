// SPDX-License-Identifier: EUPL-1.2
#include "http/static_files.h"

#include <fstream>
#include <stdexcept>

#include "http/known.h"
#include "http/pack.h"
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

  const bool is_packed = !file->gzip.empty() && Accepts(request, "gzip");
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
  for (const std::string_view entry : {"/desk/", "/field/"}) {
    if (path != entry.substr(0, entry.size() - 1) && !path.starts_with(entry)) continue;
    if (const File* page = Find(fmt::format("{}index.html", entry))) return page;
  }
  return Find("/index.html");
}

}  // namespace huiyin::http
