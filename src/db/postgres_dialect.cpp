// SPDX-License-Identifier: EUPL-1.2
#include <cctype>

#include "db/postgres_wire.h"
#include "db/words.h"

namespace huiyin::db {
namespace {

constexpr std::string_view kMake = R"sql(
  CREATE TABLE IF NOT EXISTS word_index (number BIGINT PRIMARY KEY, words TSVECTOR NOT NULL);
  CREATE INDEX IF NOT EXISTS word_index_words ON word_index USING GIN (words) WITH (fastupdate = off);
)sql";

// An array literal; our words have neither quotes nor backslashes, yet are quoted as if.
std::string List(std::span<const std::string> words) {
  std::string list = "{";
  for (const std::string& word : words) {
    if (list.size() > 1) list += ',';
    list += '"';
    for (const char c : word) {
      if (c == '"' || c == '\\') list += '\\';
      list += c;
    }
    list += '"';
  }
  return list + '}';
}

std::string Match(std::span<const std::string> words, bool last_is_beginning) {
  std::string match;
  for (const std::string& word : words) {
    if (!match.empty()) match += " & ";
    match += '\'';
    for (const char c : word) {
      if (c == '\'' || c == '\\') match += c;
      match += c;
    }
    match += '\'';
  }
  if (last_is_beginning) match += ":*";
  return match;
}

bool IsWordCharacter(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

std::string_view Translated(std::string_view word) {
  if (word == "INTEGER") return "BIGINT";
  if (word == "BLOB") return "BYTEA";
  if (word == "REAL") return "DOUBLE PRECISION";
  return word;
}

}  // namespace

const WordIndex& PostgresWords() {
  static const WordIndex index{
      kMake,
      {"words.add", R"sql(
        INSERT INTO word_index (number, words) VALUES ($1, array_to_tsvector(CAST($2 AS TEXT[])))
        ON CONFLICT (number) DO UPDATE SET words = word_index.words || excluded.words
      )sql"},
      {"words.drop", R"sql(
        UPDATE word_index SET words = ts_delete(words, CAST($2 AS TEXT[])) WHERE number = $1
      )sql"},
      {"words.newest", R"sql(
        SELECT number FROM word_index
         WHERE words @@ CAST($1 AS TSQUERY) AND number < $2 ORDER BY number DESC LIMIT $3
      )sql"},
      List,
      Match};
  return index;
}

// Words outside quotes and comments are looked at, and "STRICT, WITHOUT ROWID" behind a
// table's last parenthesis is left out.
std::string ToPostgres(std::string_view script) {
  std::string out;
  out.reserve(script.size());
  for (size_t at = 0; at < script.size();) {
    const char c = script[at];
    if (c == '\'') {
      const size_t end = script.find('\'', at + 1);
      const size_t until = end == std::string_view::npos ? script.size() : end + 1;
      out += script.substr(at, until - at);
      at = until;
    } else if (script.substr(at, 2) == "--") {
      at = std::min(script.find('\n', at), script.size());
    } else if (IsWordCharacter(c)) {
      size_t end = at;
      while (end < script.size() && IsWordCharacter(script[end])) ++end;
      const std::string_view word = script.substr(at, end - at);
      if (word == "STRICT") {
        constexpr std::string_view kRest = ", WITHOUT ROWID";
        if (script.substr(end, kRest.size()) == kRest) end += kRest.size();
      } else {
        out += Translated(word);
      }
      at = end;
    } else {
      out += c;
      ++at;
    }
  }
  return out;
}

}  // namespace huiyin::db
