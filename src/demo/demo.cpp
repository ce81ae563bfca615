// SPDX-License-Identifier: EUPL-1.2
#include "demo/demo.h"

#include "demo/accounts.h"
#include "demo/census.h"
#include "demo/log.h"
#include "demo/scale.h"
#include "demo/scenes.h"
#include "demo/stories.h"
#include "demo/weeks.h"
#include "modules/identity/identity.h"
#include "modules/matters/matters.h"
#include "modules/pairings/pairings.h"
#include "platform/audit.h"

namespace huiyin::demo {
namespace {

constexpr int kRegisterOpenedDays = 800;  // before today
constexpr int kSealed = 200000;           // audit entries a transaction
constexpr double kHasCardPercent = 30;
constexpr double kWithdrawnPercent = 0.6;

// The mission's quotas suit a county with as many officers as a third of its households;
// here each has some fifty, which the settings say.
constexpr std::string_view kSettings = R"json({"quotas":[
  {"rank":"leader","label_zh":"领导干部","label_en":"Leader","households":5},
  {"rank":"head","label_zh":"部门负责人","label_en":"Head of a unit","households":60},
  {"rank":"staff","label_zh":"一般干部","label_en":"Staff","households":70}],
  "languages":[
  {"code":"zh","label_zh":"普通话","label_en":"Mandarin"},
  {"code":"zh-yunling","label_zh":"云岭话","label_en":"Yunling speech"},
  {"code":"zh-gaoshan","label_zh":"高山话","label_en":"Gaoshan speech"},
  {"code":"bo","label_zh":"藏语","label_en":"Tibetan"},
  {"code":"ii","label_zh":"彝语","label_en":"Yi"},
  {"code":"en","label_zh":"英语","label_en":"English"}]})json";

class Maker {
 public:
  Maker(db::Database& database, const Options& options)
      : database_(database), options_(options), words_(Words::Load(options.data)),
        scale_(Scale::Of(options.households, options.is_brief, options.now)), today_(LocalDate(options.now, Zone{})),
        opened_(StartOfDay(today_ - kRegisterOpenedDays, Zone{}) + 9 * kHour) {}

  Made Run() {
    database_.Read([](db::Tx& tx) {
      if (HasCounty(tx)) throw std::runtime_error("there is a county in this database already; nothing was changed");
    });
    ground_ = LayOut(words_, options_.seed, scale_.ground, opened_ - 30 * kDay);
    homes_ = Settle(ground_, options_.seed, options_.households, today_);
    Say(fmt::format("{} townships, {} villages, {} units, {} officers", ground_.townships.size(),
                    ground_.villages.size(), ground_.offices.size(), ground_.people.size()));
    Accounts accounts(ground_, homes_);
    WriteFrame(accounts);
    Writer writer(database_, ground_.county);
    WriteHouseholds(accounts, writer);
    WriteMatters(accounts.Homes(), writer);
    WriteCounters(writer);
    const size_t quiet = accounts.Homes().back();
    const Played played = PlayMatters(database_, ground_, homes_, quiet, options_);
    made_.matters += played.matters;
    Say(fmt::format("{} deeds of clocks", LiveThroughWeeks(database_, ground_.county, options_.seed, options_.now)));
    CallJointMeeting(database_, ground_, played.hard, options_);
    Seal();
    made_.officers = static_cast<int64_t>(ground_.people.size());
    made_.accounts = accounts.Json(ground_, homes_);
    return std::move(made_);
  }

 private:
  void Say(const std::string& line) const {
    if (options_.progress) options_.progress(line);
  }

  void WriteFrame(const Accounts& accounts) {
    const auto counts = CountByArea(ground_, homes_);
    database_.Write([&](db::Tx& tx) {
      WriteCounty(tx, ground_.county, ground_.name, kSettings, opened_ - 30 * kDay);
      WriteGround(tx, ground_, counts, accounts.password_hashes(), opened_ - 30 * kDay);
      WriteDispatchList(tx, ground_, opened_ - 30 * kDay);
      purposes_ = org::Settings(tx, ground_.county).purposes;
    });
  }

  void WriteHouseholds(Accounts& accounts, Writer& writer) {
    const Register families(words_, ground_, options_.seed, today_, opened_);
    const Visiting visiting(words_, ground_, scale_, options_.seed, options_.now);
    Batch batch;
    batch.audit_from = scale_.audit_from;
    for (Home& home : homes_) {
      const Person* helper = home.helper ? &ground_.people[*home.helper] : nullptr;
      Family family = families.Make(home.door, helper);
      Remember(home, family);
      Dice dice = Dice::For(options_.seed, "record", home.door.n);
      AddPairings(home, family, ground_, words_, dice, batch);
      AddConsents(family, dice, batch);
      AddCard(home, family, accounts, dice, batch);
      AddTerms(family, batch.terms);
      visits_.push_back(visiting.Add(home, family, batch, tally_));
      made_.visits += static_cast<int64_t>(visits_.back().size());
      made_.residents += static_cast<int64_t>(family.residents.size());
      Move(family, batch);
      writer.TakeIfLarge(batch);
    }
    writer.Take(batch);
    writer.Finish();
    database_.Write([&](db::Tx& tx) { pairings::Recount(tx, ground_.county); }, db::Durability::kLog);
    made_.households = static_cast<int64_t>(homes_.size());
    Say(fmt::format("{} households, {} people, {} visits", made_.households, made_.residents, made_.visits));
  }

  void WriteMatters(std::vector<size_t> well_known, Writer& writer) {
    std::shared_ptr<const terms::Terms> held;
    database_.Read([&](db::Tx& tx) { held = terms::Of(tx, ground_.county); });
    Stories stories(words_, ground_, homes_, visits_, scale_, held, options_.seed, options_.now);
    stories.Favour(std::move(well_known));
    Batch batch;
    batch.audit_from = scale_.audit_from;
    const int count = options_.matters > 0 ? options_.matters : options_.households * 3 / 2;
    const std::vector<Instant> times = stories.DrawTimes(count);
    for (const Instant at : times) {
      stories.Tell(static_cast<size_t>(made_.matters++), times.size(), at, batch, tally_);
      writer.TakeIfLarge(batch);
    }
    writer.Take(batch);
    writer.Finish();
    database_.Write([&](db::Tx& tx) { matters::RebuildCounters(tx, ground_.county); }, db::Durability::kLog);
    Say(fmt::format("{} matters", made_.matters));
  }

  static void Remember(Home& home, const Family& family) {
    home.id = family.household.id;
    home.head_name = family.household.head_name;
    home.head = family.household.head_id;
    home.head_is_away = family.head_is_away;
    home.created_at = family.household.created_at;
  }

  static void Move(Family& family, Batch& batch) {
    const auto move = [](auto& from, auto& to) {
      std::move(from.begin(), from.end(), std::back_inserter(to));
    };
    batch.households.push_back(std::move(family.household));
    move(family.residents, batch.residents);
    move(family.sections, batch.sections);
  }

  // Everybody was asked; a few thought better of it, and what they took back is gone.
  void AddConsents(Family& family, Dice& dice, Batch& batch) {
    HouseholdRow& household = family.household;
    LogAct(batch, dice, household.created_at, Doer{}, "household.household_created", "household", household.id,
           {{"revision", 1}}, household.id);
    for (const org::SectionPurpose& asked : purposes_) {
      if (!asked.consent) continue;
      ConsentRow row{household.id, asked.section, asked.purpose_zh, asked.purpose_en, "spoken",
                     household.head_name, household.created_at, {}};
      if (dice.Chance(kWithdrawnPercent)) {
        row.withdrawn_at = household.created_at + dice.Between(2, 12) * kDay;
        LogAct(batch, dice, *row.withdrawn_at, ByHousehold(household.id), "household.consent_withdrawn", "household",
               household.id, {{"section", row.section}, {"revision", ++household.revision}}, household.id);
        std::erase_if(family.sections, [&](const SectionRow& section) { return section.name == row.section; });
      }
      batch.consents.push_back(std::move(row));
    }
  }

  void AddCard(const Home& home, const Family& family, Accounts& accounts, Dice& dice, Batch& batch) {
    Accounts::Card* card = accounts.CardOf(home.door.n);
    const bool has_one = dice.Chance(kHasCardPercent);
    if (card == nullptr && !has_one) return;
    CardRow row;
    row.household = family.household.id;
    row.card_number = FormatCounty(ground_.county) + "-" + identity::NewNumber(dice.random());
    row.issued_at = home.created_at + dice.Between(20, 600) * kDay;
    if (card != nullptr) {
      card->card_number = row.card_number;
      if (card->is_activated) {
        row.pin_hash = card->hash;
        row.activated_at = row.issued_at + dice.Between(1, 30) * kDay;
      } else {
        row.issued_at = options_.now - dice.Between(2, 20) * kDay;
        row.first_code_hash = card->hash;
        row.first_code_expires_at = row.issued_at + 90 * kDay;
      }
    }
    LogAct(batch, dice, row.issued_at, Doer{}, "household.card_issued", "household", row.household, {}, row.household);
    if (row.activated_at) {
      LogAct(batch, dice, *row.activated_at, ByPublic(), "household.card_activated", "household", row.household, {},
             row.household);
    }
    batch.cards.push_back(std::move(row));
  }

  void WriteCounters(Writer& writer) {
    Batch batch;
    tally_.MoveTo(batch);
    writer.Take(batch);
    writer.Finish();
  }

  void Seal() {
    for (int sealed = kSealed; sealed == kSealed;) {
      database_.Write([&](db::Tx& tx) { sealed = audit::Seal(tx, ground_.county, Zone{}, kSealed); }, db::Durability::kLog);
      made_.audit_entries += sealed;
    }
  }

  db::Database& database_;
  const Options& options_;
  const Words words_;
  const Scale scale_;
  const Date today_;
  const Instant opened_;
  Ground ground_;
  std::vector<Home> homes_;
  std::vector<org::SectionPurpose> purposes_;
  std::vector<std::vector<PastVisit>> visits_;  // by home
  Tally tally_;
  Made made_;
};

}  // namespace

Made Make(db::Database& database, const Options& options) { return Maker(database, options).Run(); }

}  // namespace huiyin::demo
