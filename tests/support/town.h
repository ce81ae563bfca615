// SPDX-License-Identifier: EUPL-1.2
// The town every API test lives in: a fictional county 990101 with two townships, their
// villages and groups, the offices that serve them, and people known by name. Time stands
// still at `clock.now` until a test moves it; everything goes through Dispatch, as a
// request does.
//
//   990101 云岭县
//     990101101 清水镇: 990101101001 双河村 (groups ...001, ...002), 990101101002 石桥村
//     990101102 白云乡: 990101102001 松林村
//
//   county units: government (leadership), service hall (window), water bureau, road bureau
//   (department), supervision office, audit office; each township: office (township),
//   station (window); 双河村 committee (village)
//
//   officers (login): wangfang liaison at 清水镇 office; lina liaison at 白云乡 office;
//   zhaomin clerk at 清水镇 station; sunqi handler at the water bureau; zhouba handler at
//   the road bureau; liuyi supervisor; chener leader; zhangsan auditor at the audit office
//   (county); lisi auditor with a role over 清水镇 only; admin administrator.
//
//   households: one in 双河村 group 001 (head 张大山, wife 李秀英, son 张小明; paired with
//   wangfang), one in 石桥村 (head 王建国; nobody paired), one in 松林村 (head 赵春花; paired
//   with lina).
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "platform/dispatch.h"

namespace huiyin::testing {

class FakeClock : public Clock {
 public:
  Instant Now() override { return now; }
  void Advance(int64_t ms) { now = now + ms; }
  // Wednesday 2026-03-11, 10:00 in the county.
  Instant now{1773194400000};
};

struct Answer {
  int status = 0;
  json::value body;  // null when there was none
  std::string text;
  std::map<std::string, std::string> headers;  // names as sent

  // The text at a path such as "owner.unit_name" or "items.0.id"; empty when absent,
  // numbers and flags as JSON writes them.
  std::string At(std::string_view path) const;
  size_t Count(std::string_view path) const;  // of an array; 0 when it is not there
  // "field:code" of every field error, in order.
  std::vector<std::string> Errors() const;
};

class Town : public ::testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  // The modules a test needs; all of them by default.
  virtual std::vector<Module> Modules();
  // What requests are served from: a test may put something around it that watches.
  virtual std::unique_ptr<db::Database> Watched(std::unique_ptr<db::Database> opened) { return opened; }

  // Where routes that may lag read, when anywhere else.
  virtual db::Replicas* Behind() { return nullptr; }

  // `as` is a login, "household:<name of head>" for a resident's session, or "" for the
  // public. Bodies are JSON text. Headers as "Name: value".
  Answer Call(std::string_view as, std::string_view method, std::string_view path,
              std::string_view body = "", std::vector<std::string> headers = {});
  Answer Get(std::string_view as, std::string_view path) { return Call(as, "GET", path); }
  Answer Post(std::string_view as, std::string_view path, std::string_view body = "{}",
              std::vector<std::string> headers = {}) {
    return Call(as, "POST", path, body, std::move(headers));
  }
  Answer Patch(std::string_view as, std::string_view path, int64_t revision, std::string_view body) {
    return Call(as, "PATCH", path, body, {"If-Match: \"" + std::to_string(revision) + "\""});
  }
  std::string Token(std::string_view as);
  // One more officer, who works in the unit and holds the one role over the area.
  void AddOfficer(std::string_view login, std::string_view name, std::string_view unit, Role role, std::string_view area);
  // Everybody signs in anew: a test that lives longer than a session.
  void SignInAgain() { tokens_.clear(); }

  // Ids as the API writes them, by the names of the header comment.
  std::string HouseholdId(std::string_view head) const;
  std::string ResidentId(std::string_view name) const;
  std::string OfficerId(std::string_view login) const;
  std::string UnitId(std::string_view name) const;  // the unit's Chinese name
  // A number read straight from the database; `sql` is a constant of the test.
  int64_t Number(const db::Sql& sql);
  void Write(const db::Database::Job& job);
  // Seals the audit chain and lets time-driven acts happen.
  void Tick() { dispatch_->TickNow(); }

  // Every answer is held against api/openapi.yaml; a test of what the contract leaves out
  // may say so.
  bool checks_contract_ = true;

  static constexpr County kCounty{990101};
  FakeClock clock_;
  SeededRandom random_{20260311};
  std::filesystem::path dir_;
  std::unique_ptr<db::Database> database_;
  std::unique_ptr<Dispatch> dispatch_;

 private:
  void Build();
  struct Names;
  std::unique_ptr<Names> names_;
  std::map<std::string, std::string, std::less<>> tokens_;

 public:
  Town();
  ~Town() override;
};

}  // namespace huiyin::testing
