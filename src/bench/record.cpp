// SPDX-License-Identifier: EUPL-1.2
#include "bench/record.h"

#include <algorithm>
#include <atomic>

namespace huiyin::bench {
namespace {

OwnedValue Own(const db::Value& value) {
  if (const auto* number = std::get_if<int64_t>(&value)) return *number;
  if (const auto* real = std::get_if<double>(&value)) return *real;
  if (const auto* text = std::get_if<std::string_view>(&value)) return std::string(*text);
  if (const auto* blob = std::get_if<db::Blob>(&value)) return OwnedBlob{std::string(blob->bytes)};
  return {};
}

// A number that counts on with each write (platform/changes.h) would be the same in all that is
// recorded, since each write is undone: they get numbers of their own, beyond any the county has, also
// where it went on from numbers that were replayed into it.
constexpr std::string_view kCountsOn = "platform.put_change";
int64_t NumberBeyond(int64_t recorded) {
  static std::atomic<int64_t> last{int64_t{1} << 40};
  int64_t before = last.load();
  int64_t next = 0;
  do next = std::max(before, recorded) + 1;
  while (!last.compare_exchange_weak(before, next));
  return next;
}

class RecordingTx : public db::Tx {
 public:
  RecordingTx(db::Tx& inner, std::vector<Statement>& statements)
      : inner_(inner), statements_(statements) {}

  int64_t Execute(const db::Sql& sql, std::span<const db::Value> values,
                  const std::function<void(const db::Row&)>* each) override {
    Statement statement{sql.name, sql.text, {}};
    for (const db::Value& value : values) statement.values.push_back(Own(value));
    if (statement.name == kCountsOn) statement.values.back() = NumberBeyond(std::get<int64_t>(statement.values.back()));
    statements_.push_back(std::move(statement));
    return inner_.Execute(sql, values, each);
  }
  void Stream(const db::Sql& sql, const std::function<void(const db::Row&)>& each) override { inner_.Stream(sql, each); }
  std::vector<db::Table> Tables() override { return inner_.Tables(); }
  void Script(std::string_view text) override { inner_.Script(text); }
  const db::WordIndex& words() const override { return inner_.words(); }

 private:
  db::Tx& inner_;
  std::vector<Statement>& statements_;
};

// Thrown after a job that went well, so that the writer undoes it.
struct Undone {};

}  // namespace

void RecordingDatabase::Begin() {
  recording_ = {};
  is_recording_ = true;
}

Recording RecordingDatabase::End() {
  is_recording_ = false;
  return std::move(recording_);
}

void RecordingDatabase::Read(const Job& job) {
  if (!is_recording_) return inner_.Read(job);
  inner_.Read([&](db::Tx& tx) {
    RecordingTx recording(tx, recording_.reads);
    job(recording);
  });
}

void RecordingDatabase::WriteLater(Job job, db::Durability durability, Done done) {
  if (!is_recording_) return inner_.WriteLater(std::move(job), durability, std::move(done));
  inner_.WriteLater(
      [this, job = std::move(job)](db::Tx& tx) {
        RecordingTx recording(tx, recording_.writes);
        job(recording);
        throw Undone{};
      },
      durability,
      [done = std::move(done)](std::exception_ptr error) {
        try {
          if (error) std::rethrow_exception(error);
        } catch (const Undone&) {
          return done(nullptr);
        } catch (...) {
        }
        done(error);
      });
}

}  // namespace huiyin::bench
