// SPDX-License-Identifier: EUPL-1.2
#include "db/postgres_readers.h"

#include "core/problem.h"

namespace huiyin::db {

void PostgresReaders::Read(const Database::Job& job) {
  Held held(*this);
  PostgresSession& reader = *held.session;
  reader.Begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  try {
    job(reader);
  } catch (const Unreachable&) {
    throw;
  } catch (...) {
    reader.Send("ROLLBACK");
    throw;
  }
  reader.Send("COMMIT");
}

void PostgresReaders::Drop() {
  const std::lock_guard lock(mutex_);
  idle_.clear();
}

std::unique_ptr<PostgresSession> PostgresReaders::Take() {
  {
    std::unique_lock lock(mutex_);
    if (!is_free_.wait_for(lock, options_.deadline, [this] { return in_use_ < options_.readers; })) {
      throw Problem(503, "busy");
    }
    ++in_use_;
  }
  try {
    for (;;) {
      std::unique_ptr<PostgresSession> session;
      {
        const std::lock_guard lock(mutex_);
        if (!idle_.empty()) {
          session = std::move(idle_.back());
          idle_.pop_back();
        }
      }
      if (session == nullptr) return std::make_unique<PostgresSession>(options_);
      if (!session->IsBroken()) return session;
    }
  } catch (...) {
    Give(nullptr);
    throw;
  }
}

void PostgresReaders::Give(std::unique_ptr<PostgresSession> session) {
  {
    const std::lock_guard lock(mutex_);
    --in_use_;
    if (session != nullptr && !session->IsLost()) idle_.push_back(std::move(session));
  }
  is_free_.notify_one();
}

}  // namespace huiyin::db
