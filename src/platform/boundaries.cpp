// SPDX-License-Identifier: EUPL-1.2
#include "platform/boundaries.h"

#include "core/problem.h"
#include "core/text.h"

namespace huiyin {
namespace {

constexpr ProtectedCategory kReligion{
    "religion", "回音不记录宗教信仰：这不是为居民办事所需要的信息。",
    "Huiyin keeps nothing on religion: serving a household does not need it."};
constexpr ProtectedCategory kEthnicity{
    "ethnicity", "回音不记录民族成分：请改记居民希望使用的语言。",
    "Huiyin keeps nothing on ethnicity: record the languages a person wants to be served in."};
constexpr ProtectedCategory kPolitics{
    "politics", "回音不记录政治面貌、思想或态度。",
    "Huiyin keeps nothing on political membership, opinion or attitude."};
constexpr ProtectedCategory kPetitioner{
    "petitioner", "回音不给反映问题的人贴标签：向上级反映是居民的权利。",
    "Huiyin puts no label on people who petition: going to a higher level is a right."};
constexpr ProtectedCategory kFamilyPlanning{
    "family_planning", "回音不记录生育和计划生育信息。",
    "Huiyin keeps nothing on pregnancy, births allowed or family planning."};
constexpr ProtectedCategory kStability{
    "stability", "回音不记录维稳、重点人员、前科或对人的风险评分。",
    "Huiyin keeps no watch lists, key persons, criminal records or risk scores of people."};

struct Term {
  std::string_view text;
  const ProtectedCategory* category;
};

// Found anywhere in the name once white space and punctuation are gone.
constexpr Term kPieces[] = {
    {"宗教", &kReligion}, {"信教", &kReligion}, {"信仰", &kReligion}, {"教派", &kReligion},
    {"教徒", &kReligion}, {"信徒", &kReligion}, {"寺庙", &kReligion}, {"寺廟", &kReligion},
    {"寺院", &kReligion}, {"僧", &kReligion}, {"尼姑", &kReligion}, {"喇嘛", &kReligion},
    {"活佛", &kReligion}, {"阿訇", &kReligion}, {"清真寺", &kReligion}, {"教堂", &kReligion},
    {"佛教", &kReligion}, {"道教", &kReligion}, {"基督", &kReligion}, {"天主教", &kReligion},
    {"伊斯兰", &kReligion}, {"穆斯林", &kReligion}, {"邪教", &kReligion}, {"神职", &kReligion},
    {"朝觐", &kReligion}, {"礼拜", &kReligion}, {"ཆོས་ལུགས", &kReligion}, {"དགོན་པ", &kReligion},
    {"民族", &kEthnicity}, {"族别", &kEthnicity}, {"族別", &kEthnicity}, {"族裔", &kEthnicity},
    {"族籍", &kEthnicity}, {"种族", &kEthnicity}, {"種族", &kEthnicity}, {"汉族", &kEthnicity},
    {"藏族", &kEthnicity}, {"回族", &kEthnicity}, {"彝族", &kEthnicity}, {"羌族", &kEthnicity},
    {"苗族", &kEthnicity}, {"壮族", &kEthnicity}, {"满族", &kEthnicity}, {"蒙古族", &kEthnicity},
    {"维吾尔", &kEthnicity}, {"哈萨克", &kEthnicity}, {"མི་རིགས", &kEthnicity},
    {"政治", &kPolitics}, {"党员", &kPolitics}, {"黨員", &kPolitics}, {"党派", &kPolitics},
    {"黨派", &kPolitics}, {"入党", &kPolitics}, {"团员", &kPolitics}, {"思想", &kPolitics},
    {"意识形态", &kPolitics}, {"感恩", &kPolitics}, {"爱国", &kPolitics}, {"忠诚", &kPolitics},
    {"现实表现", &kPolitics}, {"态度评价", &kPolitics}, {"立场", &kPolitics},
    {"上访", &kPetitioner}, {"上訪", &kPetitioner}, {"缠访", &kPetitioner}, {"闹访", &kPetitioner},
    {"非访", &kPetitioner}, {"越级访", &kPetitioner}, {"进京访", &kPetitioner}, {"信访人", &kPetitioner},
    {"信访户", &kPetitioner}, {"信访老户", &kPetitioner}, {"信访重点", &kPetitioner},
    {"重点信访", &kPetitioner}, {"无理访", &kPetitioner}, {"异常访", &kPetitioner}, {"劝返", &kPetitioner},
    {"截访", &kPetitioner}, {"缠诉", &kPetitioner}, {"刁民", &kPetitioner},
    {"计划生育", &kFamilyPlanning}, {"計劃生育", &kFamilyPlanning}, {"计生", &kFamilyPlanning},
    {"計生", &kFamilyPlanning}, {"生育", &kFamilyPlanning}, {"节育", &kFamilyPlanning},
    {"避孕", &kFamilyPlanning}, {"绝育", &kFamilyPlanning}, {"结扎", &kFamilyPlanning},
    {"上环", &kFamilyPlanning}, {"超生", &kFamilyPlanning}, {"独生", &kFamilyPlanning},
    {"孕", &kFamilyPlanning}, {"婚育", &kFamilyPlanning}, {"育龄", &kFamilyPlanning},
    {"流产", &kFamilyPlanning}, {"引产", &kFamilyPlanning}, {"准生", &kFamilyPlanning},
    {"社会抚养费", &kFamilyPlanning},
    {"维稳", &kStability}, {"維穩", &kStability}, {"稳控", &kStability}, {"穩控", &kStability},
    {"涉稳", &kStability}, {"不稳定", &kStability}, {"稳定风险", &kStability}, {"稳定评", &kStability},
    {"重点人", &kStability}, {"重點人", &kStability}, {"重点对象", &kStability}, {"重点户", &kStability},
    {"重点管", &kStability}, {"重点关注", &kStability}, {"风险等级", &kStability}, {"风险级别", &kStability},
    {"风险评", &kStability}, {"风险分", &kStability}, {"风险人", &kStability}, {"风险值", &kStability},
    {"風險", &kStability}, {"危险人", &kStability}, {"可疑", &kStability}, {"布控", &kStability},
    {"管控", &kStability}, {"监控", &kStability}, {"前科", &kStability}, {"犯罪", &kStability},
    {"刑满", &kStability}, {"刑释", &kStability}, {"社区矫正", &kStability}, {"帮教", &kStability},
    {"吸毒", &kStability}, {"涉毒", &kStability}, {"涉恐", &kStability}, {"反恐", &kStability},
    {"肇事肇祸", &kStability}, {"流动人口", &kStability}, {"黑名单", &kStability},
    {"信用分", &kStability}, {"信用评", &kStability}, {"社会信用", &kStability}, {"征信", &kStability},
    {"舆情", &kStability}, {"治安", &kStability},
};

// Taken out before looking: they hold a piece from above and mean something else.
constexpr std::string_view kHarmless[] = {
    "灾害风险", "火灾风险", "洪水风险", "地质风险", "房屋风险", "统一社会信用代码", "家族病史",
};

// Whole Latin words; "*" at the end stands for any rest of the word.
constexpr Term kWords[] = {
    {"relig*", &kReligion}, {"faith", &kReligion}, {"faiths", &kReligion}, {"belief*", &kReligion},
    {"believer*", &kReligion}, {"church*", &kReligion}, {"mosque*", &kReligion}, {"temple*", &kReligion},
    {"monaster*", &kReligion}, {"monk*", &kReligion}, {"nun", &kReligion}, {"nuns", &kReligion},
    {"clergy*", &kReligion}, {"buddh*", &kReligion}, {"muslim*", &kReligion}, {"islam*", &kReligion},
    {"christian*", &kReligion}, {"catholic*", &kReligion}, {"taois*", &kReligion}, {"daois*", &kReligion},
    {"lama", &kReligion}, {"imam", &kReligion}, {"worship*", &kReligion}, {"denomination*", &kReligion},
    {"sect", &kReligion}, {"cult", &kReligion}, {"pilgrim*", &kReligion}, {"zongjiao*", &kReligion},
    {"xinyang", &kReligion}, {"xinjiao", &kReligion},
    {"ethnic*", &kEthnicity}, {"race", &kEthnicity}, {"races", &kEthnicity}, {"racial*", &kEthnicity},
    {"tribe*", &kEthnicity}, {"tribal*", &kEthnicity}, {"minority", &kEthnicity}, {"minorities", &kEthnicity},
    {"nationality", &kEthnicity}, {"minzu*", &kEthnicity}, {"zubie", &kEthnicity},
    {"politic*", &kPolitics}, {"ideolog*", &kPolitics}, {"loyalty", &kPolitics}, {"gratitude", &kPolitics},
    {"patriot*", &kPolitics}, {"zhengzhi*", &kPolitics}, {"dangyuan", &kPolitics}, {"sixiang*", &kPolitics},
    {"petitioner*", &kPetitioner}, {"shangfang*", &kPetitioner}, {"chanfang", &kPetitioner},
    {"naofang", &kPetitioner}, {"troublemaker*", &kPetitioner}, {"complainer*", &kPetitioner},
    {"contracep*", &kFamilyPlanning}, {"sterili*", &kFamilyPlanning}, {"iud", &kFamilyPlanning},
    {"pregnan*", &kFamilyPlanning}, {"fertility", &kFamilyPlanning}, {"abortion*", &kFamilyPlanning},
    {"jisheng", &kFamilyPlanning}, {"jihuashengyu", &kFamilyPlanning}, {"shengyu", &kFamilyPlanning},
    {"stability", &kStability}, {"weiwen*", &kStability}, {"wenkong", &kStability},
    {"watchlist*", &kStability}, {"blacklist*", &kStability}, {"surveil*", &kStability},
    {"suspect*", &kStability}, {"criminal*", &kStability}, {"extremis*", &kStability},
    {"terroris*", &kStability}, {"zhongdianrenyuan", &kStability}, {"zhongdianrenkou", &kStability},
};

// Latin words one after another, however they are joined.
constexpr Term kPhrases[] = {
    {"party member", &kPolitics}, {"party affiliation", &kPolitics}, {"party membership", &kPolitics},
    {"family planning", &kFamilyPlanning}, {"birth control", &kFamilyPlanning}, {"only child", &kFamilyPlanning},
    {"one child", &kFamilyPlanning}, {"birth quota", &kFamilyPlanning},
    {"key population", &kStability}, {"key person", &kStability}, {"key people", &kStability},
    {"risk score", &kStability}, {"risk level", &kStability}, {"risk rating", &kStability},
    {"risk grade", &kStability}, {"risk index", &kStability}, {"watch list", &kStability},
    {"black list", &kStability}, {"floating population", &kStability}, {"credit score", &kStability},
    {"social credit", &kStability}, {"threat level", &kStability}, {"public opinion", &kStability},
    {"zheng zhi mian mao", &kPolitics}, {"min zu", &kEthnicity}, {"zong jiao", &kReligion},
    {"wei wen", &kStability}, {"ji sheng", &kFamilyPlanning}, {"shang fang", &kPetitioner},
};

// Fullwidth Latin letters and digits are the same to a reader.
std::string Narrow(std::string_view text) {
  std::string narrow;
  for (std::string_view c : Characters(text)) {
    if (c.size() == 3 && c[0] == '\xEF' && (c[1] == '\xBC' || c[1] == '\xBD')) {
      const int code = ((static_cast<unsigned char>(c[0]) & 0x0f) << 12) |
                       ((static_cast<unsigned char>(c[1]) & 0x3f) << 6) |
                       (static_cast<unsigned char>(c[2]) & 0x3f);
      if (code >= 0xFF01 && code <= 0xFF5E) {
        narrow += static_cast<char>(code - 0xFF01 + '!');
        continue;
      }
    }
    narrow += c;
  }
  return narrow;
}

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// The Latin words of a name: "riskScore_2", "Risk score" and "RISK-SCORE" are two words.
std::vector<std::string> LatinWords(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool begins = c >= 'A' && c <= 'Z' && i > 0 && text[i - 1] >= 'a' && text[i - 1] <= 'z';
    if ((!IsLetter(c) || begins) && !word.empty()) words.push_back(std::exchange(word, {}));
    if (IsLetter(c)) word += c;
  }
  if (!word.empty()) words.push_back(word);
  for (std::string& each : words) each = LowerAscii(each);
  return words;
}

bool IsPunctuation(std::string_view c) {
  if (c.size() == 1) return !(IsLetter(c[0]) || (c[0] >= '0' && c[0] <= '9'));
  // General punctuation, CJK symbols, the middle dot and the byte order mark.
  return c.starts_with("\xE2\x80") || c.starts_with("\xE3\x80") || c == "\xC2\xB7" || c == "\xC2\xA0" ||
         c == "\xEF\xBB\xBF";
}

std::string WithoutPunctuation(std::string_view text) {
  std::string plain;
  for (std::string_view c : Characters(text)) {
    if (!IsPunctuation(c)) plain += c;
  }
  return plain;
}

bool Fits(std::string_view word, std::string_view term) {
  if (term.back() == '*') return word.starts_with(term.substr(0, term.size() - 1));
  return word == term;
}

}  // namespace

std::optional<ProtectedCategory> FindProtectedCategory(std::string_view name) {
  if (!IsValidUtf8(name)) return std::nullopt;
  const std::string narrow = Narrow(name);
  std::string plain = WithoutPunctuation(narrow);
  for (std::string_view harmless : kHarmless) {
    for (size_t at = plain.find(harmless); at != std::string::npos; at = plain.find(harmless)) {
      plain.erase(at, harmless.size());
    }
  }
  for (const Term& term : kPieces) {
    if (plain.find(WithoutPunctuation(term.text)) != std::string::npos) return *term.category;
  }

  const std::vector<std::string> words = LatinWords(narrow);
  std::string sentence = " ";
  std::string joined;
  for (const std::string& word : words) {
    for (const Term& term : kWords) {
      if (Fits(word, term.text)) return *term.category;
    }
    sentence += word + " ";
    joined += word;
  }
  for (const Term& term : kPhrases) {
    std::string together(term.text);
    std::erase(together, ' ');
    const bool spaced = sentence.find(" " + std::string(term.text)) != std::string::npos;
    if (spaced || joined == together || joined == together + "s") return *term.category;
  }
  return std::nullopt;
}

void RefuseProtected(std::string_view field, std::string_view name, bool in_english) {
  const auto found = FindProtectedCategory(name);
  if (!found) return;
  throw Problem(422, "boundaries.protected_category",
                {{std::string(field), "boundaries.protected_category",
                  std::string(in_english ? found->reason_en : found->reason_zh)}});
}

}  // namespace huiyin
