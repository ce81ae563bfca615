// SPDX-License-Identifier: EUPL-1.2
// What is wrong is named by its field, and nothing of it is kept: one line for each way in
// which each act can be asked wrongly. Other counties' ids and wrong roles are walked for every
// route in tests/house/routes_test.cpp.
#include "modules/terms/due.h"
#include "tests/support/town.h"

namespace huiyin::testing {
namespace {

// Whatever a refused act could have left behind.
constexpr db::Sql kKept{"test.kept", R"sql(
  SELECT (SELECT COUNT(*) FROM events) + (SELECT COUNT(*) FROM alarms) + (SELECT COUNT(*) FROM messages)
       + (SELECT COUNT(*) FROM leads) + (SELECT COUNT(*) FROM steps) + (SELECT COUNT(*) FROM matter_meetings)
       + (SELECT COUNT(*) FROM joint_meetings) + (SELECT COUNT(*) FROM agenda_items) + (SELECT COUNT(*) FROM members)
       + (SELECT COUNT(*) FROM receipts) + (SELECT COUNT(*) FROM relays) + (SELECT COUNT(*) FROM unmaskings)
       + (SELECT COUNT(*) FROM identity_looks) + (SELECT COUNT(*) FROM harm_reports) + (SELECT COUNT(*) FROM call_attempts)
       + (SELECT COUNT(*) FROM dispatch_entries) + (SELECT COUNT(*) FROM dispatch_proposals) + (SELECT COUNT(*) FROM answer_templates)
       + (SELECT COUNT(*) FROM answer_drafts) + (SELECT COUNT(*) FROM orders) + (SELECT COUNT(*) FROM holds)
       + (SELECT COALESCE(SUM(revision), 0) FROM matters) + (SELECT COALESCE(SUM(revision), 0) FROM leads)
)sql"};

struct Wrong {
  std::string_view as;
  std::string path;
  std::string body;
  std::string errors;  // "field:code", in order, by blanks
};

class WrongInput : public Town {
 protected:
  void SetUp() override {
    Town::SetUp();
    const Answer taken = Must(Post("zhaomin", "/api/v1/matters",
        fmt::format(R"({{"text": "水管裂了", "household_id": "{}", "contact": {{"phone": "13900000001", "how": "phone"}}}})", HouseholdId("张大山"))));
    id_ = taken.At("id");
    receipt_ = taken.At("receipt");
    Must(Post("zhaomin", Of("assignment"), fmt::format(R"({{"unit_id": "{}"}})", UnitId("水务局"))));
    Must(Post("sunqi", Of("acceptance")));
  }
  Answer Must(Answer answer, int status = 201) {
    EXPECT_EQ(answer.status, status) << answer.text;
    return answer;
  }
  std::string Of(std::string_view act) { return "/api/v1/matters/" + id_ + "/" + std::string(act); }
  void Refuses(const std::vector<Wrong>& all, const std::vector<std::string>& headers = {}) {
    for (const Wrong& one : all) {
      SCOPED_TRACE(fmt::format("{} {} {}", one.as, one.path, one.body.substr(0, 200)));
      const int64_t before = Number(kKept);
      const Answer answer = Post(one.as, one.path, one.body, headers);
      std::string errors;
      for (const std::string& error : answer.Errors()) errors.append(errors.empty() ? "" : " ").append(error);
      EXPECT_EQ(answer.status, 422) << answer.text;
      EXPECT_EQ(errors, one.errors) << answer.text;
      EXPECT_EQ(Number(kKept), before) << "something of it was kept";
    }
  }
  // Sent twice under one key it is done once, and answered the same.
  void IsDoneOnce(std::string_view as, const std::string& path, const std::string& body) {
    SCOPED_TRACE(path);
    const std::vector<std::string> key = {"Idempotency-Key: " + path.substr(path.size() - 8) + "-twice-1"};
    const Answer first = Must(Post(as, path, body, key));
    const int64_t kept = Number(kKept);
    const Answer again = Must(Post(as, path, body, key));
    EXPECT_EQ(again.text, first.text);
    EXPECT_EQ(Number(kKept), kept) << "done twice";
    EXPECT_EQ(Post(as, path, R"({"text": "另一件"})", key).status, 422) << "a key belongs to what it was sent with";
  }
  static std::string Long(size_t length) { return std::string(length + 1, 'x'); }
  std::string Lead(std::string_view leader, std::string_view responsible, std::string_view more = "") {
    return fmt::format(R"({{"leader_id": "{}", "measures": ["换主管"], "until": "2026-03-20", "responsible_id": "{}"{}}})", leader, responsible, more);
  }
  // Ids of the right form that nobody has.
  static constexpr std::string_view kNobody = "990101-0192f3a4-7c1e-7abc-8def-0123456789ff";
  static constexpr std::string_view kElsewhere = "510104-0192f3a4-7c1e-7abc-8def-0123456789ff";
  std::string id_;
  std::string receipt_;
};

TEST_F(WrongInput, OfALeadStepsAndMeetings) {
  const std::string officer = OfficerId("sunqi");
  Refuses({
      {"liuyi", Of("lead"), "{}", "leader_id:required measures:required until:required responsible_id:required"},
      {"liuyi", Of("lead"), Lead(kNobody, officer), "leader_id:unknown_reference"},
      {"liuyi", Of("lead"), Lead(kElsewhere, officer), "leader_id:unknown_reference"},
      {"liuyi", Of("lead"), Lead(OfficerId("chener"), kNobody), "responsible_id:unknown_reference"},
      {"liuyi", Of("lead"), fmt::format(R"({{"leader_id": "{}", "measures": ["{}"], "until": "2026-03-20", "responsible_id": "{}"}})", OfficerId("chener"), Long(1000), officer), "measures:too_long"},
      {"liuyi", Of("lead"), Lead(OfficerId("chener"), officer, R"(, "steps": [{"text": "", "due": "2026-13-01"}])"), "steps[0].text:required steps[0].due:not_a_date"},
      {"liuyi", Of("lead_release"), "{}", "reason:required"},
      {"sunqi", Of("steps"), "{}", "text:required due:required"},
      {"sunqi", Of("steps"), fmt::format(R"({{"text": "{}", "due": "2026-03-20"}})", Long(1000)), "text:too_long"},
      {"sunqi", Of("steps"), fmt::format(R"({{"text": "查漏", "due": "2026-03-20", "officer_id": "{}"}})", kElsewhere), "officer_id:unknown_reference"},
      {"sunqi", Of("meetings"), "{}", "at:required place:required officers:required said:required"},
      {"sunqi", Of("meetings"), fmt::format(R"({{"at": "2026-03-10T01:00:00Z", "place": "{}", "officers": ["{}"], "said": "x"}})", Long(200), officer), "place:too_long"},
      {"sunqi", Of("meetings"), fmt::format(R"({{"at": "2026-03-12T01:00:00Z", "place": "村委会", "officers": ["{}"], "said": "x"}})", officer), "at:in_future"},
      {"sunqi", Of("meetings"), fmt::format(R"({{"at": "2026-03-10T01:00:00Z", "place": "村委会", "officers": ["{}"], "said": "x",
                                                 "representatives": ["一", "二", "三", "四", "五", "六"]}})", officer), "representatives:too_many"},
      {"sunqi", Of("meetings"), fmt::format(R"({{"at": "2026-03-10T01:00:00Z", "place": "村委会", "officers": ["{0}"], "said": "x",
                                                 "agreed": [{{"text": "换管", "officer_id": "{0}", "until": "2026-03-01"}}]}})", officer), "agreed[0].due:in_past"},
  });
  const Answer led = Must(Post("liuyi", Of("lead"), Lead(OfficerId("chener"), officer)));
  EXPECT_EQ(Call("liuyi", "PATCH", Of("lead"), R"({"until": "2026-03-25", "reason": "等配件"})").status, 428);
  const Answer stale = Patch("liuyi", Of("lead"), 7, R"({"until": "2026-03-25", "reason": "等配件"})");
  EXPECT_EQ(stale.status, 412);
  EXPECT_EQ(stale.At("revision"), "1");
  const std::string nobodys = Of("steps/" + std::string(kNobody) + "/end");
  EXPECT_EQ(Post("sunqi", nobodys, R"({"ending": "done"})").status, 404);
  EXPECT_EQ(Post("sunqi", Of("steps/" + std::string(kElsewhere) + "/end"), R"({"ending": "done"})").status, 404);
  IsDoneOnce("sunqi", Of("steps"), R"({"text": "查漏", "due": "2026-03-20"})");
  const std::string step = Get("zhangsan", "/api/v1/matters/" + id_).At("steps.0.id");
  Refuses({{"sunqi", Of("steps/" + step + "/end"), "{}", "ending:required"},
           {"sunqi", Of("steps/" + step + "/end"), R"({"ending": "dropped"})", "note:required"},
           {"sunqi", Of("steps/" + step + "/end"), R"({"ending": "lost"})", "ending:unknown_value"}});
}

TEST_F(WrongInput, OfAJointMeeting) {
  const auto body = [&](std::string_view area, std::string_view chair, std::string_view title, std::string_view units) {
    return fmt::format(R"({{"area_code": "{}", "at": "2026-03-12T01:00:00Z", "place": "三楼", "title": "{}", "chair_id": "{}", "unit_ids": [{}]}})", area, title, chair, units);
  };
  const std::string chair = OfficerId("liuyi");
  const std::string path = "/api/v1/joint_meetings";
  Refuses({
      {"liuyi", path, "{}", "area_code:required at:required place:required title:required chair_id:required"},
      {"liuyi", path, body("9", chair, "会商", ""), "area_code:not_an_area_code"},
      {"liuyi", path, body("990101", kElsewhere, "会商", ""), "chair_id:unknown_reference"},
      {"liuyi", path, body("990101", kNobody, "会商", ""), "chair_id:unknown_reference"},
      {"liuyi", path, body("990101", chair, Long(100), ""), "title:too_long"},
      {"liuyi", path, body("990101", chair, "会商", fmt::format(R"("{}")", kElsewhere)), "unit_ids:unknown_reference"},
      {"liuyi", path, body("990101", chair, "会商", fmt::format(R"("{}")", kNobody)), "unit_ids[0]:unknown_reference"},
  });
  IsDoneOnce("liuyi", path, body("990101", chair, "会商", fmt::format(R"("{}")", UnitId("水务局"))));
  const std::string one = path + "/" + Get("liuyi", path).At("items.0.id");
  Refuses({{"liuyi", one + "/items", "{}", "matter_id:required reason:required"},
           {"liuyi", one + "/items", fmt::format(R"({{"matter_id": "{}", "reason": "x"}})", kNobody), "matter_id:unknown_reference"},
           {"liuyi", one + "/items", fmt::format(R"({{"matter_id": "{}", "reason": "{}"}})", id_, Long(1000)), "reason:too_long"},
           {"liuyi", one + "/end", "{}", "state:required words:required"},
           {"liuyi", one + "/end", R"({"state": "over", "words": "x"})", "state:unknown_value"}},
          {"If-Match: \"1\""});
  EXPECT_EQ(Post("liuyi", one + "/end", R"({"state": "held", "words": "x"})").status, 428);
  EXPECT_EQ(Post("liuyi", one + "/end", R"({"state": "held", "words": "x"})", {"If-Match: \"7\""}).status, 412);
  Must(Post("liuyi", one + "/items", fmt::format(R"({{"matter_id": "{}", "reason": "多次来问"}})", id_)));
  const std::string item = one + "/items/" + id_;
  EXPECT_EQ(Post("liuyi", one + "/items/" + std::string(kNobody) + "/removal", R"({"reason": "x"})").status, 404);
  Refuses({{"liuyi", item + "/removal", "{}", "reason:required"},
           {"liuyi", item + "/decision", "{}", "kind:required text:required"},
           {"liuyi", item + "/decision", R"({"kind": "assign", "text": "交交通局"})", "unit_id:required"},
           {"liuyi", item + "/decision", fmt::format(R"({{"kind": "assign", "text": "交", "unit_id": "{}"}})", kNobody), "unit_id:unknown_reference"},
           {"liuyi", item + "/decision", R"({"kind": "lead", "text": "包案"})", "leader_id:required measures:required until:required responsible_id:required"}});
}

TEST_F(WrongInput, OfMembersAndMerging) {
  Refuses({
      {"zhaomin", Of("members"), "{}", "contact:required"},
      {"zhaomin", Of("members"), fmt::format(R"({{"household_id": "{}"}})", kNobody), "household_id:unknown_reference"},
      {"zhaomin", Of("members"), fmt::format(R"({{"household_id": "{}"}})", kElsewhere), "household_id:unknown_reference"},
      {"zhaomin", Of("members"), fmt::format(R"({{"household_id": "{}", "text": "{}"}})", HouseholdId("王建国"), Long(4000)), "text:too_long"},
      {"sunqi", Of("representatives"), "{}", "member_ids:required"},
      {"sunqi", Of("representatives"), fmt::format(R"({{"member_ids": ["{}"]}})", kNobody), "member_ids[0]:unknown_reference"},
      {"sunqi", Of("merge"), "{}", "into_id:required"},
      {"household:王建国", "/api/v1/me/memberships", "{}", "number:required"},
      {"household:王建国", "/api/v1/me/memberships", R"({"number": "1234"})", "number:unknown_number"},
      {"household:张大山", "/api/v1/me/matters/" + id_ + "/joining", "{}", "open:required"},
  });
  IsDoneOnce("zhaomin", Of("members"), fmt::format(R"({{"household_id": "{}"}})", HouseholdId("王建国")));
  EXPECT_EQ(Post("zhaomin", Of("members/" + std::string(kNobody) + "/judgement"), R"({"solved": true, "asked_by_channel": "phone"})").status, 404);
  EXPECT_EQ(Post("zhaomin", Of("members/" + std::string(kElsewhere) + "/withdrawal"), R"({"reason": "x", "by_resident": true})").status, 404);
}

TEST_F(WrongInput, OfSpeakingSafely) {
  Refuses({
      {"zhaomin", Of("confidentiality"), "{}", "confidential:required"},
      {"zhaomin", Of("confidentiality"), R"({"confidential": false})", "confidential:not_allowed"},
      {"zhaomin", Of("confidentiality"), R"({"confidential": "yes"})", "confidential:wrong_type"},
      {"sunqi", Of("relay"), "{}", "text:required"},
      {"sunqi", Of("relay"), fmt::format(R"({{"text": "{}"}})", Long(4000)), "text:too_long"},
      {"zhaomin", Of("relay_answers"), "{}", "relay_id:required text:required"},
      {"zhaomin", Of("relay_answers"), fmt::format(R"({{"relay_id": "{}", "text": "x"}})", kNobody), "relay_id:unknown_reference"},
      {"household:张大山", "/api/v1/me/matters/" + id_ + "/relay", fmt::format(R"({{"relay_id": "{}", "text": ""}})", kNobody), "text:required"},
      {"sunqi", Of("harm_reports"), "{}", "ground:required unit_id:required text:required"},
      {"sunqi", Of("harm_reports"), R"({"ground": "fire", "unit_id": "x", "text": "y", "tell_resident": false})", "ground:unknown_value unit_id:not_an_id not_told_reason:required"},
      {"sunqi", Of("harm_reports"), fmt::format(R"({{"ground": "child", "unit_id": "{}", "text": "y"}})", kNobody), "unit_id:unknown_reference"},
      {"sunqi", Of("harm_reports"), fmt::format(R"({{"ground": "child", "unit_id": "{}", "text": "{}"}})", UnitId("交通局"), Long(4000)), "text:too_long"},
  });
  const std::string own = "/api/v1/me/matters/" + id_;
  EXPECT_EQ(Get("household:张大山", own).At("may_open_joining"), "true");
  Must(Post("zhaomin", Of("confidentiality"), R"({"confidential": true})"));
  EXPECT_EQ(Get("household:张大山", own).At("may_open_joining"), "false") << "what is offered can be done";
  EXPECT_EQ(Post("household:张大山", own + "/joining", R"({"open": true})").status, 404);
  Refuses({
      {"sunqi", Of("unmaskings"), "{}", "ground:required reason:required"},
      {"sunqi", Of("unmaskings"), fmt::format(R"({{"ground": "{}", "reason": "x"}})", Long(300)), "ground:too_long"},
      {"zhaomin", Of("identity_looks"), "{}", "reason:required"},
      {"zhaomin", Of("identity_looks"), fmt::format(R"({{"reason": "{}"}})", Long(500)), "reason:too_long"},
  });
  IsDoneOnce("sunqi", Of("unmaskings"), R"({"ground": "《供水条例》", "reason": "要到户查表"})");
  const std::string wish = "/api/v1/unmaskings/" + Get("zhangsan", "/api/v1/unmaskings").At("items.0.id");
  Refuses({{"zhangsan", wish + "/decision", "{}", "granted:required"},
           {"zhangsan", wish + "/decision", R"({"granted": false})", "note:required"}});
}

TEST_F(WrongInput, OfTheDispatchListAndTemplates) {
  const std::string list = "/api/v1/dispatch_list";
  const std::string water = UnitId("水务局");
  Refuses({
      {"admin", list, "{}", "unit_id:required"},
      {"admin", list, fmt::format(R"({{"category": "nothing", "unit_id": "{}"}})", water), "category:unknown_category"},
      {"admin", list, fmt::format(R"({{"area_code": "123", "unit_id": "{}"}})", water), "area_code:unknown_area"},
      {"admin", list, fmt::format(R"({{"unit_id": "{}"}})", kElsewhere), "unit_id:unknown_reference"},
      {"admin", list, fmt::format(R"({{"unit_id": "{}"}})", kNobody), "unit_id:unknown_reference"},
      {"admin", list, fmt::format(R"({{"unit_id": "{}", "note": "{}"}})", water, Long(500)), "note:too_long"},
      {"sunqi", list + "/proposals", "{}", "unit_id:required reason:required"},
      {"sunqi", list + "/proposals", fmt::format(R"({{"unit_id": "{}", "reason": "x"}})", kNobody), "unit_id:unknown_reference"},
      {"admin", "/api/v1/answer_templates", "{}", "title:required text:required language:required"},
      {"admin", "/api/v1/answer_templates", fmt::format(R"({{"title": "{}", "text": "您好{{{{谁}}}}", "language": "zh"}})", Long(100)), "title:too_long text:unknown_field"},
      {"admin", "/api/v1/answer_templates", R"({"title": "一", "text": "二", "language": "zh", "category": "nothing", "outcome": "lost"})", "category:unknown_category outcome:unknown_value"},
  });
  IsDoneOnce("admin", list, fmt::format(R"({{"unit_id": "{}"}})", water));
  const std::string entry = list + "/" + Get("admin", list).At("items.0.id");
  EXPECT_EQ(Post("admin", entry + "/end").status, 428) << "what stands is changed by who saw it";
  EXPECT_EQ(Post("admin", entry + "/end", "{}", {"If-Match: \"9\""}).status, 412);
  EXPECT_EQ(Post("admin", entry + "/replacement", fmt::format(R"({{"unit_id": "{}"}})", water), {"If-Match: \"9\""}).status, 412);
  IsDoneOnce("admin", "/api/v1/answer_templates", R"({"title": "一", "text": "二", "language": "zh"})");
  const std::string sentence = "/api/v1/answer_templates/" + Get("admin", "/api/v1/answer_templates").At("items.0.id");
  EXPECT_EQ(Call("admin", "PATCH", sentence, R"({"title": "三"})").status, 428);
  EXPECT_EQ(Patch("admin", sentence, 99, R"({"title": "三"})").status, 412);
  EXPECT_EQ(Patch("admin", "/api/v1/answer_templates/" + std::string(kNobody), 1, R"({"title": "三"})").status, 404);
}

TEST_F(WrongInput, OfAnswersAndWhatIsSaidOfThem) {
  Refuses({
      {"sunqi", Of("answer"), "{}", "text:required asks:required"},
      {"sunqi", Of("answer"), R"({"text": "修好了", "asks": []})", "asks:outcome_missing"},
      {"sunqi", Of("passing_up"), "{}", "reason:required"},
  });
  const std::string ask = Get("zhangsan", Of("asks")).At("items.0.id");
  Refuses({
      {"sunqi", Of("answer"), fmt::format(R"({{"text": "x", "asks": [{{"id": "{}", "outcome": "partly", "text": "y", "beyond": true}}]}})", ask), "asks[0].rule:required asks[0].who_can:required"},
      {"sunqi", Of("answer"), fmt::format(R"({{"text": "x", "asks": [{{"id": "{}", "outcome": "done", "text": "{}"}}]}})", ask, Long(8000)), "asks[0].text:too_long"},
      {"sunqi", Of("answer"), fmt::format(R"({{"text": "x", "asks": [{{"id": "{}", "outcome": "done", "text": "y"}}], "attachment_ids": ["{}"]}})", ask, kNobody), "attachment_ids[0]:unknown_reference"},
  });
  Must(Post("sunqi", Of("answer"), fmt::format(R"({{"text": "修好了", "asks": [{{"id": "{}", "outcome": "done", "text": "已修"}}]}})", ask)));
  const std::string own = "/api/v1/receipts/" + receipt_;
  Refuses({{"", own + "/judgement", "{}", "solved:required"},
           {"", own + "/judgement", R"({"solved": true, "rating": 9})", "rating:out_of_range"},
           {"", own + "/appeal", "{}", "reason:required"}});
  clock_.now = *terms::ParseLocal("2026-03-13T09:00", Zone{480});
  SignInAgain();
  Tick();
  const std::string call = "/api/v1/callbacks/" + Get("zhaomin", "/api/v1/callbacks").At("items.0.id") + "/attempts";
  Refuses({{"zhaomin", call, "{}", "outcome:required"},
           {"zhaomin", call, R"({"outcome": "sleeping"})", "outcome:unknown_value"},
           {"zhaomin", call, R"({"outcome": "call_again"})", "again_at:required"},
           {"zhaomin", call, R"({"outcome": "call_again", "again_at": "2026-03-12T01:00:00Z"})", "again_at:in_the_past"}});
  EXPECT_EQ(Post("zhaomin", "/api/v1/callbacks/" + std::string(kNobody) + "/attempts", R"({"outcome": "nobody"})").status, 404);
}

}  // namespace
}  // namespace huiyin::testing
