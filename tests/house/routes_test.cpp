// SPDX-License-Identifier: EUPL-1.2
// Every route, walked: as nobody, with the wrong session, with the wrong role, with an id
// of another county; and every route held against the contract, both ways.
#include "tests/support/contract.h"
#include "tests/support/town.h"

namespace huiyin::testing {
namespace {

class Routes : public Town {
 protected:
  void SetUp() override {
    Town::SetUp();
    checks_contract_ = false;  // bodies here are empty on purpose
  }
  template <class Visit>
  void Each(Visit visit) {
    for (const Module& module : dispatch_->modules()) {
      for (const Route& route : module.routes) {
        SCOPED_TRACE(std::string(route.method) + " " + std::string(route.pattern));
        visit(route);
      }
    }
  }
  // The pattern with something plausible in its braces.
  static std::string Filled(std::string_view pattern, std::string_view id) {
    std::string path;
    for (size_t i = 0; i < pattern.size(); ++i) {
      if (pattern[i] != '{') {
        path += pattern[i];
        continue;
      }
      const size_t end = pattern.find('}', i);
      const std::string_view name = pattern.substr(i + 1, end - i - 1);
      if (name == "id" || name.ends_with("_id")) path += id;
      else if (name == "code") path += "990101101";
      else if (name == "year") path += "2026";
      else if (name == "receipt") path += "7K3M-9QXT-4";
      else path += "residence";
      i = end;
    }
    return path;
  }
  static bool HasSlowStep(const Route& route) { return route.prepare || route.prepare_as; }
  static bool NeedsSession(const Route& route) {
    return route.session != Session::kNone && route.session != Session::kOptional;
  }
};

constexpr std::string_view kUnknownId = "990101-0192f3a4-7c1e-7abc-8def-0123456789ab";
constexpr std::string_view kForeignId = "510104-0192f3a4-7c1e-7abc-8def-0123456789ab";

TEST_F(Routes, AnonymousIsToldToSignIn) {
  int walked = 0;
  Each([&](const Route& route) {
    if (!NeedsSession(route)) return;
    ++walked;
    EXPECT_EQ(Call("", route.method, Filled(route.pattern, kUnknownId)).status, 401);
  });
  EXPECT_GT(walked, 3);
}

TEST_F(Routes, AResidentsSessionOpensNoOfficeAndTheOtherWayRound) {
  Each([&](const Route& route) {
    const std::string path = Filled(route.pattern, kUnknownId);
    if (route.session == Session::kOfficer) {
      EXPECT_EQ(Call("household:张大山", route.method, path).At("code"), "sessions.other_kind");
    }
    if (route.session == Session::kResident && !HasSlowStep(route)) {
      EXPECT_EQ(Call("wangfang", route.method, path).At("code"), "sessions.other_kind");
    }
  });
}

TEST_F(Routes, TheWrongRoleIsRefused) {
  const std::map<Role, std::string> logins = {
      {Role::kLiaison, "wangfang"}, {Role::kClerk, "zhaomin"},  {Role::kHandler, "sunqi"}, {Role::kSupervisor, "liuyi"},
      {Role::kLeader, "chener"},    {Role::kAuditor, "zhangsan"}, {Role::kAdministrator, "admin"}};
  int refused = 0;
  Each([&](const Route& route) {
    if (route.session != Session::kOfficer || !route.action) return;
    for (const auto& [role, login] : logins) {
      if (GrantOf(role, *route.action) != Grant::kNo) continue;
      ++refused;
      // A route with a slow step may refuse the input before it asks who is there.
      const int status = Call(login, route.method, Filled(route.pattern, kUnknownId)).status;
      if (HasSlowStep(route)) {
        EXPECT_TRUE(status == 403 || status == 422 || status == 415 || status == 400) << login << " " << status;
      }
      else {
        EXPECT_EQ(status, 403) << login;
      }
    }
  });
  EXPECT_GT(refused, 3);
}

TEST_F(Routes, AnIdOfAnotherCountyDoesNotExist) {
  Each([&](const Route& route) {
    if (route.pattern.find("{id}") == std::string_view::npos || HasSlowStep(route)) return;
    const std::string path = Filled(route.pattern, kForeignId);
    if (route.session == Session::kResident) {
      EXPECT_EQ(Call("household:张大山", route.method, path, "{}", {"If-Match: 1"}).status, 404);
      return;
    }
    for (const char* login : {"wangfang", "zhaomin", "sunqi", "liuyi", "chener", "zhangsan", "admin"}) {
      const int status = Call(login, route.method, path, "{}", {"If-Match: 1"}).status;
      EXPECT_TRUE(status == 404 || status == 403) << login << " " << status;
    }
  });
}

TEST_F(Routes, EveryOfficersRouteNamesWhatItTakes) {
  Each([](const Route& route) {
    const bool is_own = route.pattern.starts_with("/api/v1/sessions");
    if (route.session == Session::kOfficer && !is_own) {
      EXPECT_TRUE(route.action.has_value());
    }
  });
}

TEST_F(Routes, TheContractAndTheProgramHaveTheSameOperations) {
  std::set<std::string> served;
  Each([&](const Route& route) { served.insert(std::string(route.method) + " " + std::string(route.pattern)); });
  // Served by the program itself beside the modules (app/health).
  for (const char* path : {"/healthz", "/readyz", "/metrics", "/openapi.yaml"}) served.insert(std::string("GET ") + path);
  for (const std::string& operation : served) {
    EXPECT_TRUE(Contract::Get().Operations().contains(operation)) << operation << " is not in the contract";
  }
  for (const std::string& operation : Contract::Get().Operations()) {
    EXPECT_TRUE(served.contains(operation)) << operation << " is not served";
  }
}

}  // namespace
}  // namespace huiyin::testing
