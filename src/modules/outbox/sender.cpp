// SPDX-License-Identifier: EUPL-1.2
#include "modules/outbox/sender.h"

#include "core/log.h"
#include "modules/outbox/actions.h"
#include "modules/outbox/kinds.h"

namespace huiyin::outbox {
namespace {

constexpr db::Sql kCounties{"outbox.counties", "SELECT county, zone_minutes FROM counties"};

// Few at a time, so that one who claims and dies holds up little.
constexpr int kBatch = 20;
// Longer than a carrier may take for a whole batch; then somebody else may try.
constexpr int64_t kLease = 15 * kMinute;

bool MayGoAtNight(const Message& message) {
  const Kind* kind = FindKind(message.kind);
  return message.channel != "sms" || (kind != nullptr && kind->is_urgent);
}

}  // namespace

struct Sender::Claimed {
  County county;
  Zone zone;
  Message message;
};

Sender::Sender(const Services& services, Carriers carriers) : services_(services), carriers_(std::move(carriers)) {
  OpenWays({.sms = carriers_.sms != nullptr, .email = carriers_.email != nullptr});
}

Sender::~Sender() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Sender::TakeUp() {
  const Instant now = services_.clock.Now();
  services_.database.Write([&](db::Tx& tx) {
    const auto counties = tx.All(kCounties, [](const db::Row& row) { return County{static_cast<int32_t>(row.Int(0))}; });
    for (const County county : counties) ReleaseClaimed(tx, county, now);
  });
}

std::vector<Sender::Claimed> Sender::ClaimSome(County county, Zone zone, Instant now) {
  // Looked at first without a turn at the writer: mostly nothing is due.
  bool is_any = false;
  services_.database.Read([&](db::Tx& tx) { is_any = !Due(tx, county, now, 1).empty(); });
  std::vector<Claimed> claimed;
  if (!is_any) return claimed;
  services_.database.Write([&](db::Tx& tx) {
    claimed.clear();
    const QuietHours quiet = QuietHoursOf(tx, county);
    for (Message& message : Due(tx, county, now, kBatch)) {
      const Instant then = MayGoAtNight(message) ? now : AfterQuiet(now, quiet, zone);
      if (then > now) {
        Postpone(tx, county, message.id, then);
        continue;
      }
      MarkSending(tx, county, message.id, now + kLease);
      ++message.tries;
      claimed.push_back({county, zone, std::move(message)});
    }
  });
  return claimed;
}

void Sender::Deliver(const Claimed& one) {
  const Message& message = one.message;
  Carrier* carrier = message.channel == "sms" ? carriers_.sms.get() : carriers_.email.get();
  Outcome outcome{Outcome::How::kNever, "no_carrier"};
  if (carrier != nullptr) {
    outcome = carrier->Carry({FormatUuid(message.id), message.address, message.title, message.body, message.language});
  }
  const Instant now = services_.clock.Now();
  const auto wait = outcome.how == Outcome::How::kLater ? WaitAfter(message.tries) : std::nullopt;
  services_.database.Write([&](db::Tx& tx) {
    if (outcome.how == Outcome::How::kSent) return MarkSent(tx, one.county, message.id, now);
    if (wait) return MarkWaiting(tx, one.county, message.id, now + *wait, outcome.problem);
    MarkFailed(tx, one.county, message.id, outcome.problem);
    const http::Request none;
    Actor system;
    system.kind = Actor::Kind::kSystem;
    Context ctx{.tx = tx, .services = services_, .request = none, .county = one.county, .zone = one.zone, .now = now,
                .actor = system};
    AskWindow(ctx, message);
  });
  if (outcome.how != Outcome::How::kSent) {
    log::Warn("outbox_not_sent", {{"id", FormatUuid(message.id)}, {"channel", message.channel},
                                  {"tries", std::to_string(message.tries)}, {"problem", outcome.problem}});
  }
}

int Sender::SendDue() {
  std::vector<std::pair<County, Zone>> counties;
  services_.database.Read([&](db::Tx& tx) {
    tx.Rows(kCounties, [&](const db::Row& row) {
      counties.emplace_back(County{static_cast<int32_t>(row.Int(0))}, Zone{static_cast<int32_t>(row.Int(1))});
    });
  });
  int tried = 0;
  for (const auto& [county, zone] : counties) {
    for (const Claimed& one : ClaimSome(county, zone, services_.clock.Now())) {
      Deliver(one);
      ++tried;
    }
  }
  return tried;
}

void Sender::Start(int64_t period_ms) {
  thread_ = std::thread([this, period_ms] { Loop(period_ms); });
}

void Sender::Loop(int64_t period_ms) {
  bool has_taken_up = false;
  bool is_more = false;
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      const auto pause = std::chrono::milliseconds(is_more ? 0 : period_ms);
      if (wake_.wait_for(lock, pause, [this] { return stopping_; })) return;
    }
    try {
      if (!has_taken_up) TakeUp();
      has_taken_up = true;
      is_more = SendDue() > 0;
    } catch (const std::exception& error) {
      // Storage that is busy or full is so for everybody; the rows wait.
      is_more = false;
      log::Error("outbox_failed", {{"what", error.what()}});
    }
  }
}

}  // namespace huiyin::outbox
