// SPDX-License-Identifier: EUPL-1.2
// What is erased of a matter when its time is over: first how to reach who asked, later what
// was said. When it came, who held it, when it was answered and judged stays.
#include "modules/matters/columns.h"
#include "modules/matters/erase.h"
#include "modules/matters/harm.h"
#include "modules/matters/identities.h"
#include "modules/matters/relay.h"
#include "modules/matters/story.h"
#include "modules/matters/text_index.h"

namespace huiyin::matters {
namespace {

constexpr db::Sql kWithContact{"matters.with_old_contact", R"sql(
  SELECT id FROM matters WHERE county = $1 AND closed_at < $2 AND is_open = 0
    AND (contact <> '' OR EXISTS (
      SELECT 1 FROM members b WHERE b.county = $1 AND b.matter_id = matters.id AND b.contact <> ''))
   LIMIT $3
)sql"};
constexpr db::Sql kWithText{"matters.with_old_text", R"sql(
  SELECT id FROM matters WHERE county = $1 AND closed_at < $2 AND is_open = 0 AND erased_at IS NULL LIMIT $3
)sql"};
constexpr db::Sql kDropContact{"matters.drop_contact", "UPDATE matters SET contact = '' WHERE county = $1 AND id = $2"};
constexpr db::Sql kDropText{"matters.drop_text", R"sql(
  UPDATE matters SET text = '', subject = '', contact = '', judgement_text = '', about_text = '', erased_at = $3
   WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kDropAsks{"matters.drop_ask_texts", R"sql(
  UPDATE asks SET text = '', answer = '', rule = '', appeal = '', redirected_to = '', who_can = '' WHERE county = $1 AND matter_id = $2
)sql"};
constexpr db::Sql kDropAnswers{"matters.drop_answer_texts", R"sql(
  UPDATE answers SET text = '', asks = '[]' WHERE county = $1 AND matter_id = $2
)sql"};
constexpr db::Sql kDropRequests{"matters.drop_request_texts", R"sql(
  UPDATE requests SET reason = '', note = '', data = '{}' WHERE county = $1 AND matter_id = $2
)sql"};
constexpr db::Sql kDropOrders{"matters.drop_order_texts", R"sql(
  UPDATE orders SET text = '', answer = '', note = '' WHERE county = $1 AND matter_id = $2
)sql"};
constexpr db::Sql kDropPauses{"matters.drop_pause_texts", R"sql(
  UPDATE pauses SET reason = '' WHERE county = $1 AND matter_id = $2
)sql"};
constexpr db::Sql kDropMemberContacts{"members.drop_contacts", R"sql(
  UPDATE members SET contact = '' WHERE county = $1 AND matter_id = $2
)sql"};
constexpr db::Sql kDropMemberTexts{"members.drop_texts", R"sql(
  UPDATE members SET text = '', contact = '', judgement_text = '' WHERE county = $1 AND matter_id = $2
)sql"};
constexpr db::Sql kDropDrafts{"matters.drop_draft_texts", R"sql(
  UPDATE answer_drafts SET input = '{"text":"","asks":[],"pictures":[]}', note = '' WHERE county = $1 AND matter_id = $2
)sql"};
constexpr db::Sql kDropLeads{"matters.drop_lead_texts", "UPDATE leads SET measures = '[]' WHERE county = $1 AND matter_id = $2"};
constexpr db::Sql kDropSteps{"matters.drop_step_texts", "UPDATE steps SET text = '', note = '' WHERE county = $1 AND matter_id = $2"};
constexpr db::Sql kDropMeetings{"matters.drop_meeting_texts", R"sql(
  UPDATE matter_meetings SET place = '', officers = '[]', representatives = '[]', said = '', agreed = '[]'
   WHERE county = $1 AND matter_id = $2
)sql"};
// The events stay, in their order; only what is a fact of the office stays in them.
constexpr db::Sql kEvents{"matters.events_to_erase", R"sql(
  SELECT id, data FROM events WHERE county = $1 AND resource_id = $2 AND resource = 'matter'
)sql"};
constexpr db::Sql kSetEvent{"matters.erase_event", R"sql(
  UPDATE events SET data = $4 WHERE county = $1 AND resource_id = $2 AND id = $3
)sql"};

std::vector<Uuid> Find(db::Tx& tx, const db::Sql& sql, County county, Instant before, int limit) {
  return tx.All(sql, [](const db::Row& row) { return row.Key(0); }, county, before, limit);
}

constexpr std::string_view kFacts[] = {"seq",       "from_unit_id", "to_unit_id", "late",    "agreed", "granted", "solved",
                                       "rating",    "rule",         "days",       "channel", "step",   "due_at",  "from",
                                       "into_id",   "from_id",      "revision",   "pending_unit_id", "member_id",
                                       "outcome",   "after_contact"};

std::string WithoutWords(std::string_view data) {
  const json::value parsed = json::parse(data);
  json::object kept;
  for (const auto& [name, value] : parsed.as_object()) {
    if (std::find(std::begin(kFacts), std::end(kFacts), std::string_view(name)) != std::end(kFacts)) kept[name] = value;
  }
  return json::serialize(kept);
}

void EraseContact(Context& ctx, const Uuid& id) {
  ForgetContact(ctx, MatterId(id));
  auto matter = FindMatter(ctx.tx, ctx.county, MatterId(id));
  if (!matter) return;
  const bool has_members = ctx.tx.Run(kDropMemberContacts, ctx.county, id) > 0;
  if (matter->contact.empty() && !has_members) return;
  ctx.tx.Run(kDropContact, ctx.county, id);
  Tell(ctx, *matter, "contact_erased");
  matter->contact.clear();
  SaveMatter(ctx.tx, ctx.county, *matter);
}

void EraseWords(Context& ctx, const Uuid& id) {
  auto matter = FindMatter(ctx.tx, ctx.county, MatterId(id));
  if (!matter) return;
  RemoveFromIndex(ctx.tx, ctx.county, *matter);
  for (const db::Sql* sql : {&kDropAsks, &kDropAnswers, &kDropRequests, &kDropOrders, &kDropPauses, &kDropMemberTexts,
                             &kDropDrafts, &kDropLeads, &kDropSteps, &kDropMeetings}) {
    ctx.tx.Run(*sql, ctx.county, id);
  }
  ForgetRelays(ctx.tx, ctx.county, MatterId(id));
  ForgetHarmReports(ctx.tx, ctx.county, MatterId(id));
  ForgetWhy(ctx, MatterId(id));
  std::vector<std::pair<Uuid, std::string>> events;
  ctx.tx.Rows(kEvents, [&](const db::Row& row) { events.emplace_back(row.Key(0), WithoutWords(row.View(1))); }, ctx.county, id);
  for (const auto& [event, data] : events) ctx.tx.Run(kSetEvent, ctx.county, id, event, data);
  matter->text.clear();
  matter->subject.clear();
  matter->contact.clear();
  matter->judgement_text.clear();
  matter->Keep();  // the index has let go of them
  Tell(ctx, *matter, "erased");
  SaveMatter(ctx.tx, ctx.county, *matter);
  ctx.tx.Run(kDropText, ctx.county, id, ctx.now);
}

}  // namespace

std::vector<Retained> KeptForATime() {
  return {{"matter_contacts",
           [](db::Tx& tx, County county, Instant before, int limit) {
             auto found = Find(tx, kWithContact, county, before, limit);
             if (static_cast<int>(found.size()) >= limit) return found;
             // Those kept apart are forgotten with the others.
             const auto apart = IdentitiesWithOldContact(tx, county, before, limit - static_cast<int>(found.size()));
             found.insert(found.end(), apart.begin(), apart.end());
             return found;
           },
           EraseContact},
          {"matter_texts",
           [](db::Tx& tx, County county, Instant before, int limit) { return Find(tx, kWithText, county, before, limit); },
           EraseWords}};
}

}  // namespace huiyin::matters
