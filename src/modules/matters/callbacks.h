// SPDX-License-Identifier: EUPL-1.2
// Those who are asked by telephone how it went: they asked to be called, or nothing else
// reaches them. Any clerk, supervisor or auditor over the place calls, as long as the work was
// not their own unit's. Whoever is not reached is tried again after a while (rules of the step
// `call_again`) as long as the term to call lasts (`call_back`), and then left in peace: silence
// is silence.
#pragma once

#include "modules/matters/actions.h"

namespace huiyin::matters {

using CallbackId = Id<struct CallbackTag>;

struct Callback {
  CallbackId id;
  MatterId matter;
  std::string state;  // waiting judged declined not_reached over
  Instant made_at;
  Instant next_at;   // not to be called before
  Instant until_at;  // nobody calls after that
  int64_t attempts = 0;
};

struct Attempt {
  Uuid id;
  Instant at;
  OfficerId officer;
  std::string outcome;  // not_reached call_again declined
  std::optional<Instant> again_at;
};

// Whether they are to be asked by telephone rather than by a message.
bool IsAskedByCall(const Matter& matter);
void AskByCall(Context& ctx, const Matter& matter, Instant judge_until);
// Nobody has to call any more. `state` says why.
void EndCalls(Context& ctx, const MatterId& matter, std::string_view state);

// --- Rows
std::optional<Callback> FindCallback(db::Tx& tx, County county, const CallbackId& id);
std::vector<Attempt> AttemptsOf(db::Tx& tx, County county, const CallbackId& callback);
struct Call {
  Callback callback;
  Matter matter;
};
// Those that wait, the next to call first.
struct CallPlace {
  Instant next{INT64_MIN};
  Uuid id;
};
std::vector<Call> WaitingCalls(db::Tx& tx, County county, const CallPlace& after, int limit);

// --- Verbs

// Whether this officer may call: may write down a judgement there, and it was not their work.
Decision MayCall(Context& ctx, const Matter& matter);
// A try that did not end in a judgement. The same id again is the same try.
void RecordAttempt(Context& ctx, Call& call, const Attempt& attempt);

std::vector<Route> CallbackRoutes();

}  // namespace huiyin::matters
