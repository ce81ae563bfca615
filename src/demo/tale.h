// SPDX-License-Identifier: EUPL-1.2
// One matter while it is told: its rows, and the acts that change them. Each act does what
// the module of matters does (states, clocks, holds, events, counters), at a time of the
// past. An act that would lie in the future does not happen, and the tale ends there.
#pragma once

#include "demo/asking.h"
#include "demo/census.h"
#include "demo/desk.h"
#include "demo/log.h"
#include "demo/scale.h"
#include "demo/tally.h"

namespace huiyin::demo {

class Tale {
 public:
  Tale(const Ground& ground, Desk& desk, const Scale& scale, Instant now, Dice& dice, Batch& batch, Tally& tally)
      : ground_(ground), desk_(desk), scale_(scale), now_(now), dice_(dice), batch_(batch), tally_(tally) {}

  // Filled in by whoever tells it, before it is received.
  MatterRow matter;
  size_t owner = 0;  // index of the office

  void Receive(const Doer& by, const std::vector<std::string>& asks);
  // Each returns whether it happened; `at` moves to when it did.
  bool Assign(Instant& at, const Person& by, size_t to, std::string_view text);
  bool Accept(Instant& at, const Person& by);
  bool Return(Instant& at, const Person& by, std::string_view reason);
  // Agreed: `next` is offered it; refused: the one who returned it has it.
  bool DecideReturn(Instant& at, const Person& by, std::optional<size_t> next, std::string_view text);
  bool AddCoHandler(Instant& at, const Person& by, size_t office, size_t ask);
  bool AnswerPart(Instant& at, const Person& by, const Request::Reply::Part& part);
  bool AskExtension(Instant& at, const Person& by, int days, std::string_view reason);
  bool GrantExtension(Instant& at, const Person& by);
  bool Note(Instant& at, const Person& by, std::string_view text);
  bool Remind(Instant& at, const Person& by, std::string_view text);
  bool Answer(Instant& at, const Person& by, const Request::Reply& reply);
  struct Verdict {
    bool solved = false;
    std::optional<int> rating;
    std::string text, channel = "web", asked_by;
  };
  bool Judge(Instant& at, const Doer& by, const Verdict& verdict);
  bool PassSilence();
  bool Appeal(Instant& at, const Doer& by, std::string_view reason);
  bool Withdraw(Instant& at, const Doer& by, std::string_view reason);

  // Somebody opened it; the household sees that.
  void Read(Instant at, const Person& by);

  // The rows go into the batch.
  void Finish();

  const UnitId& IdOf(size_t office) const { return ground_.offices[office].unit.id; }
  Doer By(const Person& person) const { return ByOfficer(person.officer.id, person.officer.unit_id); }
  // The office that decides the return that waits.
  size_t decider() const { return decider_; }
  bool MayExtend() const { return extension_rule_ != nullptr; }
  int LongestExtension() const { return extension_rule_ != nullptr ? extension_rule_->amount : 0; }
  bool ExtensionWaits() const { return extension_waits_; }
  const std::vector<AskRow>& asks() const { return asks_; }

 private:
  bool Happens(Instant& at);
  EventId Tell(Instant at, const Doer& by, std::string_view kind, json::object data = {});
  void Count(std::string_view name, Instant at, int64_t by = 1);
  std::optional<Instant> StartClock(std::string_view step, Instant from);
  void StopClocks(Instant at, std::string_view step = "");
  void Hold(Instant at, std::optional<size_t> office);
  void HandOver(Instant at, size_t to, std::optional<OfficerId> officer);
  void Offer(Instant at, size_t to, size_t sender);
  void Keep(Instant at, const Person& by, std::string_view text, std::span<const AskRow> asks);
  void Lengthen(const RequestRow& request);
  void Settle(Instant at, std::string_view state);
  void Reopen(Instant at);
  void OpenAsks();
  std::optional<size_t> Superior(size_t a, size_t b) const;
  size_t ReviewOffice() const;
  size_t IndexOf(const UnitId& unit) const;

  const Ground& ground_;
  Desk& desk_;
  const Scale& scale_;
  Instant now_;
  Dice& dice_;
  Batch& batch_;
  Tally& tally_;
  Instant last_;
  std::optional<size_t> pending_, sender_, returning_;
  size_t decider_ = 0;
  std::vector<AskRow> asks_;
  std::vector<ClockRow> clocks_;
  std::vector<HoldRow> holds_;
  std::vector<RequestRow> requests_;
  std::vector<CoHandlerRow> co_handlers_;
  std::optional<Desk::Term> running_;  // of the resident's clock
  Instant running_from_;
  const terms::Rule* extension_rule_ = nullptr;
  bool extension_waits_ = false;
};

}  // namespace huiyin::demo
