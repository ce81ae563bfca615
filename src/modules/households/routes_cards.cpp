// SPDX-License-Identifier: EUPL-1.2
// Cards and their sealed first codes. A code's verifier is slow to make, so codes are made
// before the transaction, for an officer who may issue cards and for nobody else.
#include "core/problem.h"
#include "modules/households/actions.h"
#include "modules/identity/identity.h"
#include "modules/org/org.h"
#include "platform/sessions.h"

namespace huiyin::households {
namespace {

// A large village; a run holds a thread for about this many times 30 ms.
constexpr int kMostCards = 400;

struct Code {
  std::string code;
  std::string hash;
};
struct Run {
  std::vector<std::pair<HouseholdId, Code>> codes;
  bool is_too_large = false;
};

Code MakeCode(const Services& services) {
  Code made;
  made.code = identity::NewFirstCode(services.random);
  // The slip groups the digits for reading; what is checked is the digits.
  std::string digits = made.code;
  std::erase(digits, ' ');
  made.hash = HashPassword(digits);
  return made;
}

// The officer behind the request if any of their roles issues cards.
std::optional<Actor> Issuer(const Services& services, const http::Request& request) {
  const auto token = TokenOf(request);
  std::optional<Actor> actor;
  if (!token) return actor;
  services.database.Read([&](db::Tx& tx) { actor = Authenticate(tx, *token, services.clock.Now()); });
  if (!actor || !actor->IsOfficer() || !CouldEver(*actor, Action::kCardsIssue)) return std::nullopt;
  return actor;
}

std::any PrepareCard(const Services& services, const http::Request& request, const json::object*) {
  return Issuer(services, request) ? MakeCode(services) : Code{};
}

// Households of the area without a card, or all when cards are replaced.
std::any PrepareRun(const Services& services, const http::Request& request, const json::object* body) {
  Run run;
  const auto actor = Issuer(services, request);
  if (!actor || body == nullptr) return run;
  const json::value* area = body->if_contains("area_code");
  const json::value* replace = body->if_contains("replace");
  if (area == nullptr || !area->is_string()) return run;
  const std::string code(area->get_string());
  if (May(*actor, Action::kCardsIssue, {.area = code}) != Decision::kAllowed) return run;
  const bool replaces = replace != nullptr && replace->is_bool() && replace->get_bool();
  const County county = TokenOf(request)->county;
  std::vector<HouseholdId> households;
  services.database.Read([&](db::Tx& tx) {
    Place after;
    for (;;) {
      const auto page = HouseholdsIn(tx, county, {code, AreaEnd(code)}, after, 200);
      for (const Summary& line : page) {
        if (replaces || !FindCard(tx, county, line.id).issued_at) households.push_back(line.id);
      }
      if (page.size() < 200 || households.size() > kMostCards) break;
      after = {page.back().area_code, std::string(page.back().id.View())};
    }
  });
  run.is_too_large = households.size() > kMostCards;
  if (run.is_too_large) return run;
  for (const HouseholdId& id : households) run.codes.emplace_back(id, MakeCode(services));
  return run;
}

http::Response PostCard(Context& ctx) {
  const auto household = FindHousehold(ctx.tx, ctx.county, ctx.PathId<HouseholdId>());
  if (!household) NotFound();
  RequireMay(ctx.actor, Action::kCardsIssue, {.area = household->area_code});
  if (household->state != "living") Conflict("households.closed");
  const Code& code = std::any_cast<const Code&>(ctx.prepared);
  if (code.hash.empty()) Forbidden();
  const std::string number = identity::IssueCard(ctx, household->id, code.hash);
  JsonWriter w = ctx.Writer();
  w.BeginObject().Field("card_number", number).Field("first_code", code.code).EndObject();
  return JsonReply(201, w);
}

http::Response PostCards(Context& ctx) {
  Fields input = ctx.Input();
  const std::string area = input.NeedText("area_code", 20);
  input.Bool("replace");
  input.Done();
  if (!org::FindArea(ctx.tx, ctx.county, area) ||
      May(ctx.actor, Action::kCardsIssue, {.area = area}) != Decision::kAllowed) {
    Invalid("area_code", "unknown_area");
  }
  const Run& run = std::any_cast<const Run&>(ctx.prepared);
  if (run.is_too_large) Invalid("area_code", "too_many_households", std::to_string(kMostCards));
  Names names(ctx);
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  for (const auto& [id, code] : run.codes) {
    const auto household = FindHousehold(ctx.tx, ctx.county, id);
    if (!household || household->state != "living") continue;
    const std::string number = identity::IssueCard(ctx, id, code.hash);
    w.BeginObject()
        .Field("household_id", static_cast<const Uuid&>(id))
        .Field("register_number", household->register_number)
        .Field("head_name", household->head_name)
        .Field("area_name", names.Place(household->area_code));
    if (!household->address.empty()) w.Field("address", household->address);
    w.Field("card_number", number).Field("first_code", code.code).EndObject();
  }
  w.EndArray().EndObject();
  return JsonReply(201, w);
}

}  // namespace

void AddCardRoutes(std::vector<Route>& routes) {
  routes.insert(routes.end(), {
      {.method = "POST", .pattern = "/api/v1/households/{id}/card", .action = Action::kCardsIssue,
       .handle = PostCard, .prepare = PrepareCard, .has_secret_reply = true},
      {.method = "POST", .pattern = "/api/v1/household_cards", .action = Action::kCardsIssue,
       .handle = PostCards, .prepare = PrepareRun, .has_secret_reply = true},
  });
}

}  // namespace huiyin::households
