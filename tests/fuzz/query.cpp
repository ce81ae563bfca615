// SPDX-License-Identifier: EUPL-1.2
// What stands in an address or a header beside the body: targets, cookies, cursors, ids,
// If-Match.
#include "core/crypto.h"
#include "core/id.h"
#include "core/text.h"
#include "http/request.h"
#include "http/response_head.h"
#include "tests/fuzz/fuzz.h"

namespace huiyin::fuzz {

void Try(std::string_view input) {
  if (const auto target = http::ParseTarget(input)) {
    Expect(target->path.starts_with('/') && IsValidUtf8(target->path), "a path is text from the root");
    Expect(target->path.find('\\') == std::string::npos, "a path has no backslash");
    for (const auto& [name, value] : target->query) {
      Expect(IsValidUtf8(name) && IsValidUtf8(value), "a query is text");
      Expect((name + value).find('\0') == std::string::npos, "a query has no NUL");
    }
  }
  http::Request request;
  request.headers = {{"cookie", std::string(input)}, {"if-match", std::string(input)}};
  if (const auto cookie = request.Cookie("huiyin")) Expect(cookie->find(';') == std::string_view::npos, "a cookie ends");
  (void)http::ParseRevision(input);
  // A cursor reads back as it was made, and only one way of writing it is taken.
  if (const auto plain = FromBase64Url(input)) Expect(Base64Url(*plain) == input, "a cursor is written one way");
  Expect(FromBase64Url(Base64Url(input)) == input, "a cursor reads back");
  if (const auto id = ParseId(input)) {
    if (id->county.code != 0) Expect(ParseId(FormatId(id->county, id->id)).has_value(), "an id reads back");
  }
  if (const auto uuid = ParseUuid(input)) Expect(ParseUuid(FormatUuid(*uuid)) == uuid, "a UUID reads back");
  if (const auto county = ParseCounty(input)) Expect(FormatCounty(*county) == input, "a county reads back");
  // Whatever a reply wants to send, the head of it stays one head.
  std::string head;
  http::Response response;
  response.headers = {{"X-Said", std::string(input)}, {std::string(input), "x"}};
  http::AppendHead(head, response, {.date = "Sat, 21 Nov 2026 08:00:00 GMT"});
  Expect(head.find("\r\n\r\n") == head.size() - 4, "a head ends where it ends");
}

}  // namespace huiyin::fuzz
