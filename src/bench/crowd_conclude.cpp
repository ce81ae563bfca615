// SPDX-License-Identifier: EUPL-1.2
#include <fmt/format.h>

#include <atomic>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "bench/child.h"
#include "bench/crowd.h"

namespace huiyin::bench {
namespace {

constexpr size_t kThreads = 32;
constexpr size_t kHeldMost = 3;  // times as many tries as matters that are wanted

}  // namespace

Crowd::Handing Crowd::NewHanding() {
  Handing handing;
  // Whoever knows the household takes it; the counter's clerks hand on what is not theirs.
  std::vector<const Officer*> clerks;
  for (const size_t i : takers_) {
    if (officers_[i].role == "clerk") clerks.push_back(&officers_[i]);
  }
  if (clerks.empty()) return handing;
  handing.taker = clerks[random_.Below(clerks.size())];
  handing.handler = &officers_[handlers_[random_.Below(handlers_.size())]];
  handing.taken = New("/api/v1/matters", *handing.taker,
                      {{"channel", "counter"}, {"kind", "help"}, {"text", texts_[random_.Below(texts_.size())]}});
  return handing;
}

Call Crowd::Conclude(Conversation& conversation, const Handing& handing, std::string& refusal) const {
  const auto say = [&](const Officer& officer, std::string method, std::string target, std::string body) {
    const Answer answer = conversation.Ask({.method = std::move(method), .target = target, .token = officer.token, .body = std::move(body)});
    if (answer.status >= 300) {
      refusal = fmt::format("{}: {} {}", target, answer.status, answer.body);
      return json::object();
    }
    return ParseJsonObject(answer.body);
  };
  const json::object matter = say(*handing.taker, "POST", handing.taken.target, handing.taken.body);
  if (matter.empty()) return {};
  const std::string path = fmt::format("/api/v1/matters/{}", std::string_view(matter.at("id").as_string()));
  if (say(*handing.taker, "POST", path + "/assignment", json::serialize(json::object{{"unit_id", handing.handler->unit_id}})).empty() ||
      say(*handing.handler, "POST", path + "/acceptance", "{}").empty()) {
    return {};
  }
  json::array answers;
  const json::object asks = say(*handing.handler, "GET", path + "/asks", "");
  if (asks.empty()) return {};
  for (const json::value& ask : asks.at("items").as_array()) {
    answers.push_back(json::object{{"id", ask.at("id")}, {"outcome", "done"}, {"text", "已经办好。"}});
  }
  const json::object answer{{"text", "已经办好，请您看看。"}, {"asks", std::move(answers)}};
  if (say(*handing.handler, "POST", path + "/answer", json::serialize(answer)).empty()) return {};
  return {.method = "POST",
          .target = fmt::format("/api/v1/receipts/{}/judgement", std::string_view(matter.at("receipt").as_string())),
          .token = {},
          .body = R"({"solved":true,"rating":4,"treated":5,"text":"来得快，修好了。"})"};
}

std::vector<Call> Crowd::Conclude(size_t count) {
  std::vector<Handing> handings;
  for (size_t i = 0; i < count * kHeldMost && !handlers_.empty(); ++i) handings.push_back(NewHanding());
  if (handings.empty() || handings.front().taker == nullptr) return {};
  std::mutex mutex;
  std::vector<Call> judgements;
  std::string refusal;
  std::atomic<size_t> next{0};
  const auto work = [&] {
    try {
      Conversation conversation(port_);
      for (;;) {
        const size_t mine = next.fetch_add(1);
        if (mine >= handings.size()) return;
        std::string why;
        Call judgement = Conclude(conversation, handings[mine], why);
        const std::lock_guard lock(mutex);
        if (judgements.size() >= count) return;
        if (why.empty()) judgements.push_back(std::move(judgement));
        else refusal = std::move(why);
      }
    } catch (const std::exception& error) {
      const std::lock_guard lock(mutex);
      refusal = error.what();
    }
  };
  {
    std::vector<std::jthread> threads;
    for (size_t i = 0; i < kThreads; ++i) threads.emplace_back(work);
  }
  CheckInterrupt();
  if (judgements.size() < count) throw std::runtime_error("most matters could not be answered: " + refusal);
  return judgements;
}

}  // namespace huiyin::bench
