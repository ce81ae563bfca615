// SPDX-License-Identifier: EUPL-1.2
// The built web pages, read once at start and served from memory. What is not in memory
// then does not exist: no request ever reaches the file system.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "http/request.h"

namespace huiyin::http {

class StaticFiles {
 public:
  // A folder that is not there, or is empty, serves nothing. Hidden files are left out.
  // Throws std::runtime_error when a file cannot be read.
  explicit StaticFiles(const std::filesystem::path& folder);

  // Asked after the routes. Absent when the request is not for a page: another method
  // than GET or HEAD, a path under /api/, or nothing was loaded. A path under /desk/ or
  // /field/ that names no file is a screen of the desk or the field app, any other a screen
  // of the portal; a missing file of a known type is 404.
  [[nodiscard]] std::optional<Response> Serve(const Request& request) const;

  [[nodiscard]] size_t size() const { return files_.size(); }

 private:
  struct File {
    std::string content_type;
    std::string bytes;
    std::string gzip;  // empty when it would not be smaller
    std::string tag;   // ETag without quotes
  };

  const File* Find(std::string_view path) const;
  const File* FindPage(std::string_view path) const;

  std::map<std::string, File, std::less<>> files_;  // by path, "/assets/app-1f2e.js"
};

}  // namespace huiyin::http
