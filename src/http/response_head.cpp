// SPDX-License-Identifier: EUPL-1.2
#include "http/response_head.h"

#include <ctime>

namespace huiyin::http {
namespace {

std::string_view Reason(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 206:
      return "Partial Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 422:
      return "Unprocessable Content";
    case 428:
      return "Precondition Required";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Unknown";
  }
}

// Sent unless the response says otherwise.
struct Protection {
  std::string_view name;
  std::string_view line;
};
constexpr std::array<Protection, 5> kProtections{{
    // Pages bring a policy of their own; what is not a page needs nothing and is framed by nobody.
    {"content-security-policy",
     "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'; base-uri 'none'\r\n"},
    {"x-content-type-options", "X-Content-Type-Options: nosniff\r\n"},
    {"referrer-policy", "Referrer-Policy: no-referrer\r\n"},
    {"cross-origin-opener-policy", "Cross-Origin-Opener-Policy: same-origin\r\n"},
    {"cross-origin-resource-policy", "Cross-Origin-Resource-Policy: same-origin\r\n"},
}};

bool EqualsIgnoringCase(std::string_view text, std::string_view lower_case) {
  if (text.size() != lower_case.size()) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c) != lower_case[i]) return false;
  }
  return true;
}

bool IsOneLine(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

bool BelongsToEdge(std::string_view name) {
  for (std::string_view own :
       {"content-length", "connection", "date", "transfer-encoding", "x-request-id"}) {
    if (EqualsIgnoringCase(name, own)) return true;
  }
  return false;
}

void AppendHeader(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

void AppendNumber(std::string& out, size_t number) {
  const fmt::format_int text(number);
  out.append(text.data(), text.size());
}

// A year: a browser that came by TLS once does not come without it again.
constexpr std::string_view kHsts = "Strict-Transport-Security: max-age=31536000; includeSubDomains\r\n";

void AppendProtections(std::string& out, const Response& response, std::string_view path, bool is_https) {
  const auto is_set = [&](std::string_view name) {
    for (const auto& header : response.headers) {
      if (EqualsIgnoringCase(header.first, name)) return true;
    }
    return false;
  };
  for (const auto& protection : kProtections) {
    if (!is_set(protection.name)) out.append(protection.line);
  }
  if (is_https && !is_set("strict-transport-security")) out.append(kHsts);
  if (path.starts_with("/api/") && !is_set("cache-control")) {
    out.append("Cache-Control: no-store\r\n");
  }
}

}  // namespace

bool MayHaveBody(int status) {
  return status != 204 && status != 304 && status >= 200;
}

void AppendHead(std::string& out, const Response& response, const Exchange& exchange) {
  out.append("HTTP/1.1 ");
  AppendNumber(out, static_cast<size_t>(response.status));
  out.append(" ").append(Reason(response.status)).append("\r\n");
  AppendHeader(out, "Date", exchange.date);
  if (MayHaveBody(response.status)) {
    if (!response.content_type.empty() && IsOneLine(response.content_type)) {
      AppendHeader(out, "Content-Type", response.content_type);
    }
    out.append("Content-Length: ");
    AppendNumber(out, response.body.size());
    out.append("\r\n");
  }
  if (!exchange.keep_alive) {
    out.append("Connection: close\r\n");
  } else if (exchange.is_http10) {
    out.append("Connection: keep-alive\r\n");
  }
  if (!exchange.request_id.empty()) AppendHeader(out, "X-Request-Id", exchange.request_id);
  for (const auto& [name, value] : response.headers) {
    if (IsOneLine(name) && IsOneLine(value) && !BelongsToEdge(name)) {
      AppendHeader(out, name, value);
    }
  }
  AppendProtections(out, response, exchange.path, exchange.is_https);
  out.append("\r\n");
}

Response EdgeProblem(int status, std::string_view code) {
  Response response{.status = status, .content_type = "application/problem+json"};
  response.body = fmt::format(R"({{"type":"about:blank","title":"{}","status":{},"code":"{}"}})",
                              Reason(status),
                              status,
                              code);
  if (status == 503) response.headers.emplace_back("Retry-After", "1");
  return response;
}

std::string FormatHttpDate(Instant at) {
  const std::time_t seconds = static_cast<std::time_t>(at.ms / kSecond);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  static constexpr std::array<const char*, 7> kDays{
      "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 12> kMonths{
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT",
                     kDays[static_cast<size_t>(utc.tm_wday)],
                     utc.tm_mday,
                     kMonths[static_cast<size_t>(utc.tm_mon)],
                     utc.tm_year + 1900,
                     utc.tm_hour,
                     utc.tm_min,
                     utc.tm_sec);
}

}  // namespace huiyin::http
