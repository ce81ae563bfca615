// SPDX-License-Identifier: EUPL-1.2
#include "platform/audit.h"
#include "tests/support/town.h"

namespace huiyin::testing {
namespace {

class AuditApi : public Town {
 protected:
  void Act(int times) {
    for (int i = 0; i < times; ++i) {
      Write([&](db::Tx& tx) {
        const http::Request none;
        Context ctx{.tx = tx, .services = dispatch_->services(), .request = none, .county = kCounty,
                    .zone = Zone{480}, .now = clock_.now};
        ctx.actor.kind = Actor::Kind::kSystem;
        ctx.Record("county.tested", "county", NewUuid(clock_.now, random_), {{"n", i}});
      });
      clock_.Advance(1);
    }
  }
};

TEST_F(AuditApi, SealsActsIntoAChainThatVerifies) {
  Act(5);
  EXPECT_EQ(Get("zhangsan", "/api/v1/audit/verification").At("entries"), "0");
  Tick();
  const Answer whole = Get("zhangsan", "/api/v1/audit/verification");
  EXPECT_EQ(whole.At("ok"), "true");
  EXPECT_EQ(whole.At("entries"), "5");
  Act(3);
  Tick();
  EXPECT_EQ(Get("zhangsan", "/api/v1/audit/verification").At("ok"), "true");
  const Answer list = Get("zhangsan", "/api/v1/audit?limit=3");
  EXPECT_EQ(list.Count("items"), 3u);
  EXPECT_EQ(list.At("items.0.seq"), "8");
  const Answer next = Get("zhangsan", "/api/v1/audit?limit=50&cursor=" + list.At("next_cursor"));
  EXPECT_EQ(next.At("items.0.seq"), "5");
  EXPECT_EQ(next.At("next_cursor"), "");
}

TEST_F(AuditApi, AnyChangeBreaksTheChainAtItsPlace) {
  Act(10);
  Tick();
  for (const char* change : {"UPDATE audit_entries SET reason = 'x' WHERE county = 990101 AND seq = 4",
                             "UPDATE audit_entries SET at = at + 1 WHERE county = 990101 AND seq = 4",
                             "DELETE FROM audit_entries WHERE county = 990101 AND seq = 4"}) {
    SCOPED_TRACE(change);
    std::string kept;
    Write([&](db::Tx& tx) { tx.Script("SAVEPOINT keep"); tx.Script(change);
      const http::Request none;
      Context ctx{.tx = tx, .services = dispatch_->services(), .request = none, .county = kCounty, .zone = Zone{480}, .now = clock_.now};
      const auto result = audit::Verify(tx, kCounty);
      EXPECT_FALSE(result.whole);
      EXPECT_EQ(result.first_break, 4);
      tx.Script("ROLLBACK TO keep; RELEASE keep");
    });
  }
  Write([](db::Tx& tx) { tx.Script("DELETE FROM audit_entries WHERE county = 990101 AND seq = 10"); });
  const Answer cut = Get("zhangsan", "/api/v1/audit/verification");
  EXPECT_EQ(cut.At("ok"), "false");
  EXPECT_EQ(cut.At("first_break.detail"), "head");
}

TEST_F(AuditApi, PublishesFinishedDaysOnly) {
  Act(2);
  Tick();
  EXPECT_EQ(Get("", "/api/v1/notices").Count("items"), 0u);
  clock_.Advance(kDay);
  Act(1);
  Tick();
  const Answer board = Get("", "/api/v1/notices");
  ASSERT_EQ(board.Count("items"), 1u);
  EXPECT_EQ(board.At("items.0.audit_head.day"), "2026-03-11");
  EXPECT_EQ(board.At("items.0.audit_head.seq"), "2");
}

TEST_F(AuditApi, OnlyTheCountysAuditorReadsTheLog) {
  EXPECT_EQ(Get("", "/api/v1/audit").status, 401);
  for (const char* login : {"wangfang", "zhaomin", "sunqi", "liuyi", "chener", "admin"}) {
    EXPECT_EQ(Get(login, "/api/v1/audit").status, 403) << login;
  }
  EXPECT_EQ(Get("lisi", "/api/v1/audit").status, 404);
  EXPECT_EQ(Get("zhangsan", "/api/v1/audit").status, 200);
  EXPECT_EQ(Get("household:张大山", "/api/v1/audit").status, 403);
}

}  // namespace
}  // namespace huiyin::testing
