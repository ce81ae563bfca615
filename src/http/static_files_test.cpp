// SPDX-License-Identifier: EUPL-1.2
#include "http/static_files.h"

#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>

#include <fstream>

namespace huiyin::http {
namespace {

namespace fs = std::filesystem;

std::string Unpack(const std::string& packed) {
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, MAX_WBITS + 16), Z_OK);
  std::string bytes(1 << 20, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(bytes.data());
  stream.avail_out = static_cast<uInt>(bytes.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  bytes.resize(stream.total_out);
  inflateEnd(&stream);
  return bytes;
}

class StaticFilesTest : public testing::Test {
 protected:
  StaticFilesTest() {
    folder_ = fs::temp_directory_path() / fmt::format("huiyin_static_{}", ::getpid());
    Put("index.html", "<!doctype html><title>portal</title>");
    Put("desk/index.html", "<!doctype html><title>desk</title>");
    Put("field/index.html", "<!doctype html><title>field</title>");
    Put("field/sw.js", "const files = [];");
    Put("assets/app-1f2e.js", script_);
    Put("assets/photo-77aa.webp", std::string(2000, 'x'));
    Put("tiny.svg", "<svg/>");
    Put(".env", "SECRET=1");
    Put(".git/config", "[core]");
    Put("unknown.xyz", "?");
    files_.emplace(folder_);
  }
  ~StaticFilesTest() override { fs::remove_all(folder_); }

  void Put(const std::string& name, const std::string& bytes) {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
  }

  std::optional<Response> Serve(const std::string& path,
                                std::vector<std::pair<std::string, std::string>> headers = {}) {
    Request request{.method = "GET", .path = path, .headers = std::move(headers)};
    return files_->Serve(request);
  }

  static std::string HeaderOf(const Response& response, std::string_view name) {
    for (const auto& [key, value] : response.headers) {
      if (key == name) return value;
    }
    return "";
  }

  std::string script_ = std::string(5000, 'a') + "// 走访";
  fs::path folder_;
  std::optional<StaticFiles> files_;
};

TEST_F(StaticFilesTest, ServesPagesAndScreens) {
  struct Case {
    std::string path;
    int status;
    std::string contains;
  };
  const std::vector<Case> cases{
      {"/", 200, "portal"},
      {"/index.html", 200, "portal"},
      {"/receipts/1234", 200, "portal"},
      {"/v1.2", 200, "portal"},
      {"/desk", 200, "desk"},
      {"/desk/", 200, "desk"},
      {"/desk/matters/1", 200, "desk"},
      {"/desktop", 200, "portal"},
      {"/field", 200, "field"},
      {"/field/", 200, "field"},
      {"/field/households/510104-1/visit", 200, "field"},
      {"/fields", 200, "portal"},
      {"/field/sw.js", 200, "files"},
      {"/field/none.js", 404, "not_found"},
      {"/assets/app-1f2e.js", 200, "aaaa"},
      {"/assets/app-0000.js", 404, "not_found"},
      {"/assets/none", 404, "not_found"},
      {"/desk/none.js", 404, "not_found"},
      {"/favicon.ico", 404, "not_found"},
      {"/unknown.xyz", 200, "?"},
  };
  for (const auto& one : cases) {
    const auto response = Serve(one.path);
    ASSERT_TRUE(response) << one.path;
    EXPECT_EQ(response->status, one.status) << one.path;
    EXPECT_NE(response->body.find(one.contains), std::string::npos) << one.path;
  }
  EXPECT_EQ(files_->size(), 8u);
}

TEST_F(StaticFilesTest, KeepsHiddenFilesHidden) {
  for (const char* path : {"/.env", "/.git/config"}) {
    EXPECT_EQ(Serve(path)->body.find("SECRET"), std::string::npos);
    EXPECT_EQ(Serve(path)->body.find("[core]"), std::string::npos);
  }
}

TEST_F(StaticFilesTest, LeavesTheApiAndOtherMethodsAlone) {
  EXPECT_FALSE(Serve("/api/v1/none"));
  EXPECT_FALSE(files_->Serve(Request{.method = "POST", .path = "/"}));
  EXPECT_TRUE(files_->Serve(Request{.method = "HEAD", .path = "/"}));
  EXPECT_FALSE(StaticFiles(folder_ / "none").Serve(Request{.method = "GET", .path = "/"}));
}

TEST_F(StaticFilesTest, SendsGzipOnlyToThoseWhoTakeIt) {
  const std::string path = "/assets/app-1f2e.js";
  for (const char* wish : {"gzip", "br, gzip", "gzip;q=0.5", "*", "identity, *;q=0.1"}) {
    const auto response = Serve(path, {{"accept-encoding", wish}});
    EXPECT_EQ(HeaderOf(*response, "Content-Encoding"), "gzip") << wish;
    EXPECT_LT(response->body.size(), 200u);
    EXPECT_EQ(Unpack(response->body), script_);
  }
  for (const char* wish : {"", "br", "gzip;q=0", "gzip;q=0.0, br", "*, gzip;q=0"}) {
    const auto response = Serve(path, {{"accept-encoding", wish}});
    EXPECT_EQ(HeaderOf(*response, "Content-Encoding"), "") << wish;
    EXPECT_EQ(response->body, script_);
    EXPECT_EQ(HeaderOf(*response, "Vary"), "Accept-Encoding");
  }
  const auto picture = Serve("/assets/photo-77aa.webp", {{"accept-encoding", "gzip"}});
  EXPECT_EQ(HeaderOf(*picture, "Content-Encoding"), "");
  EXPECT_EQ(HeaderOf(*picture, "Vary"), "");
  EXPECT_EQ(HeaderOf(*Serve("/tiny.svg", {{"accept-encoding", "gzip"}}), "Content-Encoding"), "");
}

TEST_F(StaticFilesTest, AnswersNotModified) {
  const auto plain = Serve("/");
  const std::string tag = HeaderOf(*plain, "ETag");
  for (const std::string& condition : {tag, "W/" + tag, "\"x\", " + tag, std::string("*")}) {
    const auto response = Serve("/", {{"if-none-match", condition}});
    EXPECT_EQ(response->status, 304) << condition;
    EXPECT_EQ(response->body, "");
    EXPECT_EQ(HeaderOf(*response, "ETag"), tag);
  }
  EXPECT_EQ(Serve("/", {{"if-none-match", "\"other\""}})->status, 200);
  const std::string path = "/assets/app-1f2e.js";
  const auto packed = Serve(path, {{"accept-encoding", "gzip"}});
  EXPECT_NE(HeaderOf(*packed, "ETag"), HeaderOf(*Serve(path), "ETag"));
}

TEST_F(StaticFilesTest, CachesOnlyHashedNamesForLong) {
  EXPECT_EQ(HeaderOf(*Serve("/assets/app-1f2e.js"), "Cache-Control"),
            "public, max-age=31536000, immutable");
  EXPECT_EQ(HeaderOf(*Serve("/"), "Cache-Control"), "no-cache");
  EXPECT_EQ(HeaderOf(*Serve("/desk/x"), "Cache-Control"), "no-cache");
  // A worker that a cache held back would hold back every update of the field app.
  EXPECT_EQ(HeaderOf(*Serve("/field/sw.js"), "Cache-Control"), "no-cache");
}

TEST_F(StaticFilesTest, ForbidsForeignScripts) {
  const std::string policy = HeaderOf(*Serve("/"), "Content-Security-Policy");
  for (const char* part :
       {"default-src 'self'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"}) {
    EXPECT_NE(policy.find(part), std::string::npos) << part;
  }
  EXPECT_EQ(policy.find("unsafe"), std::string::npos);
}

}  // namespace
}  // namespace huiyin::http
