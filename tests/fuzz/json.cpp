// SPDX-License-Identifier: EUPL-1.2
// Bodies: JSON read whole, then field by field in every way there is; what the writer writes
// must read back.
#include "core/json.h"

#include "core/problem.h"
#include "core/text.h"
#include "tests/fuzz/fuzz.h"

namespace huiyin::fuzz {
namespace {

constexpr std::array<std::string_view, 3> kChoices = {"help", "complaint", "praise"};

void ReadEverything(Fields& in, int depth) {
  for (const auto& member : in.object()) {
    const std::string name(member.key());
    if (const auto text = in.Text(name, 20)) {
      Expect(CountCharacters(*text) <= 20 && !text->empty(), "a text keeps to its length");
      Expect(!HasControlCharacters(*text), "a text has no control characters");
      JsonWriter w;
      w.BeginObject().Field("text", *text).EndObject();
      Expect(ParseJsonObject(w.Take()).at("text").as_string() == *text, "a text reads back");
    }
    if (const auto number = in.Int(name, -5, 1'000)) Expect(*number >= -5 && *number <= 1'000, "a number keeps its bounds");
    (void)in.Bool(name);
    if (const auto day = in.Day(name)) Expect(ParseDate(FormatDate(*day)) == day, "a day reads back");
    (void)in.At(name);
    (void)in.OneOf(name, kChoices);
    Expect(in.Texts(name, 4, 10).size() <= 4, "a list keeps to its length");
    (void)in.Reference(name);
    Expect(in.References(name, 4).size() <= 4, "a list of ids keeps to its length");
    if (depth == 4) continue;
    in.Within(name, [&](Fields& inner) { ReadEverything(inner, depth + 1); });
    in.Each(name, 8, [&](Fields& inner) { ReadEverything(inner, depth + 1); });
  }
}

}  // namespace

void Try(std::string_view input) {
  try {
    const json::object object = ParseJsonObject(input);
    Fields in(object, County{990101});
    ReadEverything(in, 0);
    const std::string again = json::serialize(object);
    Expect(IsValidUtf8(again), "what was taken is text");
    in.Done();
  } catch (const Problem& problem) {
    Expect(problem.status == 400 || problem.status == 422, "a bad body is the client's mistake");
  }
}

}  // namespace huiyin::fuzz
