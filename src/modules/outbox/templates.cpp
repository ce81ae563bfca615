// SPDX-License-Identifier: EUPL-1.2
#include "modules/outbox/templates.h"

#include <stdexcept>

namespace huiyin::outbox {
namespace {

constexpr std::string_view kFallback = "zh-CN";
constexpr std::string_view kParts[] = {"title", "text"};
constexpr std::string_view kOutside[] = {"sms", "sms_plain", "email_title", "email", "email_plain"};
// What a matter says stays in the house: no template for residents, whom a message may miss,
// has a word for it.
constexpr std::string_view kOfficersOnly[] = {"title", "text", "household"};

// "matter.late/officer/title" and "sms" to their templates.
using Sentences = std::map<std::string, std::string, std::less<>>;
using Book = std::map<std::string, Sentences, std::less<>>;  // by language

std::string Key(std::string_view kind, std::string_view reader, std::string_view part) {
  return fmt::format("{}/{}/{}", kind, reader, part);
}

[[noreturn]] void Wrong(std::string_view language, std::string_view where, std::string_view what) {
  throw std::runtime_error(fmt::format("messages in {}: {}: {}", language, where, what));
}

std::string TextAt(const json::object& object, std::string_view name, std::string_view language, std::string_view where) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr) return "";
  if (!value->is_string()) Wrong(language, where, fmt::format("{} is not text", name));
  return std::string(value->get_string());
}

void CheckBrackets(std::string_view text, std::string_view language, std::string_view where) {
  bool is_open = false;
  for (size_t i = 0; i + 1 < text.size(); ++i) {
    const std::string_view two = text.substr(i, 2);
    if (two != "[[" && two != "]]") continue;
    if (is_open == (two == "[[")) Wrong(language, where, "brackets do not pair");
    is_open = !is_open;
    ++i;
  }
  if (is_open) Wrong(language, where, "brackets do not pair");
}

void LayKind(Sentences& into, const Kind& kind, std::string_view reader, const json::object& said, std::string_view language) {
  const std::string where = fmt::format("{} for the {}", kind.name, reader);
  for (const std::string_view part : kParts) {
    const std::string text = TextAt(said, part, language, where);
    if (text.empty()) continue;
    CheckBrackets(text, language, where);
    for (const std::string& field : FieldsIn(text)) {
      const bool is_kept_in = reader == "resident" && std::find(std::begin(kOfficersOnly), std::end(kOfficersOnly), field) != std::end(kOfficersOnly);
      if (is_kept_in || !HasField(kind, field)) Wrong(language, where, fmt::format("there is no {{{}}} to fill in", field));
    }
    into[Key(kind.name, reader, part)] = text;
  }
}

void Lay(Book& book, std::string_view file) {
  boost::system::error_code error;
  const json::value value = json::parse(file, error);
  if (error || !value.is_object()) throw std::runtime_error("messages: not a JSON object");
  const json::object& all = value.get_object();
  const std::string language = TextAt(all, "language", "?", "the file");
  if (language.empty()) throw std::runtime_error("messages: the file names no language");
  // All of a file or nothing of it.
  const auto known = book.find(language);
  Sentences into = known == book.end() ? Sentences{} : known->second;
  for (const std::string_view name : kOutside) {
    const std::string text = TextAt(all, name, language, "the file");
    if (text.empty()) continue;
    for (const std::string& field : FieldsIn(text)) {
      if (field != "receipt") Wrong(language, name, "only {receipt} may leave the house");
    }
    into[std::string(name)] = text;
  }
  const json::value* kinds = all.if_contains("kinds");
  const json::object none;
  for (const auto& entry : kinds != nullptr && kinds->is_object() ? kinds->get_object() : none) {
    const Kind* kind = FindKind(std::string_view(entry.key()));
    if (kind == nullptr) Wrong(language, std::string_view(entry.key()), "there is no such kind");
    if (!entry.value().is_object()) Wrong(language, std::string_view(entry.key()), "not an object");
    for (const std::string_view reader : {"officer", "resident"}) {
      const json::value* said = entry.value().get_object().if_contains(reader);
      if (said != nullptr && said->is_object()) LayKind(into, *kind, reader, said->get_object(), language);
    }
  }
  book[language] = std::move(into);
}

Book Shipped() {
  Book book;
  for (int i = 0; i < kShippedLanguageCount; ++i) Lay(book, kShippedLanguages[i].text);
  return book;
}

Book& TheBook() {
  static Book book = Shipped();
  return book;
}

std::string_view Find(std::string_view language, std::string_view key) {
  const Book& book = TheBook();
  for (const std::string_view each : {language, kFallback}) {
    const auto sentences = book.find(each);
    if (sentences == book.end()) continue;
    const auto found = sentences->second.find(key);
    if (found != sentences->second.end()) return found->second;
  }
  return "";
}

// What stands for a field; empty when it has no value.
std::string Shown(std::string_view field, const json::object& data, Zone zone) {
  const json::value* value = data.if_contains(field);
  if (value == nullptr || value->is_null()) return "";
  if (!value->is_string()) return json::serialize(*value);
  const std::string text(value->get_string());
  if (TypeOf(field) == FieldType::kInstant) {
    if (const auto at = ParseInstant(text)) return FormatLocal(*at, zone);
  }
  return text;
}

// Appends a piece without brackets; whether every field of it had a value.
bool FillPiece(std::string& out, std::string_view text, const json::object& data, Zone zone) {
  bool is_whole = true;
  for (size_t i = 0; i < text.size();) {
    const size_t close = text[i] == '{' ? text.find('}', i) : std::string_view::npos;
    if (close == std::string_view::npos) {
      out += text[i++];
      continue;
    }
    const std::string shown = Shown(text.substr(i + 1, close - i - 1), data, zone);
    is_whole = is_whole && !shown.empty();
    out += shown.empty() ? "—" : shown;
    i = close + 1;
  }
  return is_whole;
}

}  // namespace

std::vector<std::string> FieldsIn(std::string_view text) {
  std::vector<std::string> fields;
  for (size_t open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1)) {
    const size_t close = text.find('}', open);
    if (close == std::string_view::npos) break;
    fields.emplace_back(text.substr(open + 1, close - open - 1));
  }
  return fields;
}

std::string Fill(std::string_view text, const json::object& data, Zone zone) {
  std::string out;
  while (!text.empty()) {
    const size_t open = text.find("[[");
    const size_t close = open == std::string_view::npos ? open : text.find("]]", open);
    if (close == std::string_view::npos) break;
    FillPiece(out, text.substr(0, open), data, zone);
    const std::string_view inside = text.substr(open + 2, close - open - 2);
    const size_t bar = inside.find('|');
    std::string piece;
    if (FillPiece(piece, inside.substr(0, bar), data, zone)) out += piece;
    else if (bar != std::string_view::npos) FillPiece(out, inside.substr(bar + 1), data, zone);
    text.remove_prefix(close + 2);
  }
  FillPiece(out, text, data, zone);
  return out;
}

std::vector<std::string> Languages() {
  std::vector<std::string> names;
  for (const auto& [language, sentences] : TheBook()) names.push_back(language);
  return names;
}

std::string LanguageFor(std::string_view wanted) {
  const auto part = [](std::string_view tag) { return tag.substr(0, tag.find('-')); };
  const Book& book = TheBook();
  if (book.contains(wanted)) return std::string(wanted);
  for (const auto& [language, sentences] : book) {
    if (!wanted.empty() && part(language) == part(wanted)) return language;
  }
  return std::string(kFallback);
}

Said Say(std::string_view language, std::string_view kind, Reader reader, const json::object& data, Zone zone) {
  const std::string_view who = reader == Reader::kOfficer ? "officer" : "resident";
  return {Fill(Find(language, Key(kind, who, "title")), data, zone), Fill(Find(language, Key(kind, who, "text")), data, zone)};
}

std::string SaySms(std::string_view language, const json::object& data) {
  return Fill(Find(language, data.contains("receipt") ? "sms" : "sms_plain"), data, {});
}

Said SayMail(std::string_view language, const json::object& data) {
  return {std::string(Find(language, "email_title")),
          Fill(Find(language, data.contains("receipt") ? "email" : "email_plain"), data, {})};
}

void AddLanguage(std::string_view text) { Lay(TheBook(), text); }

std::string TemplateOf(std::string_view language, std::string_view kind, std::string_view reader, std::string_view part) {
  const Book& book = TheBook();
  const auto sentences = book.find(language);
  if (sentences == book.end()) return "";
  const auto found = sentences->second.find(kind.empty() ? std::string(part) : Key(kind, reader, part));
  return found == sentences->second.end() ? "" : found->second;
}

}  // namespace huiyin::outbox
