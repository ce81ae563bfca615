// SPDX-License-Identifier: EUPL-1.2
#include "platform/boundaries.h"

#include "core/text.h"
#include "platform/context.h"

namespace huiyin {
namespace {

constexpr ProtectedCategory kReligion{
    "religion", "宗教信仰不登记：服务不因信仰而不同，这类记录只会被用来对付当事人。",
    "Religion is not kept: service does not differ by belief, and such a record serves only against people."};
constexpr ProtectedCategory kEthnicity{
    "ethnicity", "民族成份不登记：如需以某种语言服务，请填写居民希望使用的语言。",
    "Ethnicity is not kept: where it is about being understood, write the languages a person wants."};
constexpr ProtectedCategory kPolitical{
    "political", "政治面貌、思想和态度不登记：回音只记办了什么事，不评判人。",
    "Political status, ideas and attitudes are not kept: matters are recorded, people are not judged."};
constexpr ProtectedCategory kPetitioning{
    "petitioning", "上访、信访标签不登记：向上级反映是居民的权利，未答复是单位的责任。",
    "Labels for petitioners are not kept: going higher is a right, and an open question is the office's fault."};
constexpr ProtectedCategory kFamilyPlanning{
    "family_planning", "计划生育事项不登记。", "Family planning is not kept."};
constexpr ProtectedCategory kRisk{
    "risk", "对人的稳定、风险评分和重点人员名单不登记：核查只针对款项、期限和单位。",
    "Stability or risk scores and watch lists of people are not kept: checks look at payments, terms and offices."};

struct Word {
  std::string_view text;
  const ProtectedCategory* category;
};

// Anywhere in a Chinese name.
constexpr Word kChinese[] = {
    {"宗教", &kReligion}, {"信仰", &kReligion}, {"信教", &kReligion}, {"教徒", &kReligion},
    {"信徒", &kReligion}, {"教派", &kReligion}, {"教会", &kReligion}, {"教堂", &kReligion},
    {"佛教", &kReligion}, {"道教", &kReligion}, {"基督", &kReligion}, {"天主教", &kReligion},
    {"伊斯兰", &kReligion}, {"穆斯林", &kReligion}, {"清真", &kReligion}, {"寺庙", &kReligion},
    {"寺院", &kReligion}, {"僧", &kReligion}, {"尼姑", &kReligion}, {"喇嘛", &kReligion},
    {"活佛", &kReligion}, {"教职人员", &kReligion}, {"朝觐", &kReligion}, {"邪教", &kReligion},
    {"民族", &kEthnicity}, {"族别", &kEthnicity}, {"族裔", &kEthnicity}, {"种族", &kEthnicity},
    {"族籍", &kEthnicity}, {"族属", &kEthnicity}, {"汉族", &kEthnicity}, {"藏族", &kEthnicity},
    {"彝族", &kEthnicity}, {"羌族", &kEthnicity}, {"回族", &kEthnicity}, {"苗族", &kEthnicity},
    {"维吾尔", &kEthnicity}, {"蒙古族", &kEthnicity}, {"壮族", &kEthnicity}, {"满族", &kEthnicity},
    {"政治", &kPolitical}, {"党员", &kPolitical}, {"党派", &kPolitical}, {"思想动态", &kPolitical},
    {"思想状况", &kPolitical}, {"思想表现", &kPolitical}, {"思想倾向", &kPolitical}, {"思想教育", &kPolitical},
    {"感恩", &kPolitical}, {"对党", &kPolitical}, {"忠诚", &kPolitical}, {"意识形态", &kPolitical},
    {"上访", &kPetitioning}, {"信访", &kPetitioning}, {"访民", &kPetitioning}, {"缠访", &kPetitioning},
    {"闹访", &kPetitioning}, {"非访", &kPetitioning}, {"进京访", &kPetitioning}, {"越级访", &kPetitioning},
    {"老访户", &kPetitioning}, {"上訪", &kPetitioning}, {"信訪", &kPetitioning},
    {"计划生育", &kFamilyPlanning}, {"计生", &kFamilyPlanning}, {"節育", &kFamilyPlanning},
    {"节育", &kFamilyPlanning}, {"避孕", &kFamilyPlanning}, {"结扎", &kFamilyPlanning},
    {"超生", &kFamilyPlanning}, {"生育指标", &kFamilyPlanning}, {"准生", &kFamilyPlanning},
    {"计划生", &kFamilyPlanning}, {"計劃生育", &kFamilyPlanning}, {"社会抚养费", &kFamilyPlanning},
    {"维稳", &kRisk}, {"維穩", &kRisk}, {"稳控", &kRisk}, {"稳定风险", &kRisk}, {"社会稳定", &kRisk},
    {"重点人", &kRisk}, {"重点人口", &kRisk}, {"风险评分", &kRisk}, {"风险分值", &kRisk},
    {"风险得分", &kRisk}, {"人员风险", &kRisk}, {"风险人员", &kRisk}, {"个人风险", &kRisk},
    {"家庭风险", &kRisk}, {"危险人", &kRisk}, {"危险分子", &kRisk}, {"管控人员", &kRisk},
    {"管控对象", &kRisk}, {"管控等级", &kRisk}, {"管控级别", &kRisk}, {"黑名单", &kRisk},
    {"不稳定", &kRisk}, {"关注对象", &kRisk}, {"监控对象", &kRisk}, {"涉稳", &kRisk},
    {"寺廟", &kReligion}, {"阿訇", &kReligion}, {"神职", &kReligion}, {"ཆོས་ལུགས", &kReligion}, {"དགོན་པ", &kReligion},
    {"族別", &kEthnicity}, {"種族", &kEthnicity}, {"哈萨克", &kEthnicity}, {"མི་རིགས", &kEthnicity},
    {"黨員", &kPolitical}, {"黨派", &kPolitical}, {"入党", &kPolitical}, {"共青团员", &kPolitical},
    {"是否团员", &kPolitical}, {"爱国", &kPolitical}, {"现实表现", &kPolitical}, {"政治立场", &kPolitical},
    {"无理访", &kPetitioning}, {"异常访", &kPetitioning}, {"劝返", &kPetitioning}, {"截访", &kPetitioning},
    {"缠诉", &kPetitioning}, {"刁民", &kPetitioning},
    {"計生", &kFamilyPlanning}, {"生育", &kFamilyPlanning}, {"绝育", &kFamilyPlanning}, {"上环", &kFamilyPlanning},
    {"独生", &kFamilyPlanning}, {"孕", &kFamilyPlanning}, {"婚育", &kFamilyPlanning}, {"育龄", &kFamilyPlanning},
    {"流产", &kFamilyPlanning}, {"引产", &kFamilyPlanning},
    {"穩控", &kRisk}, {"重點人", &kRisk}, {"重点对象", &kRisk}, {"重点管", &kRisk}, {"重点关注", &kRisk},
    {"布控", &kRisk}, {"前科", &kRisk}, {"犯罪", &kRisk}, {"刑满", &kRisk}, {"刑释", &kRisk},
    {"社区矫正", &kRisk}, {"帮教", &kRisk}, {"吸毒", &kRisk}, {"涉毒", &kRisk}, {"涉恐", &kRisk},
    {"反恐", &kRisk}, {"肇事肇祸", &kRisk}, {"流动人口", &kRisk}, {"信用分", &kRisk}, {"信用评", &kRisk},
    {"社会信用", &kRisk}, {"征信", &kRisk}, {"舆情", &kRisk},
};

// The whole of a Chinese name; part of a longer one may be harmless (洪水风险等级).
constexpr Word kWholeChinese[] = {
    {"风险等级", &kRisk}, {"风险", &kRisk}, {"稳定", &kRisk}, {"稳定程度", &kRisk},
    {"态度", &kPolitical}, {"思想", &kPolitical}, {"立场", &kPolitical}, {"族", &kEthnicity},
    {"风险级别", &kRisk}, {"风险值", &kRisk}, {"風險等級", &kRisk}, {"稳定评估", &kRisk},
};

// One word of an English (or pinyin) name, or the beginning of one where it ends in '*'.
constexpr Word kEnglish[] = {
    {"religio*", &kReligion}, {"faith*", &kReligion}, {"belief*", &kReligion}, {"believer*", &kReligion},
    {"church*", &kReligion}, {"temple*", &kReligion}, {"mosque*", &kReligion}, {"buddhis*", &kReligion},
    {"taois*", &kReligion}, {"muslim*", &kReligion}, {"islam*", &kReligion}, {"christian*", &kReligion},
    {"catholic*", &kReligion}, {"monk", &kReligion}, {"monks", &kReligion}, {"nun", &kReligion},
    {"nuns", &kReligion}, {"clergy*", &kReligion}, {"lama", &kReligion}, {"sect", &kReligion},
    {"zongjiao", &kReligion}, {"xinyang", &kReligion}, {"worship*", &kReligion},
    {"ethnic*", &kEthnicity}, {"race", &kEthnicity}, {"races", &kEthnicity}, {"racial*", &kEthnicity},
    {"tribe*", &kEthnicity}, {"tribal*", &kEthnicity}, {"nationality", &kEthnicity},
    {"minority", &kEthnicity}, {"minorities", &kEthnicity}, {"minzu", &kEthnicity},
    {"politic*", &kPolitical}, {"ideolog*", &kPolitical}, {"loyal*", &kPolitical},
    {"gratitude", &kPolitical}, {"grateful*", &kPolitical}, {"attitude*", &kPolitical},
    {"zhengzhi", &kPolitical}, {"partymember*", &kPolitical}, {"patriot*", &kPolitical},
    {"petition*", &kPetitioning}, {"xinfang", &kPetitioning}, {"shangfang", &kPetitioning},
    {"contracepti*", &kFamilyPlanning}, {"sterili*", &kFamilyPlanning}, {"abortion*", &kFamilyPlanning},
    {"iud", &kFamilyPlanning}, {"jisheng", &kFamilyPlanning}, {"jihuashengyu", &kFamilyPlanning},
    {"familyplanning", &kFamilyPlanning}, {"birthcontrol", &kFamilyPlanning},
    {"stability", &kRisk}, {"riskscore*", &kRisk}, {"watchlist*", &kRisk}, {"blacklist*", &kRisk},
    {"extremis*", &kRisk}, {"surveillance", &kRisk}, {"weiwen", &kRisk}, {"dangerousness", &kRisk},
    {"monaster*", &kReligion}, {"imam", &kReligion}, {"daois*", &kReligion}, {"cult", &kReligion},
    {"denomination*", &kReligion}, {"pilgrim*", &kReligion}, {"xinjiao", &kReligion}, {"zubie", &kEthnicity},
    {"dangyuan", &kPolitical}, {"sixiang*", &kPolitical}, {"zhengzhi*", &kPolitical},
    {"troublemaker*", &kPetitioning}, {"complainer*", &kPetitioning}, {"chanfang", &kPetitioning},
    {"naofang", &kPetitioning}, {"pregnan*", &kFamilyPlanning}, {"fertility", &kFamilyPlanning},
    {"shengyu", &kFamilyPlanning}, {"surveil*", &kRisk}, {"suspect*", &kRisk}, {"criminal*", &kRisk},
    {"terroris*", &kRisk}, {"wenkong", &kRisk}, {"zhongdianrenyuan", &kRisk}, {"zhongdianrenkou", &kRisk},
};

// Words side by side in an English name.
constexpr Word kPairs[] = {
    {"party member", &kPolitical}, {"party members", &kPolitical}, {"party membership", &kPolitical},
    {"party affiliation", &kPolitical}, {"family planning", &kFamilyPlanning},
    {"birth control", &kFamilyPlanning}, {"birth quota", &kFamilyPlanning},
    {"birth permit", &kFamilyPlanning}, {"risk score", &kRisk}, {"risk level", &kRisk},
    {"risk rating", &kRisk}, {"risk person", &kRisk}, {"watch list", &kRisk}, {"black list", &kRisk},
    {"key population", &kRisk}, {"key person", &kRisk}, {"key persons", &kRisk},
    {"threat level", &kRisk}, {"xin yang", &kReligion}, {"zong jiao", &kReligion}, {"min zu", &kEthnicity},
    {"only child", &kFamilyPlanning}, {"one child", &kFamilyPlanning}, {"risk grade", &kRisk},
    {"risk index", &kRisk}, {"key people", &kRisk}, {"floating population", &kRisk},
    {"credit score", &kRisk}, {"social credit", &kRisk}, {"public opinion", &kRisk},
    {"wei wen", &kRisk}, {"ji sheng", &kFamilyPlanning}, {"shang fang", &kPetitioning},
};

// Taken out before looking: they hold a piece from above and mean something else.
constexpr std::string_view kHarmless[] = {"统一社会信用代码", "生育保险", "生育津贴"};

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }

// Full-width letters as plain ones; invisible characters left out.
std::string Plain(std::string_view name) {
  std::string plain;
  for (std::string_view c : Characters(name)) {
    if (c == "\xE2\x80\x8B" || c == "\xE2\x80\x8C" || c == "\xE2\x80\x8D" || c == "\xEF\xBB\xBF" ||
        c == "\xE2\x81\xA0" || c == "\xC2\xAD") {
      continue;
    }
    if (c.size() == 3 && c[0] == '\xEF' && (c[1] == '\xBC' || c[1] == '\xBD')) {
      const int code = ((c[1] & 0x3F) << 6) | (c[2] & 0x3F);  // within U+FF00..U+FFBF
      const int ascii = code - 0xF00 + 0x20;
      if (ascii > 0x20 && ascii < 0x7F) {
        plain += static_cast<char>(ascii);
        continue;
      }
    }
    plain += c;
  }
  return plain;
}

// Without what stands between Chinese or Tibetan letters.
std::string Letters(std::string_view plain) {
  std::string letters;
  for (std::string_view c : Characters(plain)) {
    const bool is_mark = c.starts_with("\xE2\x80") || c.starts_with("\xE3\x80") || c == "\xE0\xBC\x8B";
    if (c.size() >= 3 && !is_mark) letters += c;
  }
  return letters;
}

std::vector<std::string> EnglishWords(std::string_view plain) {
  std::vector<std::string> words(1);
  for (size_t i = 0; i < plain.size(); ++i) {
    const char c = plain[i];
    // religiousBelief is two words, IUD one.
    const bool begins = IsUpper(c) && i > 0 && !IsUpper(plain[i - 1]) && !words.back().empty();
    const char lower = IsUpper(c) ? static_cast<char>(c - 'A' + 'a') : c;
    if (!IsLetter(lower) || begins) words.emplace_back();
    if (IsLetter(lower)) words.back() += lower;
  }
  std::erase(words, "");
  return words;
}

bool Matches(std::string_view word, std::string_view pattern) {
  if (pattern.ends_with('*')) return word.starts_with(pattern.substr(0, pattern.size() - 1));
  return word == pattern;
}

}  // namespace

const ProtectedCategory* FindProtected(std::string_view name) {
  if (!IsValidUtf8(name)) return nullptr;
  const std::string plain = Plain(name);
  std::string chinese = Letters(plain);
  for (std::string_view harmless : kHarmless) {
    for (size_t at = chinese.find(harmless); at != std::string::npos; at = chinese.find(harmless)) {
      chinese.erase(at, harmless.size());
    }
  }
  for (const Word& word : kChinese) {
    if (chinese.find(Letters(word.text)) != std::string::npos) return word.category;
  }
  for (const Word& word : kWholeChinese) {
    if (chinese == word.text) return word.category;
  }
  const auto words = EnglishWords(plain);
  for (size_t i = 0; i < words.size(); ++i) {
    for (const Word& word : kEnglish) {
      if (Matches(words[i], word.text)) return word.category;
    }
    if (i + 1 == words.size()) break;
    const std::string pair = words[i] + " " + words[i + 1];
    for (const Word& word : kPairs) {
      if (pair == word.text) return word.category;
    }
  }
  return nullptr;
}

void RequireUnprotected(const Context& ctx, std::string_view field,
                        std::initializer_list<std::string_view> names) {
  for (std::string_view name : names) {
    const ProtectedCategory* category = FindProtected(name);
    if (category == nullptr) continue;
    const bool english = ctx.request.Header("accept-language").value_or("").starts_with("en");
    throw Problem(422, "boundaries.protected_category",
                  {{std::string(field), "boundaries.protected_category",
                    std::string(english ? category->reason_en : category->reason_zh)}});
  }
}

}  // namespace huiyin
