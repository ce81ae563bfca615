// SPDX-License-Identifier: EUPL-1.2
#include "http/pack.h"

#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>

namespace huiyin::http {
namespace {

std::string Text() {
  std::string text;
  for (int i = 0; i < 500; ++i) text += "{\"household_id\":\"990101-" + std::to_string(i) + "\",\"head_name\":\"张大山\"}";
  return text;
}

std::string HeaderOf(const Response& response, std::string_view name) {
  const auto found = std::find_if(response.headers.begin(), response.headers.end(), [&](const auto& each) { return each.first == name; });
  return found == response.headers.end() ? "" : found->second;
}

Response Packed(std::string_view accepted, std::string body, int status = 200, bool is_own = true) {
  Request request;
  if (is_own) request.headers.emplace_back("x-huiyin", "web");
  if (!accepted.empty()) request.headers.emplace_back("accept-encoding", accepted);
  Response response{.status = status, .body = std::move(body)};
  Pack(request, response);
  return response;
}

std::string FromZstd(const std::string& packed) {
  std::string text(ZSTD_getFrameContentSize(packed.data(), packed.size()), '\0');
  EXPECT_EQ(ZSTD_decompress(text.data(), text.size(), packed.data(), packed.size()), text.size());
  return text;
}

std::string FromGzip(const std::string& packed, size_t length) {
  std::string text(length, '\0');
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, MAX_WBITS + 16), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  inflateEnd(&stream);
  return text;
}

TEST(Pack, SendsWhatTheAskerTakesAndItUnpacksToTheSame) {
  const std::string text = Text();
  for (const char* accepted : {"zstd", "gzip, deflate, br, zstd", "gzip;q=1.0, zstd;q=0.5"}) {
    const Response response = Packed(accepted, text);
    EXPECT_EQ(HeaderOf(response, "Content-Encoding"), "zstd") << accepted;
    EXPECT_LT(response.body.size(), text.size() / 10);
    EXPECT_EQ(FromZstd(response.body), text);
  }
  for (const char* accepted : {"gzip", "gzip, deflate, br", "*", "zstd;q=0, gzip"}) {
    const Response response = Packed(accepted, text);
    EXPECT_EQ(HeaderOf(response, "Content-Encoding"), "gzip") << accepted;
    EXPECT_EQ(FromGzip(response.body, text.size()), text);
  }
}

TEST(Pack, LeavesAloneWhatIsNotTakenShortOrRefused) {
  const std::string text = Text();
  for (const char* accepted : {"", "identity", "br", "gzip;q=0", "zstd;q=0"}) {
    const Response response = Packed(accepted, text);
    EXPECT_EQ(response.body, text) << accepted;
    EXPECT_EQ(HeaderOf(response, "Content-Encoding"), "") << accepted;
    EXPECT_EQ(HeaderOf(response, "Vary"), "Accept-Encoding") << "whoever keeps it must ask again for another";
  }
  EXPECT_EQ(Packed("zstd", "{}").body, "{}");
  EXPECT_EQ(Packed("zstd", text, 422).body, text);
  EXPECT_EQ(Packed("zstd", text, 200, false).body, text) << "a foreign page may have had it asked for";
}

}  // namespace
}  // namespace huiyin::http
