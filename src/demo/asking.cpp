// SPDX-License-Identifier: EUPL-1.2
#include "demo/asking.h"

#include "core/text.h"

namespace huiyin::demo {
namespace {

constexpr double kBrief = 200;  // whoever may not write more gets no longer answer either
constexpr size_t kClosingFrom = 50;
constexpr size_t kOpeningFrom = 70;
constexpr size_t kSecondCoreFrom = 170;
constexpr size_t kShortTitle = 13;
constexpr size_t kLongTitle = 23;

// The length at a random quantile.
size_t DrawLength(const std::vector<std::pair<double, double>>& quantiles, double longest, Dice& dice) {
  const double at = dice.Real();
  double from_share = 0;
  double from_length = quantiles.front().second * 0.6;
  for (const auto& [share, length] : quantiles) {
    if (at <= share) {
      const double part = (at - from_share) / (share - from_share);
      return static_cast<size_t>(std::min(longest, from_length + part * (length - from_length)));
    }
    from_share = share;
    from_length = length;
  }
  return static_cast<size_t>(longest);
}

// The rule a refusal names: "不符合村镇供水统一管网的规定" speaks of 村镇供水统一管网的规定.
std::string RuleIn(std::string_view text) {
  constexpr std::string_view kEnd = "规定";
  const size_t end = text.find(kEnd);
  if (end == std::string_view::npos) return "《信访工作条例》第三十二条";
  std::string_view clause = text.substr(0, end + kEnd.size());
  for (const std::string_view mark : {"，", "。", "；", "：", "不符合", "按照", "根据", "依据", "按"}) {
    if (const size_t at = clause.rfind(mark); at != std::string_view::npos) clause.remove_prefix(at + mark.size());
  }
  return clause.size() > kEnd.size() ? std::string(clause) : "《信访工作条例》第三十二条";
}

}  // namespace

Request::Request(const Words& words, const Asker& asker, Dice& dice)
    : words_(words), leaf_(*asker.leaf), dice_(dice), slots_(words.requests, dice),
      is_praise_(asker.kind == "praise"), is_brief_(asker.longest < kBrief) {
  slots_.Set("township", asker.township);
  slots_.Set("village", asker.village);
  slots_.Set("group", asker.group);
  slots_.Set("unit", asker.unit);
  slots_.Set("officer", asker.officer);
  if (!leaf_.items.empty()) slots_.Set("item", dice_.Pick(leaf_.items));
  WriteText(asker);
  WriteTitle(asker);
  WriteAsks(asker);
  slots_.Set("title", title);
  slots_.Set("count", asks.size() == 2 ? "两" : ChineseNumber(static_cast<int>(asks.size())));
}

void Request::WriteText(const Asker& asker) {
  const RequestWords& w = words_.requests;
  const size_t wanted = DrawLength(words_.figures.detail_chars, asker.longest, dice_);
  const Texts& cores = is_praise_ ? w.praise_cores : leaf_.cores;
  const size_t first = static_cast<size_t>(dice_.Between(0, static_cast<int64_t>(cores.size()) - 1));
  std::string body = slots_.Fill(cores[first]);
  if (wanted > kSecondCoreFrom && cores.size() > 1 && !is_praise_) {
    body += slots_.Fill(cores[(first + 1 + static_cast<size_t>(dice_.Between(0, static_cast<int64_t>(cores.size()) - 2))) % cores.size()]);
  }
  std::string opening, closing;
  if (wanted > kOpeningFrom) opening = slots_.Fill(dice_.Pick(w.openings.find(asker.channel)->second));
  if (wanted > kClosingFrom) closing = slots_.Fill(dice_.Pick(w.closings.find(asker.kind)->second));

  // In turn one sentence of each list, none twice.
  std::vector<Texts> lists = {leaf_.extras, w.history, leaf_.theme == "place" ? w.effect_place : w.effect_person,
                              w.effect, w.detail};
  if (is_praise_) lists.clear();
  size_t length = CountCharacters(opening) + CountCharacters(body) + CountCharacters(closing);
  for (size_t turn = 0; length < wanted && !lists.empty();) {
    Texts& list = lists[turn % lists.size()];
    if (list.empty()) {
      lists.erase(lists.begin() + static_cast<std::ptrdiff_t>(turn % lists.size()));
      continue;
    }
    const size_t at = static_cast<size_t>(dice_.Between(0, static_cast<int64_t>(list.size()) - 1));
    const std::string sentence = slots_.Fill(list[at]);
    list.erase(list.begin() + static_cast<std::ptrdiff_t>(at));
    body += sentence;
    length += CountCharacters(sentence);
    ++turn;
  }
  text = opening + body + closing;
}

void Request::WriteTitle(const Asker& asker) {
  const std::string& pattern = dice_.Pick(is_praise_ ? words_.requests.praise_titles : leaf_.titles);
  title = slots_.Fill(pattern);
  if (pattern.find("{village}") != std::string::npos || pattern.find("{group}") != std::string::npos) return;
  title = asker.village + asker.group + title;
  const size_t length = CountCharacters(title);
  if (length < kShortTitle + 3 && length + CountCharacters(asker.township) <= kLongTitle) title = asker.township + title;
}

void Request::WriteAsks(const Asker& asker) {
  if (is_praise_) {
    asks.push_back(dice_.Pick(words_.requests.closings.find(asker.kind)->second));
    return;
  }
  Texts left = leaf_.asks;
  for (int n = is_brief_ ? 1 : words_.mix.asks.Draw(dice_); n > 0 && !left.empty(); --n) {
    const size_t at = static_cast<size_t>(dice_.Between(0, static_cast<int64_t>(left.size()) - 1));
    asks.push_back(slots_.Fill(left[at]));
    left.erase(left.begin() + static_cast<std::ptrdiff_t>(at));
  }
}

Request::Reply::Part Request::PartFor(const std::string& outcome, const std::string& other_unit) {
  if (is_praise_) return {"explained", "感谢您的肯定，已转达本人和所在单位。", "", ""};
  if (outcome == "redirected") return {outcome, "该项由" + other_unit + "负责，已联系并由其接收。", "", other_unit};
  if (outcome == "withdrawn") return {outcome, "与您联系，您表示该项不再需要，按撤回处理。", "", ""};
  auto found = leaf_.outcomes.find(outcome);
  if (found == leaf_.outcomes.end()) found = leaf_.outcomes.find("done");
  Reply::Part part{found->first, slots_.Fill(dice_.Pick(found->second)), "", ""};
  if (part.outcome == "refused") part.rule = RuleIn(part.text);
  return part;
}

Request::Reply Request::Answer(std::string_view unit, std::string_view officer, std::string_view phone,
                               Date received, Date on) {
  const RequestWords& w = words_.requests;
  const Date day = received + static_cast<int>(dice_.Between(0, std::max(0, on - received)));
  slots_.Set("unit", std::string(unit));
  slots_.Set("officer", std::string(officer));
  slots_.Set("phone", std::string(phone));
  slots_.Set("day", fmt::format("{}月{}日", day.Month(), day.Day()));
  Reply reply;
  reply.text = slots_.Fill(dice_.Pick(w.answer_openings)) + slots_.Fill(dice_.Pick(w.found));
  std::string outcome = words_.mix.outcomes.Draw(dice_);
  bool is_refused = false;
  for (size_t i = 0; i < asks.size(); ++i) {
    if (i > 0 && dice_.Chance(30)) outcome = words_.mix.outcomes.Draw(dice_);
    Reply::Part part = PartFor(outcome, "县政务服务中心");
    // The same sentence twice tells nothing: the later ask points to the earlier.
    const bool is_said = reply.text.find(part.text) != std::string::npos;
    if (is_said) part.text = "与上一项一并办理，见上。";
    else reply.text += part.text;
    is_refused = is_refused || part.outcome == "refused";
    reply.parts.push_back(std::move(part));
  }
  Texts more = w.more;
  for (int64_t n = is_brief_ ? 0 : dice_.Between(1, 4); n > 0; --n) {
    const size_t at = static_cast<size_t>(dice_.Between(0, static_cast<int64_t>(more.size()) - 1));
    reply.text += slots_.Fill(more[at]);
    more.erase(more.begin() + static_cast<std::ptrdiff_t>(at));
  }
  if (is_refused) reply.text += slots_.Fill(dice_.Pick(w.refused_tails));
  reply.text += slots_.Fill(dice_.Pick(w.answer_closings));
  return reply;
}

}  // namespace huiyin::demo
