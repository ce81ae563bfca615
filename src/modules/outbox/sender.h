// SPDX-License-Identifier: EUPL-1.2
// Takes what is due out of the house, outside every transaction: claims some rows, sends each,
// writes down how it went. A process that dies in between leaves its claims behind; they come
// due again under the same message ids, so nothing is lost and the receiver drops the double.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "modules/outbox/carrier.h"
#include "platform/context.h"

namespace huiyin::outbox {

struct Carriers {
  std::unique_ptr<Carrier> sms;    // null: nobody carries it
  std::unique_ptr<Carrier> email;
};

class Sender {
 public:
  // Opens the ways that have a carrier (OpenWays).
  Sender(const Services& services, Carriers carriers);
  ~Sender();

  // What an earlier process was sending comes due now. Once, before the first SendDue.
  void TakeUp();
  // Sends what is due in every county; returns how many were tried.
  int SendDue();
  // Does both on a thread of its own until destroyed.
  void Start(int64_t period_ms);

 private:
  struct Claimed;
  std::vector<Claimed> ClaimSome(County county, Zone zone, Instant now);
  void Deliver(const Claimed& one);
  void Loop(int64_t period_ms);

  const Services& services_;
  Carriers carriers_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace huiyin::outbox
