// SPDX-License-Identifier: EUPL-1.2
#include <cctype>

#include "db/postgres_wire.h"
#include "db/words.h"

namespace huiyin::db {
namespace {

constexpr std::string_view kMake = R"sql(
  CREATE TABLE IF NOT EXISTS word_places (county BIGINT, number BIGINT, words TSVECTOR NOT NULL, PRIMARY KEY (county, number));
  CREATE INDEX IF NOT EXISTS word_places_words ON word_places USING GIN (words) WITH (fastupdate = off);
  DO $$ BEGIN
    -- Before places had their county. The matters find their way back by themselves.
    IF to_regclass('word_index') IS NOT NULL THEN
      DROP TABLE word_index;
      UPDATE matters SET text_number = NULL;
    END IF;
  END $$;
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
      "DELETE FROM word_places",
      {"words.add", R"sql(
        INSERT INTO word_places (county, number, words) VALUES ($3, $1, array_to_tsvector(CAST($2 AS TEXT[])))
        ON CONFLICT (county, number) DO UPDATE SET words = word_places.words || excluded.words
      )sql"},
      {"words.drop", R"sql(
        UPDATE word_places SET words = ts_delete(words, CAST($2 AS TEXT[])) WHERE county = $3 AND number = $1
      )sql"},
      {"words.newest", R"sql(
        SELECT number FROM word_places
         WHERE county = $4 AND words @@ CAST($1 AS TSQUERY) AND number < $2 ORDER BY number DESC LIMIT $3
      )sql"},
      true,
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
