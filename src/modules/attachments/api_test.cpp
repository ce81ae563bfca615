// SPDX-License-Identifier: EUPL-1.2
#include "modules/attachments/testing.h"
#include "tests/support/town.h"

namespace huiyin::testing {
namespace {

namespace pictures = huiyin::attachments;

constexpr db::Sql kRows{"test.rows", "SELECT COUNT(*) FROM attachments"};
constexpr db::Sql kReads{"test.reads", R"sql(
  SELECT COUNT(*) FROM audit_entries WHERE act = 'attachment.read' AND household_id IS NOT NULL
)sql"};

class AttachmentsApi : public Town {
 protected:
  static std::string Photo(int width = 80) {
    return pictures::testing::WithExif(pictures::EncodeJpeg(pictures::testing::Gradient(width, 40)), 1);
  }
  Answer Send(std::string_view as, const std::string& to, const std::string& bytes, const std::string& type = "image/jpeg") {
    return Call(as, "POST", "/api/v1/attachments?" + to, bytes, {"Content-Type: " + type});
  }
  std::string Of(std::string_view head) { return "household_id=" + HouseholdId(head); }
  int64_t Reads() {
    Tick();  // until then they wait in the journal
    return Number(kReads);
  }
  size_t Files() const {
    size_t files = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(dir_ / "files")) files += entry.is_regular_file() ? 1 : 0;
    return files;
  }
};

TEST_F(AttachmentsApi, APhotographIsKeptAnewAndShown) {
  const Answer sent = Send("wangfang", Of("张大山") + "&section=housing&caption=北墙", Photo());
  ASSERT_EQ(sent.status, 201) << sent.text;
  EXPECT_EQ(sent.At("media_type"), "image/jpeg");
  EXPECT_EQ(sent.At("width"), "80");
  EXPECT_EQ(sent.At("section"), "housing");
  EXPECT_EQ(sent.At("caption"), "北墙");
  EXPECT_EQ(sent.At("by"), "王芳");
  const Answer shown = Get("wangfang", "/api/v1/attachments/" + sent.At("id"));
  ASSERT_EQ(shown.status, 200);
  EXPECT_EQ(pictures::Sniff(shown.text), pictures::Format::kJpeg);
  EXPECT_EQ(shown.text.find("Exif"), std::string::npos);
  EXPECT_EQ(std::to_string(shown.text.size()), sent.At("bytes"));
  EXPECT_EQ(shown.headers.at("X-Content-Type-Options"), "nosniff");
  EXPECT_TRUE(shown.headers.at("Cache-Control").starts_with("private"));
  EXPECT_EQ(Reads(), 1);
}

TEST_F(AttachmentsApi, AThumbIsSmall) {
  const std::string id = Send("wangfang", Of("张大山"), Photo(2000)).At("id");
  const Answer thumb = Get("wangfang", "/api/v1/attachments/" + id + "?size=thumb");
  ASSERT_EQ(thumb.status, 200);
  EXPECT_EQ(pictures::Decode(thumb.text, pictures::Format::kJpeg, 4000).width, 320);
  EXPECT_EQ(pictures::Decode(Get("wangfang", "/api/v1/attachments/" + id).text, pictures::Format::kJpeg, 4000).width, 1600);
  EXPECT_EQ(Get("wangfang", "/api/v1/attachments/" + id + "?size=huge").status, 422);
}

TEST_F(AttachmentsApi, TheSamePictureIsOneFileAndOneEntry) {
  const Answer first = Send("wangfang", Of("张大山"), Photo());
  const Answer again = Send("wangfang", Of("张大山"), Photo());
  EXPECT_EQ(first.At("id"), again.At("id"));
  EXPECT_EQ(Number(kRows), 1);
  ASSERT_EQ(Send("lina", Of("赵春花"), Photo()).status, 201);
  EXPECT_EQ(Number(kRows), 2);
  EXPECT_EQ(Files(), 2u) << "the picture and its thumb";
}

TEST_F(AttachmentsApi, WhoLiesAboutTheTypeIsRefused) {
  const std::string to = Of("张大山");
  const Answer html = Send("wangfang", to, "<html><script>alert(1)</script></html>");
  EXPECT_EQ(html.status, 415);
  EXPECT_EQ(html.At("code"), "attachments.not_what_it_says");
  EXPECT_EQ(Send("wangfang", to, Photo(), "image/png").status, 415);
  EXPECT_EQ(Send("wangfang", to, Photo(), "text/html").status, 415);
  EXPECT_EQ(Send("wangfang", to, Photo(), "image/svg+xml").status, 415);
  EXPECT_EQ(Send("wangfang", to, "").status, 415);
  const Answer broken = Send("wangfang", to, Photo().substr(0, 400));
  EXPECT_EQ(broken.status, 422);
  EXPECT_EQ(broken.At("code"), "attachments.unreadable");
  const Answer bomb = Send("wangfang", to, pictures::testing::PngBomb(30'000, 30'000), "image/png");
  EXPECT_EQ(bomb.status, 422);
  EXPECT_EQ(bomb.At("code"), "attachments.too_many_pixels");
  EXPECT_EQ(Send("wangfang", to, Photo() + std::string(10 * 1024 * 1024, 'x')).status, 413);
  EXPECT_EQ(Number(kRows), 0);
  EXPECT_EQ(Files(), 0u);
}

TEST_F(AttachmentsApi, ItBelongsToExactlyOneRecord) {
  EXPECT_EQ(Send("wangfang", "", Photo()).Errors(), (std::vector<std::string>{"household_id:exactly_one"}));
  EXPECT_EQ(Send("wangfang", Of("张大山") + "&visit_id=" + HouseholdId("张大山"), Photo()).status, 422);
  EXPECT_EQ(Send("wangfang", Of("张大山") + "&section=religion", Photo()).Errors(),
            (std::vector<std::string>{"section:unknown_value"}));
  EXPECT_EQ(Send("wangfang", "matter_id=990101-0192f3a4-7c1e-7abc-8def-0123456789ab", Photo()).status, 404);
  EXPECT_EQ(Send("wangfang", "visit_id=990101-0192f3a4-7c1e-7abc-8def-0123456789ab", Photo()).status, 404);
  EXPECT_EQ(Number(kRows), 0);
}

TEST_F(AttachmentsApi, APictureIsAsOpenAsItsRecord) {
  EXPECT_EQ(Send("lina", Of("张大山"), Photo()).status, 404);
  EXPECT_EQ(Send("zhangsan", Of("张大山"), Photo()).status, 403);
  EXPECT_EQ(Send("admin", Of("张大山"), Photo()).status, 403);
  EXPECT_EQ(Send("household:张大山", Of("张大山"), Photo()).status, 403);
  EXPECT_EQ(Send("", Of("张大山"), Photo()).status, 401);
  const std::string path = "/api/v1/attachments/" + Send("wangfang", Of("张大山"), Photo()).At("id");
  EXPECT_EQ(Get("lina", path).status, 404);
  EXPECT_EQ(Get("liuyi", path).At("code"), "access.reason_needed");
  EXPECT_EQ(Get("liuyi", path + "?reason=核实").status, 200);
  EXPECT_EQ(Get("zhangsan", path).status, 200);
  EXPECT_EQ(Get("household:张大山", path).status, 200);
  EXPECT_EQ(Get("household:王建国", path).status, 404);
  EXPECT_EQ(Get("", path).status, 401);
  EXPECT_EQ(Get("wangfang", "/api/v1/attachments/990101-0192f3a4-7c1e-7abc-8def-0123456789ab").status, 404);
}

TEST_F(AttachmentsApi, APictureOfAMatterBelongsToItsStory) {
  const Answer matter = Post("zhaomin", "/api/v1/matters",
                             fmt::format(R"({{"channel":"counter","kind":"help","text":"桥坏了","asks":[{{"text":"修桥"}}],"household_id":"{}"}})",
                                         HouseholdId("张大山")));
  ASSERT_EQ(matter.status, 201) << matter.text;
  const Answer sent = Send("zhaomin", "matter_id=" + matter.At("id"), Photo());
  ASSERT_EQ(sent.status, 201) << sent.text;
  EXPECT_EQ(Get("zhaomin", "/api/v1/matters/" + matter.At("id") + "/attachments").At("items.0.id"), sent.At("id"));
  EXPECT_EQ(Get("zhaomin", "/api/v1/attachments/" + sent.At("id")).status, 200);
  EXPECT_EQ(Get("lina", "/api/v1/attachments/" + sent.At("id")).status, 404);
  const Answer events = Get("zhaomin", "/api/v1/matters/" + matter.At("id") + "/events");
  EXPECT_NE(events.text.find("attachment_added"), std::string::npos);
  EXPECT_EQ(Get("household:张大山", "/api/v1/attachments/" + sent.At("id")).status, 200);
}

TEST_F(AttachmentsApi, ThePictureOfAComplaintIsHiddenLikeIt) {
  const Answer matter = Post("household:张大山", "/api/v1/me/matters",
                             fmt::format(R"({{"kind":"complaint","text":"态度不好","asks":[{{"text":"道歉"}}],"about_officer_id":"{}"}})",
                                         OfficerId("wangfang")));
  ASSERT_EQ(matter.status, 201) << matter.text;
  const std::string to = "matter_id=" + matter.At("id");
  EXPECT_EQ(Send("wangfang", to, Photo()).status, 404);
  EXPECT_EQ(Send("liuyi", to, Photo()).status, 404);
  const Answer sent = Send("zhangsan", to, Photo());
  ASSERT_EQ(sent.status, 201) << sent.text;
  for (const char* login : {"wangfang", "liuyi", "chener", "lisi"}) {
    EXPECT_EQ(Get(login, "/api/v1/attachments/" + sent.At("id")).status, 404) << login;
  }
  EXPECT_EQ(Get("zhangsan", "/api/v1/attachments/" + sent.At("id")).status, 200);
  EXPECT_EQ(Reads(), 0) << "nothing is written down under the household";
}

TEST_F(AttachmentsApi, PicturesSentFirstHangOnTheVisit) {
  const std::string id = Send("wangfang", Of("张大山"), Photo()).At("id");
  const auto visit = [&](std::string_view head, const std::string& picture) {
    return Post("wangfang", "/api/v1/visits",
                fmt::format(R"({{"household_id":"{}","at":"2026-03-11T01:00:00Z","met":"head","reason":"走访","attachments":["{}"]}})",
                            HouseholdId(head), picture));
  };
  EXPECT_EQ(visit("王建国", id).Errors(), (std::vector<std::string>{"attachments:unknown_reference"}));
  const Answer made = visit("张大山", id);
  ASSERT_EQ(made.status, 201) << made.text;
  EXPECT_EQ(made.At("attachments.0.id"), id);
  EXPECT_EQ(visit("张大山", id).status, 422) << "it hangs on the first visit already";
  EXPECT_EQ(Get("liuyi", "/api/v1/attachments/" + id).status, 200) << "the supervisor reads the diary";
  EXPECT_EQ(Get("zhaomin", "/api/v1/attachments/" + id).status, 403);
  EXPECT_EQ(Get("household:张大山", "/api/v1/me/visits").At("items.0.attachments.0.id"), id);
  EXPECT_EQ(Get("household:张大山", "/api/v1/attachments/" + id).status, 200);
  const Answer later = Send("wangfang", "visit_id=" + made.At("id"), Photo(90));
  EXPECT_EQ(later.status, 201) << later.text;
  EXPECT_EQ(Get("wangfang", "/api/v1/visits/" + made.At("id")).Count("attachments"), 2u);
  EXPECT_EQ(Send("chener", "visit_id=" + made.At("id"), Photo(91)).status, 403);
}

}  // namespace
}  // namespace huiyin::testing
