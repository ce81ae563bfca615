// SPDX-License-Identifier: EUPL-1.2
#include "modules/pairings/store.h"

namespace huiyin::pairings {
namespace {

constexpr db::Sql kHouseholds{"pairings.households_in", R"sql(
  SELECT h.id, h.area_code, o.id
    FROM households h
    LEFT JOIN pairings p ON p.county = h.county AND p.household_id = h.id AND p.until_on IS NULL
                        AND p.kind = 'household'
    LEFT JOIN officers o ON o.county = p.county AND o.id = p.officer_id AND o.is_active = 1
   WHERE h.county = $1 AND h.area_code >= $2 AND h.area_code < $3 AND h.state = 'living'
   ORDER BY h.area_code, h.id LIMIT $4
)sql"};
constexpr db::Sql kLanguages{"pairings.languages_in", R"sql(
  SELECT r.household_id, r.languages
    FROM households h JOIN residents r ON r.county = h.county AND r.household_id = h.id AND r.state = 'living'
   WHERE h.county = $1 AND h.area_code >= $2 AND h.area_code < $3 AND r.languages <> '[]'
)sql"};
constexpr db::Sql kLiaisons{"pairings.liaisons", R"sql(
  SELECT r.officer_id, r.area_code, u.area_code, o.languages, o.post_rank
    FROM roles r
    JOIN officers o ON o.county = r.county AND o.id = r.officer_id AND o.is_active = 1
    JOIN units u ON u.county = o.county AND u.id = o.unit_id
   WHERE r.county = $1 AND r.role = 'liaison' ORDER BY r.officer_id, r.area_code
)sql"};

constexpr db::Sql kSave{"pairings.save_proposal", R"sql(
  INSERT INTO pairing_proposals (county, id, area_code, state, made_at, made_by, data)
  VALUES ($1, $2, $3, 'proposed', $4, $5, $6)
)sql"};
constexpr db::Sql kFind{"pairings.find_proposal", R"sql(
  SELECT id, area_code, state, made_at, applied_at, data FROM pairing_proposals WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kApplied{"pairings.mark_applied", R"sql(
  UPDATE pairing_proposals SET state = 'applied', applied_at = $3 WHERE county = $1 AND id = $2
)sql"};

std::vector<std::string> ReadLanguages(std::string_view text) {
  std::vector<std::string> languages;
  const json::value list = json::parse(text);
  for (const json::value& language : list.as_array()) languages.emplace_back(language.as_string());
  return languages;
}

json::value Stored(const Proposal& proposal) {
  json::array matches;
  for (const Match& match : proposal.matches) {
    const Weighed& weighed = match.weighed;
    matches.push_back({FormatUuid(match.household), FormatUuid(match.officer), match.kept, weighed.distance,
                       weighed.language, weighed.load, weighed.quota});
  }
  json::array unplaced;
  for (const Unplaced& one : proposal.unplaced) unplaced.push_back({FormatUuid(one.household), one.reason});
  return {{"matches", std::move(matches)}, {"unplaced", std::move(unplaced)}, {"kept", proposal.kept},
          {"officers", proposal.officers}, {"largest_load", proposal.largest_load}, {"mean_load", proposal.mean_load}};
}

template <class IdType>
IdType KeyAt(const json::array& row, size_t index) {
  return IdType(*ParseUuid(row.at(index).as_string()));
}

Proposal Unstored(std::string_view text) {
  const json::value all = json::parse(text);
  Proposal proposal;
  for (const json::value& one : all.at("matches").as_array()) {
    const json::array& row = one.as_array();
    const bool kept = row.at(2).as_bool();
    const auto share = [&](size_t index) { return row.at(index).to_number<double>(); };
    proposal.matches.push_back({KeyAt<HouseholdId>(row, 0), KeyAt<OfficerId>(row, 1), kept,
                                {share(3), share(4), share(5), share(6), kept ? 1.0 : 0.0}});
  }
  for (const json::value& one : all.at("unplaced").as_array()) {
    const json::array& row = one.as_array();
    proposal.unplaced.push_back({KeyAt<HouseholdId>(row, 0), std::string(row.at(1).as_string())});
  }
  proposal.kept = all.at("kept").to_number<int>();
  proposal.officers = all.at("officers").to_number<int>();
  proposal.largest_load = all.at("largest_load").to_number<int>();
  proposal.mean_load = all.at("mean_load").to_number<double>();
  return proposal;
}

}  // namespace

Register HouseholdsIn(db::Tx& tx, County county, std::string_view area, size_t at_most) {
  Register found;
  std::map<Uuid, size_t> index;
  tx.Rows(kHouseholds, [&](const db::Row& row) {
    Unpaired household{row.Ref<HouseholdId>(0), row.Text(1), {}, row.OptRef<OfficerId>(2)};
    index[household.id] = found.households.size();
    found.areas[household.id] = household.area;
    found.households.push_back(std::move(household));
  }, county, area, AreaEnd(area), at_most);
  tx.Rows(kLanguages, [&](const db::Row& row) {
    const auto at = index.find(row.Key(0));
    if (at == index.end()) return;
    auto& wanted = found.households[at->second].languages;
    for (std::string& language : ReadLanguages(row.View(1))) {
      if (std::find(wanted.begin(), wanted.end(), language) == wanted.end()) wanted.push_back(std::move(language));
    }
  }, county, area, AreaEnd(area));
  return found;
}

std::vector<Candidate> LiaisonsFor(db::Tx& tx, County county, std::string_view area, const org::CountySettings& settings) {
  std::vector<Candidate> candidates;
  tx.Rows(kLiaisons, [&](const db::Row& row) {
    const AreaCode reach = row.Text(1);
    if (!IsWithin(area, reach) && !IsWithin(reach, area)) return;
    const auto officer = row.Ref<OfficerId>(0);
    if (!candidates.empty() && candidates.back().id == officer) {
      candidates.back().reach.push_back(reach);
      return;
    }
    candidates.push_back({officer, {reach}, {row.Text(2)}, ReadLanguages(row.View(3)), static_cast<int>(settings.QuotaOf(row.View(4))), 0});
  }, county);
  for (Candidate& candidate : candidates) candidate.load = static_cast<int>(LoadOf(tx, county, candidate.id));
  return candidates;
}

void SaveProposal(db::Tx& tx, County county, const StoredProposal& stored, const OfficerId& by) {
  tx.Run(kSave, county, stored.id, stored.area, stored.made_at, by, json::serialize(Stored(stored.proposal)));
}

std::optional<StoredProposal> FindProposal(db::Tx& tx, County county, const ProposalId& id) {
  return tx.One(kFind, [](const db::Row& row) {
    return StoredProposal{row.Ref<ProposalId>(0), row.Text(1), row.View(2) == "applied", row.At(3), row.OptAt(4),
                          Unstored(row.View(5))};
  }, county, id);
}

void MarkApplied(db::Tx& tx, County county, const ProposalId& id, Instant at) {
  tx.Run(kApplied, county, id, at);
}

}  // namespace huiyin::pairings
