// SPDX-License-Identifier: EUPL-1.2
#include "modules/outbox/sender.h"

#include "modules/outbox/outbox.h"
#include "modules/outbox/store.h"
#include "tests/support/town.h"

namespace huiyin::outbox {
namespace {

using testing::Answer;
using testing::Town;

constexpr std::string_view kPhone = R"({"name":"张","phone":"13900001234","how":"message"})";
constexpr db::Sql kAddresses{"test.addresses", "SELECT COUNT(*) FROM messages WHERE channel = 'sms' AND address <> ''"};

// Takes down what it was given and answers as it was told.
class Noted : public Carrier {
 public:
  Outcome Carry(const Outgoing& message) override {
    given.push_back(message);
    if (dies) throw std::runtime_error("killed here");
    return next;
  }
  std::vector<Outgoing> given;
  Outcome next;
  bool dies = false;
};

class OutboxSender : public Town {
 protected:
  void SetUp() override {
    Town::SetUp();
    auto sms = std::make_unique<Noted>();
    noted_ = sms.get();
    sender_ = std::make_unique<Sender>(dispatch_->services(), Carriers{.sms = std::move(sms), .email = nullptr});
    matter_ = Post("zhaomin", "/api/v1/matters", R"({"text":"水渠坏了"})").At("id");
  }
  void TearDown() override {
    sender_.reset();
    OpenWays({});
    Town::TearDown();
  }
  void Tell(std::string once = "", std::string_view contact = kPhone) {
    Write([&](db::Tx& tx) {
      Actor system;
      system.kind = Actor::Kind::kSystem;
      const http::Request none;
      Context ctx{.tx = tx, .services = dispatch_->services(), .request = none, .county = kCounty, .zone = Zone{480},
                  .now = clock_.now, .actor = system};
      ToResident(ctx, {{}, std::string(contact)}, {.kind = "matter.answered", .data = {{"receipt", "7K3M-9QXT-4"}, {"unit", "水务局"}},
                 .matter = MatterId(ParseId(matter_)->id), .once = std::move(once)});
    });
  }
  Answer Sent() { return Get("liuyi", "/api/v1/matters/" + matter_ + "/messages"); }
  // Lets minutes pass one by one, as the sender would see them.
  void Minutes(int64_t minutes) {
    for (int64_t i = 0; i < minutes; ++i) {
      clock_.Advance(kMinute);
      sender_->SendDue();
    }
  }

  Noted* noted_ = nullptr;
  std::unique_ptr<Sender> sender_;
  std::string matter_;
};

TEST_F(OutboxSender, WhatWasSentIsNotSentAgainAndItsNumberIsForgotten) {
  Tell();
  EXPECT_EQ(Number(kAddresses), 1);
  EXPECT_EQ(sender_->SendDue(), 1);
  EXPECT_EQ(sender_->SendDue(), 0);
  Minutes(30);
  ASSERT_EQ(noted_->given.size(), 1U);
  EXPECT_EQ(noted_->given[0].to, "13900001234");
  EXPECT_EQ(noted_->given[0].text.find("水务局"), std::string::npos);
  EXPECT_EQ(Sent().At("items.0.state"), "sent");
  EXPECT_EQ(Sent().At("items.0.address"), "139****1234");
  EXPECT_EQ(Number(kAddresses), 0);
}

TEST_F(OutboxSender, AClosedGatewayIsTriedLaterAndLaterAndThenThePeopleAtTheWindowAreAsked) {
  Patch("admin", "/api/v1/settings", 1, R"({"quiet_from":"00:00","quiet_until":"00:00"})");
  noted_->next = {Outcome::How::kLater, "http_503"};
  Tell();
  const Instant begin = clock_.now;
  sender_->SendDue();
  std::vector<int64_t> at = {0};
  for (int64_t minute = 1; minute < 48 * 60; ++minute) {
    const size_t before = noted_->given.size();
    Minutes(1);
    if (noted_->given.size() > before) at.push_back((clock_.now.ms - begin.ms) / kMinute);
    // Every try is the same message.
    EXPECT_EQ(noted_->given.back().id, noted_->given.front().id);
  }
  EXPECT_EQ(at, (std::vector<int64_t>{0, 1, 3, 7, 15, 31, 63, 127, 255, 511, 871}));
  const Answer sent = Sent();
  ASSERT_EQ(sent.Count("items"), 2U);
  EXPECT_EQ(sent.At("items.1.state"), "failed");
  EXPECT_EQ(sent.At("items.1.problem"), "http_503");
  EXPECT_EQ(sent.At("items.1.tries"), "11");
  EXPECT_EQ(sent.At("items.0.channel"), "window");
}

TEST_F(OutboxSender, WhatCanNeverBeRightGoesToTheWindowAtOnce) {
  noted_->next = {Outcome::How::kNever, "http_422"};
  Tell();
  sender_->SendDue();
  Minutes(10);
  EXPECT_EQ(noted_->given.size(), 1U);
  Answer queue = Get("zhaomin", "/api/v1/letters");
  ASSERT_EQ(queue.Count("items"), 1U);
  EXPECT_EQ(queue.At("items.0.problem"), "sms_failed");
  const Answer task = Get("zhaomin", "/api/v1/letters/" + queue.At("items.0.id"));
  EXPECT_EQ(task.At("to.phone"), "13900001234");
  EXPECT_NE(task.At("text").find("水务局"), std::string::npos);
  EXPECT_EQ(Number(kAddresses), 0);
}

TEST_F(OutboxSender, WhoDiesWhileSendingSendsItAgainUnderTheSameId) {
  Tell();
  noted_->dies = true;
  EXPECT_THROW(sender_->SendDue(), std::runtime_error);
  noted_->dies = false;
  // Nobody else takes it meanwhile; the next process takes it up at once.
  EXPECT_EQ(sender_->SendDue(), 0);
  sender_->TakeUp();
  EXPECT_EQ(sender_->SendDue(), 1);
  ASSERT_EQ(noted_->given.size(), 2U);
  EXPECT_EQ(noted_->given[0].id, noted_->given[1].id);
  EXPECT_EQ(Sent().At("items.0.state"), "sent");
  sender_->TakeUp();
  EXPECT_EQ(sender_->SendDue(), 0);
}

TEST_F(OutboxSender, NoTelephoneRingsAtNightHoweverLateItCameToThat) {
  noted_->next = {Outcome::How::kLater, "timeout"};
  clock_.Advance(10 * kHour + 50 * kMinute);  // 20:50
  Tell();
  sender_->SendDue();
  Minutes(9);  // tried at 20:51 and 20:53, 20:57
  EXPECT_EQ(noted_->given.size(), 4U);
  noted_->next = {};
  Minutes(11 * 60);  // until 07:59
  EXPECT_EQ(noted_->given.size(), 4U);
  Minutes(2);
  EXPECT_EQ(noted_->given.size(), 5U);
}

TEST_F(OutboxSender, ManyAreSentOnceEach) {
  for (int i = 0; i < 70; ++i) Tell("answered/" + std::to_string(i));
  for (int i = 0; i < 70; ++i) Tell("answered/" + std::to_string(i));
  while (sender_->SendDue() > 0) continue;
  std::set<std::string> ids;
  for (const Outgoing& each : noted_->given) ids.insert(each.id);
  EXPECT_EQ(noted_->given.size(), 70U);
  EXPECT_EQ(ids.size(), 70U);
}

TEST_F(OutboxSender, AWayThatWasClosedSinceGoesToTheWindow) {
  Tell();
  sender_.reset();
  Sender without(dispatch_->services(), {});
  EXPECT_EQ(without.SendDue(), 1);
  EXPECT_EQ(Get("zhaomin", "/api/v1/letters").At("items.0.way"), "window");
  Tell("again");
  EXPECT_EQ(without.SendDue(), 0);
  EXPECT_EQ(Get("zhaomin", "/api/v1/letters").Count("items"), 2U);
}

}  // namespace
}  // namespace huiyin::outbox
