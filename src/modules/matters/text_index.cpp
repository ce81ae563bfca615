// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/text_index.h"

#include <algorithm>
#include <iterator>

#include "db/words.h"
#include "modules/matters/columns.h"
#include "modules/matters/matters.h"

namespace huiyin::matters {
namespace {

constexpr int64_t kPlacesASecond = 8;
constexpr size_t kTownship = 9;
constexpr size_t kVillage = 12;

constexpr db::Sql kLastPlace{"matters.last_place", R"sql(
  SELECT COALESCE(MAX(text_number), $2 - 1) FROM matters
   WHERE county = $1 AND text_number >= $2 AND text_number < $3 AND text_number IS NOT NULL
)sql"};
constexpr db::Sql kByPlace{"matters.by_place",
                           "SELECT " HUIYIN_MATTER_COLUMNS
                           " FROM matters m WHERE m.county = $1 AND m.text_number = $2 AND m.text_number IS NOT NULL"};
constexpr db::Sql kMissing{"matters.without_words",
                           "SELECT " HUIYIN_MATTER_COLUMNS
                           " FROM matters m WHERE m.county = $1 AND m.text_number IS NULL ORDER BY m.id LIMIT $2"};
constexpr int kSome = 500;
constexpr db::Sql kPlaced{"matters.with_words",
                          "SELECT " HUIYIN_MATTER_COLUMNS
                          " FROM matters m WHERE m.county = $1 AND m.text_number > 0 AND m.text_number IS NOT NULL ORDER BY m.text_number LIMIT $2"};
constexpr db::Sql kPlacedElsewhere{"matters.placed_elsewhere",
                                   "SELECT 1 FROM matters WHERE county <> $1 AND text_number > 0 AND text_number IS NOT NULL LIMIT 1"};
constexpr db::Sql kForgetPlace{"matters.forget_place", "UPDATE matters SET text_number = NULL WHERE county = $1 AND id = $2"};
constexpr db::Sql kSetPlace{"matters.set_place", R"sql(
  UPDATE matters SET text_number = $3 WHERE county = $1 AND id = $2
)sql"};

// What stands before every word: whose it is.
std::string Room(County county, bool is_protected) { return (is_protected ? "p" : "o") + FormatCounty(county); }

std::string AreaWord(const std::string& room, std::string_view area) { return room + "a" + std::string(area); }

std::string UnitWord(const std::string& room, const UnitId& unit) {
  constexpr size_t kTail = 6;  // the random end of an id; what else ends so is sorted out later
  const std::string_view bytes = unit.View();
  return room + "u" + Hex(bytes.substr(bytes.size() - kTail));
}

void AddAreas(const std::string& room, std::string_view area, std::vector<std::string>& words) {
  if (area.size() >= kTownship) words.push_back(AreaWord(room, area.substr(0, kTownship)));
  if (area.size() >= kVillage) words.push_back(AreaWord(room, area.substr(0, kVillage)));
}

std::vector<std::string> TextWords(const std::string& room, std::initializer_list<std::string_view> texts) {
  std::vector<std::string> words;
  for (const std::string_view text : texts) {
    if (text.empty()) continue;
    auto more = WordsOf(text);
    const auto middle = static_cast<std::ptrdiff_t>(words.size());
    words.insert(words.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    std::inplace_merge(words.begin(), words.begin() + middle, words.end());
  }
  words.erase(std::unique(words.begin(), words.end()), words.end());
  const std::string prefix = room + "w";
  for (std::string& word : words) word.insert(0, prefix);
  return words;
}

// What is in `some` and not in `others`.
std::vector<std::string> Without(const std::vector<std::string>& some, const std::vector<std::string>& others) {
  std::vector<std::string> rest;
  std::set_difference(some.begin(), some.end(), others.begin(), others.end(), std::back_inserter(rest));
  return rest;
}

std::vector<std::string> TextWordsOf(const std::string& room, const Matter& m, const std::string& subject) {
  return TextWords(room, {m.text, subject, m.external_number, m.about_text});
}

// Places go by the second, so that neighbours lie close: the index keeps the distance from
// one to the next, and most of its size is that. A busier second goes on into the ones after.
int64_t NextPlace(db::Tx& tx, County county, Instant received_at) {
  const int64_t first = std::max<int64_t>(received_at.ms / 1000, 1) * kPlacesASecond;
  for (int64_t width = kPlacesASecond;; width *= 8) {
    const int64_t next = tx.Number(kLastPlace, county, first, first + width) + 1;
    if (next < first + width) return next;
  }
}

}  // namespace

void AddToIndex(db::Tx& tx, County county, Matter& m) {
  m.text_number = NextPlace(tx, county, m.received_at);
  const std::string room = Room(county, m.is_protected);
  auto words = TextWordsOf(room, m, m.subject);
  AddAreas(room, m.area, words);
  words.push_back(UnitWord(room, m.owner_unit));
  db::AddWords(tx, county, m.text_number, words);
}

int64_t IndexWords(db::Tx& tx, County county, const Said& said) {
  Matter matter;
  matter.received_at = said.received_at;
  matter.text = said.text;
  matter.subject = said.title;
  matter.area = said.area;
  matter.owner_unit = said.owner_unit;
  matter.is_protected = said.is_protected;
  AddToIndex(tx, county, matter);
  return matter.text_number;
}

void UpdateIndex(db::Tx& tx, County county, const Matter& m) {
  if (m.text_number == 0) return;
  const std::string room = Room(county, m.is_protected);
  if (m.subject != m.kept.subject) {
    // The text stays; only what the subjects differ by goes out and in.
    const auto before = TextWordsOf(room, m, m.kept.subject);
    const auto after = TextWordsOf(room, m, m.subject);
    const auto lost = Without(before, after);
    auto gained = Without(after, before);
    // SQLite's index counts what goes in and out: for each time words go out, some come in. The
    // unit's is there already and is never taken out.
    if (gained.empty() && !lost.empty()) gained.push_back(UnitWord(room, m.owner_unit));
    db::DropWords(tx, county, m.text_number, lost);
    db::AddWords(tx, county, m.text_number, gained);
  }
  std::vector<std::string> added;
  if (m.area != m.kept.area) AddAreas(room, m.area, added);
  if (Uuid(m.owner_unit) != Uuid(m.kept.owner_unit)) added.push_back(UnitWord(room, m.owner_unit));
  db::AddWords(tx, county, m.text_number, added);
}

void RemoveFromIndex(db::Tx& tx, County county, const Matter& m) {
  if (m.text_number == 0) return;
  db::DropWords(tx, county, m.text_number, TextWordsOf(Room(county, m.is_protected), m, m.kept.subject));
}

void RemoveCountyFromIndex(db::Tx& tx, County county) {
  // Taking words out one matter after another costs more the more there are.
  if (!tx.Any(kPlacedElsewhere, county)) {
    tx.Script(tx.words().empty);
    tx.Script(fmt::format("UPDATE matters SET text_number = NULL WHERE county = {}", county.code));
    return;
  }
  for (;;) {
    const auto some = tx.All(kPlaced, ReadMatter, county, kSome);
    for (const Matter& matter : some) {
      RemoveFromIndex(tx, county, matter);
      tx.Run(kForgetPlace, county, matter.id);
    }
    if (some.size() < static_cast<size_t>(kSome)) return;
  }
}

int IndexWhatIsMissing(db::Tx& tx, County county, int limit) {
  auto missing = tx.All(kMissing, ReadMatter, county, limit);
  for (Matter& matter : missing) {
    AddToIndex(tx, county, matter);
    tx.Run(kSetPlace, county, matter.id, matter.text_number);
  }
  return static_cast<int>(missing.size());
}

std::vector<int64_t> Candidates(db::Tx& tx, County county, const Within& within, const Sought& sought, int64_t below,
                                int limit) {
  const std::string room = Room(county, within.is_protected);
  std::vector<std::string> words;
  if (within.area.size() >= kTownship) {
    words.push_back(AreaWord(room, std::string_view(within.area).substr(0, within.area.size() >= kVillage ? kVillage : kTownship)));
  }
  if (within.unit) words.push_back(UnitWord(room, *within.unit));
  if (sought.words.empty()) return {};
  for (const std::string& word : sought.words) words.push_back(room + "w" + word);
  return db::NewestWithWords(tx, county, words, sought.last_is_beginning, below, limit);
}

std::optional<Matter> FindByTextNumber(db::Tx& tx, County county, int64_t number) {
  return tx.One(kByPlace, ReadMatter, county, number);
}

}  // namespace huiyin::matters
