// SPDX-License-Identifier: EUPL-1.2
// One request as the rest of the program sees it: plain data, no trace of the library
// that read it from the wire.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/time.h"

namespace huiyin::http {

struct Request {
  std::string method;  // one of GET HEAD POST PUT PATCH DELETE OPTIONS
  std::string target;  // path and query as received; an absolute form is cut to these
  std::string path;    // percent-decoded once, always begins with '/'
  std::vector<std::pair<std::string, std::string>> query;    // decoded, in order
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;
  std::string peer;        // address of the client, without port
  std::string request_id;  // made by the edge, in the log and in X-Request-Id
  Instant received_at;

  // The first header or query value of that name; absent when there is none.
  [[nodiscard]] std::optional<std::string_view> Header(std::string_view lower_case_name) const;
  [[nodiscard]] std::optional<std::string_view> Query(std::string_view name) const;
  // The first cookie of that name; absent when there is none.
  [[nodiscard]] std::optional<std::string_view> Cookie(std::string_view name) const;
};

// The reply to HEAD is made like the reply to GET: the edge keeps its body back.
struct Response {
  int status = 200;
  std::string content_type = "application/json";  // none is sent when empty
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

// Splits a raw target into path and query, decoding percent escapes once and, in the
// query, '+' as a space. Absent when it does not begin with '/', an escape is broken, a
// NUL or a broken UTF-8 sequence appears, or the path has a "." or ".." segment, an
// encoded '/', a backslash or a control character: each reads differently to different
// readers on the way, so none of them means anything here.
struct Target {
  std::string path;
  std::vector<std::pair<std::string, std::string>> query;
};
[[nodiscard]] std::optional<Target> ParseTarget(std::string_view raw);

// The revision an If-Match names: W/ and quotes as they come. Absent when it is not a number.
[[nodiscard]] std::optional<int64_t> ParseRevision(std::string_view if_match);

}  // namespace huiyin::http
