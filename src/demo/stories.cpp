// SPDX-License-Identifier: EUPL-1.2
#include "demo/stories.h"

#include "modules/identity/identity.h"

namespace huiyin::demo {
namespace {

constexpr int kDays = 730;
constexpr int kBusyDays = 14;         // the last days bring more, so that every desk has some
constexpr double kBusy = 2.2;
constexpr double kConductPercent = 1.4;
constexpr double kNamedPercent = 85;  // complaints that name whom they are about
constexpr double kNotedPercent = 32;
constexpr double kCoHandledPercent = 4;
constexpr double kWithdrawnPercent = 1.6;
constexpr double kRemindedPercent = 45;  // of those past due
constexpr double kByTelephonePercent = 55;

bool ComesByItself(std::string_view channel) { return channel == "web"; }
bool ComesAnyHour(std::string_view channel) {
  return channel == "web" || channel == "message" || channel == "mailbox";
}

}  // namespace

// Who takes part in one matter.
struct Stories::Cast {
  const Leaf* leaf = nullptr;
  std::string kind, channel;
  const Home* home = nullptr;  // null: no household is known
  const Home* favoured = nullptr;  // who asks, if that is settled
  const Village* village = nullptr;
  const Group* group = nullptr;
  std::optional<VisitId> visit;
  Instant received_at, registered_at;
  size_t first = 0;    // office
  size_t handler = 0;  // office
  const Person* taker = nullptr;  // null: it came by itself
  bool is_anonymous = false;
  const Person* about = nullptr;
  bool is_protected = false;
};

Stories::Stories(const Words& words, const Ground& ground, const std::vector<Home>& homes,
                 const std::vector<std::vector<PastVisit>>& visits, const Scale& scale,
                 std::shared_ptr<const terms::Terms> held, uint64_t seed, Instant now)
    : words_(words), ground_(ground), homes_(homes), visits_(visits), scale_(scale), desk_(std::move(held)), seed_(seed), now_(now) {
  for (size_t h = 0; h < visits.size(); ++h) {
    for (size_t v = 0; v < visits[h].size(); ++v) {
      if (visits[h][v].met_somebody) by_time_.push_back({visits[h][v].at, h, v});
    }
  }
  std::sort(by_time_.begin(), by_time_.end(), [](const VisitAt& a, const VisitAt& b) {
    return std::tie(a.at, a.home) < std::tie(b.at, b.home);
  });
}

std::vector<Instant> Stories::DrawTimes(int count) const {
  Dice dice = Dice::For(seed_, "times");
  const Date today = LocalDate(now_, Zone{});
  const double fullest = *std::max_element(words_.mix.months.begin(), words_.mix.months.end());
  std::vector<Instant> times;
  while (static_cast<int>(times.size()) < count) {
    const int ago = static_cast<int>(dice.Between(0, kDays - 1));
    const Date day = today - ago;
    double weight = words_.figures.weekdays[static_cast<size_t>(day.Weekday() - 1)] *
                    words_.mix.months[static_cast<size_t>(day.Month() - 1)] / fullest / kBusy;
    if (ago < kBusyDays) weight *= kBusy;
    if (!dice.Chance(weight * 100)) continue;
    const Instant at = StartOfDay(day, Zone{}) + words_.figures.hours.Draw(dice) * kHour + dice.Between(0, kHour - 1);
    if (at < now_ - 5 * kMinute) times.push_back(at);
  }
  std::sort(times.begin(), times.end());
  return times;
}

const Person& Stories::Someone(size_t office, Dice& dice) const {
  return ground_.AnyOf(ground_.offices[office], dice);
}

Doer Stories::Resident(const Cast& cast) const {
  return cast.home != nullptr && !cast.is_protected ? ByHousehold(cast.home->id) : ByPublic();
}

void Stories::ChooseDoor(Cast& cast, Dice& dice) const {
  const auto office = [&](std::string_view key) { return IndexOf(ground_.OfficeAt(key, cast.village)); };
  if (cast.channel == "visit") return;
  if (ComesByItself(cast.channel)) {
    cast.first = office("t_service");
    return;
  }
  if (cast.channel == "counter") cast.first = office(dice.Chance(75) ? "t_service" : "centre");
  else if (cast.channel == "meeting" || cast.channel == "inspection" || cast.channel == "reception") cast.first = office(dice.Chance(80) ? "t_gov" : "gov");
  else cast.first = office(dice.Chance(70) ? "centre" : "t_service");
  cast.taker = &Someone(cast.first, dice);
}

void Stories::ChooseTarget(Cast& cast, Dice& dice) const {
  const size_t audit = ground_.county_units.find("audit")->second;
  cast.channel = "web";
  cast.visit.reset();
  cast.kind = "complaint";
  cast.is_protected = dice.Chance(kNamedPercent);
  cast.first = cast.handler = audit;
  cast.taker = nullptr;
  if (!cast.is_protected) {
    cast.first = IndexOf(ground_.OfficeAt("t_service", cast.village));
    return;
  }
  static const Texts kKeys = {"t_service", "t_gov", "t_social", "t_agri", "civil", "labour", "gsc", "water"};
  cast.about = &Someone(IndexOf(ground_.OfficeAt(dice.Pick(kKeys), cast.village)), dice);
}

void Stories::ChooseCast(Cast& cast, Instant at, Dice& dice) {
  const bool is_conduct = dice.Chance(kConductPercent);
  cast.leaf = is_conduct ? words_.requests.conduct_leaves.Draw(dice) : words_.requests.leaves.Draw(dice);
  cast.kind = dice.Chance(words_.mix.praise) && !is_conduct ? "praise" : cast.leaf->kinds.Draw(dice);
  cast.channel = words_.mix.channels.Draw(dice);
  cast.received_at = at;
  cast.home = &dice.Pick(homes_);
  if (cast.favoured != nullptr) {
    cast.home = cast.favoured;
    if (cast.channel == "visit") cast.channel = "phone";
  }
  if (cast.channel == "visit" && !by_time_.empty()) {
    auto near = std::lower_bound(by_time_.begin(), by_time_.end(), at,
                                 [](const VisitAt& visit, Instant when) { return visit.at < when; });
    if (near == by_time_.end()) --near;
    const PastVisit& visit = visits_[near->home][near->visit];
    cast.home = &homes_[near->home];
    cast.visit = visit.id;
    cast.taker = &ground_.people[visit.officer];
    cast.first = cast.taker->office;
    cast.received_at = std::min(now_ - kMinute, visit.at + dice.Between(5, 45) * kMinute);
  } else if (cast.channel == "visit") {
    cast.channel = "counter";
  }
  cast.village = &ground_.villages[cast.home->door.village];
  cast.group = &cast.village->groups[cast.home->door.group];
  if (!cast.visit && !ComesAnyHour(cast.channel)) cast.received_at = desk_.AtWork(cast.received_at, dice);
  if (cast.received_at > now_ - kMinute) cast.received_at = now_ - dice.Between(2, 200) * kMinute;
  cast.handler = IndexOf(ground_.OfficeAt(cast.leaf->handlers.Draw(dice), cast.village));
  if (is_conduct) ChooseTarget(cast, dice);
  else ChooseDoor(cast, dice);
  const bool can_be_nameless = cast.channel == "web" || cast.channel == "mailbox" || cast.channel == "letter";
  cast.is_anonymous = can_be_nameless && dice.Chance(words_.mix.anonymous * 6);
  if (cast.favoured != nullptr) cast.is_anonymous = false;
  else if (cast.is_anonymous || (!cast.visit && dice.Chance(words_.mix.without_household * 1.2))) cast.home = nullptr;
  cast.registered_at = cast.received_at;
  if (cast.channel == "letter" || cast.channel == "mailbox") {
    cast.registered_at = desk_.AtWork(cast.received_at + dice.Between(8, 60) * kHour, dice);
  } else if (cast.channel == "message") {
    cast.registered_at = desk_.AtWork(cast.received_at + dice.Between(3, 50) * kMinute, dice);
  } else if (!ComesByItself(cast.channel)) {
    cast.registered_at = cast.received_at + dice.Between(2, 12) * kMinute;
  }
  cast.registered_at = std::min(cast.registered_at, now_);
}

MatterRow Stories::Opening(const Cast& cast, const Request& request, Dice& dice) {
  MatterRow m;
  m.id = MatterId(dice.NewId(cast.registered_at));
  do {
    m.receipt = identity::NewNumber(dice.random());
  } while (!receipts_.insert(m.receipt).second);
  m.channel = cast.channel;
  m.kind = cast.kind;
  m.category = cast.leaf->category;
  m.text = request.text;
  m.subject = request.title;
  m.area_code = cast.home != nullptr ? cast.home->area : cast.village->code;
  m.visit = cast.visit;
  m.is_anonymous = cast.is_anonymous;
  if (cast.home != nullptr) {
    m.household = cast.home->id;
    if (dice.Chance(70)) m.resident = cast.home->head;
  }
  if (!cast.is_anonymous) {
    json::object contact{{"phone", fmt::format("199 0000 {:04}", dice.Between(0, 9999))}};
    contact["name"] = cast.home != nullptr
                          ? cast.home->head_name
                          : PersonName(words_, dice, "male", 1970, words_.surnames.Draw(dice));
    m.contact = json::serialize(contact);
  }
  m.received_at = cast.received_at;
  m.registered_at = cast.registered_at;
  if (cast.taker != nullptr) m.first_officer = cast.taker->officer.id;
  m.is_protected = cast.is_protected;
  if (cast.about != nullptr) {
    m.about_unit = cast.about->officer.unit_id;
    if (dice.Chance(60)) m.about_officer = cast.about->officer.id;
  }
  return m;
}

// Some three for each over the two years, and one of the last days.
bool Stories::IsFavoured(size_t n, size_t count) const {
  const size_t homes = favoured_.size();
  if (homes == 0 || count < homes * 8) return false;
  const size_t stride = count / (homes * 3);
  const size_t last = homes * 5;
  return n % stride == 0 || (n + last >= count && n % 5 == 0);
}

void Stories::Tell(size_t n, size_t count, Instant at, Batch& batch, Tally& tally) {
  Dice dice = Dice::For(seed_, "matter", n);
  Cast cast;
  if (IsFavoured(n, count)) cast.favoured = &homes_[favoured_[next_favoured_++ % favoured_.size()]];
  ChooseCast(cast, at, dice);
  const Office& handler = ground_.offices[cast.handler];
  Request request(words_, {cast.leaf, cast.kind, cast.channel, ground_.townships[cast.village->township].name,
                           cast.village->name, cast.group->name, handler.unit.name,
                           Someone(cast.handler, dice).officer.name, scale_.request_length}, dice);
  Tale tale(ground_, desk_, scale_, now_, dice, batch, tally);
  tale.matter = Opening(cast, request, dice);
  tale.owner = cast.first;
  const Doer by = cast.taker != nullptr ? tale.By(*cast.taker) : Resident(cast);
  tale.Receive(cast.is_anonymous ? ByPublic() : by, request.asks);
  Instant now = cast.registered_at;
  if (Route(cast, tale, now, request, dice) && Handle(cast, tale, now, request, dice)) {
    Conclude(cast, tale, now, request, dice);
  }
  tale.Finish();
}

// From the first receiver to the unit that handles it, sometimes by way of one that does not.
bool Stories::Route(Cast& cast, Tale& tale, Instant& at, Request& request, Dice& dice) {
  if (cast.handler == cast.first) {
    at = desk_.AtWork(at + dice.Between(10, 300) * kMinute, dice);
    return tale.Accept(at, Someone(cast.handler, dice));
  }
  const auto hours = [&](int from, int to) { return desk_.AtWork(at + dice.Between(from * 60, to * 60) * kMinute, dice); };
  const auto sender = [&]() -> const Person& { return cast.taker != nullptr ? *cast.taker : Someone(cast.first, dice); };
  size_t next = cast.handler;
  const double fate = dice.Real() * 100;
  int returns = fate < words_.mix.returned_twice ? 2 : fate < words_.mix.returned_once ? 1 : 0;
  static const Texts kWrong = {"t_build", "t_agri", "t_social", "transport", "housing", "natural", "civil"};
  const auto other = [&] { return IndexOf(ground_.OfficeAt(dice.Pick(kWrong), cast.village)); };
  if (returns > 0) next = other();
  if (next == cast.handler || next == cast.first) {
    returns = 0;
    next = cast.handler;
  }
  at = hours(0, 9);
  if (!tale.Assign(at, sender(), next, "")) return false;
  for (; returns > 0; --returns) {
    at = hours(2, 14);
    if (!tale.Return(at, Someone(next, dice), request.Fill(dice.Pick(words_.requests.return_reasons)))) return false;
    at = hours(2, 16);
    const bool is_agreed = dice.Chance(84);
    const auto& texts = is_agreed ? words_.requests.return_agreed : words_.requests.return_refused;
    size_t after = cast.handler;
    if (returns > 1) after = other();
    if (after == cast.first || after == next) after = cast.handler;
    if (!tale.DecideReturn(at, Someone(tale.decider(), dice), is_agreed ? std::optional(after) : std::nullopt,
                           dice.Pick(texts))) return false;
    if (!is_agreed) {
      cast.handler = next;
      return true;  // it has it, and need not accept
    }
    next = after;
    if (next == cast.handler) returns = std::min(returns, 1);
  }
  cast.handler = next;
  at = hours(1, 15);
  return tale.Accept(at, Someone(next, dice));
}

double Stories::DrawDays(Dice& dice, double most_percent) const {
  const double percent = dice.Real() * most_percent;
  double from_days = 0.05;
  double from_percent = 0;
  for (const auto& [days, reached] : words_.mix.answer_days) {
    if (percent <= reached) return from_days + (days - from_days) * (percent - from_percent) / (reached - from_percent);
    from_days = days;
    from_percent = reached;
  }
  return from_days * (1 + dice.Real());
}

Instant Stories::AnswerTime(const Cast& cast, const Tale& tale, Instant from, Dice& dice) const {
  const double stretch = cast.kind == "complaint" ? 2.4 : cast.kind == "dispute" ? 2.0
                         : tale.matter.category.starts_with("register.") ? 1.6 : 1.0;
  const auto draw = [&](double most) {
    return desk_.AtWork(from + static_cast<int64_t>(DrawDays(dice, most) * stretch * static_cast<double>(kDay)), dice);
  };
  const Instant at = draw(100);
  // Being late is what everybody watches for.
  return tale.matter.due_at && at > *tale.matter.due_at && dice.Chance(55) ? draw(74) : at;
}

void Stories::AskForTime(Tale& tale, Instant accepted, const Person& by, Dice& dice) const {
  const Instant due = *tale.matter.due_at;
  Instant asked = desk_.AtWork(std::max(accepted + 2 * kHour, due - dice.Between(20, 60) * kHour), dice);
  const int days = static_cast<int>(dice.Between(std::max(1, tale.LongestExtension() / 3), tale.LongestExtension()));
  if (!tale.AskExtension(asked, by, days, dice.Pick(words_.requests.extension_reasons))) return;
  if (!tale.ExtensionWaits()) return;
  Instant decided = desk_.AtWork(asked + dice.Between(30, 400) * kMinute, dice);
  const Person* head = &Someone(tale.owner, dice);
  if (head->officer.id == by.officer.id) head = &ground_.people[ground_.Centre().officers.front()];
  if (decided <= due) tale.GrantExtension(decided, *head);
}

bool Stories::Handle(Cast& cast, Tale& tale, Instant& at, Request& request, Dice& dice) {
  const Instant accepted = at;
  const Person* handler = &Someone(tale.owner, dice);
  if (tale.matter.owner_officer) {
    for (const size_t p : ground_.offices[tale.owner].officers) {
      if (ground_.people[p].officer.id == *tale.matter.owner_officer) handler = &ground_.people[p];
    }
  }
  Instant answered = std::max(AnswerTime(cast, tale, cast.received_at, dice),
                              desk_.AtWork(accepted + dice.Between(40, 300) * kMinute, dice));
  const auto mid = [&](double share) {
    return desk_.AtWork(accepted + static_cast<int64_t>(static_cast<double>(answered.ms - accepted.ms) * share), dice);
  };
  if (dice.Chance(kWithdrawnPercent)) {
    Instant withdrawn = accepted + dice.Between(2, 60) * kHour;
    if (withdrawn < answered) {
      tale.Withdraw(withdrawn, Resident(cast), "事情已经自己解决，不用再办了。");
      return false;
    }
  }
  std::optional<size_t> helper;
  if (tale.asks().size() > 1 && !cast.is_protected && dice.Chance(kCoHandledPercent)) {
    const size_t other = IndexOf(ground_.OfficeAt("t_social", cast.village));
    Instant added = mid(0.1);
    if (other != tale.owner && added < answered && tale.AddCoHandler(added, *handler, other, tale.asks().size() - 1)) helper = other;
  }
  if (dice.Chance(kNotedPercent)) {
    Instant noted = mid(0.2 + 0.3 * dice.Real());
    if (noted < answered) tale.Note(noted, *handler, request.Fill(dice.Pick(words_.requests.notes)));
  }
  if (helper) {
    Instant part = mid(0.6);
    const Person& other = Someone(*helper, dice);
    if (part < answered) tale.AnswerPart(part, other, {"explained", "我们已按职责核实，情况如承办单位答复。", "", ""});
  }
  const bool would_be_late = tale.matter.due_at && answered > *tale.matter.due_at;
  if (tale.matter.due_at && tale.MayExtend() && dice.Chance(would_be_late ? words_.mix.extended * 7 : words_.mix.extended * 0.3)) {
    AskForTime(tale, accepted, *handler, dice);
  }
  if (tale.matter.due_at && answered > *tale.matter.due_at && !cast.is_protected && dice.Chance(kRemindedPercent)) {
    Instant reminded = desk_.AtWork(*tale.matter.due_at + dice.Between(2, 20) * kHour, dice);
    const Person& supervisor = ground_.people[ground_.Centre().officers.front()];
    if (reminded < answered) tale.Remind(reminded, supervisor, "已超过时限，请尽快答复并说明原因。");
  }
  if (answered > now_) return false;
  const Date on = LocalDate(answered, Zone{});
  const Request::Reply reply = request.Answer(ground_.offices[tale.owner].unit.name, handler->officer.name,
                                              handler->officer.phone, LocalDate(cast.received_at, Zone{}), on);
  if (!cast.is_protected && tale.matter.household && dice.Chance(70)) {
    tale.Read(accepted + 5 * kMinute, *handler);
  }
  at = answered;
  return tale.Answer(at, *handler, reply);
}

void Stories::Conclude(Cast& cast, Tale& tale, Instant at, Request& request, Dice& dice) {
  const Doer resident = Resident(cast);
  for (int round = 0; round < 4 && tale.matter.judge_due_at; ++round) {
    std::string fate = words_.mix.judgements.Draw(dice);
    if (round > 0 && fate == "unsolved" && dice.Chance(50)) fate = "solved";
    if (cast.is_anonymous && fate == "solved" && dice.Chance(60)) fate = "silence";
    if (fate == "silence") {
      tale.PassSilence();
      return;
    }
    Instant judged = at + static_cast<int64_t>((0.2 + 9 * dice.Real() * dice.Real()) * static_cast<double>(kDay));
    const bool is_review = tale.matter.state == "review";
    const bool appeals = fate == "unsolved" && !cast.is_protected && (is_review || dice.Chance(words_.mix.appeal));
    Tale::Verdict verdict;
    verdict.solved = fate == "solved";
    const auto& ratings = verdict.solved ? words_.mix.rating_solved : words_.mix.rating_unsolved;
    if (dice.Chance(85)) verdict.rating = ratings.Draw(dice);
    if (!verdict.solved || dice.Chance(45)) {
      verdict.text = request.Fill(dice.Pick(verdict.solved ? words_.requests.solved : words_.requests.unsolved));
    }
    if (appeals) {
      if (!tale.Appeal(judged, resident, dice.Pick(words_.requests.appeal_reasons))) return;
    } else {
      const bool by_telephone = !ComesByItself(cast.channel) && !cast.is_protected && dice.Chance(kByTelephonePercent) &&
                                tale.owner != IndexOf(ground_.Centre());
      Doer by = resident;
      if (by_telephone) {
        const Person& caller = Someone(IndexOf(ground_.Centre()), dice);
        by = tale.By(caller);
        verdict.channel = "phone";
        verdict.asked_by = caller.officer.name;
        judged = desk_.AtWork(judged, dice);
      }
      if (!tale.Judge(judged, by, verdict) || verdict.solved) return;
    }
    // It is open again: the same unit, or the one above, answers anew.
    const Person& handler = Someone(tale.owner, dice);
    at = desk_.AtWork(judged + static_cast<int64_t>(DrawDays(dice, 80) * static_cast<double>(kDay)) + 3 * kHour, dice);
    if (at > now_) return;
    const Request::Reply reply = request.Answer(ground_.offices[tale.owner].unit.name, handler.officer.name,
                                                handler.officer.phone, LocalDate(judged, Zone{}), LocalDate(at, Zone{}));
    if (!tale.Answer(at, handler, reply)) return;
  }
}

}  // namespace huiyin::demo
