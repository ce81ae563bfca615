// SPDX-License-Identifier: EUPL-1.2
// Matters a county kept elsewhere before: each with a number of its own, by which the same
// file twice brings in nothing new, and with the dates it had.
#include "core/text.h"
#include "modules/imports/importer.h"
#include "modules/matters/matters.h"
#include "modules/org/org.h"

namespace huiyin::imports {
namespace {

const std::vector<Choice> kMatterKinds = {
    {"help", {"求助", "诉求"}},       {"complaint", {"投诉"}}, {"suggestion", {"建议"}}, {"question", {"咨询"}},
    {"report", {"反映", "举报"}},     {"dispute", {"纠纷"}},   {"praise", {"表扬"}},
};
const std::vector<Choice> kChannels = {
    {"counter", {"窗口"}}, {"visit", {"走访"}},   {"phone", {"电话", "热线"}}, {"letter", {"来信", "信件"}}, {"mailbox", {"信箱"}},
    {"web", {"网络", "网上"}}, {"message", {"短信", "留言"}}, {"meeting", {"会议"}}, {"inspection", {"巡查"}}, {"reception", {"接待"}},
};
const std::vector<Choice> kYesNo = {{"yes", {"是", "已解决", "true", "1"}}, {"no", {"否", "未解决", "false", "0"}}};

// "2024-01-05", "2024/1/5 10:30", "2024-01-05T10:30:00": the county's clock; midday when
// no time is said.
std::optional<Instant> ReadMoment(std::string_view text, Zone zone) {
  const size_t gap = text.find_first_of(" T");
  const auto day = ReadLooseDate(text.substr(0, gap));
  if (!day) return std::nullopt;
  if (gap == std::string_view::npos) return StartOfDay(*day, zone) + 12 * kHour;
  int parts[3] = {0, 0, 0};
  std::string_view rest = Trim(text.substr(gap + 1));
  for (int& part : parts) {
    const size_t colon = std::min(rest.find(':'), rest.size());
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + colon, part);
    if (error != std::errc() || end != rest.data() + colon || part < 0) return std::nullopt;
    rest = rest.substr(std::min(colon + 1, rest.size()));
    if (rest.empty()) break;
  }
  if (!rest.empty() || parts[0] > 23 || parts[1] > 59 || parts[2] > 59) return std::nullopt;
  return StartOfDay(*day, zone) + parts[0] * kHour + parts[1] * kMinute + parts[2] * kSecond;
}

class MatterImporter : public Importer {
 public:
  std::span<const Column> columns() const override {
    static const std::vector<Column> kColumns = {
        {"number", true, {"工单号", "诉求编号", "工单编号"}},
        {"received_at", true, {"受理时间", "收到时间", "登记时间", "日期"}},
        {"text", true, {"内容", "诉求内容", "反映内容"}},
        {"title", false, {"标题"}},
        {"kind", false, {"类型", "诉求类型"}},
        {"category", false, {"分类", "分类代码"}},
        {"channel", false, {"渠道", "来源"}},
        {"area_code", false, {"区域代码", "区划代码"}},
        {"unit", false, {"承办单位", "单位", "处理单位"}},
        {"answered_at", false, {"答复时间"}},
        {"answer", false, {"答复", "答复内容", "办理结果"}},
        {"closed_at", false, {"办结时间"}},
        {"solved", false, {"是否解决"}},
    };
    return kColumns;
  }

  void Take(Work& work, Cells& cells) override {
    ++rows_taken_;
    matters::Historic past;
    const std::string number = cells.NeedText("number", 60);
    past.external_number = "county:" + number;
    past.text = cells.NeedText("text", 20000);
    past.title = cells.Text("title", 100).value_or("");
    past.kind = cells.OneOf("kind", kMatterKinds).value_or("help");
    past.channel = cells.OneOf("channel", kChannels).value_or("counter");
    past.category = cells.Text("category", 64).value_or("");
    past.area = cells.Has("area_code") ? cells.NeedAreaCode("area_code") : FormatCounty(work.county);
    const auto received = Moment(work, cells, "received_at");
    if (!cells.Has("received_at")) cells.Refuse("received_at", "required");
    past.received_at = received.value_or(Instant{});
    past.answered_at = Moment(work, cells, "answered_at");
    past.closed_at = Moment(work, cells, "closed_at");
    past.answer = cells.Text("answer", 20000).value_or("");
    const auto solved = cells.OneOf("solved", kYesNo);
    if (solved && past.closed_at) past.solved = *solved == "yes";
    const std::string unit = cells.Text("unit", 100).value_or("");
    if (!cells.ok()) return;
    CheckOrder(work, cells, past);
    CheckPlace(work, cells, past, unit);
    if (!seen_.insert(past.external_number).second) cells.Refuse("number", "duplicate", number);
    if (!cells.ok()) return;
    if (matters::IsImported(work.tx, work.county, past.external_number)) {
      ++summary_.same;
      return;
    }
    ++summary_.added;
    items_.push_back(std::move(past));
  }

  void Apply(Context& ctx) override {
    for (matters::Historic& past : items_) {
      past.id = MatterId(NewUuid(past.received_at, ctx.random()));
      if (past.answered_at) past.answered_by = ctx.actor.officer;
      matters::InsertHistoric(ctx, past);
    }
    Drop();
  }
  size_t pending() const override { return items_.size(); }
  void Drop() override { items_.clear(); }

 private:
  static std::optional<Instant> Moment(Work& work, Cells& cells, std::string_view key) {
    const auto text = cells.Text(key, 40);
    if (!text) return std::nullopt;
    const auto moment = ReadMoment(*text, work.services.zone);
    if (!moment) cells.Refuse(key, "not_a_time", *text);
    return moment;
  }

  static void CheckOrder(Work& work, Cells& cells, matters::Historic& past) {
    if (past.received_at > work.now) cells.Refuse("received_at", "in_the_future");
    if (past.answered_at && *past.answered_at < past.received_at) cells.Refuse("answered_at", "before_received");
    if (past.closed_at && !past.answered_at) past.answered_at = past.closed_at;
    if (past.closed_at && *past.closed_at < *past.answered_at) cells.Refuse("closed_at", "before_answered");
    if (past.answered_at && *past.answered_at > work.now) cells.Refuse("answered_at", "in_the_future");
    if (past.closed_at && *past.closed_at > work.now) cells.Refuse("closed_at", "in_the_future");
    // An answer nobody wrote down is said to have been given, no more.
    if (past.answered_at && past.answer.empty()) past.answer = "—";
  }

  void CheckPlace(Work& work, Cells& cells, matters::Historic& past, const std::string& unit) {
    const bool is_here = past.area.starts_with(FormatCounty(work.county)) && org::FindArea(work.tx, work.county, past.area);
    if (!is_here) return cells.Refuse("area_code", "unknown_area", past.area);
    if (!MayIn(work, Action::kImportsRun, past.area)) return cells.Refuse("area_code", "outside_reach", past.area);
    if (!past.category.empty() && !matters::IsCategory(work.tx, work.county, past.category)) {
      return cells.Refuse("category", "unknown_category", past.category);
    }
    const auto intake = org::IntakeUnit(work.tx, work.county, past.area);
    if (!intake) return cells.Refuse("area_code", "no_unit_takes_in", past.area);
    past.first_unit = *intake;
    past.owner_unit = *intake;
    if (unit.empty()) return;
    // By its name, nearest first: where it happened, then above.
    for (AreaCode at = past.area; !at.empty(); at = org::ParentOf(at)) {
      if (const auto known = org::FindUnitByName(work.tx, work.county, at, unit)) {
        past.owner_unit = known->id;
        past.accepted_at = past.received_at;
        return;
      }
    }
    cells.Refuse("unit", "unknown_unit", unit);
  }

  std::vector<matters::Historic> items_;
  std::set<std::string> seen_;
};

}  // namespace

std::unique_ptr<Importer> NewMatterImporter() { return std::make_unique<MatterImporter>(); }

}  // namespace huiyin::imports
