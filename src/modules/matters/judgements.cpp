// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/judgements.h"

#include "core/small_numbers.h"
#include "modules/matters/clocks.h"
#include "modules/matters/drafts.h"
#include "modules/matters/orders.h"
#include "modules/matters/story.h"
#include "modules/matters/word.h"

namespace huiyin::matters {
namespace {

constexpr db::Sql kCount{"judgements.count", R"sql(
  INSERT INTO judgement_counts (county, unit_id, month, category, subject, judged, solved, rated, rated_sum, treated,
    treated_sum, silent)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
  ON CONFLICT (county, unit_id, month, category, subject) DO UPDATE SET
    judged = judgement_counts.judged + excluded.judged, solved = judgement_counts.solved + excluded.solved,
    rated = judgement_counts.rated + excluded.rated, rated_sum = judgement_counts.rated_sum + excluded.rated_sum,
    treated = judgement_counts.treated + excluded.treated,
    treated_sum = judgement_counts.treated_sum + excluded.treated_sum,
    silent = judgement_counts.silent + excluded.silent
)sql"};

bool IsJudgement(const Told& told) { return told.kind == "judged" || told.kind == "judgement_corrected"; }

// The first part of a code: small groups are the smaller the finer they are cut.
std::string_view Top(std::string_view category) { return category.substr(0, category.find('.')); }

void Add(Context& ctx, const Matter& matter, const Cell& cell) {
  if (matter.is_protected) return;
  const Date today = ctx.Today();
  const auto asks = AsksOf(ctx.tx, ctx.county, matter.id);
  const bool is_beyond = IsBeyond(asks);
  ctx.tx.Run(kCount, ctx.county, matter.owner_unit, today.Year() * 100 + today.Month(), Top(matter.category),
             is_beyond ? "beyond" : "work", cell.judged, cell.solved, cell.rated, cell.rated_sum, cell.treated,
             cell.treated_sum, cell.silent);
}

// Whether the unit that was judged wrote down that it spoke with the resident since.
bool WasContactedSince(Context& ctx, const Matter& matter, const std::vector<Told>& story, const Told& judged) {
  return std::any_of(story.begin(), story.end(), [&](const Told& told) {
    return told.kind == "contacted" && told.seq > judged.seq && told.event.unit &&
           (Uuid(*told.event.unit) == Uuid(matter.owner_unit) || told.data.contains("by_handler"));
  });
}

// The latest answer and what was said of it.
struct Latest {
  const Told* judged = nullptr;
  bool is_corrected = false;
};
Latest LatestOf(const std::vector<Told>& story) {
  Latest latest;
  for (const Told& told : story) {
    if (told.kind == "answered" || told.kind == "appealed") latest = {};
    else if (told.kind == "judged") latest.judged = &told;
    else if (told.kind == "judgement_corrected") latest.is_corrected = true;
  }
  return latest;
}

}  // namespace

bool IsBeyond(const std::vector<Ask>& asks) {
  return std::any_of(asks.begin(), asks.end(), [](const Ask& ask) { return ask.is_beyond; });
}

bool SeesGrades(Context& ctx, const Matter& matter, const Ties& ties) {
  if (!ctx.actor.IsOfficer()) return true;
  if (ties.Handles()) return false;
  const auto answers = AnswersOf(ctx.tx, ctx.county, matter.id);
  return std::none_of(answers.begin(), answers.end(), [&](const Given& given) { return ctx.actor.BelongsTo(given.unit); });
}

Ruling CanCorrect(Context& ctx, const Matter& matter, const std::vector<Told>& story) {
  const Latest latest = LatestOf(story);
  if (latest.judged == nullptr) return Ruling::No("matters.not_judged");
  if (matter.merged_into || MembersOf(ctx, matter).size() > 1) return Ruling::No("matters.several_members");
  if (latest.is_corrected) return Ruling::No("matters.already_corrected");
  if (const Ruling ruling = CanHappen(matter.state, Act::kCorrectSolved); !ruling.allowed()) return ruling;
  const auto until = matter.answered_at ? TermOf(ctx, matter, "judge", *matter.answered_at) : std::nullopt;
  if (!until || *until < ctx.now) return Ruling::No("matters.judge_term_over");
  return Ruling::Yes();
}

Done CorrectJudgement(Context& ctx, Matter matter, const Verdict& verdict) {
  const auto story = StoryOf(ctx, matter.id);
  Require(CanCorrect(ctx, matter, story));
  const Told& first = *LatestOf(story).judged;
  const Act act = verdict.solved ? Act::kCorrectSolved : Act::kCorrectUnsolved;
  const bool reopens = !verdict.solved && matter.state == State::kSettled;
  const auto clocks = ClocksOf(ctx.tx, ctx.county, matter.id);
  // Who reviewed it does not do it again: the way on from a review is the final review.
  const bool was_reviewed = std::any_of(clocks.begin(), clocks.end(), [](const Clock& clock) { return clock.step == "review"; });
  if (reopens && was_reviewed) Conflict("matters.already_settled");
  matter.solved = verdict.solved;
  matter.rating = verdict.rating;
  matter.judgement_text = verdict.text;
  json::object told = {{"solved", verdict.solved}, {"text", verdict.text}, {"channel", verdict.channel}};
  if (verdict.rating) told["rating"] = *verdict.rating;
  if (verdict.treated) told["treated"] = *verdict.treated;
  if (ctx.actor.IsOfficer()) told["asked_by"] = ctx.actor.name;
  if (WasContactedSince(ctx, matter, story, first)) told["after_contact"] = true;
  const EventId event = Tell(ctx, matter, "judgement_corrected", told);
  if (reopens) {
    Reopen(ctx, matter, act);
    Tell(ctx, matter, "reopened", {{"to_unit_id", FormatUuid(matter.owner_unit)}});
    CountMatter(ctx, matter, "matters.reopened");
  } else if (verdict.solved && matter.state != State::kSettled) {
    CloseRequests(ctx, matter.id);
    EndDrafts(ctx.tx, ctx.county, matter.id);
    EndCoHandlers(ctx.tx, ctx.county, matter.id, ctx.now);
    Settle(ctx, matter, act);
    Tell(ctx, matter, "settled");
    CountMatter(ctx, matter, "matters.settled");
  }
  SaveMatter(ctx.tx, ctx.county, matter);
  if (reopens) WordOfReopening(ctx, matter);
  return {std::move(matter), event};
}

Done CorrectAs(Context& ctx, const Member& by, const Verdict& verdict) {
  auto matter = FindMatter(ctx.tx, ctx.county, by.matter);
  if (!matter) NotFound();
  if (!by.is_opener) Conflict("matters.several_members");
  return CorrectJudgement(ctx, std::move(*matter), verdict);
}

void CountJudgement(Context& ctx, const Matter& matter, const Verdict& verdict) {
  Cell cell;
  cell.judged = 1;
  cell.solved = verdict.solved ? 1 : 0;
  if (verdict.rating) cell.rated = 1, cell.rated_sum = *verdict.rating;
  if (verdict.treated) cell.treated = 1, cell.treated_sum = *verdict.treated;
  Add(ctx, matter, cell);
}

void CountSilence(Context& ctx, const Matter& matter) {
  Cell cell;
  cell.silent = 1;
  Add(ctx, matter, cell);
}

Groups Grouped(std::vector<Cell> cells) {
  std::erase_if(cells, [](const Cell& cell) { return cell.judged == 0; });
  std::stable_sort(cells.begin(), cells.end(), [](const Cell& a, const Cell& b) { return a.judged < b.judged; });
  Groups groups;
  Cell others;
  for (Cell& cell : cells) {
    const bool joins = IsTooFew(cell.judged) || (others.judged > 0 && IsTooFew(others.judged));
    if (!joins) {
      groups.shown.push_back(std::move(cell));
      continue;
    }
    others.judged += cell.judged;
    others.solved += cell.solved;
    others.rated += cell.rated;
    others.rated_sum += cell.rated_sum;
    others.treated += cell.treated;
    others.treated_sum += cell.treated_sum;
  }
  if (!IsTooFew(others.judged)) groups.others = others;
  std::reverse(groups.shown.begin(), groups.shown.end());
  return groups;
}

}  // namespace huiyin::matters
