// SPDX-License-Identifier: EUPL-1.2
// A request on its way through dispatch; for dispatch's own files.
#pragma once

#include "platform/dispatch.h"

namespace huiyin {

struct Dispatch::Job {
  http::Request request;
  Reply reply;
  bool is_part = false;  // of a batch
  const Route* route = nullptr;
  std::map<std::string, std::string, std::less<>> params;
  std::optional<json::object> body;
  std::optional<SessionToken> token;
  std::any prepared;
  Instant now;
  http::Response response;
  // What the read must leave behind: who read, as whom.
  std::vector<AuditEntry> reads;
  County county;
  Actor actor;
};

}  // namespace huiyin
