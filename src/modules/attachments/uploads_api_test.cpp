// SPDX-License-Identifier: EUPL-1.2
#include <fstream>
#include <thread>

#include "modules/attachments/testing.h"
#include "modules/attachments/uploads.h"
#include "tests/support/town.h"

namespace huiyin::testing {
namespace {

namespace pictures = huiyin::attachments;

constexpr const char* kUpload = "990101-01950001-7c1e-7abc-8def-0123456789ab";
constexpr const char* kOperation = "990101-01950002-7c1e-7abc-8def-0123456789ab";

class Uploads : public Town {
 protected:
  static std::string Photo() { return pictures::testing::WithExif(pictures::EncodeJpeg(pictures::testing::Gradient(1200, 900)), 1); }
  static std::string Path(std::string_view id = kUpload) { return "/api/v1/sync/uploads/" + std::string(id); }
  Answer Put(size_t offset, std::string_view bytes, std::string_view as = "wangfang", std::string_view id = kUpload) {
    return Call(as, "PUT", Path(id) + "?offset=" + std::to_string(offset), bytes, {"Content-Type: application/octet-stream"});
  }
  void PutAll(std::string_view bytes, size_t piece = 1000) {
    for (size_t at = 0; at < bytes.size(); at += piece) ASSERT_EQ(Put(at, bytes.substr(at, piece)).status, 200);
  }
  std::string Attach(const std::string& more = "") {
    return fmt::format(R"({{"operations":[{{"id":"{}","method":"POST","path":"/api/v1/attachments?household_id={}&section=housing","body":{{"upload_id":"{}"{}}}}}]}})",
                       kOperation, HouseholdId("张大山"), kUpload, more);
  }
  Answer Send(const std::string& body, std::string_view as = "wangfang") { return Post(as, "/api/v1/sync/operations", body); }
  pictures::UploadPlace Place(std::string_view officer = "wangfang") {
    return pictures::PlaceOf(dir_ / "files", kCounty, huiyin::OfficerId(ParseId(OfficerId(officer))->id), ParseId(kUpload)->id);
  }
};

TEST_F(Uploads, APhotographComesInPiecesAndIsAttachedByAnActThatNamesIt) {
  const std::string photo = Photo();
  EXPECT_EQ(Get("wangfang", Path()).At("received"), "0");
  PutAll(photo);
  EXPECT_EQ(Get("wangfang", Path()).At("received"), std::to_string(photo.size()));
  const Answer sent = Send(Attach(R"(,"sha256":")" + Hex(AsView(Sha256(photo))) + "\""));
  ASSERT_EQ(sent.At("results.0.state"), "done") << sent.text;
  const std::string id = sent.At("results.0.reply.id");
  EXPECT_EQ(Get("wangfang", "/api/v1/attachments/" + id).status, 200);
  // The reply was lost, and what arrived was swept since: the act is done once all the same.
  std::filesystem::remove(Place().file);
  EXPECT_EQ(Send(Attach(R"(,"sha256":")" + Hex(AsView(Sha256(photo))) + "\"")).At("results.0.reply.id"), id);
}

TEST_F(Uploads, ASmallOneMayStandInTheActItself) {
  const Answer sent = Post("wangfang", "/api/v1/attachments?household_id=" + HouseholdId("张大山"), fmt::format(R"({{"image":"{}"}})", Base64Url(Photo())));
  ASSERT_EQ(sent.status, 201) << sent.text;
  EXPECT_EQ(sent.At("width"), "1200");
}

TEST_F(Uploads, ALostPieceAndOneThatComesTwiceDoNoHarm) {
  EXPECT_EQ(Put(0, "abc").At("received"), "3");
  EXPECT_EQ(Put(0, "abc").At("received"), "3") << "twice";
  const Answer ahead = Put(6, "ghi");
  EXPECT_EQ(ahead.status, 409);
  EXPECT_EQ(ahead.At("code"), "sync.offset_ahead");
  EXPECT_EQ(ahead.At("received"), "3") << "the one between was lost";
  EXPECT_EQ(Put(3, "def").At("received"), "6");
  EXPECT_EQ(Put(3, "defghi").At("received"), "9") << "half of it was there";
  EXPECT_EQ(*pictures::LoadUpload(Place()), "abcdefghi");
  EXPECT_EQ(Put(5, "x", "wangfang", kOperation).At("received"), "0") << "nothing of it has arrived";
  // Torn by a kill in the middle of a piece: what is there is there.
  std::filesystem::resize_file(Place().file, 5);
  EXPECT_EQ(Get("wangfang", Path()).At("received"), "5");
  EXPECT_EQ(Put(3, "defghi").At("received"), "9");
  EXPECT_EQ(*pictures::LoadUpload(Place()), "abcdefghi");
}

TEST_F(Uploads, TwoPiecesAtOnceAreOneAfterTheOther) {
  const std::string piece(50'000, 'a');
  std::vector<std::thread> senders;
  for (int i = 0; i < 4; ++i) {
    senders.emplace_back([&] { EXPECT_EQ(pictures::AddPiece(Place(), 0, piece), 50'000); });
  }
  for (std::thread& sender : senders) sender.join();
  EXPECT_EQ(*pictures::LoadUpload(Place()), piece);
}

TEST_F(Uploads, WhatIsWrongIsSaid) {
  EXPECT_EQ(Call("wangfang", "PUT", Path(), "x", {"Content-Type: application/octet-stream"}).Errors(), std::vector<std::string>{"offset:required"});
  EXPECT_EQ(Call("wangfang", "PUT", Path() + "?offset=-1", "x", {"Content-Type: application/octet-stream"}).Errors(),
            std::vector<std::string>{"offset:out_of_range"});
  EXPECT_EQ(Put(0, "").status, 422);
  EXPECT_EQ(Put(0, std::string(pictures::kMostPiece + 1, 'a')).status, 413);
  EXPECT_EQ(Put(pictures::kMostBytes, "a").status, 413);
  EXPECT_EQ(Put(0, "a", "wangfang", "510104-01950001-7c1e-7abc-8def-0123456789ab").status, 404);
  const std::vector<std::string> unknown = {"upload_id:unknown_reference"};
  const auto attach = [&](const std::string& body) {
    return Post("wangfang", "/api/v1/attachments?household_id=" + HouseholdId("张大山"), body).Errors();
  };
  EXPECT_EQ(attach("{}"), std::vector<std::string>{"upload_id:required"});
  EXPECT_EQ(attach(fmt::format(R"({{"upload_id":"{}"}})", kUpload)), unknown);
  EXPECT_EQ(attach(R"({"image":"bm8gcGljdHVyZQ"})"), std::vector<std::string>{"image:not_what_it_says"});
  EXPECT_EQ(attach(R"({"image":"?"})"), std::vector<std::string>{"image:not_what_it_says"});
  PutAll(Photo());
  EXPECT_EQ(attach(fmt::format(R"({{"upload_id":"{}","sha256":"00"}})", kUpload)), unknown) << "not whole, or not that";
  std::filesystem::remove(Place().file);
  Put(0, "no picture");
  EXPECT_EQ(attach(fmt::format(R"({{"upload_id":"{}"}})", kUpload)), std::vector<std::string>{"upload_id:not_what_it_says"});
}

TEST_F(Uploads, NobodyElseSeesOrTakesWhatArrived) {
  PutAll(Photo());
  EXPECT_EQ(Get("lina", Path()).At("received"), "0");
  EXPECT_EQ(Put(0, "x", "lina").At("received"), "1") << "of theirs";
  const Answer taken = Post("lina", "/api/v1/attachments?household_id=" + HouseholdId("赵春花"), fmt::format(R"({{"upload_id":"{}"}})", kUpload));
  EXPECT_EQ(taken.Errors(), std::vector<std::string>{"upload_id:not_what_it_says"});
  EXPECT_EQ(*pictures::LoadUpload(Place()), Photo());
}

TEST_F(Uploads, AnOfficerFillsNoDisk) {
  Put(0, "a");
  std::filesystem::resize_file(Place().file, pictures::kMostUploaded);
  EXPECT_EQ(Put(0, "a", "wangfang", kOperation).At("code"), "sync.uploads_full");
  EXPECT_EQ(Put(0, "a", "lina").status, 200);
}

TEST_F(Uploads, WhatNobodyNamedIsSweptAfterSomeDays) {
  Put(0, "old");
  Put(0, "young", "lina");
  const auto long_ago = std::filesystem::file_time_type::clock::now() - std::chrono::milliseconds(pictures::kUploadKeptMs + kHour);
  std::filesystem::last_write_time(Place().file, long_ago);
  dispatch_->NightNow();
  EXPECT_EQ(Get("wangfang", Path()).At("received"), "0");
  EXPECT_EQ(Get("lina", Path()).At("received"), "5");
}

}  // namespace
}  // namespace huiyin::testing
