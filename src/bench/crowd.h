// SPDX-License-Identifier: EUPL-1.2
// The people who keep the server busy: officers of the county signed in with its
// accounts.json, and the requests they would send, learnt from the county by asking it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "bench/client.h"
#include "core/json.h"
#include "core/random.h"

namespace huiyin::bench {

class Crowd {
 public:
  // Signs in over HTTP and looks around. What the county does not have stays empty.
  Crowd(uint16_t port, const std::filesystem::path& accounts);

  // Requests to choose among at random, each as one of the officers who would send it.
  std::vector<Call> household_reads;      // their own households, before a visit
  std::vector<Call> my_matters;
  std::vector<Call> my_households;
  std::vector<Call> name_searches[3];     // by 1, 2 and 3 characters
  std::vector<Call> matter_searches[2];   // by 2 and 4 characters of what somebody said
  std::vector<Call> walls;                // the supervisors' own
  std::vector<Call> likely_same;          // what is shown while somebody types what is said

  std::vector<Call> indicators;           // a month's matters, by area

  bool CanTakeMatters() const { return !takers_.empty() && !texts_.empty(); }
  // A matter somebody came in with: never the same twice. REQUIRES: CanTakeMatters.
  Call NewMatter();
  bool CanVisit() const { return !visitors_.empty() && !texts_.empty(); }
  // A visit to a household of one's own, just now. REQUIRES: CanVisit.
  Call NewVisit();
  // Takes, assigns, accepts and answers `count` matters over HTTP as their officers do, and
  // returns what whoever brought each says of the answer, with its receipt: each can be said
  // once. Fewer when there is nobody who may answer. Throws std::runtime_error when most are
  // refused. REQUIRES: CanTakeMatters.
  std::vector<Call> Conclude(size_t count);

 private:
  struct Officer {
    std::string role;
    std::string token;
    std::string unit_id = {};
    std::vector<std::string> households = {};  // paired with, or within reach
  };
  struct Handing {
    Call taken;  // the matter as it comes in
    const Officer* taker = nullptr;
    const Officer* handler = nullptr;
  };

  void SignIn(const json::array& accounts, std::string_view role, size_t most);
  void FindHouseholds(Officer& officer);
  void FindMatters(const Officer& officer);
  void FindNames();
  void FindSayings();
  void FindTyping();
  void FindIndicators();
  Call New(const std::string& target, const Officer& officer, json::object body);
  Handing NewHanding();
  // The call that judges it; empty when somebody on its way refused, `refusal` says why.
  Call Conclude(Conversation& conversation, const Handing& handing, std::string& refusal) const;
  json::object Get(const Officer& officer, const std::string& target) const;

  uint16_t port_;
  SeededRandom random_{20261121};
  std::vector<Officer> officers_;
  std::vector<size_t> takers_;  // clerks and liaisons, who know a household
  std::vector<size_t> handlers_;
  std::vector<size_t> visitors_;  // liaisons with households of their own
  std::vector<std::string> texts_;
};

}  // namespace huiyin::bench
