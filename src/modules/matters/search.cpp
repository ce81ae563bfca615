// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/search.h"

#include "modules/matters/text_index.h"
#include "modules/matters/ties.h"

namespace huiyin::matters {
namespace {

// A request looks at no more, so that a text whose pairs are common and which itself is
// rare cannot hold a worker.
constexpr size_t kMostLookedAt = 1500;

bool IsSame(const std::optional<UnitId>& wanted, const UnitId& unit) { return !wanted || Uuid(*wanted) == Uuid(unit); }

bool IsLetThrough(const Filter& f, const Matter& m) {
  return (!f.state || m.state == *f.state) && IsSame(f.unit, m.owner_unit) &&
         (!f.category || m.category == *f.category) && (f.area.empty() || IsWithin(m.area, f.area)) && m.reopened >= f.reopened &&
         m.received_at >= f.received_from && m.received_at <= f.received_until;
}

bool LiesIn(const Within& within, const Matter& m) {
  return m.is_protected == within.is_protected && IsSame(within.unit, m.owner_unit) &&
         (within.area.empty() || IsWithin(m.area, within.area));
}

class Searching {
 public:
  Searching(Context& ctx, const Filter& filter, size_t limit) : ctx_(ctx), filter_(filter), limit_(limit), sought_(ReadSought(filter.text)) {}

  // Adds what is found in one place.
  void Look(const Within& within, int64_t below) {
    size_t found = 0;
    // Mostly the first ones are what is sought; the fewer are, the more are asked for.
    size_t batch = limit_ + limit_ / 4 + 1;
    for (size_t looked_at = 0; found <= limit_ && looked_at < kMostLookedAt; batch = std::min(2 * batch, kLargestBatch)) {
      const auto numbers = Candidates(ctx_.tx, ctx_.county, within, sought_, below, static_cast<int>(batch));
      for (size_t i = 0; i < numbers.size() && found <= limit_; ++i) {
        below = numbers[i];
        ++looked_at;
        if (found_.contains(below) || Take(within, below)) ++found;
      }
      if (numbers.size() < batch && found <= limit_) return;
    }
    // What lies further down was not looked at here, so no other place may go below either.
    if (!reached_ || *reached_ < below) reached_ = below;
  }

  SearchPage Page() {
    SearchPage page;
    for (auto& [number, matter] : found_) {
      if (reached_ && number < *reached_) break;
      if (page.items.size() == limit_) {
        page.next = last_;
        return page;
      }
      page.items.push_back(std::move(matter));
      last_ = number;
    }
    page.next = reached_;
    return page;
  }

 private:
  static constexpr size_t kLargestBatch = 400;

  bool Take(const Within& within, int64_t number) {
    auto matter = FindByTextNumber(ctx_.tx, ctx_.county, number);
    if (!matter || !LiesIn(within, *matter) || !MayList(ctx_, *matter) || !IsLetThrough(filter_, *matter)) return false;
    if (!sought_.IsIn({matter->text, matter->subject, matter->external_number, matter->about_text})) return false;
    found_.emplace(number, std::move(*matter));
    return true;
  }

  Context& ctx_;
  const Filter& filter_;
  size_t limit_;
  Sought sought_;
  std::map<int64_t, Matter, std::greater<>> found_;
  std::optional<int64_t> reached_;
  int64_t last_ = 0;
};

}  // namespace

SearchPage Search(Context& ctx, const Filter& filter, const std::vector<AreaCode>& areas,
                  const std::vector<UnitId>& units, int64_t below, size_t limit) {
  Searching search(ctx, filter, limit);
  for (const UnitId& unit : units) {
    // Its own matters of another unit there are none.
    if (IsSame(filter.unit, unit)) search.Look({.area = filter.area, .unit = unit}, below);
  }
  for (const AreaCode& area : areas) search.Look({.area = area, .unit = filter.unit}, below);
  if (filter.with_protected) search.Look({.area = filter.area, .unit = filter.unit, .is_protected = true}, below);
  return search.Page();
}

}  // namespace huiyin::matters
