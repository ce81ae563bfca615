// SPDX-License-Identifier: EUPL-1.2
// What a request asks of the engine, learnt by letting the program itself answer it: a
// database that writes down every statement with its values and passes it on. So the floor
// of a figure is always made of the statements the route runs today, and nobody has to keep
// a second copy of them.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "db/database.h"

namespace huiyin::bench {

// A value that outlives the request. The second string is a blob.
struct OwnedBlob {
  std::string bytes;
};
using OwnedValue = std::variant<std::monostate, int64_t, double, std::string, OwnedBlob>;

struct Statement {
  std::string_view name;
  std::string_view text;  // constants of the program
  std::vector<OwnedValue> values;
};

// Of one request: what ran on its snapshot, and what it gave the writer to do.
struct Recording {
  std::vector<Statement> reads;
  std::vector<Statement> writes;
};

class RecordingDatabase : public db::Database {
 public:
  explicit RecordingDatabase(db::Database& inner) : inner_(inner) {}

  // Between these, statements are written down and every write is undone after it ran, so
  // that recording leaves the data as it was and what was recorded can be done once more.
  // REQUIRES: one request at a time.
  void Begin();
  Recording End();

  void Read(const Job& job) override;
  void WriteLater(Job job, db::Durability durability, Done done) override;
  void Backup(const std::filesystem::path& to, const std::function<void()>& fixed) override {
    inner_.Backup(to, fixed);
  }
  db::Counters counters() const override { return inner_.counters(); }

 private:
  db::Database& inner_;
  bool is_recording_ = false;
  Recording recording_;
};

}  // namespace huiyin::bench
