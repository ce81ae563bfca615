// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/intake.h"

#include "core/text.h"
#include "modules/matters/categories.h"
#include "modules/identity/identity.h"
#include "modules/matters/matter.h"
#include "modules/matters/store.h"
#include "modules/matters/ties.h"
#include "modules/matters/neighbours.h"
#include "modules/org/org.h"
#include "modules/outbox/outbox.h"
#include "modules/visits/visits.h"

namespace huiyin::matters {
namespace {

constexpr size_t kLongestText = 20000;
constexpr size_t kLongestAsk = 4000;
constexpr size_t kMostAsks = 50;
constexpr int64_t kClockDriftMs = 5 * kMinute;
// How they want to be told: at the door or the window somebody tells them or reads it to them.
constexpr std::array<std::string_view, 9> kHows = {"web",    "phone", "message",   "email",    "letter",
                                                   "visit",  "in_person", "read_out", "none"};

bool IsPhone(std::string_view text) {
  return text.size() <= 40 && text.find_first_not_of("0123456789+() ,;#*-") == std::string_view::npos;
}

// By its receipt: whoever holds that may speak of it. Who may not know of it is told no more
// than of one that is not there.
void ReadFollows(Context& ctx, Fields& in, std::string_view typed, Input& input) {
  const auto receipt = identity::ReadNumber(typed);
  const auto before = receipt ? FindByReceipt(ctx.tx, ctx.county, *receipt) : std::nullopt;
  const bool is_known = before && (!ctx.actor.IsOfficer() || MayKnow(ctx.actor, *before));
  if (!is_known) return in.Refuse("follows", "unknown_reference");
  input.follows = before->id;
}

void ReadCommon(Context& ctx, Fields& in, Input& input) {
  input.id = in.Ref<MatterId>("id");
  input.kind = in.OneOf("kind", Kinds()).value_or("");
  input.text = in.NeedText("text", kLongestText);
  input.title = in.Text("title", 100).value_or("");
  in.Each("asks", kMostAsks, [&](Fields& ask) { input.asks.push_back(ask.NeedText("text", kLongestAsk)); });
  input.category = in.Text("category", 64).value_or("");
  if (!input.category.empty()) {
    const auto category = FindCategory(ctx.tx, ctx.county, input.category);
    if (!category || !category->is_active) in.Refuse("category", "unknown_category");
  }
  input.area = ReadArea(ctx, in, "area_code");
  input.contact = ReadContact(in, "contact");
  input.anonymous = in.Bool("anonymous").value_or(false);
  input.confidential = in.Bool("confidential").value_or(false);
  if (input.anonymous && input.confidential) in.Refuse("confidential", "anonymous", "there is no name to keep apart");
  input.about_officer = in.Ref<OfficerId>("about_officer_id");
  if (input.about_officer && !org::FindOfficer(ctx.tx, ctx.county, *input.about_officer)) {
    in.Refuse("about_officer_id", "unknown_reference");
  }
  if (const auto receipt = in.Text("follows", 20)) ReadFollows(ctx, in, *receipt, input);
  input.about_text = in.Text("about_text", 200).value_or("");
  input.about_unit = in.Ref<UnitId>("about_unit_id");
  if (input.about_unit && !org::FindUnit(ctx.tx, ctx.county, *input.about_unit)) {
    in.Refuse("about_unit_id", "unknown_reference");
  }
}

}  // namespace

AreaCode ReadArea(Context& ctx, Fields& in, std::string_view name) {
  const auto code = in.Text(name, 15);
  if (!code) return "";
  // An area above the county names no place in it.
  const bool is_here = code->starts_with(FormatCounty(ctx.county)) && org::FindArea(ctx.tx, ctx.county, *code);
  if (!is_here) in.Refuse(name, "unknown_area", *code);
  return *code;
}

std::string ReadContact(Fields& in, std::string_view name) {
  const json::value* value = in.Find(name);
  if (value == nullptr) return "";
  json::object contact;
  if (value->is_string()) {
    const auto text = in.Text(name, 200);
    if (!text) return "";
    contact[IsPhone(*text) ? "phone" : "address"] = *text;
    return json::serialize(contact);
  }
  in.Within(name, [&](Fields& inner) {
    for (const auto& [field, most] : {std::pair{"name", 100}, {"address", 200}}) {
      if (auto text = inner.Text(field, static_cast<size_t>(most))) contact[field] = *text;
    }
    if (auto phone = inner.Text("phone", 40)) {
      if (!IsPhone(*phone)) inner.Refuse("phone", "not_a_phone");
      contact["phone"] = *phone;
    }
    if (auto email = inner.Text("email", 254)) {
      if (!outbox::IsMailAddress(*email)) inner.Refuse("email", "not_an_address");
      contact["email"] = *email;
    }
    if (auto how = inner.OneOf("how", kHows)) contact["how"] = *how;
    const auto languages = inner.Texts("languages", 20, 35);
    if (!languages.empty()) contact["languages"] = json::array(languages.begin(), languages.end());
  });
  return contact.empty() ? "" : json::serialize(contact);
}

Input ReadOfficersInput(Context& ctx) {
  Fields in = ctx.Input();
  Input input;
  ReadCommon(ctx, in, input);
  input.channel = in.OneOf("channel", Channels()).value_or("counter");
  input.household = in.Ref<HouseholdId>("household_id");
  input.resident = in.Ref<ResidentId>("resident_id");
  input.visit = in.Ref<VisitId>("visit_id");
  input.first_words_at = in.At("first_words_at");
  if (input.first_words_at && *input.first_words_at > ctx.now + kClockDriftMs) in.Refuse("first_words_at", "in_the_future");
  if (const auto typed = in.Text("receipt", 20)) {
    const auto receipt = identity::ReadNumber(*typed);
    if (!receipt) in.Refuse("receipt", "not_a_receipt");
    else input.receipt = *receipt;
  }
  if (input.household) {
    const auto household = FindHousehold(ctx, *input.household);
    if (!household) in.Refuse("household_id", "unknown_reference");
    else RequireHousehold(ctx, *input.household, "household_id");
  }
  if (input.resident && (!input.household || !HasResident(ctx, *input.household, *input.resident))) {
    in.Refuse("resident_id", "unknown_reference");
  }
  if (input.visit) {
    const auto visit = visits::FindVisit(ctx.tx, ctx.county, *input.visit);
    if (!visit) in.Refuse("visit_id", "unknown_reference");
    else if (!input.household) input.household = visit->household;
    else if (Uuid(*input.household) != Uuid(visit->household)) in.Refuse("visit_id", "of_another_household");
  }
  in.Done();
  return input;
}

Input ReadResidentsInput(Context& ctx) {
  Fields in = ctx.Input();
  Input input;
  ReadCommon(ctx, in, input);
  for (const char* name : {"household_id", "resident_id", "visit_id", "first_words_at", "receipt"}) {
    if (in.Has(name)) in.Refuse(name, "not_allowed", "only officers send it");
  }
  if (const auto channel = in.OneOf("channel", Channels()); channel && *channel != "web") {
    in.Refuse("channel", "not_allowed", "web");
  }
  input.channel = "web";
  in.Done();
  if (ctx.actor.IsResident() && !input.anonymous) input.household = ctx.actor.household;
  return input;
}

}  // namespace huiyin::matters
