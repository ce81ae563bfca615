// SPDX-License-Identifier: EUPL-1.2
#include "modules/pairings/pairing.h"

namespace huiyin::pairings {
namespace {

constexpr std::array<std::string_view, 4> kKinds = {"household", "orphan", "disabled", "elder"};

void WriteOfficer(Names& names, const OfficerId& id, JsonWriter& w) {
  w.Field("officer_id", id).Field("officer_name", names.Officer(id));
  const org::Officer* officer = names.OfficerOf(id);
  if (officer == nullptr) {
    w.Field("unit_name", "");
    return;
  }
  if (!officer->post.empty()) w.Field("officer_post", officer->post);
  if (!officer->phone.empty()) w.Field("officer_phone", officer->phone);
  w.Field("unit_name", names.Unit(officer->unit_id));
  w.Key("languages").BeginArray();
  for (const std::string& language : officer->languages) w.Value(language);
  w.EndArray();
}

}  // namespace

Date AddMonths(Date date, int months) {
  const int all = date.Year() * 12 + date.Month() - 1 + months;
  const int year = all / 12;
  const int month = all % 12 + 1;
  const Date first = Date::Of(year, month, 1);
  const Date next = month == 12 ? Date::Of(year + 1, 1, 1) : Date::Of(year, month + 1, 1);
  return first + std::min(date.Day(), next - first) - 1;
}

NewPairing ReadNewPairing(Context& ctx) {
  Fields in = ctx.Input();
  NewPairing made;
  Pairing& pairing = made.pairing;
  pairing.id = in.Ref<PairingId>("id").value_or(ctx.NewId<PairingId>());
  const auto household = in.Ref<HouseholdId>("household_id");
  pairing.resident = in.Ref<ResidentId>("resident_id");
  made.has_household = household.has_value();
  if (household) pairing.household = *household;
  if (!household && !in.Has("resident_id")) in.Refuse("household_id", "required", "this or resident_id");
  pairing.officer = in.NeedRef<OfficerId>("officer_id");
  pairing.kind = in.OneOf("kind", kKinds).value_or("household");
  if (pairing.kind != "household" && !in.Has("resident_id")) in.Refuse("resident_id", "required");
  if (pairing.kind == "household" && in.Has("resident_id")) in.Refuse("resident_id", "not_for_a_household");
  pairing.from = in.Day("from").value_or(ctx.Today());
  if (pairing.from > ctx.Today()) in.Refuse("from", "in_future");
  pairing.created_at = ctx.now;
  in.Done();
  return made;
}

void WritePairingMembers(Names& names, const org::CountySettings& settings, const Pairing& pairing, JsonWriter& w) {
  w.Field("id", pairing.id).Field("household_id", pairing.household).OptField("resident_id", pairing.resident);
  if (const Home* home = names.Household(pairing.household)) {
    w.Field("register_number", home->register_number)
        .Field("head_name", home->head_name)
        .Field("area_code", home->area_code)
        .Field("area_name", names.Area(home->area_code));
  }
  WriteOfficer(names, pairing.officer, w);
  if (const org::Officer* officer = names.OfficerOf(pairing.officer)) w.Field("unit_id", officer->unit_id);
  w.Field("kind", pairing.kind).Field("from", pairing.from).OptField("until", pairing.until);
  if (!pairing.end_reason.empty()) w.Field("end_reason", pairing.end_reason);
  if (!pairing.until && pairing.kind == "household") {
    w.Field("rotation_due_on", AddMonths(pairing.from, static_cast<int>(settings.rotation_months)));
  }
}

void WritePairing(Names& names, const org::CountySettings& settings, const Pairing& pairing, JsonWriter& w) {
  w.BeginObject();
  WritePairingMembers(names, settings, pairing, w);
  w.EndObject();
}

void WriteMyOfficer(Names& names, const Pairing& pairing, JsonWriter& w) {
  w.BeginObject();
  WriteOfficer(names, pairing.officer, w);
  w.Field("from", pairing.from).EndObject();
}

}  // namespace huiyin::pairings
