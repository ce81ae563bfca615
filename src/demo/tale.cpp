// SPDX-License-Identifier: EUPL-1.2
#include "demo/tale.h"

namespace huiyin::demo {
namespace {

bool IsResidents(std::string_view step) {
  return step == "answer" || step == "review" || step == "final_review";
}

// As the API shows an ask: what an answer keeps of it.
void WriteAsk(JsonWriter& w, const AskRow& ask, const Ground& ground) {
  w.BeginObject().Key("id").Value(static_cast<const Uuid&>(ask.id)).Field("text", ask.text);
  if (ask.unit) {
    w.Key("unit_id").Value(static_cast<const Uuid&>(*ask.unit));
    for (const Office& office : ground.offices) {
      if (office.unit.id == *ask.unit) w.Field("unit_name", office.unit.name);
    }
  }
  const auto field = [&](std::string_view name, const std::string& text) {
    if (!text.empty()) w.Field(name, text);
  };
  field("outcome", ask.outcome.value_or(""));
  field("answer", ask.answer);
  field("rule", ask.rule);
  field("appeal", ask.appeal);
  field("redirected_to", ask.redirected_to);
  w.OptField("answered_at", ask.answered_at).EndObject();
}

}  // namespace

bool Tale::Happens(Instant& at) {
  at = std::max(at, last_ + 1000);
  if (at > now_) return false;
  last_ = at;
  return true;
}

EventId Tale::Tell(Instant at, const Doer& by, std::string_view kind, json::object data) {
  data["seq"] = ++matter.events;
  return LogAct(batch_, dice_, at, by, "matter." + std::string(kind), "matter", matter.id, data,
                matter.is_protected ? std::nullopt : matter.household);
}

void Tale::Count(std::string_view name, Instant at, int64_t by) {
  if (!matter.is_protected) tally_.Add(name, at, matter.area_code, IdOf(owner), by);
}

std::optional<Instant> Tale::StartClock(std::string_view step, Instant from) {
  const Desk::Term term = desk_.Start({.step = step,
                                       .kind = matter.kind,
                                       .category = matter.category,
                                       .channel = matter.channel,
                                       .region = matter.area_code,
                                       .on = {}}, from);
  if (term.rule == nullptr) return std::nullopt;
  ClockRow clock;
  clock.matter = matter.id;
  clock.id = ClockId(dice_.NewId(from));
  clock.step = step;
  clock.rule_key = term.rule->key;
  clock.rule_version_from = term.rule->version_from;
  clock.article = term.rule->article;
  clock.started_at = from;
  clock.due_at = term.due;
  clock.working = term.working;
  clocks_.push_back(std::move(clock));
  if (IsResidents(step)) {
    matter.due_at = term.due;
    running_ = term;
    running_from_ = from;
    extension_rule_ = term.rule->extends_by.empty() ? nullptr : desk_.RuleBy(term.rule->extends_by, from);
  }
  return term.due;
}

void Tale::StopClocks(Instant at, std::string_view step) {
  for (ClockRow& clock : clocks_) {
    if (!clock.ended_at && (step.empty() || clock.step == step)) clock.ended_at = at;
  }
}

void Tale::Hold(Instant at, std::optional<size_t> office) {
  if (!holds_.empty() && !holds_.back().until_at) holds_.back().until_at = at;
  if (office) holds_.push_back({matter.id, dice_.NewId(at), IdOf(*office), at, {}});
}

void Tale::Receive(const Doer& by, const std::vector<std::string>& asks) {
  last_ = matter.registered_at;
  matter.state = "received";
  matter.first_unit = IdOf(owner);
  StartClock("answer", matter.received_at);
  for (size_t i = 0; i < asks.size(); ++i) {
    AskRow ask;
    ask.matter = matter.id;
    ask.id = AskId(dice_.NewId(matter.registered_at));
    ask.position = static_cast<int>(i) + 1;
    ask.text = asks[i];
    asks_.push_back(std::move(ask));
  }
  Tell(matter.registered_at, by, "received", {{"channel", matter.channel}, {"to_unit_id", FormatUuid(IdOf(owner))}});
  Hold(matter.registered_at, owner);
  Count("matters.received", matter.registered_at);
}

void Tale::HandOver(Instant at, size_t to, std::optional<OfficerId> officer) {
  pending_.reset();
  matter.owner_officer = officer;
  StopClocks(at, "accept");
  if (to == owner) return;
  sender_ = owner;
  owner = to;
  ++matter.moves;
  Hold(at, to);
}

void Tale::Offer(Instant at, size_t to, size_t sender) {
  pending_ = to;
  sender_ = sender;
  StopClocks(at, "accept");
  StartClock("accept", at);
}

bool Tale::Assign(Instant& at, const Person& by, size_t to, std::string_view text) {
  if (!Happens(at)) return false;
  matter.state = "assigned";
  const size_t from = owner;
  Offer(at, to, owner);
  Tell(at, By(by), "assigned", {{"from_unit_id", FormatUuid(IdOf(from))}, {"to_unit_id", FormatUuid(IdOf(to))}, {"text", text}});
  ++matter.revision;
  return true;
}

bool Tale::Accept(Instant& at, const Person& by) {
  if (!Happens(at)) return false;
  matter.state = "assigned";
  const size_t from = owner;
  HandOver(at, pending_.value_or(owner), by.officer.id);
  Tell(at, By(by), "accepted", {{"from_unit_id", FormatUuid(IdOf(from))}, {"to_unit_id", FormatUuid(IdOf(owner))}, {"text", ""}});
  Count("matters.accepted", at);
  ++matter.revision;
  return true;
}

bool Tale::Return(Instant& at, const Person& by, std::string_view reason) {
  if (!pending_ || !Happens(at)) return false;
  returning_ = *pending_;
  const size_t sender = sender_.value_or(owner);
  decider_ = sender;
  // From the second time on whoever stands above both ends the circle.
  if (matter.bounces > 0) decider_ = Superior(*returning_, sender).value_or(sender);
  RequestRow request;
  request.matter = matter.id;
  request.id = dice_.NewId(at);
  request.kind = "return";
  request.asked_by_unit = IdOf(*returning_);
  request.asked_by_officer = by.officer.id;
  request.decided_by_unit = IdOf(decider_);
  request.reason = reason;
  request.data = json::serialize(json::object{{"sender", FormatUuid(IdOf(sender))}});
  request.asked_at = at;
  request.due_at = StartClock("decide_return", at);
  requests_.push_back(std::move(request));
  ++matter.bounces;
  Tell(at, By(by), "returned", {{"from_unit_id", FormatUuid(IdOf(*returning_))}, {"to_unit_id", FormatUuid(IdOf(decider_))}, {"text", reason}});
  Count("matters.returned", at);
  ++matter.revision;
  return true;
}

bool Tale::DecideReturn(Instant& at, const Person& by, std::optional<size_t> next, std::string_view text) {
  if (!Happens(at)) return false;
  const size_t returning = *returning_;
  RequestRow& request = requests_.back();
  request.decided_at = at;
  request.is_granted = next.has_value();
  request.note = text;
  StopClocks(at, "decide_return");
  size_t to = returning;
  if (!next) {
    HandOver(at, returning, {});
  } else {
    pending_.reset();
    StopClocks(at, "accept");
    to = *next;
    if (*next != owner) Offer(at, *next, owner);
  }
  json::object told = {{"agreed", next.has_value()}, {"from_unit_id", FormatUuid(IdOf(returning))}, {"to_unit_id", FormatUuid(IdOf(to))},
                       {"text", text}, {"owner_unit_id", FormatUuid(IdOf(owner))}};
  if (pending_) told["pending_unit_id"] = FormatUuid(IdOf(*pending_));
  Tell(at, By(by), "return_decided", std::move(told));
  ++matter.revision;
  return true;
}

bool Tale::AddCoHandler(Instant& at, const Person& by, size_t office, size_t ask) {
  if (!Happens(at)) return false;
  asks_[ask].unit = IdOf(office);
  co_handlers_.push_back({matter.id, IdOf(office), at, {}});
  Tell(at, By(by), "co_handlers_added", {{"from_unit_id", FormatUuid(IdOf(owner))}, {"to_unit_id", FormatUuid(IdOf(office))}, {"text", ""}});
  ++matter.revision;
  return true;
}

bool Tale::AnswerPart(Instant& at, const Person& by, const Request::Reply::Part& part) {
  if (!Happens(at)) return false;
  for (AskRow& ask : asks_) {
    if (!ask.unit || *ask.unit != by.officer.unit_id) continue;
    ask.outcome = "explained";
    ask.answer = part.text;
    ask.answered_at = at;
    Keep(at, by, part.text, std::span(&ask, 1));
  }
  Tell(at, By(by), "part_answered", {{"from_unit_id", FormatUuid(by.officer.unit_id)}, {"text", part.text}});
  ++matter.revision;
  return true;
}

void Tale::Lengthen(const RequestRow& request) {
  const json::value data = json::parse(request.data);
  const int days = data.at("days").to_number<int>();
  const Desk::Term longer = desk_.Lengthened(*running_, running_from_, *extension_rule_, days);
  for (ClockRow& clock : clocks_) {
    if (clock.ended_at || !IsResidents(clock.step)) continue;
    clock.due_at = longer.due;
    clock.working = longer.working;
    clock.extended_by = extension_rule_->key;
    clock.extended_days = days;
  }
  matter.due_at = longer.due;
}

bool Tale::AskExtension(Instant& at, const Person& by, int days, std::string_view reason) {
  Instant when = std::max(at, last_ + 1000);
  if (extension_rule_ == nullptr || !matter.due_at || *matter.due_at < when || !Happens(at)) return false;
  RequestRow request;
  request.matter = matter.id;
  request.id = dice_.NewId(at);
  request.kind = "extension";
  request.asked_by_unit = request.decided_by_unit = IdOf(owner);
  request.asked_by_officer = by.officer.id;
  request.reason = reason;
  request.asked_at = at;
  json::object data = {{"rule", extension_rule_->key}, {"days", days}, {"article", extension_rule_->article},
                       {"unit", std::string(terms::UnitText(extension_rule_->unit)) + "s"}};
  request.data = json::serialize(data);
  json::object told = {{"text", reason}, {"rule", extension_rule_->key}, {"days", days}};
  extension_waits_ = extension_rule_->needs_approval;
  if (!extension_waits_) {
    request.decided_at = at;
    request.is_granted = true;
    Lengthen(request);
    data["due_at"] = matter.due_at->ms;
    request.data = json::serialize(data);
    told["granted"] = true;
  }
  requests_.push_back(std::move(request));
  Tell(at, By(by), extension_waits_ ? "extension_asked" : "extension_decided", std::move(told));
  ++matter.revision;
  return true;
}

bool Tale::GrantExtension(Instant& at, const Person& by) {
  if (!Happens(at)) return false;
  RequestRow& request = requests_.back();
  Lengthen(request);
  json::object data = json::parse(request.data).as_object();
  data["due_at"] = matter.due_at->ms;
  data["decided_by"] = by.officer.name;
  request.data = json::serialize(data);
  request.decided_at = at;
  request.is_granted = true;
  extension_waits_ = false;
  Tell(at, By(by), "extension_decided", {{"granted", true}, {"text", request.reason}, {"rule", data.at("rule")}, {"days", data.at("days")}});
  ++matter.revision;
  return true;
}

bool Tale::Note(Instant& at, const Person& by, std::string_view text) {
  if (!Happens(at)) return false;
  Tell(at, By(by), "noted", {{"text", text}});
  ++matter.revision;
  return true;
}

bool Tale::Remind(Instant& at, const Person& by, std::string_view text) {
  if (!Happens(at)) return false;
  Tell(at, By(by), "reminded", {{"to_unit_id", FormatUuid(IdOf(owner))}, {"text", text}});
  ++matter.revision;
  return true;
}

void Tale::Keep(Instant at, const Person& by, std::string_view text, std::span<const AskRow> asks) {
  JsonWriter w(ground_.county);
  w.BeginArray();
  for (const AskRow& ask : asks) WriteAsk(w, ask, ground_);
  batch_.answers.push_back({matter.id, dice_.NewId(at), at, by.officer.unit_id, by.officer.id, std::string(text),
                            w.EndArray().Take()});
}

bool Tale::Answer(Instant& at, const Person& by, const Request::Reply& reply) {
  if (!Happens(at)) return false;
  const terms::Case appeal{.step = matter.state == "review" ? "ask_final_review" : "ask_review",
                           .kind = matter.kind, .category = matter.category, .channel = matter.channel,
                           .region = matter.area_code, .on = {}};
  for (size_t i = 0; i < asks_.size(); ++i) {
    AskRow& ask = asks_[i];
    if (ask.outcome) continue;
    const Request::Reply::Part& part = reply.parts[std::min(i, reply.parts.size() - 1)];
    ask.outcome = part.outcome;
    ask.answer = part.text;
    ask.rule = part.rule;
    ask.redirected_to = part.redirected_to;
    if (part.outcome == "refused") {
      if (const terms::Rule* rule = desk_.Start(appeal, at).rule) ask.appeal = rule->text_zh;
    }
    ask.answered_at = at;
  }
  Keep(at, by, reply.text, asks_);
  const bool is_late = matter.due_at && *matter.due_at < at;
  const bool is_first = !matter.answered_at;
  matter.was_late = matter.was_late || is_late;
  pending_.reset();
  matter.answered_at = at;
  StopClocks(at);
  matter.due_at.reset();
  for (CoHandlerRow& co : co_handlers_) co.ended_at = at;
  for (RequestRow& request : requests_) {
    if (request.decided_at) continue;
    request.decided_at = at;
    request.is_granted = false;
  }
  extension_waits_ = false;
  if (matter.state == "final_review") {
    matter.state = "concluded";
    matter.closed_at = at;
    Hold(at, {});
  } else {
    const bool is_review = matter.state == "review";
    if (!is_review) matter.state = "answered";
    matter.judge_due_at = StartClock(is_review ? "ask_final_review" : "judge", at);
  }
  Tell(at, By(by), "answered", {{"from_unit_id", FormatUuid(IdOf(owner))}, {"late", is_late}});
  Count("matters.answered", at);
  Count(is_late ? "matters.answered_late" : "matters.answered_in_time", at);
  if (is_first) Count("matters.answer_hours", at, (at.ms - matter.received_at.ms) / kHour);
  ++matter.revision;
  return true;
}

void Tale::Settle(Instant at, std::string_view state) {
  matter.state = state;
  matter.closed_at = at;
  matter.judge_due_at.reset();
  matter.due_at.reset();
  pending_.reset();
  StopClocks(at);
  Hold(at, {});
}

void Tale::OpenAsks() {
  for (AskRow& ask : asks_) {
    ask.outcome.reset();
    ask.answer.clear();
    ask.rule.clear();
    ask.appeal.clear();
    ask.redirected_to.clear();
    ask.answered_at.reset();
  }
}

void Tale::Reopen(Instant at) {
  matter.state = "assigned";
  matter.judge_due_at.reset();
  ++matter.reopened;
  StopClocks(at);
  StartClock("answer", at);
  OpenAsks();
}

bool Tale::Judge(Instant& at, const Doer& by, const Verdict& verdict) {
  if (!matter.judge_due_at || *matter.judge_due_at < at || !Happens(at)) return false;
  matter.solved = verdict.solved;
  matter.rating = verdict.rating;
  matter.judgement_text = verdict.text;
  Count("matters.judged", at);
  Count(verdict.solved ? "matters.solved" : "matters.unsolved", at);
  if (verdict.rating) Count(fmt::format("matters.rated_{}", *verdict.rating), at);
  if (!matter.is_protected) tally_.AddJudgement(at, IdOf(owner), matter.category, verdict.solved, verdict.rating);
  json::object told = {{"solved", verdict.solved}, {"text", verdict.text}, {"channel", verdict.channel}};
  if (verdict.rating) told["rating"] = *verdict.rating;
  if (!verdict.asked_by.empty()) told["asked_by"] = verdict.asked_by;
  Tell(at, by, "judged", std::move(told));
  if (verdict.solved) {
    Settle(at, "settled");
    Tell(at, by, "settled");
    Count("matters.settled", at);
  } else {
    Reopen(at);
    Tell(at, by, "reopened", {{"to_unit_id", FormatUuid(IdOf(owner))}});
    Count("matters.reopened", at);
  }
  ++matter.revision;
  return true;
}

bool Tale::PassSilence() {
  if (!matter.judge_due_at) return false;
  Instant at = *matter.judge_due_at + 1000;
  if (!Happens(at)) return false;
  Settle(at, matter.state == "review" ? "concluded" : "settled");
  Tell(at, Doer{}, "silence_passed");
  Tell(at, Doer{}, "settled");
  Count("matters.silent", at);
  if (!matter.is_protected) tally_.AddJudgement(at, IdOf(owner), matter.category, {}, {});
  ++matter.revision;
  return true;
}

size_t Tale::IndexOf(const UnitId& unit) const {
  for (size_t i = 0; i < ground_.offices.size(); ++i) {
    if (ground_.offices[i].unit.id == unit) return i;
  }
  return owner;
}

std::optional<size_t> Tale::Superior(size_t a, size_t b) const {
  const auto above = [this](size_t office) {
    const auto& parent = ground_.offices[office].unit.parent_id;
    return parent ? std::optional(IndexOf(*parent)) : std::nullopt;
  };
  for (auto one = above(a); one; one = above(*one)) {
    for (auto other = above(b); other; other = above(*other)) {
      if (*one == *other && *one != a) return one;
    }
  }
  return std::nullopt;
}

// The unit above the one that answered; where there is none, the auditor's.
size_t Tale::ReviewOffice() const {
  const auto& parent = ground_.offices[owner].unit.parent_id;
  return parent ? IndexOf(*parent) : ground_.county_units.find("audit")->second;
}

bool Tale::Appeal(Instant& at, const Doer& by, std::string_view reason) {
  if (!matter.judge_due_at || *matter.judge_due_at < at || !Happens(at)) return false;
  const bool is_second = matter.state == "review";
  const size_t from = owner;
  const size_t to = ReviewOffice();
  matter.state = is_second ? "final_review" : "review";
  matter.closed_at.reset();
  matter.judge_due_at.reset();
  matter.owner_officer.reset();
  pending_.reset();
  sender_.reset();
  StopClocks(at);
  StartClock(is_second ? "final_review" : "review", at);
  if (to != from) ++matter.moves;
  owner = to;
  Hold(at, to);
  OpenAsks();
  for (AskRow& ask : asks_) ask.unit.reset();
  Tell(at, by, "appealed", {{"from_unit_id", FormatUuid(IdOf(from))}, {"to_unit_id", FormatUuid(IdOf(to))}, {"text", reason}});
  if (!matter.is_protected) tally_.Add("matters.appealed", at, matter.area_code, IdOf(from));
  ++matter.revision;
  return true;
}

bool Tale::Withdraw(Instant& at, const Doer& by, std::string_view reason) {
  if (!Happens(at)) return false;
  Settle(at, "withdrawn");
  for (CoHandlerRow& co : co_handlers_) co.ended_at = at;
  Tell(at, by, "withdrawn", {{"text", reason}});
  Count("matters.withdrawn", at);
  ++matter.revision;
  return true;
}

void Tale::Read(Instant at, const Person& by) {
  if (at > now_ || !matter.household || matter.is_protected) return;
  LogRead(batch_, dice_, at, By(by), "matter.read", "matter", matter.id, *matter.household, "matter");
}

void Tale::Finish() {
  matter.owner_unit = IdOf(owner);
  if (pending_) matter.pending_unit = IdOf(*pending_);
  if (sender_) matter.sender_unit = IdOf(*sender_);
  matter.is_open = matter.state == "received" || matter.state == "assigned" || matter.state == "answered" ||
                   matter.state == "review" || matter.state == "final_review";
  for (ClockRow& clock : clocks_) {
    if (clock.ended_at && !scale_.keeps_workings) clock.working = "{}";
  }
  const auto move = [](auto& from, auto& to) { std::move(from.begin(), from.end(), std::back_inserter(to)); };
  move(asks_, batch_.asks);
  move(clocks_, batch_.clocks);
  move(holds_, batch_.holds);
  move(requests_, batch_.requests);
  move(co_handlers_, batch_.co_handlers);
  batch_.matters.push_back(std::move(matter));
}

}  // namespace huiyin::demo
