// SPDX-License-Identifier: EUPL-1.2
// The text that goes before a reply's body, and the replies the edge makes by itself.
// Every reply passes here, so the headers that protect a browser are added here.
#pragma once

#include <string>
#include <string_view>

#include "http/request.h"

namespace huiyin::http {

// What the edge knows about the exchange and the response does not.
struct Exchange {
  std::string_view date;  // IMF-fixdate
  std::string_view request_id;
  std::string_view path;
  bool is_https = false;  // the client came by TLS, here or at the proxy before us
  bool is_http10 = false;
  bool keep_alive = true;
};

// Appends status line and headers, with the empty line. Content-Length, Connection, Date
// and Transfer-Encoding are the edge's alone: those of the response are left out, and so
// is any header that could not be told from two (a line break in it).
void AppendHead(std::string& out, const Response& response, const Exchange& exchange);

// 204 and 304 carry none, whatever the response holds.
bool MayHaveBody(int status);

// application/problem+json for what ends before any handler sees it.
Response EdgeProblem(int status, std::string_view code);

// "Sat, 21 Nov 2026 08:00:00 GMT".
std::string FormatHttpDate(Instant at);

}  // namespace huiyin::http
